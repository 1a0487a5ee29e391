# The commands of this project. Each sets up what it needs first; a second run starts within seconds.
PY := .venv/bin/python
.PHONY: setup peers run test test-long test-appliance image wheels check bench bench-long sheet lock words

setup:
	@python3 bootstrap.py

run: setup
	@.venv/bin/totem run

# What failed beside everything else is played once more, alone, and named (tests/again.py).
test: setup
	@rm -rf .pytest_cache
	@$(PY) -m pytest -n 3 --dist loadscope -m "not long" || $(PY) -m tests.again

# Codecs written by others, which `make test-long` asks: node, npm, and two packages from the registry that npm knows.
peers:
	@python3 bootstrap.py peers

test-long: setup peers
	@$(PY) -m pytest

# A bare Debian 12 and 13 become kiosks, are booted, killed and cut off, and serve; one on the glass of an emulated
# machine (root, systemd-nspawn, qemu, half an hour).
DEBIANS := bookworm trixie
APPLIANCE := tests/appliance
test-appliance: setup
	@TOTEM_APPLIANCE="$(DEBIANS)" $(PY) -m pytest $(APPLIANCE) --timeout=1800 -s

# A disk image of what every kiosk has alike: out/totem-bookworm-x86_64.img (root, mmdebstrap). PROCESSOR=aarch64 on
# another machine needs qemu-user-static.
RELEASE := bookworm
PROCESSOR := $(shell uname -m)
image:
	@python3 -m kiosk.technician.provisioning.image . $(RELEASE) $(PROCESSOR) out/totem-$(RELEASE)-$(PROCESSOR).img

check: setup
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache

bench: setup
	@$(PY) -m bench.window
	@$(PY) -m bench.guides
	@$(PY) -m bench.printing
	@$(PY) -m bench.documents
	@$(PY) -m bench.cards
	@$(PY) -m bench.touch --minutes 1
	@$(PY) -m bench.idle

# Ten minutes of journeys without a stall, a thousand sessions without growth.
bench-long: setup
	@$(PY) -m bench.touch --minutes 10
	@$(PY) -m bench.memory

# Pictures of every screen on every panel, side by side, for human eyes: out/sheet.
sheet: setup
	@$(PY) -m tests.kiosk.matrix.sheet --out out/sheet

# Locks every dependency with its hashes, for Python 3.11 to 3.13 on x86-64 and aarch64 (needs uv).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --all-extras pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra kiosk --no-emit-package pyscard -c requirements.lock pyproject.toml -o systemd/appliance.lock

# Writes down which wheels a kiosk with an ARM processor takes, asked of the registry; after `make lock`.
wheels: setup
	@$(PY) -m tests.appliance.wheels

# Brings the screen's catalogues up to date: new sentences come in untranslated, those no longer said go out.
words: SCREEN_WORDS := kiosk/locale/kiosk.pot
words: setup
	@.venv/bin/pybabel -q extract -k text -k mark --no-location -o $(SCREEN_WORDS) kiosk/screens kiosk/widgets kiosk/access kiosk/health
	@.venv/bin/pybabel -q update -D kiosk -i $(SCREEN_WORDS) -d kiosk/locale -w 110 --no-fuzzy-matching --ignore-obsolete
	@.venv/bin/pybabel -q compile -D kiosk -d kiosk/locale
	@rm $(SCREEN_WORDS)
