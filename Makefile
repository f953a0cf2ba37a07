# Commands for work on Aureon. `make` alone lists them. Node, npm and make are enough to begin with: the version of Bun
# that package.json names is installed into .tools when the one on PATH is another, or there is none.

SHELL := /bin/sh
.DEFAULT_GOAL := help

BUN_VERSION := $(shell sed -n 's/.*"packageManager": *"bun@\([^"]*\)".*/\1/p' package.json)
LOCAL_BUN := $(CURDIR)/.tools/node_modules/.bin/bun
LOCAL_BUN_STAMP := .tools/bun-$(BUN_VERSION).stamp
INSTALL_STAMP := node_modules/.install.stamp

ifeq ($(shell bun --version 2>/dev/null),$(BUN_VERSION))
BUN := $(shell command -v bun)
BUN_STAMP :=
else
BUN := $(LOCAL_BUN)
BUN_STAMP := $(LOCAL_BUN_STAMP)
endif

# Scripts find the same Bun, and through it the tools of node_modules.
export PATH := $(dir $(BUN)):$(PATH)

DOCKER ?= docker
DOCKER_BUILD ?= $(DOCKER) build
COMPOSE ?= $(shell $(DOCKER) compose version >/dev/null 2>&1 && echo "$(DOCKER) compose" || echo docker-compose)
IMAGE := aureon-chain
export DOCKER COMPOSE
# `aureon version` in an image says these.
BUILD_ARGS = --build-arg BUN_VERSION=$(BUN_VERSION) --build-arg AUREON_COMMIT="$$(git rev-parse HEAD 2>/dev/null)" \
	--build-arg SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct 2>/dev/null)"

# Passed to the command: make dev-run ARGS="--port 9080"
ARGS ?=
# A whole node starts and stops within some tests.
TEST_FLAGS := --timeout 20000
ROUNDS ?= 200
LINES ?= 1000000
SEEDS ?= 10000
MODULES ?= 100000
CALLS ?= 10000

.PHONY: help install build build-dev up down clean clean-images status logs health-check test test-docker backup restore dev-build dev-run dev-test check e2e soak-kill soak-sync soak-fuzz soak-metering soak-contracts hostile-figures simulate planted-bugs soak-simulate bench release \
	clean-build print-bun

help: ## list these commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9%-]+:.*## / { sub(/%/, "N", $$1); printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the image aureon-chain:latest
	@$(DOCKER_BUILD) $(BUILD_ARGS) -t $(IMAGE):latest .
	@$(DOCKER) run --rm $(IMAGE):latest version

build-dev: ## build the image aureon-chain:dev, with the source, Bun and tools
	@$(DOCKER_BUILD) $(BUILD_ARGS) --target dev -t $(IMAGE):dev .

up: ## start a cluster of three nodes and wait until they are healthy
	@scripts/cluster/up

down: ## stop the cluster; its chain is kept
	@$(COMPOSE) down

clean: ## stop the cluster and destroy its chain
	@$(COMPOSE) down -v

clean-images: ## remove the images
	@$(DOCKER) image rm -f $(IMAGE):latest $(IMAGE):dev

status: ## show the cluster's containers
	@$(COMPOSE) ps

logs: ## follow the logs of all nodes
	@$(COMPOSE) logs -f --tail=100

logs-node-%: ## follow the log of one node: make logs-node-1
	@$(COMPOSE) logs -f --tail=100 aureon-node-$*

shell-node-%: ## open a shell beside a node: make shell-node-1; CMD="aureon head" runs that
	@scripts/cluster/shell $*

health-check: ## print the head of each node, and fail when one is not healthy
	@scripts/cluster/health-check

test: $(INSTALL_STAMP) ## test the running cluster, starting it if it is not there
	@scripts/cluster/health-check >/dev/null 2>&1 || scripts/cluster/up
	@$(BUN) test $(TEST_FLAGS) ./test/cluster

test-docker: $(INSTALL_STAMP) ## test image, cluster and faults with containers of the tests' own
	@$(BUN) test $(TEST_FLAGS) ./test/docker

backup: ## stop node NODE=1, archive its volume into backups/, start it
	@scripts/cluster/backup $(or $(NODE),1)

restore: ## replace the chain of node NODE=1 by the archive FROM=backups/...tar.gz
	@scripts/cluster/restore $(or $(NODE),1) "$(FROM)"

