# Plugin Depot. `make help` lists what there is; `make up` starts the whole product on this machine.

# Without bytecode at hand every process of the tests would compile the libraries anew.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
EMULATOR := .local/emulator-venv

# Short names for a stack's settings: `make up PORT=9000 STATE=/tmp/second` runs a second one beside the first.
ifeq ($(origin PORT),command line)
export DEPOT_PORT := $(PORT)
endif
ifeq ($(origin STATE),command line)
export DEPOT_STATE := $(STATE)
endif

.DEFAULT_GOAL := help
.PHONY: help up down push connect serve smoke logs demo-faults setup test e2e bench endurance corpus fuzz lint types layers synth openapi lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: setup ## Start the whole product on this machine, or update what runs (PORT=, STATE=)
	@$(BIN)/python -m local up

down: ## Stop everything that `make up` started; data stays
	@$(BIN)/python -m local down

push: ## Change the sample repository, and follow the change until clients see it
	@$(BIN)/python -m local push

connect: ## Connect a git repository of yours: REPO=<path> NAME=<owner/name>
	@$(BIN)/python -m local connect "$(REPO)" "$(NAME)"

serve: ## Put a git repository of yours on the GitHub stand-in, to connect it by the API: REPO=<path> NAME=<owner/name>
	@$(BIN)/python -m local serve "$(REPO)" "$(NAME)"

smoke: $(BIN)/.installed ## Check any deployed stack, reading only: URL=, TOKEN=, ORG=
	@$(BIN)/python -m local smoke $(if $(URL),--url "$(URL)") $(if $(TOKEN),--token "$(TOKEN)") $(if $(ORG),--org "$(ORG)")

logs: ## Show what the local stack's processes and functions said last
	@$(BIN)/python -m local logs

setup: $(BIN)/.installed $(EMULATOR)/.installed ## Make the two virtual environments

demo-faults: $(BIN)/.installed ## Let GitHub fail in every way on the running stack, and see it noticed and mended
	@$(BIN)/python -m local demo-faults

test: $(BIN)/.installed ## Run the tests
	@$(BIN)/pytest --numprocesses auto

e2e: setup ## Run the end-to-end tests with real clients against a running local stack
	@$(BIN)/pytest -m e2e tests/e2e -rs

bench: setup ## Measure starts and requests, and print the tables
	@$(BIN)/pytest -m benchmark tests/benchmarks -s

endurance: setup ## Stop a sync after every single call, deliver ten thousand webhooks, damage files: takes half an hour
	@$(BIN)/pytest -m benchmark tests/integration -s
	@DEPOT_EXAMPLES=2000 $(BIN)/pytest tests/unit/domain/config_types/test_damaged_files.py

corpus: $(BIN)/.installed ## Read every git repository of a folder as its clients would: CORPUS=<folder>
	@DEPOT_CORPUS="$(CORPUS)" $(BIN)/pytest -m benchmark tests/benchmarks/test_corpus.py tests/e2e/test_discovery_agrees.py -s

fuzz: setup ## Send requests made from the API's description, right and wrong, as four kinds of caller (CASES=20000)
	@$(BIN)/pytest -m benchmark tests/contract

lint: $(BIN)/.installed ## Check style and formatting
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(BIN)/.installed ## Check types
	@$(BIN)/mypy

layers: $(BIN)/.installed ## Check which part may import which
	@$(BIN)/lint-imports

synth: $(BIN)/.installed ## Write the CloudFormation templates to cdk.out
	@$(BIN)/python -m infra.app --output cdk.out $(CONTEXT)

openapi: $(BIN)/.installed ## Describe the API from its code, in docs and for /docs
	@$(BIN)/python -m infra.openapi

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11
lock: $(BIN)/.installed ## Resolve the dependencies again and write the lock files (UPGRADE=1 raises them)
	@for group in runtime authoring webhook lock dev; do \
	  $(COMPILE) $(if $(UPGRADE),--upgrade) --group $$group --output-file requirements/$$group.txt || exit 1; \
	done
	@$(COMPILE) $(if $(UPGRADE),--upgrade) requirements/emulator.in --output-file requirements/emulator.txt

clean: ## Stop the local stack and remove everything that was made here but the environments
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m local clean; fi
	@rm -rf cdk.out .build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# uv, at the version of the lock, installs the rest; it leaves bytecode to the first import.
UV = $(BIN)/uv pip install --quiet --require-hashes

$(BIN)/.installed: requirements/lock.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Plugin Depot needs Python 3.11 or newer: make PYTHON=python3.12 up")'
	@echo "  Installing the development environment"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/lock.txt
	@$(UV) --python $(BIN)/python --requirement requirements/dev.txt
	@touch $@

$(EMULATOR)/.installed: requirements/emulator.txt $(BIN)/.installed
	@echo "  Installing the emulator"
	@test -x $(EMULATOR)/bin/python || $(PYTHON) -m venv --without-pip $(EMULATOR)
	@$(UV) --python $(EMULATOR)/bin/python --requirement requirements/emulator.txt
	@touch $@
