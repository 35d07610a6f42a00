#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A journal outlives what happens to its writer: 100 kills at random moments, a full disk, a clock that jumps,
# days that end, a newer program's files. What was acknowledged is there, and verify finds it whole.
if [ "$(id -u)" = 0 ] && [ -z "${KW_OWN_MOUNTS:-}" ]; then
	export KW_OWN_MOUNTS=1 # the small disk is seen by this script only
	exec unshare -m --propagation private "$0" "$@"
fi
. "$(dirname "$0")/lib.sh"
need_root "it mounts a small disk"
need_tools jq
APPENDER=$(dirname "$KNOCKWATCH")/tests/unit/store/journal_appender
[ -x "$APPENDER" ] || APPENDER=$ROOT/build-test/tests/unit/store/journal_appender # the program as it is shipped has no tests
[ -x "$APPENDER" ] || {
	echo "skipped: $(basename "$0") needs $APPENDER, which is built with the unit tests"
	exit 77
}

# shellcheck disable=SC2317 # ends_with calls it
verify() { "$KNOCKWATCH" verify --state "$1" --json; }

# --- kill -9 ---
seed=${KW_SEED:-$RANDOM}
echo "# seed $seed"
mkdir -m 700 "$WORK/killed"
got=$("$HERE/kill_writer.py" "$APPENDER" "$WORK/killed" 100 "$seed")
echo "# $got"
like "100 kills lose nothing that was acknowledged" "$got" '^acknowledged [1-9][0-9]{3,} lost 0 '
# The next writer sets aside what the last kill has left.
log_scan 198.51.100.20 1 3 >"$WORK/three.log"
ends_with "the next writer goes on" 0 \
	"$KNOCKWATCH" read --config "$CONFIG" -q --record --state "$WORK/killed" "$WORK/three.log"
ends_with "and the journal is whole" 0 verify "$WORK/killed"
equal "what was torn lies beside" \
	"$(find "$WORK/killed/journal" -name '*.torn-*' | wc -l)" \
	"$(cat "$WORK"/killed/journal/*.jsonl | jq -r 'select(.health.was == "torn") | .health.file' | wc -l)"

