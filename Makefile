# Two commands do all the set-up on a bare Debian 12 or Ubuntu 22.04 with Python 3.11–3.13: make run, make test.
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
STUDY ?= demo-study

.PHONY: run test check bench pictures clean

run: $(VENV)/.setup-run
	@sh packaging/run.sh "$(BIN)" "$(STUDY)"

test: $(VENV)/.setup-test
	@sh packaging/test.sh "$(BIN)" $(ARGS)

check: $(VENV)/.setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.setup-test
	@sh packaging/bench.sh "$(BIN)" $(ARGS)

pictures: $(VENV)/.setup-test
	$(BIN)/python packaging/pictures.py docs/pictures

# A stamp file each, in the environment itself: the set-up runs again only when what it depends on has changed.
$(VENV)/.setup-run: pyproject.toml constraints.txt packaging/system.sh
	@sh packaging/system.sh run "$(PYTHON)"
	@sh packaging/venv.sh "$(PYTHON)" "$(VENV)" train
	@touch $@

$(VENV)/.setup-test: pyproject.toml constraints.txt packaging/system.sh
	@sh packaging/system.sh test "$(PYTHON)"
	@sh packaging/venv.sh "$(PYTHON)" "$(VENV)" train,dev
	@touch $@ $(VENV)/.setup-run

clean:
	rm -rf $(VENV) build dist artifacts
