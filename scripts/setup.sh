#!/usr/bin/env bash
# Installs what this machine lacks to build and test Windtunnel, and says so. Does nothing where all is there.
# Only a Swift toolchain must be there already.
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }

if ! command -v swift >/dev/null; then
    say "no Swift toolchain on PATH; install Swift 6.1 or newer from https://www.swift.org/install, then run this again"
    exit 1
fi

# Debian's names of what is missing.
missing=()
need_command() { command -v "$1" >/dev/null || missing+=("$2"); }
need_header() {
    local language=$1 header=$2 package=$3 compiler
    compiler=$(command -v clang || command -v cc || true)
    if [ -n "$compiler" ]; then
        printf '#include <%s>\n' "$header" | "$compiler" -x "$language" -fsyntax-only - 2>/dev/null || missing+=("$package")
    elif [ ! -e "/usr/include/$header" ]; then
        missing+=("$package")
    fi
}

need_command git git
need_command make make
need_command python3 python3
# The environments of jobs' dependencies need the part that Debian keeps in a package of its own.
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
need_header c stdlib.h libc6-dev
need_header c sqlite3.h libsqlite3-dev
if [ "$(uname -s)" = Linux ]; then need_header c++ vector g++; fi

# Only `serve --sandbox` and its tests need this: had where it can be had, and no reason to fail.
wants_bubblewrap=0
if [ "$(uname -s)" = Linux ] && ! command -v bwrap >/dev/null; then wants_bubblewrap=1; fi

if [ ${#missing[@]} -eq 0 ] && [ "$wants_bubblewrap" -eq 0 ]; then exit 0; fi

can_install=1
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then as_root=(sudo); else can_install=0; fi
fi
command -v apt-get >/dev/null || can_install=0
without_bubblewrap() { say "without bubblewrap, 'windtunnel serve --sandbox' is not there and its tests are skipped"; }

if [ "$can_install" -eq 0 ]; then
    if [ ${#missing[@]} -eq 0 ]; then
        without_bubblewrap
        exit 0
    fi
    say "missing, by Debian's names: ${missing[*]}"
    if command -v apt-get >/dev/null; then
        say "neither root nor sudo here, so ask an administrator for: apt-get install ${missing[*]}"
    else
        say "install them with this system's own package manager (SQLite's headers, git, make, Python 3.9 or newer with venv), then run this again"
    fi
    exit 1
fi

run_apt() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >&2; }
# The package lists may be missing or old: fetch them only where the first try fails.
install() {
    if run_apt install -y --no-install-recommends "$@" 2>/dev/null; then return 0; fi
    run_apt update && run_apt install -y --no-install-recommends "$@"
}

if [ ${#missing[@]} -gt 0 ]; then
    say "installing ${missing[*]} with apt-get"
    install "${missing[@]}" ca-certificates
fi
if [ "$wants_bubblewrap" -eq 1 ]; then install bubblewrap || without_bubblewrap; fi
say "done"
