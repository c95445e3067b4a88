# Two commands do all the set-up on a bare Debian 12 or Ubuntu 22.04 with Python 3.11–3.13: make run, make test.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' && { command -v $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STUDY ?= demo-study

.PHONY: run test check bench pictures clean

run: .setup-run
	@sh packaging/run.sh "$(BIN)" "$(STUDY)"

test: .setup-test
	@sh packaging/test.sh "$(BIN)" $(ARGS)

check: .setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .setup-test
	@sh packaging/bench.sh "$(BIN)" $(ARGS)

pictures: .setup-test
	$(BIN)/python packaging/pictures.py docs/pictures

# A stamp file each: the set-up runs again only when what it depends on has changed.
.setup-run: pyproject.toml constraints.txt packaging/system.sh
	@sh packaging/system.sh run
	@sh packaging/venv.sh "$(PYTHON)" "$(VENV)" train
	@touch $@

.setup-test: pyproject.toml constraints.txt packaging/system.sh
	@sh packaging/system.sh test
	@sh packaging/venv.sh "$(PYTHON)" "$(VENV)" train,dev
	@touch $@ .setup-run

clean:
	rm -rf $(VENV) .setup-run .setup-test build dist artifacts
