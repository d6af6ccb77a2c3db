# All that is needed is Go, git and make. Tests that need more say so, and are
# skipped without it.

GO       ?= go
# A number of runs, not a time: go test fails now and then when the time is up.
FUZZTIME ?= 20000x
BENCH    ?= .
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null)
LDFLAGS  := -s -w $(if $(VERSION),-X main.version=$(VERSION))

# Most tests of real clients wait more than they compute.
PARALLEL ?= 4

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
PLATFORMS   := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64

.PHONY: help
help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

.PHONY: build
build: ## ./socktrace
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o socktrace ./cmd/socktrace

.PHONY: demo
demo: ## a recorded session of docker, traced; needs no Docker
	@$(GO) run ./cmd/socktrace demo

.PHONY: test
test: ## the tests; with real clients, if a docker daemon answers
	@# Without cgo, as the program is built; make race needs it, and has it.
	@# -count 1: go test cannot know that a daemon answers otherwise than before.
	@# It says nothing of tests that are skipped, which note it in a file.
	@skipped=$$(mktemp) && trap 'sort -u "$$skipped"; rm -f "$$skipped"' EXIT && \
	SOCKTRACE_SKIPPED=$$skipped CGO_ENABLED=0 $(GO) test -count 1 -timeout 30m -parallel $(PARALLEL) ./...

.PHONY: race
race: ## the tests with the race detector, where goroutines meet
	$(GO) test -race -pgo off -short -timeout 45m -parallel $(PARALLEL) $(RACY)

RACY := ./audit/... ./cmd/... ./demo ./explain ./fault ./flow ./har ./lanes ./serve ./servetest ./replay ./keylog ./intercept/... ./recording/... ./otlp ./redact \
	./internal/openfile ./internal/spool ./decode ./decode/internal/body ./decode/internal/budget ./decode/internal/coding

.PHONY: soak
soak: ## clients of all kinds for SOAK, by a daemon that comes and goes
	SOCKTRACE_SOAK=$(SOAK) CGO_ENABLED=0 $(GO) test -count 1 -timeout 0 -run '^TestSoak$$' -parallel 8 -v ./cmd/socktrace

SOAK ?= 30m

.PHONY: fleet
fleet: ## what FLEET hosts are for one collector; needs otelcol, of internal/tools/collector
	SOCKTRACE_FLEET=$(FLEET) CGO_ENABLED=0 $(GO) test -count 1 -timeout 0 -run '^TestFleetLoad$$' -v ./cmd/socktrace

FLEET ?= 50,100,200,500,1000

.PHONY: vet
vet: ## go vet, for all systems
	@for p in $(PLATFORMS); do \
		echo "go vet for $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) vet ./... || exit 1; \
	done

.PHONY: lint
lint: vet ## formatting, go vet, staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt -w these:"; echo "$$unformatted"; exit 1; }
	$(GO) run $(STATICCHECK) ./...

