.PHONY: help demo test mutate torture fuzz check bench docs tsan asan setup

# Built apart from `swift build`: the flags differ, and sharing would compile everything again each time.
CHECK_BUILD := .build/check
TSAN_BUILD := .build/tsan
ASAN_BUILD := .build/asan
OPTIMISED_BUILD := .build/optimised
SWIFT_FILES := Package.swift $(wildcard Sources Tests Examples Benchmarks Fuzzing Mutations Torture)
DOCUMENTED := KVDS KVDSLMDB KVDSRocksDB KVDSTesting

# Which tests `make tsan` and `make asan` run and which comparisons `make bench` makes: a regular expression over their names; empty for
# all.
FILTER ?=

# What `make torture` does: which kinds, empty for all; how many rounds or how many minutes of each backend and kind, empty
# for each kind's own measure.
KIND ?=
ROUNDS ?=
MINUTES ?=
TORTURES := kills faults power disk histories lifetimes flips soak

# What `make fuzz` does: which targets, empty for all, and how many runs of each.
TARGET ?=
RUNS ?=
FUZZ_BUILD := .build/fuzz
FUZZ_TARGETS := $(notdir $(wildcard Fuzzing/Corpus/*))
# Not to the driver, which would link a `main` besides that of the package manager.
FUZZ_FLAGS = -Xswiftc -Xfrontend -Xswiftc -sanitize=fuzzer -Xlinker $(FUZZ_LIBRARY) -Xlinker -lstdc++ -Xlinker -lm
FUZZ_LIBRARY = $(shell ls "$$(clang -print-resource-dir)"/lib/*/libclang_rt.fuzzer_no_main-$(shell uname -m).a)

help:
	@echo 'make demo    indexes a real directory tree on every backend and shows what holds'
	@echo 'make test    runs every test on every backend, as debug and as release code'
	@echo 'make mutate  breaks one promise after the other and tells which test notices; FILTER=regex for some of them'
	@echo 'make torture kills, starves and storms stores; KIND=kills for one kind, ROUNDS=1000 or MINUTES=60 for how long'
	@echo 'make fuzz    feeds every decoder with what a fuzzer thinks of; RUNS=10000000 for how often, TARGET=csv for one of them'
	@echo 'make check   format, warnings, documentation, README, links'
	@echo 'make bench   measures everything, which takes more than an hour; FILTER=regex for some comparisons: FILTER=lmdb.get'
	@echo 'make docs    builds the documentation'
	@echo 'make tsan    runs the tests under the thread sanitizer; FILTER=regex for some of them'
	@echo 'make asan    runs the tests under the address sanitizer, leaks counted; FILTER=regex for some of them'
	@echo 'make setup   installs what is missing; every target above does this first'

setup:
	@Scripts/setup

demo: setup
	swift run -c release kvds-demo

# Twice: what the optimiser does to pointers and lifetimes shows only in the second run, which is also the long one, and
# alone torments stores in processes of their own.
test: setup
	Scripts/run-tests --skip TortureTests
	KVDS_LONG_TESTS=1 Scripts/run-tests -c release -Xswiftc -enable-testing --scratch-path $(OPTIMISED_BUILD)

# Every mutation of Tests/Mutations, in a copy of the package; the table goes into Documentation/Reliability.md.
mutate: setup
	swift build -c release --package-path Mutations --product mutate
	Mutations/.build/release/mutate $(if $(FILTER),--filter '$(FILTER)',--report Documentation/Reliability.md)

# Each kind ends with a line of figures for each backend, and the first promise that is broken ends it all.
torture: setup
	swift build -c release --product kvds-torture
	set -e; for kind in $(or $(KIND),$(TORTURES)); do \
		.build/release/kvds-torture $$kind $(addprefix --rounds ,$(ROUNDS)) $(addprefix --minutes ,$(MINUTES)); \
	done

check: setup
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	Scripts/check-readme
	Scripts/check-documents
	KVDS_CHECK=1 swift build --build-tests --scratch-path $(CHECK_BUILD)
	swift test --no-parallel --package-path Benchmarks
	KVDS_CHECK=1 swift package --scratch-path $(CHECK_BUILD) generate-documentation \
		$(addprefix --target ,$(DOCUMENTED)) --warnings-as-errors

# The suites have no comparisons, so a filter leaves them out.
bench:
	@Scripts/setup bench
	$(if $(FILTER),,swift package --package-path Benchmarks benchmark)
	swift run -c release --package-path Benchmarks compare --full $(if $(FILTER),'$(FILTER)')

docs: setup
	KVDS_CHECK=1 swift package --scratch-path $(CHECK_BUILD) generate-documentation $(addprefix --target ,$(DOCUMENTED))

# Without the million entries and the command's child processes, which have no threads that share anything. liblmdb is built
# with the sanitizer too; librocksdb would take an hour.
tsan: setup
	mkdir -p .build
	lmdb=$$(Scripts/build-lmdb-with-tsan $(CURDIR)/.build/lmdb-tsan) && \
	cat Scripts/tsan.suppressions $$([ -n "$$lmdb" ] || echo Scripts/lmdb-without-tsan.suppressions) >.build/tsan.suppressions && \
	LD_LIBRARY_PATH="$$lmdb" TSAN_OPTIONS="suppressions=$(CURDIR)/.build/tsan.suppressions halt_on_error=1" \
		swift test --no-parallel --sanitize=thread --scratch-path $(TSAN_BUILD) \
		--skip 'KVDSCommandTests|/large|growsUnderLoad' $(if $(FILTER),--filter '$(FILTER)')

# Without the million entries, as above, without the crashes that tests of damaged files are about, and without what leaks by
# intent: processes that end in the middle of their work, and a store that is broken so that it wakes nobody.
asan: setup
	ASAN_OPTIONS="detect_leaks=1" LSAN_OPTIONS="suppressions=$(CURDIR)/Scripts/lsan.suppressions" \
		swift test --disable-xctest --no-parallel --sanitize=address --scratch-path $(ASAN_BUILD) \
		--skip 'KVDSCommandTests|TortureTests|ExitTests|CancellationSweepTests|/large|growsUnderLoad' $(if $(FILTER),--filter '$(FILTER)')

# One target after the other, each from the corpus in the repository; what is new is kept apart, in the build directory.
fuzz: setup
	KVDS_FUZZ=1 swift build -c release --product kvds-fuzz --scratch-path $(FUZZ_BUILD) $(FUZZ_FLAGS)
	set -e; for target in $(or $(TARGET),$(FUZZ_TARGETS)); do \
		mkdir -p $(FUZZ_BUILD)/corpus/$$target; \
		echo "fuzzing $$target"; \
		SWIFT_BACKTRACE=enable=no $(FUZZ_BUILD)/release/kvds-fuzz $$target -runs=$(or $(RUNS),100000) -timeout=10 \
			-rss_limit_mb=512 -max_len=4096 -print_final_stats=1 -verbosity=0 -artifact_prefix=$(FUZZ_BUILD)/$$target- \
			$(FUZZ_BUILD)/corpus/$$target Fuzzing/Corpus/$$target; \
	done
