#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A full disk, a store of a newer version, a foreign or damaged one, none at all: a clear word, the
# right exit code, and nothing stored is lost.
if [ "$(id -u)" = 0 ] && [ -z "${KW_OWN_MOUNTS:-}" ]; then
	export KW_OWN_MOUNTS=1 # the small disk is seen by this script only
	exec unshare -m --propagation private "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
need_root "it mounts a small disk"

kept() { # STATE: the sources in the store
	"$KNOCKWATCH" incidents --state "$1" --json 2>"$WORK/kept.err" >"$WORK/kept.json"
	stories "$WORK/kept.json" --fields who | tr '\n' ' '
}

# --- a full disk ---
mkdir "$WORK/disk"
mount -t tmpfs -o size=1500k none "$WORK/disk"
mounts+=("$WORK/disk")
: >"$WORK/a.log"
watch_start full --log "$WORK/a.log" --state "$WORK/disk/state"
log_scan 198.51.100.20 1 15 >>"$WORK/a.log"
# shellcheck disable=SC2317 # wait_for calls it
stored() { kept "$WORK/disk/state" | grep -Fq "$1"; }
wait_for 5 stored 198.51.100.20
like "a scan is kept before the disk is full" "$(kept "$WORK/disk/state")" '^198\.51\.100\.20 $'
dd if=/dev/zero of="$WORK/disk/filler" bs=4k status=none 2>/dev/null
for i in {1..40}; do
	log_scan "198.51.100.$((100 + i))" 1 15 >>"$WORK/a.log"
	sleep 0.06 # packets of one moment would pass for one scan with decoys
done
wait_for 8 grep -Eqi 'full|space' "$WORK/full.err"
like "a full disk is said" "$(cat "$WORK/full.err")" '[Ff]ull|space'
at_most "but not again and again" "$(grep -Eic 'full|space' "$WORK/full.err")" 2
ends_with "the watch goes on" 0 kill -0 "$watch_pid"
ends_with "stories are told meanwhile" 0 grep -q '"src_ip":"198\.51\.100\.140"' "$WORK/full.out"
like "what was kept is still there" "$(kept "$WORK/disk/state")" '198\.51\.100\.20 '
rm "$WORK/disk/filler"
log_scan 198.51.100.21 1 15 >>"$WORK/a.log"
wait_for 8 stored 198.51.100.21
equal "once there is room, everything is kept: before, meanwhile and after" \
	"$(kept "$WORK/disk/state" | wc -w)" 42
dd if=/dev/zero of="$WORK/disk/filler" bs=4k status=none 2>/dev/null
watch_stop full
equal "it ends cleanly on a full disk" "$watch_code" 0
rm "$WORK/disk/filler"
like "and nothing kept is lost" "$(kept "$WORK/disk/state")" '198\.51\.100\.21 '
equal "no half-written file stays behind" "$(find "$WORK/disk" -name '*.new')" ""

# --- a full disk from the first moment ---
mkdir "$WORK/tiny"
mount -t tmpfs -o size=16k none "$WORK/tiny"
mounts+=("$WORK/tiny")
dd if=/dev/zero of="$WORK/tiny/filler" bs=4k status=none 2>/dev/null
watch_start tiny --log "$WORK/a.log" --state "$WORK/tiny/state"
log_scan 198.51.100.22 1 15 >>"$WORK/a.log"
wait_for 5 grep -Fq 198.51.100.22 "$WORK/tiny.out"
watch_stop tiny
ends_with "a watch that can keep nothing still tells" 0 grep -q '"src_ip":"198\.51\.100\.22"' "$WORK/tiny.out"
like "and says that it keeps nothing" "$(cat "$WORK/tiny.err")" 'kept|full|space'

# --- a store of a newer version ---
sqlite() { # FILE STATEMENT
	python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as c: c.execute(sys.argv[2])' "$@"
}
cp -r "$WORK/disk/state" "$WORK/newer"
sqlite "$WORK/newer/knockwatch.db" "UPDATE meta SET value = 999 WHERE key = 'schema_version'"
before=$(sha256sum <"$WORK/newer/knockwatch.db")
ends_with "a newer store is not read" 7 "$KNOCKWATCH" incidents --state "$WORK/newer"
like "and why is said" "$(cat "$WORK/err")" 'newer knockwatch.*999'
watch_start newer --log "$WORK/a.log" --state "$WORK/newer"
log_scan 198.51.100.23 1 15 >>"$WORK/a.log"
wait_for 5 grep -Fq 198.51.100.23 "$WORK/newer.out"
watch_stop newer
ends_with "a watch tells all the same" 0 grep -q '"src_ip":"198\.51\.100\.23"' "$WORK/newer.out"
like "and says that it keeps nothing" "$(cat "$WORK/newer.err")" 'newer knockwatch.*not kept'
equal "a newer store stays as it was" "$(sha256sum <"$WORK/newer/knockwatch.db")" "$before"

# --- something else under its name ---
for kind in noise text directory; do
	mkdir "$WORK/$kind"
	case $kind in
	noise) head -c 20000 /dev/urandom >"$WORK/noise/knockwatch.db" ;;
	text) echo "my diary" >"$WORK/text/knockwatch.db" ;;
	directory) mkdir "$WORK/directory/knockwatch.db" ;;
	esac
	ends_with "a store that is $kind is not read" 7 "$KNOCKWATCH" incidents --state "$WORK/$kind"
	like "and the file is named" "$(cat "$WORK/err")" "$kind/knockwatch.db"
done
equal "a foreign file stays as it was" "$(cat "$WORK/text/knockwatch.db")" "my diary"

# --- damage in the middle ---
cp -r "$WORK/disk/state" "$WORK/damaged"
size=$(stat -c %s "$WORK/damaged/knockwatch.db")
dd if=/dev/urandom of="$WORK/damaged/knockwatch.db" bs=1 seek=$((size / 3)) count=$((size / 3)) conv=notrunc status=none
ends_with "a damaged store crashes nothing" "[017]" "$KNOCKWATCH" incidents --state "$WORK/damaged"

# --- none, or none of ours ---
ends_with "where there is no store, that is the exit code" 4 "$KNOCKWATCH" incidents --state "$WORK/nowhere"
like "and what to do is said" "$(cat "$WORK/err")" 'nowhere'
chmod 755 "$WORK/disk"
ends_with "a store of others is not permitted" 5 setpriv --reuid 12345 --regid 12345 --clear-groups \
	"$KNOCKWATCH" incidents --state "$WORK/disk/state"
finish
