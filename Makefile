# What a contributor does, each by one word. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help build test lint format conformance contracts soak up demo bench docs clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the executables and the tests, for debugging
	swift build --build-tests

test: ## everything that must pass; make test FILTER=Suite runs a part
	deploy/test $(if $(FILTER),--filter '$(FILTER)')

lint: ## format, line lengths, scripts, Python, numbers from outside; builds nothing
	swift format lint --strict --parallel --recursive Sources Tests Package.swift
	deploy/lib/line-lengths
	deploy/lib/lint-python
	deploy/lib/foreign-numbers

format: ## formats the Swift sources in place
	swift format format --in-place --parallel --recursive Sources Tests Package.swift

conformance: ## compares the running service with its OpenAPI document
	deploy/conformance

contracts: ## compares what the services say with what each other needs, and the schemas with the released ones
	deploy/contracts

docs: ## writes contracts.html, a page on every event
	swift run ContractTool docs --output contracts.html

soak: ## ten minutes of load while everything around it fails
	deploy/soak

up: ## builds and starts a broker and the four services; Ctrl-C stops them
	deploy/up

demo: ## the same, with example requests and the table of what became of them
	deploy/up --demo

bench: build-release ## what the pipeline does on this machine: told/s, latencies, CPU, memory
	deploy/bench --bin "$$(deploy/lib/release-build --show-bin-path)" --state .intake/bench

.PHONY: build-release
build-release:
	deploy/lib/release-build

clean: ## removes what was built
	swift package clean
