# Everything there is to do here. `make` alone prints this list from the ## comments.
.DEFAULT_GOAL := help
.PHONY: help test quick format gates demo bench chaos mutants clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## every test and every quality gate; exactly what CI runs
	@scripts/install-test-tools
	@scripts/build test verify

quick: ## compile and unit tests without the quality gates, for the inner loop
	@scripts/build quick -Dquick test

format: ## format the sources, comments included
	@scripts/wrap-comments
	@scripts/maven -q spotless:apply

# Two calls, because the layers are read from compiled classes and only the last module's tests are wanted.
gates: ## the quality gates alone: format, compiler, layers, tidiness, and the proof that each of them fires
	@scripts/build compile -DskipTests test-compile
	@scripts/build gates verify -pl modules/tidy

demo: ## a whole migration on this machine, in under three minutes
	@scripts/demo

bench: ## measure against native replication, pglogical, pgcopydb and bare COPY, in about thirty minutes
	@scripts/bench

chaos: ## the long tests: every death of a real process, millions of rows; an hour
	@scripts/install-test-tools
	@scripts/build chaos -Dquick -Dtests.forks=1 -Dtests.wanted=chaos -Dtests.unwanted= package

mutants: ## deliberate bugs: would the tests notice? in about half an hour
	@scripts/mutants

clean: ## delete what was built
	@scripts/maven -q clean
