# Windtunnel's verbs. `make demo` and `make test` need nothing but a Swift toolchain: they see to the rest.

SWIFT ?= swift
# How the release binary is linked: with Swift's libraries inside, so that one file is the whole program; by the toolchain's own
# linker, without the symbols, which would double its size.
RELEASE_FLAGS ?= --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -s
WINDTUNNEL := .build/release/windtunnel
# Without a bound Swift Testing starts every test at once: hundreds of servers on a few cores, where each is slower than its timeouts.
AT_ONCE := --experimental-maximum-parallelization-width 6

.PHONY: demo build test check docs mutants soak bench torture guest setup clean

## Build the release binary and take the tour: a real job, a good connector, a broken one.
demo: build
	$(WINDTUNNEL) demo

## Build the release binary, .build/release/windtunnel.
build: setup
	$(SWIFT) build -c release --product windtunnel $(RELEASE_FLAGS)

## Run every test; those of whole checks by themselves, since they take the whole machine; then those of the program again, on the release binary.
test: setup
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build --skip HarnessTests $(AT_ONCE)
	$(SWIFT) test --skip-build --filter HarnessTests $(AT_ONCE)
	$(MAKE) build
	TESTED_WINDTUNNEL=$(WINDTUNNEL) $(SWIFT) test --skip-build --filter 'CommandTests|JobExecutionTests' $(AT_ONCE)

## Judge the good connector with the release binary.
check: build
	$(WINDTUNNEL) check fixtures/connectors/good/native.py:GoodConnector

## Write docs/contract.md from the clauses.
docs: build
	python3 scripts/docs.py $(WINDTUNNEL)

## Judge every mutant by every clause: the whole kill matrix.
mutants: build
	python3 scripts/mutants.py $(WINDTUNNEL)

## Check 50 times over, also with all cores busy: equal reports, times aside. Then 200 kills of the server and some of its nodes.
soak: build
	python3 scripts/soak.py $(WINDTUNNEL)
	python3 scripts/torture.py --rounds 200 --nodes 2 --node-kills 20 $(WINDTUNNEL)

## Measure: medians of whole processes, as ratios in one run.
bench: build
	$(SWIFT) build -c release --product windtunnel-bench $(RELEASE_FLAGS)
	python3 scripts/bench.py $(WINDTUNNEL)

## Kill the server, and its nodes, again and again under load: no acknowledged job lost, none run twice.
torture: build
	python3 scripts/torture.py $(WINDTUNNEL)
	python3 scripts/torture.py --nodes 3 --node-kills 10 $(WINDTUNNEL)

## Write the Python and the data that travel inside the binary into their Swift files.
guest:
	python3 Sources/ConnectorHost/Guest/embed.py
	python3 Sources/Harness/Demo/embed.py
	python3 Sources/PlatformEngine/Endpoints/Python/embed.py
	python3 Sources/JobExecution/Warm/embed.py
	python3 Sources/PlatformEngine/Billing/embed.py

## Install what this machine lacks to build: does nothing where all is there.
setup:
	@scripts/setup.sh

## Remove everything that was built.
clean:
	rm -rf .build out
