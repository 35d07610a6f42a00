#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A watch that is open has no rights left, in neither of its processes: user, groups, capabilities, new
# privileges, system calls, files.
. "$(dirname "$0")/lib.sh"
need_root "only root has privileges to drop"
hosts_up

status() { # NAME
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$pid/status" | tr '\t' ' '
}

check_rights() { # WHAT UID [PID]
	local pid=${3:-$watch_pid}
	equal "$1: every user id is the ordinary one" "$(status Uid)" "$2 $2 $2 $2"
	equal "$1: no group of root" "$(status Gid | tr ' ' '\n' | grep -cx 0)" 0
	unlike "$1: no supplementary group of root" " $(status Groups) " ' 0 '
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		equal "$1: $set is empty" "$(status "$set")" 0000000000000000
	done
	equal "$1: it can gain none" "$(status NoNewPrivs)" 1
	equal "$1: system calls are filtered" "$(status Seccomp)" 2
	equal "$1: it is not dumpable by others of its user" "$(stat -c %u "/proc/$pid/mem")" 0
}

watch_start packets
sensor_pid=$(pgrep -f -P "$watch_pid" "knockwatchd sensor")
check_rights "the engine" "$(id -u nobody)"
check_rights "the sensor" "$(id -u nobody)" "$sensor_pid"
equal "the sensor goes by its role" "$(tr '\0' ' ' <"/proc/$sensor_pid/cmdline" | cut -d' ' -f1-2)" "knockwatchd sensor"
equal "the engine holds no packet socket" "$(in_b ss -0pH | grep -c "pid=$watch_pid,")" 0
like "the sensor does" "$(in_b ss -0pH)" "pid=$sensor_pid,"
equal "the sensor has no file of the store open" \
	"$(find "/proc/$sensor_pid/fd" -lname "$WORK/*" -printf '%l\n' | grep -cv '\.err$')" 0
equal "and nothing of the environment but what it needs" \
	"$(tr '\0' '\n' <"/proc/$sensor_pid/environ" | grep -Evc '^(TZ|NO_COLOR|LANG|LC_ALL|LC_CTYPE|[ALTU]+B?SAN_OPTIONS)=')" 0
in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 1 2 3 4 5 6
sleep 0.4
watch_stop packets
ends_with "the sensor ends with its engine" 1 kill -0 "$sensor_pid"
equal "without rights it still hears" "$(stories "$WORK/packets.json" --fields who)" 198.51.100.20
equal "the state directory is its user's" "$(stat -c '%U %a' "$WORK/packets.state")" "nobody 700"

: >"$WORK/a.log"
chmod 640 "$WORK/a.log"
chgrp adm "$WORK/a.log" # as Debian has it
watch_start log --log "$WORK/a.log" --user daemon
check_rights "log, as a user of choice" "$(id -u daemon)"
check_rights "its sensor" "$(id -u daemon)" "$(pgrep -f -P "$watch_pid" "knockwatchd sensor")"
log_scan 198.51.100.21 1 10 >>"$WORK/a.log"
sleep 0.5
watch_stop log
equal "it still hears a log that only root and adm may open" "$(stories "$WORK/log.json" --fields who)" 198.51.100.21

# Such a log can be followed only by who keeps the rights of group root: a no, but one that says which
# file and what to do.
: >"$WORK/root.log"
chmod 640 "$WORK/root.log"
ends_with "a log of root and its group is refused or followed" "[05]" timeout 30 "$KNOCKWATCH" watch \
	--config "$CONFIG" --no-store --log "$WORK/root.log" --for 1
like "and the file is named" "$(cat "$WORK/err")" 'root\.log'
chmod 600 "$WORK/root.log"
ends_with "a log of root alone is refused or followed" "[05]" timeout 30 "$KNOCKWATCH" watch \
	--config "$CONFIG" --no-store --log "$WORK/root.log" --for 1
like "and this file is named, too" "$(cat "$WORK/err")" 'root\.log'

like "what it gave up is said" "$(cat "$WORK/packets.err")" 'Landlock.*seccomp'

# Neither outlives the other, however it ends.
watch_start orphan --no-store
sensor_pid=$(pgrep -f -P "$watch_pid" "knockwatchd sensor")
kill -KILL "$watch_pid"
wait "$watch_pid" 2>/dev/null
ends_with "a sensor whose engine was killed ends" 0 wait_for 5 test ! -e "/proc/$sensor_pid"
watch_start widow
in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 1 2 3 4 5 6
wait_for 5 grep -q 198.51.100.20 "$WORK/widow.out"
kill -KILL "$(pgrep -f -P "$watch_pid" "knockwatchd sensor")"
watch_code=0
wait "$watch_pid" || watch_code=$?
equal "a watch whose sensor was killed ends with 7" "$watch_code" 7
like "and says so" "$(cat "$WORK/widow.err")" 'the sensor is gone; nothing more is heard'
like "and tells what it knew to its end" "$(cat "$WORK/widow.out")" '"state":"close"'

ends_with "a user that is not there is a wrong word" 2 "${enter[@]}" "$KNOCKWATCH" watch \
	--config "$CONFIG" --no-store --user nobody-of-that-name --for 1
like "with the name" "$(cat "$WORK/err")" 'nobody-of-that-name'
ends_with "who is not root may not listen" 5 setpriv --reuid 12345 --regid 12345 --clear-groups \
	"$KNOCKWATCH" watch --config "$CONFIG" --no-store --for 1
like "and is told what to do" "$(cat "$WORK/err")" 'root|sudo'
chmod 644 "$WORK/a.log"
ends_with "who is not root may follow a log" 0 setpriv --reuid 12345 --regid 12345 --clear-groups \
	"$KNOCKWATCH" watch --config "$CONFIG" --no-store --log "$WORK/a.log" --for 1
chmod 600 "$WORK/a.log"
ends_with "but not one that is closed to him" 5 setpriv --reuid 12345 --regid 12345 --clear-groups \
	"$KNOCKWATCH" watch --config "$CONFIG" --no-store --log "$WORK/a.log" --for 1
ends_with "an interface that is not there is a wrong word" 2 "${enter[@]}" "$KNOCKWATCH" watch \
	--config "$CONFIG" --no-store --interface nowhere0 --for 1
like "with its name" "$(cat "$WORK/err")" 'nowhere0'
like "and with those that are there" "$(cat "$WORK/err")" 'there are: .*kwb'
ends_with "a slip in the name" 2 "${enter[@]}" "$KNOCKWATCH" watch \
	--config "$CONFIG" --no-store --interface kwd --for 1
like "is guessed" "$(cat "$WORK/err")" 'did you mean kwb'
printf 'interfaces: [nowhere0]\n' >"$WORK/nowhere.yaml"
ends_with "in the configuration it is a fault of that" 3 "${enter[@]}" "$KNOCKWATCH" watch \
	--config "$WORK/nowhere.yaml" --no-store --for 1
ends_with "an interface named twice" 0 "${enter[@]}" "$KNOCKWATCH" watch \
	--config "$CONFIG" --no-store --interface kwb --interface kwb --for 1
like "is listened to once" "$(cat "$WORK/err")" 'watching kwb:'
finish
