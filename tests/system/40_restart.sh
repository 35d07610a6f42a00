#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What a watch remembers of sources survives a restart: a scan of which each run sees a half is noticed.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
hosts_up

knock() { # LAST-NUMBER PORT...
	local from=198.51.100.$1
	shift
	in_a "$HERE/knock.py" "$from" "$OURS" "$@"
}
told() { stories "$WORK/$1.json" --source "198.51.100.$2" --fields kind; }

watch_start first --state "$WORK/state"
knock 20 21 23
sleep 0.3
watch_stop first
equal "two ports are no story" "$(told first 20)" ""
ends_with "the memory is on disk" 0 test -s "$WORK/state/sources.memory"
equal "only its owner may read it" "$(stat -c %a "$WORK/state/sources.memory")" 600

watch_start second --state "$WORK/state"
knock 20 25 80
knock 21 25 80
sleep 0.3
watch_stop second
equal "two more after a restart are one" "$(told second 20)" "vertical"
equal "two by somebody else are none" "$(told second 21)" ""

watch_start forgetful --no-store
knock 21 21 23
sleep 0.3
watch_stop forgetful
equal "without a store nothing is remembered" "$(told forgetful 21)" ""

# Killed without a word, it knows at least what it knew when it began.
watch_start killed --state "$WORK/state"
knock 21 110
sleep 1.2
kill -KILL "$watch_pid"
wait "$watch_pid" 2>/dev/null
watch_start after --state "$WORK/state"
knock 21 21 23
sleep 0.3
watch_stop after
equal "after a sudden death the older memory holds" "$(told after 21)" "vertical"
like "and the store opens" "$("$KNOCKWATCH" incidents --state "$WORK/state" 2>&1)" '198\.51\.100\.20'

at_most "the memory of a few sources is small" "$(stat -c %s "$WORK/state/sources.memory")" 2000

# A memory that is cut is said and kept aside; one that is smaller takes what it can.
printf 'memory: 24M\n' >"$WORK/small.yaml"
watch_start small --state "$WORK/state" --config "$WORK/small.yaml"
watch_stop small
unlike "a memory of another size is loaded" "$(cat "$WORK/small.err")" 'sources\.memory'
head -c 50 "$WORK/state/sources.memory" >"$WORK/half"
cp "$WORK/half" "$WORK/state/sources.memory"
watch_start cut --state "$WORK/state"
watch_stop cut
like "a cut memory is said" "$(cat "$WORK/cut.err")" 'sources\.memory: is damaged or cut short; .*afresh'
ends_with "and kept aside" 0 cmp "$WORK/half" "$WORK/state/sources.memory.bad"
equal "and the watch runs" "$watch_code" 0

# One writer a directory: a second watch is refused and told what to do, and the first goes on alone.
refused() { # NAME OPTION...
	local name=$1
	shift
	ends_with "$name" 5 "${enter[@]}" timeout 20 "$KNOCKWATCH" watch --config "$CONFIG" "$@"
}
# shellcheck disable=SC2317 # ends_with calls it
lock_is_free() { "$KNOCKWATCH" status --state "$WORK/state" | grep -q 'watching   no'; }

watch_start one --state "$WORK/state" --interface kwb
one_pid=$watch_pid
refused "a second watch in the same directory is refused" --state "$WORK/state"
like "it is told by whom" "$(cat "$WORK/err")" "another watch writes there \\(pid $one_pid, since .*, on kwb\\)"
like "and what to type next" "$(cat "$WORK/err")" "--state DIR, or stop that one with 'kill $one_pid'"
refused "so is one that follows a log" --state "$WORK/state" --log "$WORK/one.err"
watch_start elsewhere --state "$WORK/elsewhere"
knock 22 1 2 3 4 5 6 7 8
sleep 1.5
ends_with "status tells of the running watch" 0 "$KNOCKWATCH" status --state "$WORK/state"
like "its pid and what it listens to" "$(cat "$WORK/out")" "watching   kwb; pid $one_pid, since"
# shellcheck disable=SC2317 # wait_for calls it
eight_knocks() { "$KNOCKWATCH" status --state "$WORK/state" --json | grep -q '"knocks":8,'; }
ends_with "and what it counted" 0 wait_for 5 eight_knocks
watch_stop elsewhere
watch_stop one "$one_pid"
equal "two watches at once: one story is kept in each directory" \
	"$(for d in state elsewhere; do "$KNOCKWATCH" incidents --state "$WORK/$d" --json | grep -c '198\.51\.100\.22'; done | xargs)" "1 1"
ends_with "status knows that it ended" 4 "$KNOCKWATCH" status --state "$WORK/state"
like "and says so" "$(cat "$WORK/out")" 'watching   no; the last watch ended'

watch_start killed --state "$WORK/state"
# shellcheck disable=SC2317 # wait_for calls it
status_says() { "$KNOCKWATCH" status --state "$WORK/state" | grep -q "$1"; }
wait_for 10 status_says "pid $watch_pid"
kill -KILL "$watch_pid"
wait "$watch_pid" 2>/dev/null
ends_with "the lock dies with the process" 0 lock_is_free
like "status tells that it was cut off" "$("$KNOCKWATCH" status --state "$WORK/state")" 'was cut off after'
watch_start next --state "$WORK/state"
watch_stop next
equal "and the next watch begins" "$watch_code" 0

# Of several that begin at once one stays, and each other is told by whom it was kept out.
for i in 1 2 3 4 5; do
	"${enter[@]}" timeout 20 "$KNOCKWATCH" watch --config "$CONFIG" --state "$WORK/crowd" --for 5 2>"$WORK/crowd.$i" &
	crowd[i]=$!
done
codes=
for i in 1 2 3 4 5; do
	wait "${crowd[i]}"
	codes+="$? "
done
equal "of five that begin at once one stays" "$(tr ' ' '\n' <<<"$codes" | sort | xargs)" "0 5 5 5 5"
equal "the others learn who did" "$(cat "$WORK"/crowd.? | grep -c 'another watch writes there (pid [0-9]*, since')" 4
finish
