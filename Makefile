# deardiary: every target makes what it needs; `make demo` and `make test` work on a fresh machine.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
USABLE := $(VENV)/.usable
STAMP  := $(VENV)/.testable
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
OURS    = --editable . $(addprefix --editable ,$(wildcard plugins/deardiary-*))
MODULES = src plugins/*/*.py

# Tests start hundreds of Pythons: without their bytecode each of them would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check coverage nightly bench hour compiled clean

help:
	@echo "make demo      a sweep in a diary on SQLite, and what it looks like"
	@echo "make test      every test (some seven minutes)"
	@echo "make check     formatting, lint, types, layers"
	@echo "make coverage  that every branch of the core is tested without a database"
	@echo "make nightly   the long tests: more kills, more stories"
	@echo "make bench     the benchmarks, beside their floors"
	@echo "make hour      an hour of logging, a thousand calls a second"
	@echo "make compiled  the SQL texts, made anew from the schema"

$(USABLE): pyproject.toml plugins/*/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "deardiary needs Python 3.11 or newer")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing deardiary into $(VENV)" >&2
	@$(PIP) install --upgrade "pip>=25.1"
	@$(PIP) install $(OURS)
	@touch $@

$(STAMP): $(USABLE)
	@echo "installing what the tests need into $(VENV)" >&2
	@$(PIP) install --editable ".[test]" --group dev
	@touch $@

demo: $(USABLE)
	@folder=$$(mktemp -d) && $(BIN)/deardiary demo "$$folder"

test: $(STAMP)
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(MODULES)
	$(BIN)/python -m pytest --quiet tests/test_layers.py

coverage: $(STAMP)
	$(BIN)/coverage run --branch --source=deardiary.core -m pytest --quiet tests/core tests/backends/test_memory.py
	$(BIN)/coverage report --show-missing --skip-covered --fail-under=100

nightly: coverage
	DEARDIARY_NIGHTLY=1 $(BIN)/python -m pytest -o faulthandler_timeout=3000 --numprocesses 2 --dist worksteal

bench: $(STAMP)
	$(BIN)/python benchmarks/core.py
	$(BIN)/python benchmarks/points.py
	$(BIN)/python benchmarks/engines.py
	$(BIN)/python benchmarks/artifacts.py
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/environment.py

hour: $(STAMP)
	$(BIN)/python benchmarks/hour.py

compiled: $(STAMP)
	$(BIN)/python -m deardiary.backends.sql.making src/deardiary/backends/sql/compiled

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
