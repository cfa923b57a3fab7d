# Everything one types: `make help`. Needs Python 3.11, git and make; the rest is installed here.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
SYNCED := .venv/.synced
# Debian's own interpreter is built for speed: one that pyenv compiled takes half as long again. UV_PYTHON names another.
DEBIAN := /usr/bin/python3.11
PYTHON = $(if $(UV_PYTHON),,$(shell $(DEBIAN) -c "import ctypes, ssl" 2>/dev/null && echo --python $(DEBIAN)))
# What is imported is compiled once and kept, whatever the environment says: without, each start compiles 10 s.
unexport PYTHONDONTWRITEBYTECODE
LINTED := app site backoffice helpcenter status devtools tests manage.py

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(SYNCED) ## Install the locked Python packages into .venv and compile the planner of oven loads

$(SYNCED): uv.lock pyproject.toml
	@uv="$$(python3 devtools/bootstrap.py)" && "$$uv" sync --frozen --quiet $(PYTHON)
	@$(PY) -m devtools prepare-planner
	@touch $@

run: setup ## Start the whole product: site, application, worker, database, mail; Ctrl-C stops it
	@exec $(PY) -m devtools run

test: setup ## Run every test: rules and endpoints, then browser journeys (ARGS="-k name" to choose)
	@$(PY) -m devtools prepare-tests
	@status=0; \
	$(PY) -m pytest -n 2 --dist worksteal --ignore=tests/e2e --ignore=tests/benchmarks $(ARGS) || status=$$?; \
	$(PY) -m pytest -n 4 --dist worksteal tests/e2e $(ARGS) || status=$$?; \
	$(PY) -m devtools stop-tests; exit $$status

coverage: setup ## Measure what the unit tests cover; under 70 % it fails (ARGS="tests/app/quotes --cov=app/quotes" for a part)
	@$(PY) -m devtools prepare-tests
	@status=0; $(PY) -m pytest -n 2 --dist worksteal --ignore=tests/e2e --ignore=tests/benchmarks --cov-config=pyproject.toml \
		--cov-report=term:skip-covered --cov-report=html:.thermo/coverage \
		$(or $(ARGS),--cov) || status=$$?; \
	$(PY) -m devtools stop-tests; exit $$status

bench: setup ## Measure the benchmarks
	@$(PY) -m devtools prepare-tests
	@$(PY) -m pytest tests/benchmarks -p no:xdist -p no:randomly $(ARGS)

bench-oven: setup ## Measure the planner of oven loads: boxes, flat, turned or batches (ARGS="flat --seconds 10")
	@$(PY) -m tests.benchmarks.packing $(ARGS)

audit: setup ## Measure the public pages: Lighthouse and axe on a server started as in production (ARGS="--only blog")
	@$(PY) -m devtools.auditing $(ARGS)

lint: setup ## Check style, types, floors, templates, migrations and translations
	@.venv/bin/ruff check $(LINTED)
	@.venv/bin/ruff format --check $(LINTED)
	@.venv/bin/lint-imports
	@.venv/bin/mypy
	@.venv/bin/djlint templates --lint --quiet
	@$(PY) -m devtools check-migrations
	@$(PY) -m devtools check-messages

fmt: setup ## Format the Python code and fix what can be fixed
	@.venv/bin/ruff check --fix $(LINTED)
	@.venv/bin/ruff format $(LINTED)

messages: setup ## Collect the texts to translate (needs gettext) and compile the translations
	@command -v xgettext >/dev/null || { echo "Install gettext: apt-get install gettext"; exit 1; }
	@$(PY) manage.py makemessages --locale fr --locale en --extension=html,txt,py,mjml --no-obsolete --no-location --ignore=.venv --ignore=node_modules --ignore=.thermo
	@$(PY) -m devtools messages

clean: ## Remove what was generated, the development database and its mails included
	@test ! -x $(PY) || $(PY) -m devtools stop-tests
	@rm -rf .thermo static node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: help setup run test coverage bench bench-oven audit lint fmt messages clean
