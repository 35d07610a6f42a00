#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Every JSON output holds what docs/events.schema.json says, and nothing else.
. "$(dirname "$0")/lib.sh"
python3 -c 'import jsonschema' 2>/dev/null || {
	echo "skipped: $(basename "$0") needs python3-jsonschema"
	exit 77
}

STATE=$WORK/state
ask() { "$KNOCKWATCH" "$1" --state "$STATE" --json "${@:2}" 2>"$WORK/err"; }

# What stands on standard input is as the schema says.
fits() { # NAME WHAT
	local faults
	faults=$("$HERE/schema_check.py" "$2" 2>&1 | head -c 1000)
	equal "$1" "$faults" ""
}

# A schema that takes everything would prove nothing.
equal "the schema refuses a member that it does not know" "$(echo '{"v":1,"address":"192.0.2.1","known":false,"name":"x"}' |
	"$HERE/schema_check.py" who | grep -c name)" 1
equal "and an event without its object" "$(echo '{"v":1,"timestamp":"2026-11-20T14:09:40.120311Z","id":"01JD4Q00000000000000000000","host":"a","event_type":"stats"}' |
	"$HERE/schema_check.py" event | grep -c required)" 1

# Everything that the golden cases tell: events of captures and logs; `access check` and `access test` where they are called.
told() { # CALL: what is told by the cases of that call, "read" if a case has none
	local case call
	for case in "$ROOT"/tests/golden/[0-9]*; do
		call="read"
		[ ! -f "$case/call" ] || call=$(cut -d' ' -f1-2 "$case/call")
		[ "$call" != "$1" ] || cat "$case/expected.json"
	done
}
fits "what the golden cases tell" event < <(told read)
fits "access check" access_check < <(told "access check")
fits "access test" access_test < <(told "access test")

{
	log_scan 198.51.100.20 1 60 2026-11-20T12:00:00+00:00
	log_scan 2001:db8:7::9 1 15 2026-11-20T12:05:00+00:00 | sed "s/DST=$OURS/DST=$OURS6/; s/TOS=0x00 PREC=0x00 TTL=/TC=0 HOPLIMIT=/; s/ID=[0-9]* DF/FLOWLBL=0/"
	sed 's/PROTO=TCP.*/PROTO=ICMP TYPE=8 CODE=0 ID=7 SEQ=1/; s/100\.20/100.44/' <(log_scan 198.51.100.20 1 1 2026-11-20T12:06:00+00:00)
	for i in 40 41 42 43; do
		log_scan "198.51.100.$i" 1 15 2026-11-20T12:10:00+00:00 | sed 's/ ID=[0-9]*/ ID=9/; s/SPT=[0-9]*/SPT=4000/'
	done
} >"$WORK/a.log"
read_json knocks --knocks "$WORK/a.log"
fits "read --json --knocks" event <"$WORK/knocks.json"
equal "a knock for each door of a source" "$(grep -c '"event_type":"knock".*198\.51\.100\.20' "$WORK/knocks.json")" 60
read_json plain "$WORK/a.log"
equal "none without --knocks" "$(grep -c '"event_type":"knock"' "$WORK/plain.json")" 0
equal "which change nothing else" "$(grep -v '"event_type":"knock"' "$WORK/knocks.json")" "$(cat "$WORK/plain.json")"

