# `make` builds and grades everything, `make test` runs the tests, `make help` lists the rest. V=1 shows commands.
SHELL := bash
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory
ifndef V
.SILENT:
endif

PYTHON ?= python3
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
ENGINE ?= auto
# What `make grade` and `make report` work on; the sample class by default.
ASSIGNMENT ?= hw01_gradient_descent
CLASS := out/class/$(ASSIGNMENT)
SUBMISSIONS ?= $(CLASS)
OUT ?= out/grades/$(basename $(notdir $(ASSIGNMENT)))
# Names of assignments for `make release` and `make verify`; all of them by default.
NAMES ?=
PYTEST_ARGS ?=

SETUP := .venv/.installed
RUN := .venv/bin/python
# The sample class is the project's own code, so that it may also run where no wall can be had.
TRUST = $(if $(filter $(CLASS),$(SUBMISSIONS)),--trusted)

.PHONY: all help setup release verify image grade report test check coverage benchmark clean

all: release grade  ## set up, release every assignment, grade the sample class

help:  ## this list
	echo "make [target] [JOBS=$(JOBS)] [PYTHON=$(PYTHON)] [ENGINE=auto|podman|docker|process] [V=1]"
	awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

setup: $(SETUP)  ## create .venv with the locked packages

release: $(SETUP)  ## compile and gate the masters (NAMES="hw01_... lab01_...")
	$(RUN) -m autograder release $(NAMES) --jobs $(JOBS)

verify: $(SETUP)  ## run all known right and wrong answers, print which test catches which
	$(RUN) -m autograder verify $(NAMES)

image: $(SETUP)  ## build the grading container (BASE_IMAGE=..., WHEELHOUSE=...)
	$(RUN) -m autograder image --engine $(ENGINE)

grade: $(SETUP) $(if $(TRUST),$(CLASS)/truth.json)  ## grade a folder (ASSIGNMENT=... SUBMISSIONS=... OUT=...)
	$(RUN) -m autograder grade $(ASSIGNMENT) $(SUBMISSIONS) --out $(OUT) --engine $(ENGINE) --jobs $(JOBS) $(TRUST)

report: $(SETUP)  ## rebuild the pages and tables of an earlier run (OUT=...)
	$(RUN) -m autograder report $(OUT)

test: $(SETUP)  ## run the tests
	OMP_NUM_THREADS=1 $(RUN) -m pytest -q -m "not benchmark" -n $(JOBS) --dist loadgroup $(PYTEST_ARGS)

check: $(SETUP)  ## lint, formatting, types
	$(RUN) -m ruff check --quiet
	$(RUN) -m ruff format --quiet --check || { echo "make check: run '.venv/bin/ruff format'" >&2; exit 1; }
	$(RUN) -m mypy --no-error-summary

coverage: $(SETUP)  ## every branch of the reference implementations, by their own tests
	OMP_NUM_THREADS=1 $(RUN) -m pytest -q tests/reference -n $(JOBS) --cov=reference --cov-branch --cov-fail-under=100 \
	    --cov-report=term-missing:skip-covered

benchmark: $(SETUP)  ## compare speed and memory with peers
	OMP_NUM_THREADS=1 $(RUN) -m pytest -q -m benchmark -s tests/benchmarks $(PYTEST_ARGS)

clean:  ## remove what `make` made, except .venv and your own grading runs
	rm -rf dist build out/class out/grades .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

# 24 submissions whose true scores are known, made from the attempts; the truth is written last.
$(CLASS)/truth.json: $(SETUP) $(wildcard assignments/*/*.ipynb assignments/*/attempts/*.py) tests/autograder/sample_class.py | release
	rm -rf $(@D)
	$(RUN) -m tests.autograder.sample_class $(ASSIGNMENT) 24 $(@D)

$(SETUP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: Python 3.11 or later is needed; '$(PYTHON)' is missing or older. Name one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo "make: '$(PYTHON)' cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(RUN) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { rm -rf .venv; $(PYTHON) -m venv .venv; }
	echo "Setting up .venv from requirements.lock (some minutes the first time)"
	set -euo pipefail; \
	install() { .venv/bin/python -m pip install --disable-pip-version-check --no-input "$$@" 2>&1; }; \
	show() { while read -r line; do if [ -t 1 ]; then printf '\r\033[K%s' "$${line:0:78}"; fi; done; }; \
	{ install -r requirements.lock && install --no-deps --no-build-isolation -e .; } | tee .venv/install.log | show || { \
	    tail -n 5 .venv/install.log >&2; \
	    echo "make: the packages could not be installed; all of pip's output is in .venv/install.log" >&2; exit 1; }
	if [ -t 1 ]; then printf '\r\033[K'; fi
	touch $@
