# Two commands: `make run` and `make test`. Each sets up what it needs in .venv/ first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test wheel clean

run: .venv/installed
	$(BIN)/dixit index seeds
	$(BIN)/dixit serve --open --watch

test: .venv/installed-test
	$(BIN)/python -m pytest

# A wheel, installed into an empty environment, answers the seed question too.
wheel: .venv/installed-test
	rm -rf build dist .venv/wheel
	$(BIN)/python -m build --wheel --outdir dist .
	$(PYTHON) -m venv .venv/wheel
	.venv/wheel/bin/pip install --quiet dist/*.whl
	cd .venv/wheel && bin/dixit index --seeds --store wheel-index && \
		bin/dixit ask "what did Putin say about withdrawal?" --store wheel-index | grep "the entire contingent will be withdrawn"

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Dixit needs Python 3.11 or newer: make run PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable .
	touch $@

.venv/installed-test: .venv/installed
	$(BIN)/pip install --quiet --editable '.[test]'
	touch $@

clean:
	rm -rf .venv build dist *.egg-info
