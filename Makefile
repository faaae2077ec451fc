# Every target sets itself up: the stamp says that .venv matches pyproject.toml and constraints.txt.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.stamp
GUIDE  := docs/reference/guide.md
RULES  := docs/reference/rules.md
TORCH  := $(shell grep '^torch==' constraints.txt)
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt

# The theme advertises its successor on every build.
export NO_MKDOCS_2_WARNING = 1

.PHONY: help setup demo test coverage check docs bench clean
.DELETE_ON_ERROR:

help:  ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP)  ## make .venv, or re-use it when it is current

# torch comes first and by its exact version: asked for any other way, pip may fetch gigabytes of GPU libraries.
$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) $(TORCH)
	$(PIP) -e '.[dev,docs,adapters]'
	@touch $@

demo: OUT := runs/demo-$(shell date +%Y%m%d-%H%M%S)
demo: $(STAMP)  ## train on a real table in half a minute; ends with the paths of the report and the model
	$(BIN)/practicum fit examples/adult_sample.csv.gz --target income --budget 30s --out $(OUT)

# A process a core, up to eight; `make test NUM=0` stays in one. Each has one thread, on purpose: the same bits
# everywhere, and no fight over the cores. Whoever is done early takes over tests of the others.
NUM    ?= $(shell $(BIN)/python -c "from practicum.engine.crew.cores import num_cores; print(min(8, num_cores()))")
PYTEST  = $(BIN)/python -m pytest --dist=worksteal -n $(NUM)

test: export OMP_NUM_THREADS = 1
test: $(STAMP)  ## run all tests in random order, a process a core
	$(PYTEST)

# Counting branches makes it much slower, so that continuous integration does without.
coverage: export OMP_NUM_THREADS = 1
coverage: $(STAMP)  ## run all tests and show branch coverage
	$(PYTEST) --cov --cov-report=term-missing:skip-covered

check: $(STAMP)  ## format, lint, types, direction of imports, documentation
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m practicum.core.guide.pages --check $(GUIDE)
	$(BIN)/python -m practicum.diagnose.explain --check $(RULES)
	$(BIN)/mkdocs build --strict

docs: $(STAMP)  ## write the generated pages again and build the documentation into site/
	$(BIN)/python -m practicum.core.guide.pages --write $(GUIDE)
	$(BIN)/python -m practicum.diagnose.explain --write $(RULES)
	$(BIN)/mkdocs build --strict
	@echo "Documentation: site/index.html"

# `make bench BENCH=defaults` runs another one of benchmarks/.
bench: BENCH := packs read_csv tables mnist
bench: export OMP_NUM_THREADS = 1
bench: $(STAMP)  ## measure the figures of docs/experiments.md again (long)
	@for name in $(BENCH); do echo "== $$name" && $(BIN)/python benchmarks/$$name.py || exit 1; done

clean:  ## remove everything that the targets made, but no run
	rm -rf $(VENV) site build dist .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
