# The commands of Gatehouse. `make run` and `make test` are all that a newcomer needs.

BINARY := .build/release/gatehouse
# why: docs/decisions/0102-release-build-options.md
RELEASE_FLAGS := --static-swift-stdlib -Xswiftc -enforce-exclusivity=unchecked
export GATEHOUSE_CONFORMANCE ?= ../shared

.PHONY: run build test conformance bench soak lint format package package-test clean

run: build ## builds, starts the demo and says what to try
	@$(BINARY) demo

build: $(BINARY) ## builds the program with optimization

# the build system needs seconds to find that nothing has changed, make does not
$(BINARY): $(shell find Sources -type f) Package.swift Scripts/packages.txt Makefile
	@Scripts/install build
	@swift build -c release --product gatehouse $(RELEASE_FLAGS)
	@touch $@

test: ## builds everything and runs the tests
	@Scripts/install build test
	@swift build --build-tests
	@swift test --skip-build --no-parallel

conformance: build ## runs the outside suites in ../shared and prints a table
	@Scripts/install test
	@Scripts/conformance

bench: build ## measures beside the best of each kind and prints ratios
	@Scripts/install test
	@Scripts/bench

soak: build ## attacks, breaks and reloads a running gatehouse, for minutes
	@Scripts/install test
	@Scripts/soak

lint: ## checks format, documentation and house rules
	@Scripts/lint

format: ## formats the sources
	@swift format format --in-place --recursive Sources Tests Package.swift

package: build ## makes the Debian package
	@packaging/build-deb

package-test: package ## installs the Debian package and asks it something
	@packaging/test-deb

clean:
	@rm -rf .build
