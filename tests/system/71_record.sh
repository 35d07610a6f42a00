#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Files are recorded as a watch would record them, none of them twice; the journal can be verified, and an index
# that is made anew answers as the one before. What is changed by one byte is found and placed.
. "$(dirname "$0")/lib.sh"
need_tools jq zstd

ask() { "$KNOCKWATCH" "$1" --state "$STATE" --json "${@:2}" 2>"$WORK/err"; }
# shellcheck disable=SC2317 # ends_with calls it
verify() { "$KNOCKWATCH" verify --state "$STATE" "$@"; }

# All that can be asked.
questions() {
	local n
	ask incidents --level 0
	for n in $(ask incidents --level 0 | jq -r .incident.id); do ask show "$n"; done
	for n in 198.51.100.20 198.51.100.31 198.51.100.40; do ask who "$n"; done
	ask ports --since 2026-11-01 --until 2026-11-30
	ask ports --by month
	"$KNOCKWATCH" incidents --state "$STATE" --utc --level 0 --each
}
answers() { questions >"$WORK/$1.answers"; }

{
	log_scan 198.51.100.20 1 60 2026-11-19T12:00:00+00:00
	log_scan 198.51.100.31 1 20 2026-11-20T23:59:59+00:00
	for i in 40 41 42 43; do
		log_scan "198.51.100.$i" 1 15 2026-11-21T12:10:00+00:00 | sed 's/ ID=[0-9]*/ ID=9/; s/SPT=[0-9]*/SPT=4000/'
	done
} >"$WORK/a.log"
log_scan 198.51.100.20 100 140 2026-11-22T08:00:00+00:00 >"$WORK/b.log"

# --- what read tells is what is kept ---
STATE=$WORK/state
read_json plain "$WORK/a.log"
read_json recorded --record --state "$STATE" "$WORK/a.log"
equal "recording changes nothing of what is told" "$(cat "$WORK/recorded.json")" "$(cat "$WORK/plain.json")"
like "where to is said" "$(cat "$WORK/recorded.err")" "recorded in $STATE, up to record [0-9]+"
journal=$STATE/journal/$(date -u +%F).jsonl
equal "every telling is in the journal" \
	"$(jq -c 'select(.event_type == "incident") | del(.chain)' "$journal")" \
	"$(jq -c 'select(.event_type == "incident")' "$WORK/plain.json")"
read_json knocks --knocks "$WORK/a.log"
equal "and every knock of a new door" \
	"$(jq -c 'select(.event_type == "knock") | del(.chain)' "$journal")" \
	"$(jq -c 'select(.event_type == "knock")' "$WORK/knocks.json")"
equal "the journal holds what the schema says" "$("$HERE/schema_check.py" event <"$journal" 2>&1 | head -5)" ""
ends_with "it is whole" 0 verify
like "the newest hash is told" "$(cat "$WORK/out")" '^ +[0-9a-f]{64}$'
ends_with "as JSON, too" 0 verify --json
equal "which is as the schema says" "$("$HERE/schema_check.py" verify <"$WORK/out" 2>&1 | head -5)" ""
equal "the newest hash is that of the last line" "$(jq -r .hash "$WORK/out")" "$(tail -1 "$journal" | jq -r .chain.hash)"
equal "ports are counted in the hours of the packets" \
	"$(jq -r 'select(.event_type == "counts") | .counts.hour' "$journal" | sort -u | cut -c1-13 | tr '\n' ' ')" \
	"2026-11-19T12 2026-11-20T23 2026-11-21T12 "

# The hash of any record, by other means.
line=$(sed -n 7p "$journal")
sum=$({
	sed -n 6p "$journal" | jq -r .chain.hash | xxd -r -p
	printf %s "$line" | sed 's/"hash":"[0-9a-f]*"}}$/"hash":"/'
} | sha256sum | cut -d' ' -f1)
equal "sha256sum makes the same of a record" "$sum" "$(jq -r .chain.hash <<<"$line")"