ends_with "status where nothing ever was" 4 "$KNOCKWATCH" status --state "$WORK/nowhere" --json
equal "is no half an answer" "$(cat "$WORK/out")" ""
: >"$WORK/b.log"
watch_start keep --log "$WORK/b.log" --state "$STATE" --knocks
cat "$WORK/a.log" >>"$WORK/b.log"
# shellcheck disable=SC2317 # wait_for calls it
some() { [ "$(ask incidents | wc -l)" -ge 2 ]; }
wait_for 5 some
fits "status while a watch runs" status < <(ask status)
watch_stop keep
fits "watch --json --knocks" event <"$WORK/keep.json"
like "the watch tells knocks" "$(cat "$WORK/keep.json")" '"event_type":"knock"'
fits "what the watch left of itself is a stats event" event < <(head -1 "$STATE/watch.lock" | jq -c 'del(.watch)')
fits "status" status < <(ask status)
# With a store that cannot be read the running watch is told of all the same.
mkdir "$WORK/broken"
head -c 20000 /dev/urandom >"$WORK/broken/knockwatch.db"
watch_start blind --log "$WORK/b.log" --state "$WORK/broken"
ends_with "status of a watch with a broken store" 7 "$KNOCKWATCH" status --state "$WORK/broken" --json
fits "tells of the watch alone" status <"$WORK/out"
equal "that it runs" "$(jq -c '[.watch.running, .watch.pid, has("store")]' "$WORK/out")" "[true,$watch_pid,false]"
like "and what is wrong" "$(cat "$WORK/err")" 'broken/knockwatch\.db: damaged'
watch_stop blind
ends_with "without a watch there is nothing to tell" 7 "$KNOCKWATCH" status --state "$WORK/broken" --json
equal "and nothing is told" "$(cat "$WORK/out")" ""
fits "incidents" event < <(ask incidents --level 0)
fits "show" event < <(ask show 1)
fits "who" who < <(ask who 198.51.100.20)
fits "who of a stranger" who < <(ask who 192.0.2.99)
fits "ports" ports < <(ask ports --since 2026-11-19 --until 2026-11-21)
fits "ports by month" ports < <(ask ports --by month)
fits "signatures" signature < <("$KNOCKWATCH" signatures --json --config "$CONFIG")
fits "config show" config < <("$KNOCKWATCH" config show --json "$ROOT/conf/knockwatch.yaml")
fits "doctor" doctor < <("$KNOCKWATCH" doctor --json --config "$CONFIG" --state "$STATE")

# The tables of who may enter, and the set beside them.
mkdir "$WORK/tables"
printf 'ALL: 192.0.2.0/24\n' >"$WORK/tables/hosts.deny"
fits "access compile" access_compile < <("$KNOCKWATCH" access compile --json "$WORK/tables/hosts.deny")
mkfifo "$WORK/tables/pipe"
"$KNOCKWATCH" access compile --json "$WORK/tables/hosts.deny" "$WORK/tables/pipe" "$WORK/tables/none" >"$WORK/compiled" 2>"$WORK/err"
equal "of tables that are none it ends with 2" "$?" 2
fits "and they are told" access_compile <"$WORK/compiled"
equal "each with its reason" "$(jq -r '.indexes[] | .error // "good"' "$WORK/compiled" | paste -sd, -)" \
	"good,it is no plain file,No such file or directory"
equal "the schema wants counts or a reason" "$(echo '{"v":1,"indexes":[{"table":"/etc/hosts.deny"}]}' |
	"$HERE/schema_check.py" access_compile | wc -l)" 1
set_of() { "$KNOCKWATCH" access "$1" --set "$WORK/tables/set" "${@:2}" 2>"$WORK/err"; }
fits "access list of nothing" access_list < <(set_of list --json)
set_of add 198.51.100.0/24 --for 1d --why guesses >/dev/null
set_of add 2001:db8:9::/48 --allow --service sshd >/dev/null
fits "access list" access_list < <(set_of list --json)
equal "both entries" "$(set_of list --json | jq -c '[.entries[].block] | sort')" '["198.51.100.0/24","2001:db8:9::/48"]'
fits "access test where no rule speaks" access_test < <("$KNOCKWATCH" access test -d "$WORK/tables" --json sshd 203.0.113.9)
fits "access test of the refused" access_test < <("$KNOCKWATCH" access test -d "$WORK/tables" --json sshd 192.0.2.9)
# What hands, editors and terminals leave in tables: tabs, CR, characters of other languages.
mkdir "$WORK/odd"
printf 'sshd:\t192.0.2.7\t198.51.100.1\t:\tsetenv A \xc3\xa9\r\nsshd@myhost: ALL\n\xc3\xbcd: ALL # \xe2\x80\x9cx\xe2\x80\x9d\r\n' \
	>"$WORK/odd/hosts.allow"
printf 'ALL:\tALL\t\n\xff\xfe: \x01 \\\nx\n\xc3\xa9: spawn \xc3\xa9 &\r\n' >"$WORK/odd/hosts.deny"
for call in "check -v" "test sshd 192.0.2.7" "test sshd 192.0.2.9" "test --name é sshd 192.0.2.7"; do
	# shellcheck disable=SC2086 # words
	fits "access $call of odd tables" access_${call%% *} < <("$KNOCKWATCH" access $call -d "$WORK/odd" --json 2>/dev/null)
done
equal "what is no plain letter is escaped" "$("$KNOCKWATCH" access check -v -j -d "$WORK/odd" | jq -r '.rules[0].clients')" \
	'192.0.2.7\x09198.51.100.1'
fits "access check --rules" access_check < <("$KNOCKWATCH" access check -v -d "$WORK/tables" --json)
finish
