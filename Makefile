# Everything here needs only python3 and make; the environment is made once and reused.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo test soak check check-versions check-numba bench page docs clean

help:
	@echo "make demo   solve the 2025 tungsten shock from bundled data and write out/demo/report.html"
	@echo "make test   fast tests          make soak   the long tests"
	@echo "make check  style, types, layers, page build, wheel in an empty environment"
	@echo "make check-versions  the lowest stated versions, and every newer Python on this machine"
	@echo "make check-numba     the compiled kernel on the oldest and the newest numba of its range"
	@echo "make bench  speed ratios        make page   rebuild the report page (needs Node)"
	@echo "make docs   the pages made from the code"

# $(1): what to install into the environment, in editable form
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "crosscut needs Python 3.11 or newer, found " + sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python -e '$(1)'; \
	 else $(BIN)/python -m pip install -q --disable-pip-version-check -e '$(1)'; fi
	@touch $@
endef

$(STAMP): pyproject.toml
	$(call install,.)

DEV_STAMP := $(VENV)/.installed-dev
$(DEV_STAMP): pyproject.toml
	$(call install,.[dev])
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/crosscut run china-controls-2025 --out out/demo

# From Python 3.12 on the interpreter itself tells which lines ran (sys.monitoring).
COVERAGE = $(shell $(BIN)/python -c 'import sys; print("--cov=crosscut --cov-report=" * (sys.version_info >= (3, 12)))')
test: export COVERAGE_CORE = sysmon
test: $(DEV_STAMP)
	$(BIN)/python -m crosscut.market.kernel
	$(BIN)/python -m pytest -n auto --dist loadscope --durations=25 -m 'not soak' $(COVERAGE)
	@if [ -n "$(COVERAGE)" ]; then printf 'coverage: ' && $(BIN)/coverage report --format=total; \
	 else echo "coverage: not measured before Python 3.12, where it would slow the tests by 45 %"; fi

soak: $(DEV_STAMP)
	$(BIN)/python -m crosscut.market.kernel
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n auto --dist loadscope

check: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/check_page.py
	$(BIN)/python .ci/check_wheel.py

check-versions: $(DEV_STAMP)
	$(BIN)/python .ci/check_versions.py

check-numba: $(DEV_STAMP)
	$(BIN)/python .ci/check_numba.py

bench: $(DEV_STAMP)
	$(BIN)/python -m benchmarks

docs: $(DEV_STAMP)
	$(BIN)/python docs/build_reference.py
	$(BIN)/python docs/build_modules.py
	$(BIN)/python docs/build_unlikely.py

page:
	cd page && npm ci --no-audit --no-fund && npm run build

clean:
	rm -rf $(VENV) .venv-versions out dist build
