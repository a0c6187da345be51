# Two targets do all the set-up on a fresh machine: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_FOLDER := $(or $(COMMUNIQUE_HOME),.communique)

# Only the library of llama.cpp is built: no server, tools, examples or tests. It is built for this processor (AVX-512
# reads a prompt 1.7 times as fast as AVX2), so pip's cache of it is kept apart for each processor and choice of options.
# For a GPU: make run LLAMA_CMAKE_ARGS=-DGGML_CUDA=ON; for a wheel that serves other processors too: -DGGML_NATIVE=OFF.
LLAMA_CMAKE_ARGS ?= -DGGML_NATIVE=ON
LLAMA_CMAKE := -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_SERVER=OFF \
	-DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_CURL=OFF $(LLAMA_CMAKE_ARGS)
# Of the layout of AMX's tiles GCC 12.2 writes the first bytes only (its bug 114098), and llama.cpp crashes
# at the first prompt; with these options it writes all. With the tiles a prompt is read 1.6 times as fast.
ifneq ($(shell echo | $(CXX) -fno-tree-dse -fno-dse -march=native -x c++ -dM -E - 2>/dev/null | grep -c __AMX_INT8__),0)
LLAMA_CMAKE += -DCMAKE_C_FLAGS='-fno-tree-dse -fno-dse' -DCMAKE_CXX_FLAGS='-fno-tree-dse -fno-dse'
endif
LLAMA_BUILD := $(shell (echo "$(LLAMA_CMAKE)"; uname -m; grep -m1 -E '^(flags|Features)' /proc/cpuinfo 2>/dev/null) | cksum | cut -d' ' -f1)

# On Linux the public index serves CUDA builds of torch; the extra index has the CPU build, which pip prefers when it can
# reach it. It is tried once, so that a network without it costs seconds.
TORCH ?= torch==2.13.0
TORCH_INDEX ?= $(if $(filter Linux,$(shell uname -s)),--retries 0 --timeout 15 --extra-index-url https://download.pytorch.org/whl/cpu)

.PHONY: help run test unit lint browser models index evaluate bench licences lock audit clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: models index ## Set everything up and open the chat page on http://127.0.0.1:7860.
	@echo "== Opening the chat page"
	@$(BIN)/communique chat

test: lint unit browser models ## Set everything up and run every check and test.
	@echo "== Tests with the real models, real processes and a real browser"
	@$(BIN)/python -m pytest -m "model or process or browser"

unit: $(VENV)/.tested ## Run the unit tests alone: no model, seconds.
	@echo "== Unit tests"
	@$(BIN)/python -m pytest -m "not (model or process or browser)"

lint: $(VENV)/.tested ## Check style and types.
	@echo "== Style and types"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

models: $(VENV)/.installed ## Fetch and verify the default models.
	@echo "== Models"
	@$(BIN)/communique models ensure

index: models ## Index seeds/ where there is no index yet.
	@test -f "$(HOME_FOLDER)/current" || { echo "== Indexing seeds/"; $(BIN)/communique rebuild; }

evaluate: $(VENV)/.tested models ## Measure search and answers on the sets under EVAL=folder (SETS="swiss kazqad": these).
	@test -n "$(EVAL)" || { echo "Name the folder of the sets: make evaluate EVAL=folder"; exit 2; }
	@$(BIN)/python -m tests.evaluation.retrieval "$(EVAL)" $(SETS)
	@$(BIN)/communique evaluate "$(EVAL)/release-qa/questions.jsonl" "$(EVAL)/release-qa/releases.jsonl" --out predictions.jsonl
	@$(BIN)/python "$(EVAL)/score.py" "$(EVAL)/release-qa/questions.jsonl" "$(EVAL)/release-qa/releases.jsonl" predictions.jsonl

bench: $(VENV)/.tested models ## Measure rebuilds: crashes, speed, memory (EVAL=folder: with archives; BENCH="killed hostile": these).
	@$(BIN)/python -m tests.benchmarks $(BENCH) $(if $(EVAL),--eval "$(EVAL)")

licences: $(VENV)/.tested ## Write docs/licences.md from what is installed.
	@$(BIN)/python -m tests.licences > docs/licences.md.new && mv docs/licences.md.new docs/licences.md

lock: $(VENV)/.tested ## Write requirements.lock for the image: exact versions with the hashes of their files.
	@$(BIN)/python -m tests.locking

# In an environment of its own: it would ask for other versions than ours. What cannot be looked up is a failure.
audit: ## Look for known vulnerabilities of the pinned libraries (asks PyPI's advisories, so not in `make test`).
	@$(PYTHON) -m venv "$(VENV)/audit"
	@"$(VENV)/audit/bin/pip" install -q "pip-audit>=2.7,<3"
	@"$(VENV)/audit/bin/pip-audit" --strict --no-deps --disable-pip -r constraints.txt

clean: ## Remove the environment; the index and the models stay.
	rm -rf $(VENV)

browser:
	@sh tests/browser/install.sh

$(VENV)/bin/python:
	@echo "== Creating the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.torch: constraints.txt | $(VENV)/bin/python
	@echo "== Installing torch (CPU build where one can be had)"
	@$(BIN)/pip install --progress-bar on -c constraints.txt $(TORCH_INDEX) "$(TORCH)"
	@touch $@

# Named for the build, so that other options or another processor build it anew.
$(VENV)/.llama-$(LLAMA_BUILD): constraints.txt | $(VENV)/bin/python
	@echo "== Building llama.cpp (5 to 8 minutes on two cores the first time; pip keeps the result)"
	@CMAKE_ARGS="$(LLAMA_CMAKE)" $(BIN)/pip install -c constraints.txt --force-reinstall --no-deps \
		--cache-dir "$$($(BIN)/pip cache dir)/llama-$(LLAMA_BUILD)" llama-cpp-python
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt $(VENV)/.torch $(VENV)/.llama-$(LLAMA_BUILD)
	@echo "== Installing Communiqué"
	@$(BIN)/pip install -c constraints.txt -e .
	@$(BIN)/pip install -c constraints.txt -e ".[fast]" || echo "OpenVINO cannot be had here: encoding takes longer"
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/pip install -q -c constraints.txt -e ".[test]"
	@touch $@
