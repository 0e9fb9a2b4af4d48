# Two commands matter: `make report` and `make test`. Both work on a fresh machine with Python 3.11+.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Much faster than pip; what it compiles now need not be compiled by the first worker and child.
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python
# Where one process imports a part of it, compiling all of it takes longer than that.
INSTALL_ONLY := $(BIN)/uv pip install --quiet --python
# One worker more than there are processors, because many tests wait for a browser or a command. A
# file's tests stay on one worker, so that its pages, servers and histories are made once.
WORKERS := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1)))
PYTEST := python -m pytest -q -n $(WORKERS) --dist loadfile
# Tests that need nothing but what `--group dev` and a browser give.
PLAIN := not spark and not lab
# The other Python of `make test-python`.
WITH ?= 3.13
# The Python that `make package` installs into.
PACKAGE_PYTHON ?= $(BIN)/python

# uv shall trust what the machine trusts, as pip does; older releases of it say native TLS.
export UV_SYSTEM_CERTS := true
export UV_NATIVE_TLS := true
# Images of Python like to set this; every worker would compile every test anew at each run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: docs docs-site help package types test run-tests test-lab test-lowest test-python test-spark report runs lint format browser bench vega clean

help: ## show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found; set PYTHON=…" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade uv
	$(INSTALL) $(VENV) --upgrade --editable . --group dev
	$(BIN)/python -m compileall -q fictures_reports
	@touch $@

report: $(STAMP) ## compare the two reference runs and print the path of the HTML
	@$(BIN)/fictures-reports compare runs/phase2-initial runs/phase2-rerun \
		-o reports/phase2.html --gate 'passed >= 24' || test $$? -eq 2
	@echo "$(CURDIR)/reports/phase2.html"

# With the newest releases of everything on the day that the environment is made, as CI makes one:
# after `make clean` those of today.
# The linter takes one processor for a quarter of a minute: beside the tests nobody waits for it.
test: $(STAMP) browser ## lint, check types, run every test
	@$(MAKE) --no-print-directory --jobs 2 lint run-tests

run-tests: $(STAMP)
	$(BIN)/$(PYTEST) -m "$(PLAIN)"

# In an environment of its own, like those below, so that any of them can run beside `make test`.
test-spark: $(STAMP) ## hold the whole-history questions to a real Spark session (needs Java 17)
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-spark
	$(INSTALL_ONLY) .venv-spark --editable '.[spark]' --group dev
	.venv-spark/bin/python -m pytest -q -m spark tests/history

# Not those that only try our own scripts and styles in a browser, which takes a third of the time
# (test_report opens pages, too), nor those of our rules and of the shell scripts for CI, which are
# the same whatever is installed.
test-lowest: $(STAMP) browser ## run the tests with the oldest releases that pyproject.toml allows
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-lowest
	$(INSTALL) .venv-lowest --resolution lowest-direct --editable '.[lake,report]'
	$(INSTALL) .venv-lowest --group dev
	.venv-lowest/bin/$(PYTEST) --hypothesis-profile few \
		-m "$(PLAIN) and not looks and not newest and not scripts"

test-python: $(STAMP) browser ## run every test under another Python: make test-python WITH=3.13
	$(BIN)/uv venv --quiet --clear --python $(WITH) .venv-$(WITH)
	$(INSTALL) .venv-$(WITH) --editable . --group dev
	.venv-$(WITH)/bin/$(PYTEST) -m "$(PLAIN)"

# An environment of its own: what JupyterLab brings makes altair slow to import.
test-lab: $(STAMP) browser ## run the notebook in JupyterLab, in a browser, as an analyst would
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-lab
	$(INSTALL_ONLY) .venv-lab --editable '.[lab]' --group dev
	.venv-lab/bin/python -m pytest -q -m lab

types: $(STAMP) ## check the types that a user's script sees, with mypy and pyright, both strict
	$(BIN)/mypy --strict examples/weekly.py
	$(BIN)/uv tool run --quiet pyright --pythonpath $(BIN)/python examples/weekly.py

# In a folder of its own, so that nothing of the checkout is imported by chance.
package: $(STAMP) ## build wheel and sdist, check them, and try each, with extras and without, in environments of their own
	rm -rf dist
	$(BIN)/uv tool run --quiet --from build pyproject-build --installer uv . >/dev/null
	$(BIN)/uv tool run --quiet twine check --strict dist/*
	for file in dist/*.whl dist/*.tar.gz; do \
		$(BIN)/uv venv --quiet --clear --seed --python $(PACKAGE_PYTHON) .venv-package && \
		$(BIN)/uv pip install --quiet --python .venv-package "$$file[report,lake]" && \
		.venv-package/bin/pip check && \
		(cd runs && ../.venv-package/bin/fictures-reports run phase2-rerun -o ../dist/page.html) || exit 1; \
	done
	$(BIN)/uv venv --quiet --clear --seed --python $(PACKAGE_PYTHON) .venv-package
	$(BIN)/uv pip install --quiet --python .venv-package dist/*.whl
	.venv-package/bin/pip check
	cd runs && ../.venv-package/bin/fictures-reports run phase2-rerun >/dev/null
	rm -r .venv-package dist/page.html

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP) ## write the code as the linter wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The browser tests need a Chromium; as root on Debian or Ubuntu it is fetched, elsewhere named.
browser:
	@test -x "$$CHROMIUM" || command -v chromium || \
	command -v chromium-browser || command -v google-chrome || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq chromium; \
	elif [ -n "$$CI" ]; then \
		echo "make: no Chromium found, and CI must have one (set CHROMIUM=path)" >&2; exit 1; \
	else \
		echo "make: no Chromium found: the browser tests are skipped (set CHROMIUM=path)"; \
	fi

docs: $(STAMP) ## write the tables and outputs in docs/ anew
	$(BIN)/python docs/generate.py

# Warnings are errors, and so are links and anchors that lead nowhere.
docs-site: $(STAMP) ## build the docs as a site: build/site/index.html
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-docs
	$(INSTALL_ONLY) .venv-docs --group docs
	NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --strict
	@echo "$(CURDIR)/build/site/index.html"

runs: ## run the example's suites again, with short time-outs (needs node)
	$(PYTHON) examples/story-cache/make_runs.py

# In an environment as users have it: what only tests need makes papermill slower to import.
bench: $(STAMP) ## print how whole jobs do against the tools used for them today, as ratios
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-bench
	$(INSTALL) .venv-bench '.[report]'
	.venv-bench/bin/python benchmarks/jobs.py

vega: ## bundle Vega for the page again (needs node)
	cd tools/vega && npm install --no-package-lock --no-audit --no-fund && npm run build

clean:
	rm -rf $(VENV) build dist reports/phase2.html
