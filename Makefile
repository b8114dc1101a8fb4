# Everything stands on `.venv`, made from `requirements.txt` (hashed) by the first target that needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TRAIN := .venv-train
CLUSTER := .venv-cluster
CLUSTER_STAMP := $(CLUSTER)/.installed
TRAIN_STAMP := $(TRAIN)/.installed
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help run test test-fast check lint types format lexicon evaluate bench bench-cluster docs site train requirements clean chaos

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "dateline needs Python 3.11 to 3.13; set PYTHON=…")'
	@echo 'Making the environment in $(VENV)/: a minute the first time'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $(STAMP)

run: $(STAMP) ## Make the environment and run the main job on examples/articles
	@$(BIN)/dateline run examples/articles; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 3 ] || exit $$code
	@echo
	@echo 'Who did what to whom, told as fact:'
	@$(BIN)/dateline query "SELECT event_date, event_type, initiators, recipients, place FROM event_details WHERE modality = 'asserted' AND initiators IS NOT NULL AND recipients IS NOT NULL ORDER BY source_count DESC, event_date DESC, event_id LIMIT 10"

test: $(STAMP) ## Run the tests
	$(BIN)/python -m pytest -n 3

test-fast: $(STAMP) ## Run the tests that need no model, server or other process, in under a minute
	$(BIN)/python -m pytest -n 2 --fast

check: lint types test ## Format, lint, types, tests: what runs before a merge

lint: $(STAMP) ## Format and lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP) ## Types of code and tests
	$(BIN)/mypy

format: $(STAMP) ## Put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lexicon: $(STAMP) ## Does every sense fire in its own example; FILE=agree.tsv for one file
	$(BIN)/python -m benchmarks.check_lexicon $(if $(FILE),--file $(FILE))

evaluate: $(STAMP) ## Score every gold set present; SET=dates or SET="event identity" for one
	$(BIN)/python -m benchmarks.evaluate $(if $(SET),"$(SET)")

bench: $(STAMP) ## Time the pipeline beside bare nlp.pipe
	$(BIN)/python -m benchmarks.speed

$(CLUSTER_STAMP): requirements.txt pyproject.toml $(STAMP)
	@echo 'Making the environment with the extra `cluster` in $(CLUSTER)/'
	@$(PYTHON) -m venv $(CLUSTER)
	@$(BIN)/uv pip install --quiet --python $(CLUSTER)/bin/python --require-hashes -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(CLUSTER)/bin/python -e '.[cluster]'
	@touch $(CLUSTER_STAMP)

bench-cluster: $(CLUSTER_STAMP) ## A Dask cluster, and a lake, beside processes here: rows, CPU seconds; KILL=--kill
	$(CLUSTER)/bin/python -m benchmarks.cluster --articles $(or $(ARTICLES),200) $(KILL)
	@$(BIN)/uv pip install --quiet --python $(CLUSTER)/bin/python 'moto[server]'
	$(CLUSTER)/bin/python -m benchmarks.acceptance --articles $(or $(ARTICLES),200) $(KILL)

chaos: $(STAMP) ## Kills, full disks, damaged inputs, bombs: some 20 minutes, as root for the disks
	$(BIN)/python -m benchmarks.chaos

docs: $(STAMP) ## Write warehouse/TABLES.md from the declaration
	$(BIN)/python -m warehouse.dictionary

site: $(STAMP) ## Build the documentation as pages that work offline: site/index.html
	$(BIN)/python docs/site.py

$(TRAIN_STAMP): training/requirements.txt
	@echo 'Making the environment of training in $(TRAIN)/: some minutes the first time'
	@$(PYTHON) -m venv $(TRAIN)
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt
	@touch $(TRAIN_STAMP)

train: $(STAMP) $(TRAIN_STAMP) ## Train the reader and write its weights; 90 minutes at most on two cores
	$(TRAIN)/bin/python -m training.base_weights
	$(BIN)/python -m training.prepare
	$(TRAIN)/bin/python -m training.train
	@# two folds side by side, a thread each: half as fast again as one with two threads
	$(TRAIN)/bin/python -m training.cross_validate train 0 2 4 --threads 1 & first=$$!; \
	$(TRAIN)/bin/python -m training.cross_validate train 1 3 --threads 1 && wait $$first
	$(TRAIN)/bin/python -m training.cross_validate mean
	$(TRAIN)/bin/python -m training.export

requirements: ## Resolve pyproject.toml into the hashed requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --extra dev --no-header -o requirements.txt pyproject.toml

clean: ## Remove the environment and every cache, keep data/
	rm -rf $(VENV) $(TRAIN) $(CLUSTER) .cache .mypy_cache .ruff_cache .pytest_cache build site *.egg-info
