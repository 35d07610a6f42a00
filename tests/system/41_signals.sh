#!/bin/bash
# SPDX-License-Identifier: ISC
#
# SIGHUP reads the configuration again and keeps the old one where the new one is broken; SIGUSR1
# writes the source table; SIGTERM and SIGINT end with a summary; a closed pipe ends nothing.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
hosts_up

knock() { # LAST-NUMBER PORT...
	local from=198.51.100.$1
	shift
	in_a "$HERE/knock.py" "$from" "$OURS" "$@"
}
level() { # NAME LAST-NUMBER
	plain "$1"
	stories "$WORK/$1.json" --source "198.51.100.$2" --fields level
}

mkdir "$WORK/state"
printf 'close_after: 1h\n' >"$WORK/state/kw.yaml"
watch_start hup --config "$WORK/state/kw.yaml" --state "$WORK/state"
knock 20 1 2 3 4 5 6 7 8
sleep 0.5
equal "eight ports are level 2 by default" "$(level hup 20)" 2

printf 'level_rules:\n  - {name: targets, at: 1, level: 9}\n  - {nme: x}\n' >"$WORK/state/kw.yaml"
kill -HUP "$watch_pid"
wait_for 5 grep -q 'old one stays' "$WORK/hup.err"
like "a broken file is told with file, line and column" "$(cat "$WORK/hup.err")" 'kw\.yaml:[0-9]+:[0-9]+'
like "and the old settings stay" "$(cat "$WORK/hup.err")" 'old one stays'
knock 21 1 2 3 4 5 6 7 8
sleep 0.5
equal "as the next scan shows" "$(level hup 21)" 2

printf 'level_rules:\n  - {name: alert, at: 6, level: 4}\n' >"$WORK/state/kw.yaml"
kill -HUP "$watch_pid"
wait_for 5 grep -q 'read again' "$WORK/hup.err"
like "a good file is read again" "$(cat "$WORK/hup.err")" 'configuration read again'
knock 22 1 2 3 4 5 6 7 8
sleep 0.5
equal "and holds for the next scan" "$(level hup 22)" 4

printf 'addresses:\n  - {prefix: 198.51.100.23, level: 0}\n  - {prefix: 198.51.100.24, level: 5}\n' >"$WORK/state/kw.yaml"
kill -HUP "$watch_pid"
wait_for 5 test "$(grep -c 'read again' "$WORK/hup.err")" = 2
sleep 0.3
knock 23 1 2 3 4 5 6 7 8
knock 24 1 2 3 4
sleep 0.5
equal "an address that is to be ignored from now on is" "$(level hup 23)" ""
equal "and one that is to be level 5 is" "$(level hup 24)" 5

rm "$WORK/state/kw.yaml"
kill -HUP "$watch_pid"
sleep 0.5
ends_with "a missing file does not end the watch" 0 kill -0 "$watch_pid"

kill -USR1 "$watch_pid"
wait_for 5 test -s "$WORK/state/sources.json"
like "the source table is written" "$(cat "$WORK/state/sources.json")" '"src_ip": ?"198\.51\.100\.20"'
equal "each line of it is JSON" \
	"$(python3 -c 'import json,sys
print(sum(1 for l in sys.stdin if json.loads(l)["targets_count"] >= 1) >= 3)' <"$WORK/state/sources.json")" True
equal "nobody else may read it" "$(stat -c %a "$WORK/state")" 700

for ((i = 0; i < 20; i++)); do
	kill -HUP "$watch_pid"
	kill -USR1 "$watch_pid"
done
sleep 0.3
ends_with "a rain of signals does not end the watch" 0 kill -0 "$watch_pid"
begin=$SECONDS
watch_stop hup
equal "SIGTERM ends it with 0" "$watch_code" 0
at_most "at once (s)" $((SECONDS - begin)) 2
like "with a summary" "$(tail -n 1 "$WORK/hup.err")" 'ended: .* 28 knocks by 4 sources, 4 incidents; 0 lost'
equal "every story is told to its end" \
	"$(stories "$WORK/hup.json" --fields state | sort | uniq -c | tr -s ' ')" " 4 close"

watch_start int --no-store
kill -USR1 "$watch_pid"
wait_for 5 grep -q 'state directory' "$WORK/int.err"
like "without a store the dump says why not" "$(cat "$WORK/int.err")" 'cannot be written: no state directory'
kill -INT "$watch_pid"
watch_code=0
wait "$watch_pid" || watch_code=$?
equal "SIGINT ends it with 0" "$watch_code" 0

# The configuration may lie anywhere.
mkdir -m 755 "$WORK/etc"
printf 'close_after: 1h\n' >"$WORK/etc/kw.yaml"
watch_start elsewhere --no-store --config "$WORK/etc/kw.yaml"
kill -HUP "$watch_pid"
wait_for 5 grep -q 'configuration read again' "$WORK/elsewhere.err"
like "a configuration named by --config is read again" "$(cat "$WORK/elsewhere.err")" 'configuration read again'
unlike "what is as it was does not wait" "$(cat "$WORK/elsewhere.err")" 'next start'
printf 'close_after: 2h\nexec: proc\nexec_secrets: [pin]\nhome: [192.0.2.0/24]\nmemory: 80M\n' >"$WORK/etc/kw.yaml"
kill -HUP "$watch_pid"
wait_for 5 grep -q 'next start' "$WORK/elsewhere.err"
like "what waits for the next start is named, but for what the command line decides" "$(cat "$WORK/elsewhere.err")" \
	'configuration: home, memory and exec_secrets change with the next start$'
watch_stop elsewhere

# The usual place, in an /etc of its own.
mkdir -p "$WORK/etc/knockwatch"
cp -L /etc/passwd /etc/group /etc/nsswitch.conf "$WORK/etc/"
printf 'level_rules:\n  - {name: alert, at: 6, level: 4}\n' >"$WORK/etc/knockwatch/knockwatch.yaml"
cat >"$WORK/with_etc" <<-SH
	#!/bin/sh
	mount --bind "$WORK/etc" /etc && exec "\$@"
SH
chmod +x "$WORK/with_etc"
: >"$WORK/a.log"
CONFIG='' enter=(unshare -m --propagation private "$WORK/with_etc")
watch_start usual --no-store --log "$WORK/a.log"
log_scan 198.51.100.30 1 8 >>"$WORK/a.log"
sleep 0.5
equal "the usual configuration holds" "$(level usual 30)" 4
printf 'level_rules:\n  - {name: alert, at: 6, level: 5}\n' >"$WORK/etc/knockwatch/knockwatch.yaml"
kill -HUP "$watch_pid"
wait_for 5 grep -q 'configuration' "$WORK/usual.err"
log_scan 198.51.100.31 1 8 >>"$WORK/a.log"
sleep 0.5
equal "and after SIGHUP the new one does" "$(level usual 31)" 5
watch_stop usual
CONFIG=$WORK/empty.yaml enter=(ip netns exec "$B")

# A reader that goes away.
"${enter[@]}" "$KNOCKWATCH" watch --config "$CONFIG" --no-store --json --for 3 2>"$WORK/pipe.err" | head -n 1 >/dev/null &
sleep 1
knock 23 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
wait $! 2>/dev/null
sleep 2.5
like "a reader that goes away does not kill the watch" "$(cat "$WORK/pipe.err")" 'ended: '

begin=$SECONDS
ends_with "--for ends by itself" 0 "${enter[@]}" "$KNOCKWATCH" watch --config "$CONFIG" --no-store --for 1
at_most "in time (s)" $((SECONDS - begin)) 3
finish