resync-node-%: ## remove the chain of one node, which the others then give it again: make resync-node-2
	@scripts/cluster/resync $*

install: $(INSTALL_STAMP)

dev-build: $(INSTALL_STAMP) ## build the executable dist/aureon
	@$(BUN) run --silent build

dev-run: dev-build ## build it and run a development chain; ARGS="--port 9080" adds flags
	@exec dist/aureon dev $(ARGS)

dev-test: $(INSTALL_STAMP) ## run the tests that need no build, Docker or browser
	@$(BUN) run --silent test

check: $(INSTALL_STAMP) ## check format, lint, types, layers and dead code
	@$(BUN) run --silent check

e2e: dev-build ## test the executable from outside; needs Chromium
	@$(BUN) test $(TEST_FLAGS) ./test/e2e

soak-kill: dev-build ## kill the node ROUNDS=200 times under load and check that nothing is lost
	@$(BUN) test/e2e/soakKill.ts --rounds $(ROUNDS) $(ARGS)

soak-sync: dev-build ## kill nodes ROUNDS=200 times while they sync and reorganize, and check that they catch up
	@$(BUN) test/e2e/soakSync.ts --rounds $(ROUNDS) $(ARGS)

soak-contracts: dev-build ## run CALLS=10000 deployments and calls on three nodes and compare every root and receipt
	@$(BUN) test/e2e/soakContracts.ts --calls $(CALLS) $(ARGS)

soak-fuzz: $(INSTALL_STAMP) ## send LINES=1000000 spoilt lines through the parts of the wire protocol
	@$(BUN) test/simulator/fuzzLines.ts --lines $(LINES) $(ARGS)

soak-metering: $(INSTALL_STAMP) ## meter MODULES=100000 generated modules and check results and gas in several ways
	@$(BUN) test/property/fuzzMetering.ts --modules $(MODULES) $(ARGS)

hostile-figures: $(INSTALL_STAMP) ## print what hostile contracts cost in time and memory; ARGS="often" chooses by name
	@BUN_JSC_useWasmFastMemory=0 $(BUN) test/property/hostileFigures.ts $(ARGS)

simulate: $(INSTALL_STAMP) ## run a fixed set of seeds of the cluster simulator
	@$(BUN) run --silent simulate --seeds 1..150 --nodes 4 --jobs 2 $(ARGS)

planted-bugs: $(INSTALL_STAMP) ## plant bugs one by one and count the seeds that find them
	@BUN_JSC_useWasmFastMemory=0 $(BUN) test/simulator/plantedBugs.ts $(ARGS)

soak-simulate: $(INSTALL_STAMP) ## run SEEDS=10000 seeds of the cluster simulator
	@$(BUN) run --silent simulate --seeds 1..$(SEEDS) --nodes 4 --jobs 2 $(ARGS)

bench: dev-build ## run all benchmarks and write dist/bench.md; make bench-NAME runs one
	@$(BUN) bench/all.ts

bench-%: dev-build
	@$(BUN) bench/$*.ts

release: $(INSTALL_STAMP) ## build the executables of all targets, their bill of materials and SHA-256 sums into dist/release
	@$(BUN) run --silent build --all

.PHONY: k8s-validate
k8s-validate: $(INSTALL_STAMP) ## render and check the Kubernetes overlays; KUSTOMIZE=PATH names a renderer
	@$(BUN) scripts/k8s.ts $(ARGS)
	@$(BUN) test $(TEST_FLAGS) ./test/k8s

clean-build: ## remove what was built and installed here
	rm -rf dist .tools node_modules

print-bun: $(INSTALL_STAMP)
	@echo $(BUN)

$(INSTALL_STAMP): package.json bun.lock $(BUN_STAMP)
	@$(BUN) install --frozen-lockfile
	@touch $@

$(LOCAL_BUN_STAMP):
	@command -v npm >/dev/null || { echo "npm is needed to install Bun $(BUN_VERSION); install Node and npm first" >&2; exit 1; }
	npm install --prefix .tools --no-save --no-package-lock --no-audit --no-fund --ignore-scripts=false bun@$(BUN_VERSION)
	@test "$$($(LOCAL_BUN) --version)" = "$(BUN_VERSION)" || { echo "Bun $(BUN_VERSION) does not run on this machine" >&2; exit 1; }
	@touch $@
