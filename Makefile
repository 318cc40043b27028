# Each target sets up what it needs; `make help` lists them.
PYTHON ?= python3
RELEASE ?= bookworm
WHO ?= root
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run test check lint audience bundle deb windows windows-python macos release check-installed bare-root desktop-tools desktop-matrix faults fuzz fuzz-edges prove prove-full bench mirror-bench company-desk pictures docs lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(READY): requirements.lock pyproject.toml
	@build/venv $(PYTHON) $(VENV)
	@touch $@

run: $(READY) ## set up and start the tray program (pass options with ARGS="…")
	@exec $(BIN)/openai-status-tray $(ARGS)

test: $(READY) ## set up and run all checks and tests
	@PYTHON=$(BIN)/python build/test

check: $(READY) ## style, types, floors and the quick tests that need no desktop, on all cores: before each commit
	@PYTHON=$(BIN)/python build/check $(ARGS)

lint: $(READY) ## style, types and floors only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache

desktop-tools: ## install what the desktop tests need (Debian, as root)
	@build/desktop-tools

desktop-matrix: $(READY) ## each look on each host of tray icons, a picture of each (Debian, as root; 5 min, the first time 15 and 2 GB)
	@build/desktop-tools
	@$(BIN)/python -m tests.desktop.matrix $(ARGS)

faults: $(READY) ## try the program on broken networks, disks, buses, panels and clocks, all made real (Linux, as root; 8 min)
	@$(BIN)/python -m tests.every_fault $(ARGS)

fuzz-edges: $(READY) ## feed broken input to bus, control socket, details server and parsers (20 min; ARGS="--seconds 60")
	@$(BIN)/python -m tools.fuzz_edges $(ARGS)

fuzz: $(READY) ## live random months by the law's rules (an hour; ARGS="--hours 6 --seed 1 --go-on")
	@$(BIN)/python -m tools.fuzz $(ARGS)

audience: $(READY) ## how well titles are read for the plans and regions they name (1 s)
	@$(BIN)/python -m tests.core.gold

prove: $(READY) ## measure the verdict on years of incidents and noise (about 80 min on two cores; ARGS="--only posted" a part of it)
	@$(BIN)/python -m tools.prove $(ARGS)

prove-full: $(READY) ## the same with 1,000 client-weeks (many hours)
	@$(BIN)/python -m tools.prove --full $(ARGS)

bench: $(READY) ## measure memory, wake-ups and start beside other ways to a tray icon (20 min)
	@build/bench-tools || echo "Some of what is measured beside it is not installed." >&2
	@$(BIN)/python -m tools.bench $(ARGS)

mirror-bench: $(READY) ## load a company's mirror of the status page while that is slow and fails (needs nginx, libnginx-mod-http-js, wrk; 4 min; ARGS="--write" puts it into docs/company.md)
	@$(BIN)/python -m tools.bench.mirror $(ARGS)

company-desk: deb ## have an outage come and go on a company's desk: bare Debian, our package, site settings, squid, the mirror; Windows under Wine (Debian, as root; 6 min, the first time 12; ARGS="--write" puts it into docs/company.md)
	@$(BIN)/python -m tests.company $(ARGS)

pictures: $(READY) ## draw the READMEs' pictures, the moving one too, and menu, notifications and details page in each language
	@build/desktop-tools
	@$(BIN)/python -m pytest -q tests/desktop/test_panel.py -k takes_every_look
	@$(BIN)/python -m pytest -q tests/endtoend/test_languages_on_panel.py
	@$(BIN)/python -m pytest -q tests/endtoend/test_menu_on_panel.py -k organisation
	@$(BIN)/python -m tests.web_page.pictures
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.moving_picture

bundle: $(READY) ## the program with its own Python, in dist/openai-status-tray
	@PYTHON=$(BIN)/python build/bundle

deb: $(READY) ## a Debian package, on the system's Python
	@SOURCE_DATE_EPOCH=$$(build/date) $(BIN)/python build/deb.py

windows: $(READY) ## the Windows program with its installer, made under Wine (Debian, as root; 2 min)
	@PYTHON=$(BIN)/python build/windows

windows-python: $(READY) ## a Windows Python under Wine, for the tests of what runs on Windows alone (Debian, as root)
	@PYTHON=$(BIN)/python build/windows-python

macos: $(READY) ## the macOS program, on a Mac (never tried: there was none)
	@PYTHON=$(BIN)/python build/macos

release: $(READY) ## all packages with lists of their parts and SHA-256 sums in dist/ (SIGNING_KEY=… signs them)
	@PYTHON=$(BIN)/python build/release

check-installed: $(READY) ## make all packages and try them, installed (Debian, as root; 8 min)
	@PYTHON=$(BIN)/python build/check-installed

bare-root: ## run a command in a bare Debian, as RELEASE=trixie WHO=somebody RUN="make test" (Debian, as root)
	@RELEASE=$(RELEASE) WHO=$(WHO) build/bare-root '$(RUN)'

docs: $(READY) ## write docs/settings.md anew from the program's settings
	@$(BIN)/python build/settings_doc.py

lock: ## write requirements.lock anew (needs uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  pyproject.toml --group dev --group bundle -o requirements.lock

clean: ## remove what was set up and made
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
