# Dateline. `make` alone lists what there is. Nothing but Python 3.11 or newer is needed.

SHELL := /bin/bash
# the first interpreter that starts and is of a version that the lock knows
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run up down status env check test eval bench lock clean

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## From nothing to coded events: start the stack, read the demo newsroom, show the events, stop
	@$(BIN)/dateline stack run

up: $(READY) ## Start the stack (Postgres, Airflow, demo newsroom) and leave it running
	@$(BIN)/dateline stack up

down: $(READY) ## Stop the stack; what was stored stays
	@$(BIN)/dateline stack down

status: $(READY) ## Say what is running, and where
	@$(BIN)/dateline stack status

env: $(READY) ## Make the environment (.venv) only

test: $(READY) ## Run all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not stack"
	@$(BIN)/python -m pytest -m stack

check: $(READY) ## Lint, types, import directions, DAGs, docs, compose file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest tests/test_dags.py tests/test_docs.py tests/test_compose.py

eval: $(READY) ## Score the stages on the development sets, against the floors in eval/floors.json
	@$(BIN)/python eval/run.py $(ARGS)

bench: $(READY) ## Measure speed and memory against the plain floor
	@$(BIN)/python bench/run.py $(ARGS)

lock: $(READY) ## Resolve the dependencies anew into the requirements*.lock files
	@$(BIN)/uv pip compile pyproject.toml --extra airflow --extra stack --extra parquet --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet --upgrade -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra airflow --extra celery --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet --upgrade -o requirements-celery.lock
	@printf 'uv\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --quiet --upgrade -o requirements-uv.lock

clean: ## Remove the environment and caches; the state folder .dateline stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# The lock holds names, versions and hashes. uv installs it in seconds; where uv cannot be had, pip does it in a minute.
$(READY): requirements.lock requirements-uv.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Dateline needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.11 run" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "making the environment in $(VENV) (once; about 1 GB)"
	@export UV_COMPILE_BYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1; \
	if $(BIN)/pip install --quiet --no-deps --require-hashes -r requirements-uv.lock; then \
		$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock requirements-uv.lock && \
		$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable . ; \
	else \
		$(BIN)/pip install --quiet --no-deps --require-hashes -r requirements.lock && \
		$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable . ; \
	fi
	@touch $@
