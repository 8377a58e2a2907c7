# Two commands matter: `make demo` and `make test`. Everything they need is installed into .venv by `make install`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
STAGE ?= dev
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SERVICES := orders dispatch tracking notifications partners
CDK := infra/node_modules/.bin/cdk --no-notices --app '$(BIN)/python -m infra.app' --context stage=$(STAGE)
LOCK := uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help install demo up down test web pictures check catalog synth bench bench-dispatch bootstrap deploy deploy-platform deploy-web publish destroy lock clean $(SERVICES:%=deploy-%)

help: ## what can be made
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

install: $(INSTALLED) ## .venv with everything locked

$(INSTALLED): requirements/uv.txt requirements/dev.txt pyproject.toml events/pyproject.toml infra/package-lock.json web/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.x"; exit 1; }
	@echo "Installing what is locked into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e events -e .
	@npm ci --prefix infra --loglevel=error & infra=$$!; npm ci --prefix web --loglevel=error; wait $$infra
	@touch $@

demo: install ## a city's dinner rush on the local cloud, live
	@delivery up
	@delivery simulate
	@echo "The platform is still up. Look around: source $(BIN)/activate && delivery --help. Stop it: make down"

up: install ## the platform on this machine, with everything deployed
	@delivery up

down: install ## stop it
	@delivery down

test: install check ## every check and every test
	@pytest --numprocesses auto --dist loadgroup --no-loadscope-reorder --durations 15

web: install ## the pages, built into web/dist/
	@npm --prefix web run --silent build

pictures: install ## the README's pictures anew, from the running platform in Chromium
	@PICTURES=1 pytest -q tests/web/test_pages.py -k watched_from_its_form

check: install ## ruff, mypy --strict, both linters, TypeScript, the gate over the events' contracts
	@ruff check .
	@ruff format --check --quiet . || { echo "ruff format would change files; run: ruff format"; exit 1; }
	@mypy
	@npm --prefix infra run --silent lint
	@npm --prefix web run --silent lint
	@delivery contracts diff

catalog: install ## the events' contracts as a web site, by EventCatalog: minutes, and 1.3 GB to install
	@delivery contracts build --out dist/contracts
	@python -m local.contracts.eventcatalog dist/contracts/eventcatalog

synth: install ## all CloudFormation templates, in cdk.out/
	@$(CDK) synth --quiet --output cdk.out
	@ls cdk.out/*.template.json

bench: install ## start times and sizes of the functions; see benchmarks/ for the others
	@python -m benchmarks.init_time
	@python -m infra.packages

bench-dispatch: install ## the planner against rivals: make bench-dispatch INSTANCES=folder of real days
	@python -m benchmarks.dispatch $(or $(INSTANCES),$(error INSTANCES is not given: a folder of days)) --report dist/dispatch.json --decisions dist/decisions

bootstrap: install ## once for each AWS account and region, before the first deploy
	@infra/node_modules/.bin/cdk --no-notices bootstrap

deploy: install ## every stack to AWS: make deploy STAGE=dev|prod
	@python -m infra.account_stage $(STAGE)
	@python -m infra.push_application
	@$(CDK) deploy --all --output cdk.out
	@$(MAKE) publish

publish: web ## the pages and their configuration, into what delivery-web has deployed
	@python -m infra.web.publish

destroy: install ## remove every stack from AWS: make destroy STAGE=dev
	@python -m infra.account_stage $(STAGE)
	@$(CDK) destroy --all --output cdk.out

deploy-platform: install ## what all services share: bus, users, API
	@python -m infra.account_stage $(STAGE)
	@$(CDK) deploy delivery-platform delivery-api --exclusively --output cdk.out

# The API first: a service's resolvers need its part of the schema.
$(SERVICES:%=deploy-%): deploy-%: install
	@python -m infra.account_stage $(STAGE)
	@$(CDK) deploy delivery-api delivery-$* --exclusively --output cdk.out

deploy-web: web ## the pages alone: make deploy-web STAGE=dev
	@python -m infra.account_stage $(STAGE)
	@$(CDK) deploy delivery-web --exclusively --output cdk.out
	@$(MAKE) publish

deploy-%: ## one service alone, after the API: make deploy-orders STAGE=dev

lock: ## requirement files anew from the pyproject files
	$(LOCK) requirements/uv.in -o requirements/uv.txt
	$(LOCK) pyproject.toml --extra dev -o requirements/dev.txt
	for s in $(SERVICES); do $(LOCK) --no-emit-package delivery-events -c requirements/dev.txt services/$$s/pyproject.toml -o requirements/$$s.txt; done

clean: ## stop the platform and delete all that was made, .venv too
	@[ ! -x $(BIN)/delivery ] || delivery down --purge
	rm -rf $(VENV) .local cdk.out infra/node_modules web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
