.PHONY: help demo test mutate torture fuzz check bench docs tsan asan setup

# Build directories apart from that of `swift build`: the flags differ, and sharing one would recompile everything each
# time.
CHECK_BUILD := .build/check
TSAN_BUILD := .build/tsan
ASAN_BUILD := .build/asan
OPTIMISED_BUILD := .build/optimised
SWIFT_FILES := Package.swift $(wildcard Sources Tests Examples Benchmarks Fuzzing Mutations Torture)
DOCUMENTED := KVDS KVDSCompression KVDSLMDB KVDSRecords KVDSRocksDB KVDSTesting

# The command line and the torture tool need packages that users of the libraries must not have to download.
TRAITS := --traits default,Command

# A regular expression over names. It selects the tests of `make tsan` and `make asan`, the mutations of `make mutate`
# and the comparisons of `make bench`; empty for all.
FILTER ?=

# The options of `make torture`: the kinds, empty for all; the number of rounds or minutes for each backend and kind,
# empty for the default of the kind.
KIND ?=
ROUNDS ?=
MINUTES ?=
TORTURES := kills faults power disk histories lifetimes flips soak

# The options of `make fuzz`: the targets, empty for all, and the number of runs of each target.
TARGET ?=
RUNS ?=
FUZZ_BUILD := .build/fuzz
FUZZ_TARGETS := $(notdir $(wildcard Fuzzing/Corpus/*))
# Passed to the frontend: the driver would link a second `main` beside that of the package manager.
FUZZ_FLAGS = -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer -Xlinker $(FUZZ_LIBRARY) -Xlinker -lstdc++ -Xlinker -lm
FUZZ_LIBRARY = $(shell ls "$$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer_no_main-$(shell uname -m).a)

help:
	@echo 'make demo    index a real directory tree on every backend and check the results'
	@echo 'make test    run every test on every backend, as debug and as release code'
	@echo 'make mutate  break one promise after the other and report which test fails; FILTER=regex for some of them'
	@echo 'make torture run stores under kills, faults and load; KIND=kills for one kind, ROUNDS=1000 or MINUTES=60'
	@echo 'make fuzz    run the libFuzzer targets; RUNS=10000000 for the number of runs, TARGET=csv for one of them'
	@echo 'make check   check format, warnings, documentation, README and links'
	@echo 'make bench   run all benchmarks, which takes more than an hour; FILTER=regex for some comparisons: FILTER=lmdb.get'
	@echo 'make docs    build the documentation'
	@echo 'make tsan    run the tests under the thread sanitizer; FILTER=regex for some of them'
	@echo 'make asan    run the tests under the address sanitizer with leak detection; FILTER=regex for some of them'
	@echo 'make setup   install missing tools and libraries; every target above does this first'

setup:
	@Scripts/setup

demo: setup
	swift run -c release kvds-demo

# Two runs: effects of the optimiser on pointers and lifetimes show only in the second one. It is also the long one, and
# only it runs TortureTests, which test stores in child processes.
test: setup
	Scripts/run-tests $(TRAITS) --skip TortureTests
	KVDS_LONG_TESTS=1 Scripts/run-tests $(TRAITS) -c release -Xswiftc -enable-testing --scratch-path $(OPTIMISED_BUILD)

# Tries every mutation of Tests/Mutations in a copy of the package and, without FILTER, writes the table into
# Documentation/Reliability.md.
mutate: setup
	swift build -c release --package-path Mutations --product mutate
	Mutations/.build/release/mutate $(if $(FILTER),--filter '$(FILTER)',--report Documentation/Reliability.md)

# Each kind ends with a line of figures for each backend. The first broken promise ends the whole run.
torture: setup
	swift build $(TRAITS) -c release --product kvds-torture
	set -e; for kind in $(or $(KIND),$(TORTURES)); do \
		.build/release/kvds-torture $$kind $(addprefix --rounds ,$(ROUNDS)) $(addprefix --minutes ,$(MINUTES)); \
	done

check: setup
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	Scripts/check-readme
	Scripts/check-documents
	Scripts/check-consumer
	KVDS_CHECK=1 swift build $(TRAITS) --build-tests --scratch-path $(CHECK_BUILD)
	swift test --no-parallel --package-path Benchmarks
	KVDS_CHECK=1 swift package --scratch-path $(CHECK_BUILD) generate-documentation \
		$(addprefix --target ,$(DOCUMENTED)) --warnings-as-errors

# A filter selects comparisons. The suites have none, so a filter skips them.
bench:
	@Scripts/setup bench
	$(if $(FILTER),,swift package --package-path Benchmarks benchmark)
	swift run -c release --package-path Benchmarks compare --full $(if $(FILTER),'$(FILTER)')

docs: setup
	KVDS_CHECK=1 swift package --scratch-path $(CHECK_BUILD) generate-documentation $(addprefix --target ,$(DOCUMENTED))

# Skips the tests with a million entries, and those of the command: its child processes have no threads that share data.
# liblmdb is built with the sanitizer too; building librocksdb would take an hour.
tsan: setup
	mkdir -p .build
	lmdb=$$(Scripts/build-lmdb-with-tsan $(CURDIR)/.build/lmdb-tsan) && \
	cat Scripts/tsan.suppressions $$([ -n "$$lmdb" ] || echo Scripts/lmdb-without-tsan.suppressions) >.build/tsan.suppressions && \
	LD_LIBRARY_PATH="$$lmdb" TSAN_OPTIONS="suppressions=$(CURDIR)/.build/tsan.suppressions halt_on_error=1" \
		swift test $(TRAITS) --no-parallel --sanitize=thread --scratch-path $(TSAN_BUILD) \
		--skip 'KVDSCommandTests|/large|growsUnderLoad' $(if $(FILTER),--filter '$(FILTER)')

# Skips the tests with a million entries, the crashes that tests of damaged files expect, and the tests that leak by
# intent: processes that end in the middle of their work, and a store that is broken so that it wakes no caller.
asan: setup
	ASAN_OPTIONS="detect_leaks=1" LSAN_OPTIONS="suppressions=$(CURDIR)/Scripts/lsan.suppressions" \
		swift test $(TRAITS) --disable-xctest --no-parallel --sanitize=address --scratch-path $(ASAN_BUILD) \
		--skip 'KVDSCommandTests|TortureTests|ExitTests|CancellationSweepTests|/large|growsUnderLoad' $(if $(FILTER),--filter '$(FILTER)')

# Runs one target after the other, each from its corpus in the repository. New inputs are kept in the build directory.
fuzz: setup
	KVDS_FUZZ=1 swift build -c release --product kvds-fuzz --scratch-path $(FUZZ_BUILD) $(FUZZ_FLAGS)
	set -e; for target in $(or $(TARGET),$(FUZZ_TARGETS)); do \
		mkdir -p $(FUZZ_BUILD)/corpus/$$target; \
		echo "fuzzing $$target"; \
		SWIFT_BACKTRACE=enable=no $(FUZZ_BUILD)/release/kvds-fuzz $$target -runs=$(or $(RUNS),100000) -timeout=10 \
			-rss_limit_mb=512 -max_len=4096 -print_final_stats=1 -verbosity=0 -artifact_prefix=$(FUZZ_BUILD)/$$target- \
			$(FUZZ_BUILD)/corpus/$$target Fuzzing/Corpus/$$target; \
	done
