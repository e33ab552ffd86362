.PHONY: help demo test torture check bench docs tsan setup

# Built apart from `swift build`: the flags differ, and sharing would compile everything again each time.
CHECK_BUILD := .build/check
TSAN_BUILD := .build/tsan
OPTIMISED_BUILD := .build/optimised
SWIFT_FILES := Package.swift $(wildcard Sources Tests Examples Benchmarks)
DOCUMENTED := KVDS KVDSLMDB KVDSRocksDB KVDSTesting

# Which tests `make tsan` runs and which comparisons `make bench` makes: a regular expression over their names; empty for
# all.
FILTER ?=

# What `make torture` does: which kinds, empty for all; how many rounds or how many minutes of each backend and kind, empty
# for each kind's own measure.
KIND ?=
ROUNDS ?=
MINUTES ?=
TORTURES := kills faults power disk histories lifetimes soak

help:
	@echo 'make demo    indexes a real directory tree on every backend and shows what holds'
	@echo 'make test    runs every test on every backend, as debug and as release code'
	@echo 'make torture kills, starves and storms stores; KIND=kills for one kind, ROUNDS=1000 or MINUTES=60 for how long'
	@echo 'make check   format, warnings, documentation, README, links'
	@echo 'make bench   measures everything, which takes more than an hour; FILTER=regex for some comparisons: FILTER=lmdb.get'
	@echo 'make docs    builds the documentation'
	@echo 'make tsan    runs the tests under the thread sanitizer; FILTER=regex for some of them'
	@echo 'make setup   installs what is missing; every target above does this first'

setup:
	@Scripts/setup

demo: setup
	swift run -c release kvds-demo

# Twice: what the optimiser does to pointers and lifetimes shows only in the second run, which is also the long one.
test: setup
	swift test --no-parallel
	KVDS_LONG_TESTS=1 swift test --no-parallel -c release -Xswiftc -enable-testing --scratch-path $(OPTIMISED_BUILD)

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

# Without the million entries and the command's child processes, which have no threads that share anything.
tsan: setup
	TSAN_OPTIONS="suppressions=$(CURDIR)/Scripts/tsan.suppressions halt_on_error=1" \
		swift test --no-parallel --sanitize=thread --scratch-path $(TSAN_BUILD) \
		--skip 'KVDSCommandTests|/large|growsUnderLoad' $(if $(FILTER),--filter '$(FILTER)')
