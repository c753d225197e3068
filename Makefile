# Two commands matter on a fresh machine: `make demo` and `make test`. The rest are habits.

SWIFT ?= swift
JOBS ?= 2
# An import of a module that the target does not declare is an error: the walls of the house.
BUILD = $(SWIFT) build -j $(JOBS) --explicit-target-dependency-import-check error
GALE = .build/release/gale

.PHONY: help prepare build demo test check lint format walls bench tsan proof goldens reports literature case-studies clean

help:
	@echo "make demo     build in release mode, run Plans/quickstart.yaml against the embedded lab"
	@echo "make test     the whole test suite"
	@echo "make check    format lint, import walls, warnings as errors, tests"
	@echo "make bench    CPU per request beside libcurl alone and other tools, send lag, memory, policies (installs nginx and peers)"
	@echo "make tsan     the tests that use threads, under the thread sanitizer"
	@echo "make proof    how often diffs, comparisons and searches are wrong: thousands of them, simulated (some minutes)"
	@echo "make goldens  rewrite the expected outputs after a change on purpose"
	@echo "make reports  run the sample plans again and replace the sample reports"
	@echo "make literature  run the plans of the literature, simulated and live, and write Reports/literature.md"
	@echo "make case-studies  run the guide's case studies, simulated and live, and write Reports/case-studies"
	@echo "make format   format the code"

prepare:
	@sh Scripts/prepare.sh

build: prepare
	$(BUILD) -c release --product gale

demo: build
	$(GALE) run Plans/quickstart.yaml

test: prepare
	$(BUILD) --build-tests
	@SWIFT="$(SWIFT)" sh Scripts/test.sh

check: prepare lint walls test

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

walls:
	@sh Scripts/walls.sh

bench: build
	$(BUILD) -c release --product policy-bench
	@sh Scripts/prepare.sh bench
	python3 Benchmarks/bench.py --gale $(GALE) $(BENCH)

tsan: prepare
	$(SWIFT) test -j $(JOBS) --sanitize thread --scratch-path .build-tsan \
		--filter 'LoopsTests|TransportTests|EngineTests'

proof: prepare
	$(BUILD) --build-tests
	@SWIFT="$(SWIFT)" sh Scripts/proof.sh

goldens: prepare
	$(BUILD) --build-tests
	GALE_UPDATE_GOLDENS=1 $(SWIFT) test --skip-build --filter 'PlansTests|ReportsTests|CommandsTests'

reports: build
	@sh Scripts/sample-reports.sh $(GALE)

literature: build
	python3 Scripts/literature.py --gale $(GALE) $(LITERATURE)

case-studies: build
	python3 Scripts/case_studies.py --gale $(GALE) $(CASE_STUDIES)

clean:
	rm -rf .build .build-tsan
