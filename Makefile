# Every chore of this repository. "make help" lists them.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3
BIN := .venv/bin
DONE := .make
PORT ?= 8000
# Tests wait more than they work: three at a time keep two cores busy.
PYTEST_WORKERS ?= 3
PYTHON2 ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/2.7*/bin/python) python2.7)

# What pip says should be about this project: no notice of a newer pip, no word about being root.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip --quiet
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header

# What the page is built from.
WEB_SOURCES := $(shell git ls-files -co --exclude-standard clients/typescript web 2>/dev/null)

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# ── use it ──────────────────────────────────────────────────────────────────

.PHONY: run
run: $(DONE)/run web/dist/index.html ## install what it needs and serve on port 8000 (PORT=… for another; SERVICE=robodine for one service)
	@WIREPACT_PORT=$${WIREPACT_PORT:-$(PORT)} SERVICE=$${SERVICE:-$(SERVICE)} $(BIN)/wirepact serve

.PHONY: demo
demo: $(DONE)/run ## live before the running server, so that the page comes alive; prints a link that signs the page in
	@PYTHONPATH=clients/python/gen $(BIN)/python -m handlers.demo --url $${URL:-http://localhost:$(PORT)}

.PHONY: token
token: $(DONE)/run ## print a token of a back end (role SERVICE) for development
	@$(BIN)/wirepact token --sub backend --role SERVICE

# ── change it ───────────────────────────────────────────────────────────────

.PHONY: generate
generate: $(DONE)/dev ## write everything that follows from spec/
	@$(BIN)/wirepact generate

.PHONY: format
format: $(DONE)/dev $(DONE)/npm ## format what is written by hand
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .
	@npm run --silent format

.PHONY: check
check: $(DONE)/dev $(DONE)/npm ## format, lint, types, imports, generated files current
	$(BIN)/wirepact lint
	$(BIN)/wirepact generate --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	npm run --silent check:python
	PYTHONPATH=clients/python/gen $(BIN)/lint-imports
	npm run --silent check

.PHONY: test
test: $(DONE)/dev $(DONE)/npm $(DONE)/oracle web/dist/index.html ## all tests, installing what they need
	@without=$$(./.ci/chromium); \
	npm test --silent; \
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS) --durations=20 -m 'not slow' --ignore=tests/contract/test_workers.py --ignore=tests/lifecycle/test_scenarios.py --ignore=tests/packages --ignore=tests/web/slow $$without $(ARGS)

.PHONY: workers
workers: $(DONE)/dev $(DONE)/npm web/dist/index.html ## every conversation again, against four processes with Redis and PostgreSQL
	@$(BIN)/python -m pytest -q tests/contract/test_workers.py $(ARGS)

.PHONY: packages
packages: $(DONE)/dev $(DONE)/npm $(DONE)/packaging ## the npm packages as they are published: their tarballs, types, sizes, and lives in Node 20, Node 22 and Chromium; and the Python wheels
	@without=$$(./.ci/chromium); $(BIN)/python -m pytest -q tests/packages $$without $(ARGS)

.PHONY: page
page: $(DONE)/dev $(DONE)/npm web/dist/index.html ## the page as axe judges it, through the death of its server, and a thousand messages a second
	@without=$$(./.ci/chromium); $(BIN)/python -m pytest -q tests/web/slow $$without $(ARGS)

.PHONY: lifecycle
lifecycle: $(DONE)/dev $(DONE)/npm ## what can become of a connection, with every client, in Python, Node and Chromium; writes docs/lifecycle.md
	@without=$$(./.ci/chromium); \
	npm run --silent build:packages; \
	$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) tests/lifecycle/test_scenarios.py $$without $(ARGS)
	@$(BIN)/python -m tests.lifecycle

.PHONY: corpus
corpus: $(DONE)/dev $(DONE)/npm $(DONE)/oracle ## put a folder of documents to the generator: CORPUS=…, default ../shared/corpus
	@$(BIN)/python -m tests.corpus $(ARGS) $${CORPUS:-../shared/corpus}

.PHONY: fuzz
fuzz: $(DONE)/dev ## damage documents, at random and one value after the other; strangers' twice, for the same bytes: FUZZ_ROUNDS=…, FUZZ_SEED=…
	@FUZZ_ROUNDS=$${FUZZ_ROUNDS:-100} $(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) -m slow tests/codegen $(ARGS)

.PHONY: faults
faults: $(DONE)/dev ## what can go wrong between clients, servers and Redis, a row a fault, and what stands for it
	@$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) -m faults --fault-table tests/runtime tests/handlers $(ARGS)

.PHONY: stress
stress: $(DONE)/dev ## four servers, cut, killed and restarted at random, and every message accounted for: STRESS_SECONDS=…, STRESS_SEED=…
	@$(BIN)/python -m tests.stress --seconds $${STRESS_SECONDS:-60} $${STRESS_SEED:+--seed $$STRESS_SEED}

