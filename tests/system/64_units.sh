#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The units as systemd reads them, without a booted one: no word that it does not know, and no more rights than a
# service of this kind needs. What they do when they run is for 65_package.sh.
. "$(dirname "$0")/lib.sh"
need_tools systemd-analyze systemd-sysusers systemd-tmpfiles journalctl

units=$ROOT/packaging/systemd
mkdir -p "$WORK/units" "$WORK/root/etc"
ln -s "$(realpath "$KNOCKWATCH")" "$WORK/knockwatchd"
cp "$units/knockwatch.socket" "$units/knockwatch-index.path" "$WORK/units"
for unit in knockwatch.service knockwatch-sensor.service knockwatch-send.service knockwatch-index.service; do
	sed "s,@knockwatchd@,$WORK/knockwatchd,; s,@knockwatch@,$(realpath "$KNOCKWATCH")," "$units/$unit.in" \
		>"$WORK/units/$unit"
done

code=0
(cd "$WORK/units" && systemd-analyze verify --man=no ./*.service ./*.socket ./*.path) >"$WORK/out" 2>&1 || code=$?
equal "systemd understands every word of the units" "$code $(cat "$WORK/out")" "0 "

score() { # UNIT: "2.0", in tenths: 20
	systemd-analyze security --offline=true --no-pager "$WORK/units/$1" |
		sed -n 's/^.*Overall exposure level for .*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p'
}

at_most "the engine's exposure, in tenths" "$(score knockwatch.service)" 15
at_most "the courier's exposure, in tenths" "$(score knockwatch-send.service)" 15
at_most "the sensor's exposure, in tenths" "$(score knockwatch-sensor.service)" 25
at_most "of what makes an index, in tenths" "$(score knockwatch-index.service)" 25

ends_with "the users can be made" 0 systemd-sysusers --root="$WORK/root" "$units/knockwatch.sysusers.conf"
equal "there are three of them" "$(cut -d: -f1 "$WORK/root/etc/passwd" | sort | tr '\n' ' ')" \
	"knockwatch knockwatch-send knockwatch-sensor "
ends_with "the directories can be made" 0 systemd-tmpfiles --root="$WORK/root" --create \
	"$units/knockwatch.tmpfiles.conf"
equal "the state is closed to all but its group, which may read" "$(stat -c %a "$WORK/root/var/lib/knockwatch")" 750
equal "and write one file" "$(stat -c %a "$WORK/root/var/lib/knockwatch/sent.json")" 660
equal "others may count, and neither look nor take names away" \
	"$(stat -c '%a %u' "$WORK/root/run/knockwatch" "$WORK/root/run/knockwatch/limits" | tr '\n' ' ')" "755 0 1733 0 "
equal "nobody's names are nobody's" "$(cd "$WORK/root/run/knockwatch/limits" && stat -c '%n %a %u' -- * | tr '\n' ' ')" \
	"access.limits.65534 600 65534 access.traps.65534 600 65534 "
equal "the state is the engine's" "$(stat -c %u "$WORK/root/var/lib/knockwatch")" \
	"$(sed -n 's/^knockwatch:x:\([0-9]*\):.*/\1/p' "$WORK/root/etc/passwd")"

mkdir -p "$WORK/root/usr/lib/systemd/catalog" "$WORK/root/var/lib/systemd/catalog"
cp "$units/knockwatch.catalog" "$WORK/root/usr/lib/systemd/catalog"
ends_with "the journal takes the catalog" 0 journalctl --root="$WORK/root" --update-catalog
equal "every entry of it" "$(journalctl --root="$WORK/root" --list-catalog 2>/dev/null | grep -c knockwatch)" \
	"$(grep -c '^-- ' "$units/knockwatch.catalog")"

# What tools/setup.sh installs to build with, the package asks for, too.
wanted=$(sed -n '/^build=(/,/)/p' "$ROOT/tools/setup.sh" | tr -d '()' | sed 's/^build=//')
for package in $wanted; do
	grep -q "^ $package\b" "$ROOT/packaging/debian/control" || echo "$package"
done >"$WORK/missing"
equal "the package is built with what the program is" "$(tr '\n' ' ' <"$WORK/missing")" "build-essential "
finish
