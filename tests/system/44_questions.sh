#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What a watch kept can be asked: incidents, show, who, ports, status; while it runs and afterwards.
. "$(dirname "$0")/lib.sh"

STATE=$WORK/state
ask() { "$KNOCKWATCH" "$1" --state "$STATE" "${@:2}" 2>&1; }

: >"$WORK/a.log"
watch_start keep --log "$WORK/a.log" --state "$STATE"
log_scan 198.51.100.20 1 60 >>"$WORK/a.log"
log_scan 2001:db8:7::9 1 15 | sed "s/DST=$OURS/DST=$OURS6/; s/TOS=0x00 PREC=0x00 TTL=/TC=0 HOPLIMIT=/; s/ID=[0-9]* DF/FLOWLBL=0/" \
	>>"$WORK/a.log"
sleep 1
log_scan 198.51.100.22 22 23 >>"$WORK/a.log"
# shellcheck disable=SC2317 # wait_for calls it
both() { [ "$(ask incidents --json | wc -l)" = 2 ]; }
wait_for 5 both
equal "two incidents are kept while the watch runs" "$(ask incidents --json | wc -l)" 2
like "the list has the source" "$(ask incidents)" '198\.51\.100\.20'
like "and the IPv6 block" "$(ask incidents)" '2001:db8:7:'
watch_stop keep

number=$(ask incidents | sed -n 's/^ *\([0-9]*\) .*198\.51\.100\.20.*/\1/p')
id=$(ask incidents --json | sed -n 's/.*198\.51\.100\.20.*"incident":{"id":"\([^"]*\)".*/\1/p')
like "an incident has a number" "$number" '^[0-9]+$'
like "show tells it by number" "$(ask show "$number")" '198\.51\.100\.20'
equal "by id as well" "$(ask show "$id")" "$(ask show "$number")"
like "with the ports" "$(ask show "$number")" '1-60'
equal "show --json is one line" "$(ask show "$number" --json | wc -l)" 1
ends_with "an incident that is not there is a no" 1 "$KNOCKWATCH" show --state "$STATE" 999
like "who knows the source" "$(ask who 198.51.100.20)" 'scan'
like "who knows an IPv6 source of the block" "$(ask who 2001:db8:7::9)" '2001:db8:7:'
like "who knows one that only knocked" "$(ask who 198.51.100.22)" '198\.51\.100\.22'
ends_with "a stranger is a no" 1 "$KNOCKWATCH" who --state "$STATE" 203.0.113.200
ends_with "no address is a wrong word" 2 "$KNOCKWATCH" who --state "$STATE" example
like "ports names the most knocked" "$(ask ports)" 'tcp/(22|23)'
ends_with "ports of another time are a no" "[01]" "$KNOCKWATCH" ports --state "$STATE" --until 2001-01-01 --since 2000-01-01
like "status tells of the store" "$(ask status)" 'knockwatch\.db'
equal "status --json is JSON" "$(ask status --json | python3 -c 'import json,sys; print(type(json.load(sys.stdin)).__name__)')" dict
equal "level filters" "$(ask incidents --level 3 --json | wc -l)" 1
equal "since filters" "$(ask incidents --since '2099-01-01' --json | grep -c incident)" 0
ends_with "nothing found is a no" 1 "$KNOCKWATCH" incidents --state "$STATE" --level 5
ends_with "a wrong time is a wrong word" 2 "$KNOCKWATCH" incidents --state "$STATE" --since whenever

# A story of a group, then another run on the same store.
watch_start group --log "$WORK/a.log" --state "$STATE"
for i in 40 41 42 43; do
	log_scan "198.51.100.$i" 1 15 2026-11-20T12:00:00+00:00 | sed 's/ ID=[0-9]*/ ID=9/; s/SPT=[0-9]*/SPT=4000/'
done >>"$WORK/a.log"
sleep 1
watch_stop group
like "a group is kept" "$(ask incidents)" '4 sources'
# SQLite 3.40's quick_check finds NULLs that are not there where a table's columns are not in its key's order.
watch_start again --log "$WORK/a.log" --state "$STATE"
log_scan 198.51.100.50 1 15 >>"$WORK/a.log"
sleep 1
watch_stop again
unlike "a store that holds a group is not called damaged" "$(cat "$WORK/again.err")" 'damaged'
like "and goes on to be written" "$(ask incidents)" '198\.51\.100\.50'
finish