.PHONY: cross
cross: ## programs for all systems, in dist
	@for p in $(PLATFORMS); do \
		out=dist/socktrace-$${p%/*}-$${p#*/}; case $$p in windows/*) out=$$out.exe;; esac; \
		echo "$$out"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $$out ./cmd/socktrace || exit 1; \
	done

.PHONY: fuzz
fuzz: ## each fuzz target for FUZZTIME; it goes on after a find
	@status=0; for p in $$($(GO) list ./...); do \
		for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
			echo "fuzz $$p $$f"; \
			$(GO) test -run '^$$' -fuzz "^$$f\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 20x $$p || status=1; \
		done; \
	done; exit $$status

.PHONY: bench
bench: ## the benchmarks; BENCH is a pattern
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./...

# Where the profiles are collected, and what there is already is used too; and what is
# read for it. A path that says nothing of this machine: the profile has it.
PROFILES ?= /tmp/socktrace-profile
CAPTURES ?=

.PHONY: profile
profile: ## tell the compiler what is often run, by reading CAPTURES
	mkdir -p $(PROFILES)
	CGO_ENABLED=0 $(GO) build -trimpath -pgo off -tags profile -o $(PROFILES)/socktrace ./cmd/socktrace
	@for c in $(CAPTURES); do for how in -q '-f text' '-f compact' '-f jsonl' '-q --har $(PROFILES)/x.har'; do for n in 1 2 3; do \
		SOCKTRACE_PROFILE=$(PROFILES) $(PROFILES)/socktrace read $$how $$c >$(PROFILES)/x.out || exit 1; \
	done; done; done
	$(GO) tool pprof -proto $(PROFILES)/*.prof >cmd/socktrace/default.pgo

.PHONY: golden
golden: ## write the golden files anew
	$(GO) test ./decode ./render ./har -update
	$(GO) test ./cmd/socktrace -run TestHelp -update

.PHONY: descriptors
descriptors: ## take the descriptors of gRPC services anew out of their modules
	cd internal/tools/descriptors && $(GO) run . ../../../protobuf/data

.PHONY: since
since: ## take anew which parameters and fields the API has, and since which version
	cd internal/tools/since && $(GO) run . > since.txt && $(GO) run . answers > answers.txt && mv since.txt answers.txt ../../../dockerapi/

.PHONY: docs
docs: ## write the manual pages anew, in docs/man, from what the commands say
	CGO_ENABLED=0 $(GO) test ./cmd/socktrace -run '^TestManPages$$' -update

.PHONY: cover
cover: ## which lines the tests reach, in cover.out
	$(GO) test -short -coverpkg ./... -coverprofile cover.out ./...
	@$(GO) tool cover -func cover.out | tail -1

.PHONY: importers
importers: build ## HAR recordings in programs that open them; needs node 20, npm and chromium
	cd har/testdata/importers && npm ci --silent
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	./socktrace demo -q --har "$$dir/demo.har" && ./socktrace demo -q --har "$$dir/demo.har.gz" && \
	node har/testdata/importers/check.mjs --self-test "$$dir"/demo.har* $(wildcard $(RECORDINGS)/*.har)

.PHONY: diagrams
diagrams: ## the diagrams of lessons in Mermaid's own parser; needs node 20 and npm
	cd lesson/testdata/mermaid && npm ci --silent
	SOCKTRACE_REQUIRE=node,mermaid $(GO) test -count 1 ./lesson -run '^TestMermaid$$'

# A folder with more recordings to try: SOCKTRACE_RECORDINGS=folder make test
# leaves those of the tests there.
RECORDINGS ?= none

.PHONY: picture
picture: build ## the pictures in the README, of real runs; needs a daemon with an image called busybox
	./socktrace run --color always --heads short --bodies short -o picture.out -- $(PICTURE); test $$? -eq 3
	$(GO) run ./internal/picture -title "socktrace run -- $(PICTURE)" <picture.out >docs/picture.svg
	./socktrace run --color always -f compact -o picture.out -- sh -c "$(LINES)"
	$(GO) run ./internal/picture -title "socktrace run -f compact -- sh session.sh" <picture.out >docs/compact.svg
	./socktrace run --color always --heads short --bodies short --filter '$(CONTEXT)' -o picture.out -- sh -c "$(BUILD)"
	$(GO) run ./internal/picture -title "socktrace run --filter '$(subst ",\",$(CONTEXT))' -- docker build ." <picture.out >docs/build.svg
	rm picture.out

# How the daemon fetches a small folder that BuildKit builds.
CONTEXT := request.headers["dir-name"] == "context"
BUILD := d=\$$(mktemp -d) && mkdir \$$d/src && echo 'package main' >\$$d/src/main.go && echo '*.log' >\$$d/.dockerignore && \
	head -c 120000 /dev/zero >\$$d/logo.png && printf 'FROM busybox\nCOPY . /app\nRUN ls /app\n' >\$$d/Dockerfile && \
	DOCKER_BUILDKIT=1 docker build -q --no-cache --network none \$$d >/dev/null; rm -r \$$d
PICTURE := docker run --rm --network none --name web busybox sh -c 'echo hello; echo oops >&2; exit 3'
LINES := docker run --network none --name web busybox sh -c 'echo hello; exit 3'; docker start wbe; \
	docker exec web ls; timeout -s INT 1 docker events; docker rm web
