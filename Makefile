# tenantry: `make` or `make help` lists what there is to do.
SHELL := /bin/bash
GO ?= go
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@latest
# The race detector needs a C compiler.
RACE := $(shell command -v $$($(GO) env CC) >/dev/null 2>&1 && echo -race)
# Packages below testdata are left out of ./... and named here.
TOOLS := ./kube/testdata/watch/ ./testdata/terminal/ ./testdata/jobs/ ./testdata/program/ ./testdata/e2e/ ./testdata/bench/ ./testdata/picture/
LAB = cd testdata/lab && $(GO) run .

.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## bin/tenantry
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/tenantry .

demo: build ## the dashboard on an embedded cluster: nothing to install, nothing to connect to
	@bin/tenantry demo

test: ## unit, screen and whole-program tests (needs Go, git and make)
	@[ -n "$(RACE)" ] || echo "no C compiler: tests run without the race detector" >&2
	$(GO) test $(RACE) ./... ./testdata/terminal/ ./testdata/program/
	[ -z "$(RACE)" ] || $(GO) test -run Golden ./ui/ # the themes, which are not drawn under the race detector
	cd testdata/lab && $(GO) test ./...

lint: ## gofmt, vet, staticcheck, tidy
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt would change:"; echo "$$out"; exit 1; }
	$(GO) vet ./... $(TOOLS)
	$(GO) run $(STATICCHECK) ./... $(TOOLS)
	$(GO) mod tidy -diff
	cd testdata/lab && $(GO) vet ./... && $(GO) run $(STATICCHECK) ./... && $(GO) mod tidy -diff

vuln: ## known vulnerabilities in dependencies (needs the internet)
	$(GO) run $(GOVULNCHECK) ./...

lab: ## a real Kubernetes and Flux on this machine; the last line printed is the KUBECONFIG to export
	@$(LAB) up

lab-down: ## stop the lab, exactly what it started
	@$(LAB) down

e2e: build ## everything against the lab; builds it once into the user's cache folder
	$(GO) test -count=1 -timeout 60m -v ./testdata/e2e/

bench: build ## start, memory and CPU from outside, against the targets; prints a table
	$(GO) run ./testdata/bench

soak: build ## the long runs: ten minutes of random keys among faults, minute-long faults, repeats
	TENANTRY_SOAK=1 $(GO) test $(RACE) -count=1 -timeout 30m -v -run TestSoak ./ui/
	TENANTRY_SOAK=1 $(GO) test -count=1 -timeout 120m -v ./testdata/e2e/

dist: ## release binaries in dist/
	@for p in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64; do \
	  echo $$p; CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/tenantry-$${p%/*}-$${p#*/} . || exit 1; done

.PHONY: help build demo test lint vuln lab lab-down e2e bench soak dist