.PHONY: conformance
conformance: $(DONE)/dev $(DONE)/autobahn/bin/wstest ## Autobahn's WebSocket test suite against "wirepact serve"; needs a Python 2.7: PYTHON2=…
	@$(BIN)/python -m tests.conformance

.PHONY: cases
cases: $(DONE)/dev ## write anew what tests expect the generator to say and to emit; read the diff
	@$(BIN)/python -m pytest -q tests/codegen/test_cases.py tests/codegen/test_rejected.py --rewrite $(ARGS)

.PHONY: bench
bench: $(DONE)/bench $(DONE)/npm $(DONE)/packaging $(DONE)/peers ## the server beside FastAPI and Django Channels; brokers beside redis-py; the generator beside datamodel-code-generator; the npm packages beside centrifuge and others
	@for each in fanout pace processes comeback idle brokers generate packages; do $(BIN)/python -m benchmarks.$$each; echo; done

.PHONY: web
web: web/dist/index.html ## build the page that is served at /

.PHONY: lock
lock: $(DONE)/dev ## write the requirements' lock files anew
	@$(LOCK) requirements/all.in -o requirements/all.lock
	@$(LOCK) -c requirements/all.lock requirements/run.in -o requirements/run.lock
	@$(LOCK) -c requirements/all.lock requirements/bench.in -o requirements/bench.lock

.PHONY: clean
clean: ## remove what was installed and built; keeps var/
	rm -rf .venv $(DONE) .wirepact_cache node_modules tests/contract/oracle/node_modules clients/typescript/packaging/node_modules benchmarks/peers/node_modules web/dist clients/typescript/*/dist
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# ── what the above stand on ─────────────────────────────────────────────────

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo 'Python 3.11 or newer is needed; name one with "make PYTHON=python3.12 …".' >&2; exit 1; }
	@$(PYTHON) -m venv .venv

$(DONE)/run: requirements/run.lock pyproject.toml | $(BIN)/python
	@mkdir -p $(DONE)
	@if [ ! -e $(DONE)/dev ]; then echo 'Installing the Python packages …' >&2; \
	  $(PIP) install --require-hashes -r requirements/run.lock; fi
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DONE)/dev: requirements/all.lock pyproject.toml | $(BIN)/python
	@mkdir -p $(DONE)
	@echo 'Installing the Python packages for development …' >&2
	@$(PIP) install --require-hashes -r requirements/all.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(DONE)/run

$(DONE)/bench: requirements/bench.lock $(DONE)/dev
	@$(PIP) install --require-hashes -r requirements/bench.lock
	@touch $@

# The last virtualenv that makes environments for Python 2.7.
$(DONE)/autobahn/bin/wstest: requirements/conformance.txt | $(BIN)/python
	@$(PYTHON2) -c 'import sys; sys.exit(sys.version_info[:2] != (2, 7))' 2>/dev/null || \
	  { echo 'The suite needs a Python 2.7; name one with "make conformance PYTHON2=…".' >&2; exit 1; }
	@mkdir -p $(DONE)
	@echo 'Installing the WebSocket test suite …' >&2
	@$(PIP) install --target $(DONE)/virtualenv --upgrade virtualenv==20.21.1
	@PYTHONPATH=$(DONE)/virtualenv $(BIN)/python -m virtualenv --quiet --clear -p $(PYTHON2) $(DONE)/autobahn
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(DONE)/autobahn/bin/python -m pip --quiet install --no-deps -r $<
	@touch $@

$(DONE)/npm: package-lock.json
	@mkdir -p $(DONE)
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || \
	  { echo 'Node 20 or newer, with npm, is needed.' >&2; exit 1; }
	@echo 'Installing the npm packages …' >&2
	@npm ci --silent --no-audit --no-fund
	@touch $@

# The official AsyncAPI parser, which contract tests ask for a second opinion. Apart, so that "make run" goes without.
$(DONE)/oracle: tests/contract/oracle/package-lock.json
	@mkdir -p $(DONE)
	@echo 'Installing the official AsyncAPI parser …' >&2
	@cd tests/contract/oracle && npm ci --silent --no-audit --no-fund
	@touch $@

# What judges npm packages. Apart, since only "make packages" and "make bench" need it.
$(DONE)/packaging: clients/typescript/packaging/package-lock.json
	@mkdir -p $(DONE)
	@echo 'Installing what judges npm packages …' >&2
	@cd clients/typescript/packaging && npm ci --silent --no-audit --no-fund
	@touch $@

$(DONE)/peers: benchmarks/peers/package-lock.json
	@mkdir -p $(DONE)
	@cd benchmarks/peers && npm ci --silent --no-audit --no-fund
	@touch $@

web/dist/index.html: $(DONE)/npm $(WEB_SOURCES)
	@echo 'Building the page …' >&2
	@npm run --silent build
