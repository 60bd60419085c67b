# Everything a developer runs. Needs Python 3.11 or newer, gcc, git and make; nothing here needs root.
# `make demo` and `make test` are the two to start with; each installs what it needs into .venv first.

PYTHON ?= python3
BIN    := .venv/bin
PIP    := -m pip --disable-pip-version-check --quiet install

.PHONY: help demo test coverage check format docs bare lowest lock changelog clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: .venv/runtime.stamp ## the whole loop on a real data set that ships with the package
	$(BIN)/modelwright demo

test: .venv/dev.stamp ## the tests (make test ARGS="tests/data -x" for some of them)
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

coverage: .venv/dev.stamp ## the tests, and which lines they reach (a third slower)
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term $(ARGS)

check: .venv/dev.stamp ## style, types, the order of the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev.stamp ## put the code into the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/dev.stamp ## regenerate the reference of the command line
	$(BIN)/typer modelwright.cli utils docs --name modelwright --title "The command line" --output docs/reference/cli.md

bare: .venv/runtime.stamp ## the wheel alone in a fresh environment: every door opens, the command answers
	rm -rf build/bare build/wheel
	$(BIN)/python -m pip --disable-pip-version-check --quiet wheel --no-deps --no-build-isolation --wheel-dir build/wheel .
	$(PYTHON) -m venv build/bare
	build/bare/bin/python $(PIP) --constraint requirements.lock build/wheel/*.whl
	cd build && bare/bin/python -W error -I ../tests/bare.py
	cd build && bare/bin/modelwright --help >/dev/null

lowest: build/lowest/lowest.stamp ## the house and one whole loop on the oldest versions we promise
	build/lowest/bin/python -m pytest -n auto --dist loadfile -m lowest -o filterwarnings=default $(ARGS)

lock: .venv/dev.stamp ## resolve the pins again (make lock ARGS=--upgrade for newer versions)
	$(BIN)/uv $(LOCK) $(ARGS) --fork-strategy fewest pyproject.toml --group build --output-file requirements.lock
	$(BIN)/uv $(LOCK) $(ARGS) --fork-strategy fewest --group dev --constraints requirements.lock --output-file requirements-dev.lock
	$(BIN)/uv $(LOCK) --upgrade --resolution lowest-direct pyproject.toml --group build --group test --output-file requirements-lowest.lock
LOCK := pip compile --quiet --universal --no-emit-index-url --custom-compile-command 'make lock'

changelog: .venv/dev.stamp ## what the next release will say (towncrier build --version X.Y.Z writes it)
	$(BIN)/towncrier build --draft --version next

clean: ## remove what the other targets made
	rm -rf .venv build .coverage htmlcov .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# An environment is made once and brought up to date when its lock changes.

.venv/runtime.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Modelwright needs Python 3.11 or newer, but $(PYTHON) is {sys.version.split()[0]}. Say which: make PYTHON=python3.12 ...")'
	@echo "Installing pinned dependencies into .venv (a minute or two; about 1.5 GB) ..."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(PIP) --requirement requirements.lock
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: .venv/runtime.stamp requirements-dev.lock
	$(BIN)/python $(PIP) --requirement requirements.lock --requirement requirements-dev.lock
	@touch $@

build/lowest/lowest.stamp: requirements-lowest.lock pyproject.toml
	test -x build/lowest/bin/python || $(PYTHON) -m venv build/lowest
	build/lowest/bin/python $(PIP) --requirement requirements-lowest.lock
	build/lowest/bin/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
