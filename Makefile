# Everything a newcomer types. What each target does is in scripts/, one small program each.
#
#   make run     start Cocharte with the demo on this machine        BIND=127.0.0.1 PORT=8000
#   make test    every check and the whole suite, on both databases

PYTHON ?= python3
VENV   := .venv/bin/python
BIND   ?= 127.0.0.1
PORT   ?= 8000
export BIND PORT

.DEFAULT_GOAL := help
.PHONY: help run test lint test-sqlite test-postgres messages lock screenshots clean bootstrap bootstrap-dev

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: bootstrap ## start Cocharte with its demo (BIND, PORT); Ctrl-C stops it
	@exec $(VENV) scripts/serve.py

test: bootstrap-dev ## every check, then the whole suite on SQLite and on PostgreSQL
	@$(VENV) scripts/check.py

lint: bootstrap-dev ## style, types, layers, migrations, translations
	@$(VENV) scripts/check.py lint types layers migrations messages

test-sqlite: bootstrap-dev ## the suite on SQLite (ARGS="-k vote -x" goes to pytest)
	@$(VENV) scripts/check.py sqlite -- $(ARGS)

test-postgres: bootstrap-dev ## the suite on a PostgreSQL started for it
	@$(VENV) scripts/check.py postgres -- $(ARGS)

messages: bootstrap-dev ## collect the strings to translate and compile the catalogues
	@$(VENV) scripts/messages.py extract
	@$(VENV) scripts/messages.py compile

lock: bootstrap-dev ## compile the locks (UPGRADE=1 takes the newest versions)
	@$(VENV) scripts/lock.py compile $(if $(UPGRADE),--upgrade)

screenshots: bootstrap-dev ## take the pictures of docs/screenshots again
	@$(VENV) scripts/screenshots.py

clean: ## remove .venv, caches and the demo's data (var/)
	rm -rf .venv var .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

bootstrap:
	@$(PYTHON) scripts/bootstrap.py run

bootstrap-dev:
	@$(PYTHON) scripts/bootstrap.py test
