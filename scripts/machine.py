"""What a benchmark ran on: cores, kernel, versions, and how busy others kept it."""

import os
import platform
import subprocess
import time


def machine():
    """Cores, kernel, versions: what the absolute figures belong to."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": field_of("/proc/cpuinfo", "model name") or platform.machine(),
        "memory_gb": round(int((field_of("/proc/meminfo", "MemTotal") or "0").split()[0]) * 1024 / 1e9, 1),
        "kernel": "%s %s" % (platform.system(), platform.release()),
        "swift": swift_version(),
        "python": platform.python_version(),
        "busy_before": busy_share(1),
    }


def field_of(path, name):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.split(":")[0].strip() == name:
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return None


def swift_version():
    try:
        text = subprocess.run(["swift", "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = text.split()
    return words[words.index("version") + 1] if "version" in words[:-1] else None


def busy_share(seconds):
    """The part of the processors that others use, measured over so many seconds. (The load average still tells of the build before.)"""
    before = processor_ticks()
    time.sleep(seconds)
    idle, total = (after - was for after, was in zip(processor_ticks(), before))
    return round(1 - idle / total, 3) if total else 0.0


def processor_ticks():
    with open("/proc/stat", encoding="ascii") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def noise(machine):
    if machine["busy_before"] > 0.1:
        return ["others used %.0f %% of the processors just before: trust the ratios, not the absolute figures" % (machine["busy_before"] * 100)]
    return []
