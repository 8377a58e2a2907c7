# Two commands matter: `make demo` and `make test`. Everything they need is installed into .venv by `make install`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SERVICES := orders dispatch tracking notifications
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help install demo test check synth bench lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED) ## .venv with everything locked

$(INSTALLED): requirements/uv.txt requirements/dev.txt pyproject.toml events/pyproject.toml infra/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.x"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e events -e .
	cd infra && npm ci --silent --no-fund --no-audit
	@touch $@

lock: ## requirement files anew from the pyproject files
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/uv.in -o requirements/uv.txt
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --extra dev -o requirements/dev.txt
	for s in $(SERVICES); do uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --no-emit-package delivery-events -c requirements/dev.txt services/$$s/pyproject.toml -o requirements/$$s.txt; done
