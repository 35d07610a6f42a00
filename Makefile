# SPDX-License-Identifier: ISC
# knockwatch: a short front for Meson. 'make run' and 'make test' are all one needs.
BUILD ?= build
SAN   ?= build-san
SUDO  := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
ARGS  ?=

.PHONY: all setup run test test-access unit abi system golden cases lint fuzz fuzz-short bench bench-short bench-live bench-access deb test-deb install clean help

all: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD)

help:
	@echo "make          build (installs missing Debian packages first)"
	@echo "make run      watch this host now and say who knocks  (ARGS='--for 60' stops after a minute)"
	@echo "make test     every suite: unit, sanitizers, golden, abi, cases, system, fuzzing (short), lint"
	@echo "make test-access  Debian's libwrap and ours, asked the same 100000 times  (CASES=..., SEED=...)"
	@echo "make bench    the table of speed and memory, with the peers in the same run"
	@echo "make fuzz     ten minutes for every parser that faces outside"
	@echo "make deb      the Debian package, into build-deb/"
	@echo "make test-deb installs, runs, upgrades and purges it in a Debian of its own"
	@echo "make install  into /usr/local (DESTDIR and PREFIX as usual)"

setup:
	@tools/setup.sh build

$(BUILD)/build.ninja:
	@meson setup $(BUILD) -Dtests=false >/dev/null

run: all
	@$(SUDO) $(BUILD)/knockwatch watch $(ARGS)

test:
	@tools/setup.sh test
	@tools/run_tests.sh

unit:
	@tools/run_tests.sh unit

system:
	@tools/run_tests.sh system

golden:
	@tools/run_tests.sh golden

abi:
	@tools/run_tests.sh abi

cases:
	@tools/run_tests.sh cases

test-access:
	@tools/setup.sh test
	@CASES=$(or $(CASES),100000) SEED=$(or $(SEED),$(shell date +%s)) tools/run_tests.sh unit abi

lint:
	@tools/run_tests.sh lint

fuzz:
	@tools/setup.sh test
	@tools/run_fuzz.sh 600

fuzz-short:
	@tools/run_fuzz.sh 3

bench: all
	@tools/setup.sh bench
	@meson configure $(BUILD) -Dbench=true && ninja -C $(BUILD) && bench/run.sh full $(BUILD)

bench-live: all
	@tools/setup.sh bench
	@meson configure $(BUILD) -Dbench=true && ninja -C $(BUILD) && $(SUDO) bench/live.sh $(BUILD)

bench-access: all
	@tools/setup.sh bench
	@meson configure $(BUILD) -Dbench=true && ninja -C $(BUILD) && bench/access.sh $(BUILD) && $(SUDO) bench/tcpd.sh $(BUILD)

bench-short: all
	@meson configure $(BUILD) -Dbench=true && ninja -C $(BUILD) && bench/run.sh short $(BUILD)

deb:
	@tools/setup.sh deb
	@tools/make_deb.sh

test-deb: all
	@tools/setup.sh deb
	@DEB=1 KNOCKWATCH=$(CURDIR)/$(BUILD)/knockwatch tests/system/65_package.sh

install: all
	@meson install -C $(BUILD)

clean:
	@rm -rf $(BUILD) $(SAN) build-test build-program build-fuzz build-deb