# --- a full disk, as a watch sees it ---
mkdir "$WORK/disk"
mount -t tmpfs -o size=1500k none "$WORK/disk"
mounts+=("$WORK/disk")
: >"$WORK/a.log"
watch_start full --log "$WORK/a.log" --state "$WORK/disk/state"
log_scan 198.51.100.20 1 15 >>"$WORK/a.log"
# shellcheck disable=SC2317 # wait_for calls it
recorded() { cat "$WORK"/disk/state/journal/*.jsonl | grep -Fq "\"src_ip\":\"$1\""; }
wait_for 5 recorded 198.51.100.20
dd if=/dev/zero of="$WORK/disk/filler" bs=4k status=none 2>"$WORK/err"
for i in {1..20}; do
	log_scan "198.51.100.$((100 + i))" 1 15 >>"$WORK/a.log"
	sleep 0.06 # packets of one moment would pass for one scan with decoys
done
wait_for 8 grep -Eqi 'full|space' "$WORK/full.err"
kill -0 "$watch_pid" && ok "a full disk does not end the watch"
rm "$WORK/disk/filler"
wait_for 8 recorded 198.51.100.120
for i in {1..20}; do
	recorded "198.51.100.$((100 + i))" || not_ok "a story that waited is recorded" "no 198.51.100.$((100 + i))" one
done
ends_with "while it writes, it is whole" 0 verify "$WORK/disk/state"
watch_stop full
ends_with "and at the end" 0 verify "$WORK/disk/state"
equal "the index has it all" \
	"$("$KNOCKWATCH" incidents --state "$WORK/disk/state" --json --level 0 | jq -r .incident.id | sort -u | wc -l)" \
	"$(cat "$WORK"/disk/state/journal/*.jsonl | jq -r 'select(.event_type == "incident") | .incident.id' | sort -u | wc -l)"

# --- a disk that is full from the first moment, and then is not ---
mkdir "$WORK/tiny"
mount -t tmpfs -o size=1m none "$WORK/tiny"
mounts+=("$WORK/tiny")
dd if=/dev/zero of="$WORK/tiny/filler" bs=4k status=none 2>"$WORK/err"
: >"$WORK/tiny.log"
watch_start tiny --log "$WORK/tiny.log" --state "$WORK/tiny/state"
like "that nothing is kept is said" "$(cat "$WORK/tiny.err")" 'no space left.*not kept'
rm "$WORK/tiny/filler"
wait_for 20 grep -q 'there is room again' "$WORK/tiny.err"
equal "once there is room it begins, and says so" "$(grep -c 'there is room again' "$WORK/tiny.err")" 1
log_scan 198.51.100.25 1 15 >>"$WORK/tiny.log"
# shellcheck disable=SC2317 # wait_for calls it
in_tiny() { cat "$WORK"/tiny/state/journal/*.jsonl | grep -Fq '"src_ip":"198.51.100.25"'; }
wait_for 5 in_tiny
watch_stop tiny
ends_with "what came then is recorded, and whole" 0 verify "$WORK/tiny/state"
like "by the index, too" "$("$KNOCKWATCH" incidents --state "$WORK/tiny/state" --json)" '198\.51\.100\.25'

# --- a disk that fills up while a file is recorded ---
mkdir "$WORK/small"
mount -t tmpfs -o size=1500k none "$WORK/small"
mounts+=("$WORK/small")
log_scan 198.51.100.26 1 15 >"$WORK/short.log"
log_scan 198.51.100.27 1 150 >"$WORK/long.log"
record() { "$KNOCKWATCH" read --config "$CONFIG" --record --state "$WORK/small/state" "$1"; }
ends_with "a file is recorded while there is room" 0 record "$WORK/short.log"
dd if=/dev/zero of="$WORK/small/filler" bs=4k status=none 2>"$WORK/err"
truncate -s -80k "$WORK/small/filler"
ends_with "what could not be recorded is no success" 7 record "$WORK/long.log"
like "and is said" "$(cat "$WORK/err")" '[0-9] events could not be recorded'

# --- a watch that is killed ---
: >"$WORK/b.log"
watch_start first --log "$WORK/b.log" --state "$WORK/state"
log_scan 198.51.100.30 1 15 >>"$WORK/b.log"
# shellcheck disable=SC2317 # wait_for calls it
told() { grep -Fq "\"src_ip\":\"$1\"" "$WORK/$2.out"; }
wait_for 5 told 198.51.100.30 first
kill -KILL "$watch_pid"
wait "$watch_pid" 2>/dev/null
like "what was told is in the journal" "$(cat "$WORK"/state/journal/*.jsonl)" '"src_ip":"198\.51\.100\.30".*"state":"open"'
watch_start second --log "$WORK/b.log" --state "$WORK/state"
log_scan 198.51.100.31 1 15 >>"$WORK/b.log"
wait_for 5 told 198.51.100.31 second
watch_stop second
ends_with "the next one goes on" 0 verify "$WORK/state"
if python3 -c 'import jsonschema' 2>/dev/null; then
	equal "its journal holds what the schema says" \
		"$(cat "$WORK"/state/journal/*.jsonl | "$HERE/schema_check.py" event 2>&1 | head -c 500)" ""
fi
equal "with its counters at the end" "$(cat "$WORK"/state/journal/*.jsonl | jq -r .event_type | grep -c stats)" 1
like "and the index has both" "$("$KNOCKWATCH" incidents --state "$WORK/state" --json | jq -r .src_ip | sort | tr '\n' ' ')" \
	'198\.51\.100\.30 198\.51\.100\.31 '

# --- days that are over, and a clock that was wrong ---
today=$(date -u +%F) past=$(date -u -d '-3 days' +%F) future=$(date -u -d '+5 days' +%F)
mv "$WORK/state/journal/$today.jsonl" "$WORK/state/journal/$past.jsonl" # as if it had been written then
watch_start third --log "$WORK/b.log" --state "$WORK/state"
# shellcheck disable=SC2317 # wait_for calls it
packed() { [ -e "$WORK/state/journal/$past.jsonl.zst" ] && [ ! -e "$WORK/state/journal/$past.jsonl" ]; }
wait_for 10 packed && ok "a day that is over is packed, inside the sandbox"
watch_stop third
ends_with "over both files it is whole" 0 verify "$WORK/state"
equal "both are read" "$(jq .files "$WORK/out")" 2
mv "$WORK/state/journal/$today.jsonl" "$WORK/state/journal/$future.jsonl" # the clock stood in the future
watch_start fourth --log "$WORK/b.log" --state "$WORK/state"
watch_stop fourth
ends_with "a clock that went back is no gap" 0 verify "$WORK/state"
like "and is told" "$(cat "$WORK/state/journal/$future.jsonl")" '"what":"clock".*of a later day'
equal "no file of an earlier day is made" "$(ls "$WORK/state/journal")" "$(printf '%s\n' "$past.jsonl.zst" "$future.jsonl")"

# --- so long and so large ---
printf 'journal_keep: 1d\n' >"$WORK/short.yaml"
cp -a "$WORK/state" "$WORK/kept"
watch_start fifth --config "$WORK/short.yaml" --log "$WORK/b.log" --state "$WORK/kept"
# shellcheck disable=SC2317 # wait_for calls it
gone() { [ ! -e "$WORK/kept/journal/$past.jsonl.zst" ]; }
wait_for 10 gone && ok "a day that is too old is deleted"
watch_stop fifth
ends_with "which verify knows for what it is" 0 verify "$WORK/kept"
before=$("$KNOCKWATCH" incidents --state "$WORK/kept" --json --level 0)
ends_with "an index made anew" 0 "$KNOCKWATCH" reindex --state "$WORK/kept"
equal "still has its incidents" "$("$KNOCKWATCH" incidents --state "$WORK/kept" --json --level 0)" "$before"
rm "$WORK/state/journal/$past.jsonl.zst"
ends_with "a day that somebody else took away is missed" 1 verify "$WORK/state"
equal "and named" "$(jq -r .fault.kind "$WORK/out")" missing

# --- a newer program's ---
mkdir -p "$WORK/newer/journal"
printf '{"v":2,"what":"nobody knows"}\n' >"$WORK/newer/journal/$future.jsonl"
chown -R nobody "$WORK/newer"
watch_start newer --log "$WORK/b.log" --state "$WORK/newer"
watch_stop newer
like "a newer journal is said" "$(cat "$WORK/newer.err")" 'newer knockwatch|no record that the chain'
equal "and stays as it was" "$(cat "$WORK/newer/journal/$future.jsonl")" '{"v":2,"what":"nobody knows"}'
finish
