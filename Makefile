# Two commands matter: `make demo` and `make test`. Everything they need is installed into this
# folder (.venv, miniprogram/node_modules, var).

PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
WEB := miniprogram
SITE := $(WEB)/dist/build/h5/index.html
SOURCES := $(shell find $(WEB)/src $(WEB)/index.html $(WEB)/vite.config.ts -type f 2>/dev/null)

.PHONY: demo demo-reset test setup lint check-web check-python soak-faults soak-bookings soak-signups bench screenshots lock clean

demo: .venv/installed $(SITE)
	@$(PY) -m backend demo

demo-reset: .venv/installed
	@$(PY) -m backend demo-reset

test: setup $(SITE) lint check-web check-python

setup: .venv/installed $(WEB)/node_modules/installed

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PY) -m backend config check

check-web: $(WEB)/node_modules/installed
	cd $(WEB) && npm run --silent api:check && npm run --silent type-check && npm run --silent test \
		&& npm run --silent build:mp-weixin && npm run --silent check:weixin

check-python: .venv/installed $(SITE)
	$(BIN)/pytest -n 2 --dist loadfile tests

# The same kills as in `make test`, more often: FAULT_ROUNDS=50 make soak-faults
soak-faults: .venv/installed $(SITE)
	FAULT_ROUNDS=$${FAULT_ROUNDS:-10} $(BIN)/pytest tests/faults/test_kills.py --timeout 0

# Two hundred clients on one time, fifty times: RUSH_ROUNDS=50 make soak-bookings
soak-bookings: .venv/installed $(SITE)
	RUSH_ROUNDS=$${RUSH_ROUNDS:-50} $(BIN)/pytest tests/faults/test_one_slot.py --timeout 0 -s

# Five hundred volunteers for twenty places, fifty times: SHIFT_ROUNDS=50 make soak-signups
soak-signups: .venv/installed $(SITE)
	SHIFT_ROUNDS=$${SHIFT_ROUNDS:-50} SHIFT_CLIENTS=500 $(BIN)/pytest tests/faults/test_one_shift.py --timeout 0 -s

bench: .venv/installed
	$(PY) -m bench

# The README's pictures, and every page in both languages and sizes under var/screenshots.
screenshots: setup $(SITE)
	node tests/e2e/browser/screenshots.mjs

lock: .venv/installed
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links requirements-dev.in -o requirements-dev.txt

.venv/installed: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is needed; $(PYTHON) is not. Set PYTHON=/path/to/python3.11."; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment here. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the Python packages (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(WEB)/node_modules/installed: $(WEB)/package.json $(WEB)/package-lock.json
	@command -v node >/dev/null || { echo "Node.js 20 or newer is needed to build the pages; there is none on the PATH."; exit 1; }
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' || { echo "Node.js 20 or newer is needed; this is $$(node --version)."; exit 1; }
	@echo "Installing the mini-program's packages (once) ..."
	@cd $(WEB) && npm install --silent --no-audit --no-fund
	@touch $@

$(SITE): $(WEB)/node_modules/installed $(SOURCES)
	@echo "Building the mini-program for the browser ..."
	@cd $(WEB) && npm run --silent build:h5
	@touch $@

clean:
	rm -rf .venv var $(WEB)/node_modules $(WEB)/dist