# --- twice ---
answers first
read_json again --record --state "$STATE" "$WORK/a.log"
equal "a file that was recorded is left out" "$read_code" 6
like "and that is said" "$(cat "$WORK/again.err")" 'a\.log: was recorded on .*left out'
cat "$WORK/a.log" "$WORK/b.log" >"$WORK/grown.log"
read_json grown --record --state "$STATE" "$WORK/grown.log"
equal "so is one that has grown" "$read_code" 6
like "and how to record the rest is said" "$(cat "$WORK/grown.err")" "tail -c \+$(($(stat -c %s "$WORK/a.log") + 1)) "
answers second
equal "nothing has changed by that" "$(cat "$WORK/second.answers")" "$(cat "$WORK/first.answers")"
tail -c +$(($(stat -c %s "$WORK/a.log") + 1)) "$WORK/grown.log" >"$WORK/rest"
"$KNOCKWATCH" read --config "$CONFIG" -q --record --state "$STATE" - <"$WORK/rest" >"$WORK/out" 2>"$WORK/err"
equal "the rest is recorded through a pipe" "$?" 0
ends_with "the journal is whole" 0 verify

# --- the index anew ---
answers before
ends_with "reindex" 0 "$KNOCKWATCH" reindex --state "$STATE"
answers after
equal "an index made anew answers as before" "$(cat "$WORK/after.answers")" "$(cat "$WORK/before.answers")"
rm "$STATE"/knockwatch.db*
ends_with "without an old one" 0 "$KNOCKWATCH" reindex --state "$STATE"
answers after
equal "it answers as before" "$(cat "$WORK/after.answers")" "$(cat "$WORK/before.answers")"
rm "$STATE"/knockwatch.db*
printf '' >"$WORK/c.log"
log_scan 198.51.100.21 1 15 >"$WORK/c.log"
read_json third --record --state "$STATE" "$WORK/c.log"
like "an index that is missing is made from the journal by whoever writes next" "$(ask incidents --level 0)" '198\.51\.100\.20'
read_json again --record --state "$STATE" "$WORK/a.log"
equal "and still knows what was recorded" "$read_code" 6
watch_start busy --log "$WORK/c.log" --state "$STATE"
ends_with "while a watch writes there nobody else does" 5 "$KNOCKWATCH" reindex --state "$STATE"
ends_with "nor records" 5 "$KNOCKWATCH" read --config "$CONFIG" --record --state "$STATE" "$WORK/b.log"
ends_with "verify may look" 0 verify
watch_stop busy

# --- tampering ---
one_byte() { # FILE OFFSET: another digit or letter in its place
	python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); c = f.read(1)
    f.seek(int(sys.argv[2])); f.write(b"3" if c != b"3" else b"4")' "$@"
}
cp -r "$STATE" "$WORK/changed"
at=$(($(grep -bo '"ttl":54' "$journal" | sed -n 30p | cut -d: -f1) + 7))
line=$(head -c "$at" "$journal" | wc -l)
one_byte "$WORK/changed/journal/$(basename "$journal")" "$at"
STATE=$WORK/changed
ends_with "one byte that was changed is found" 1 verify --json
equal "and placed" "$(jq -c '[.whole, .fault.kind, .fault.line]' "$WORK/out")" "[false,\"changed\",$((line + 1))]"
equal "the fault is as the schema says" "$("$HERE/schema_check.py" verify <"$WORK/out" 2>&1 | head -5)" ""
ends_with "in words" 1 verify
like "for people" "$(cat "$WORK/out")" "^Broken at $(basename "$journal"), line $((line + 1)), record"
ends_with "reindex says so and goes on" 6 "$KNOCKWATCH" reindex --state "$STATE"
zstd -q --rm "$STATE/journal/$(basename "$journal")"
ends_with "packed it is found as well" 1 verify --json
equal "in the same place" "$(jq -c '[.fault.kind, .fault.line]' "$WORK/out")" "[\"changed\",$((line + 1))]"

# --- none, or hostile ---
ends_with "verify where nothing is" 4 "$KNOCKWATCH" verify --state "$WORK/nowhere"
ends_with "reindex where nothing is" 4 "$KNOCKWATCH" reindex --state "$WORK/nowhere"
mkdir -p "$WORK/hostile" "$WORK/elsewhere"
ln -s "$WORK/elsewhere" "$WORK/hostile/journal"
read_json hostile --record --state "$WORK/hostile" "$WORK/b.log"
equal "a journal that is a link is not written to" "$read_code" 7
equal "and nothing lies where it leads" "$(ls -A "$WORK/elsewhere")" ""
ends_with "nor is it read" "[47]" "$KNOCKWATCH" verify --state "$WORK/hostile"
mkdir -p "$WORK/pipes/journal"
mkfifo "$WORK/pipes/journal/2026-11-20.jsonl"
ends_with "a pipe holds nobody up" 1 timeout 10 "$KNOCKWATCH" verify --state "$WORK/pipes"
ends_with "--state without --record is a mistake" 2 "$KNOCKWATCH" read --state "$WORK/x" "$WORK/a.log"
finish
