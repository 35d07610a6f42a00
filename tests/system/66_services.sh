#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Engine and sensor as two services: neither is root, each may go and come again.
. "$(dirname "$0")/lib.sh"
hosts_up

# The program under its other name, and two users without rights; the sensor has what packets ask for.
ln -s "$KNOCKWATCH" "$WORK/knockwatchd"
install -d -o nobody "$WORK/state"
chmod 1777 "$WORK"
engine() {
	ip netns exec "$B" python3 "$HERE/start_service.py" "$WORK/engine.sock" "$WORK/engine.notes" \
		setpriv --reuid nobody --regid nogroup --clear-groups \
		"$WORK/knockwatchd" engine --config "$CONFIG" --json --state "$WORK/state" \
		>>"$WORK/engine.out" 2>>"$WORK/engine.err" &
	engine_pid=$!
	pids+=("$engine_pid")
}
sensor() {
	rm -f "$WORK/sensor.notes.sock"
	: >"$WORK/sensor.err"
	ip netns exec "$B" python3 "$HERE/start_service.py" - "$WORK/sensor.notes" \
		setpriv --reuid daemon --regid daemon --clear-groups --inh-caps +net_raw,+net_admin,+bpf,+perfmon \
		--ambient-caps +net_raw,+net_admin,+bpf,+perfmon \
		"$WORK/knockwatchd" sensor --engine "$WORK/engine.sock" --config "$CONFIG" \
		2>>"$WORK/sensor.err" &
	sensor_pid=$!
	pids+=("$sensor_pid")
	wait_for 10 grep -q watching "$WORK/sensor.err"
}
told() { # LAST-NUMBER
	wait_for 5 grep -q "\"src_ip\":\"198.51.100.$1\"" "$WORK/engine.out" && echo yes || echo no
}
child() { sed -n 's/^pid //p' "$WORK/$1.notes"; }

engine
wait_for 10 grep -q 'waiting for the sensor' "$WORK/engine.err"
sensor
wait_for 5 grep -q READY=1 "$WORK/sensor.notes"
like "the sensor says that it is ready" "$(cat "$WORK/sensor.notes")" 'READY=1'
like "and the engine" "$(cat "$WORK/engine.notes")" 'READY=1'
wait_for 5 grep -q 'sensor is here' "$WORK/engine.err"
in_a "$HERE/knock.py" 198.51.100.21 "$OURS" 1 2 3 4 5 6
equal "a scan is told" "$(told 21)" yes
equal "the sensor has no capability left" "$(sed -n 's/^CapEff:\t//p' "/proc/$(child sensor)/status")" 0000000000000000
equal "and the user it was started as" "$(sed -n 's/^Uid:\t\([0-9]*\)\t.*/\1/p' "/proc/$(child sensor)/status")" "$(id -u daemon)"

kill -KILL "$(child sensor)"
wait "$sensor_pid" 2>/dev/null
wait_for 5 grep -q 'the sensor is gone; waiting for it' "$WORK/engine.err"
like "a sensor that is gone is said, and waited for" "$(cat "$WORK/engine.err")" 'the sensor is gone; waiting for it'
sensor
in_a "$HERE/knock.py" 198.51.100.22 "$OURS" 1 2 3 4 5 6
equal "with the next one all goes on" "$(told 22)" yes
kill -TERM "$sensor_pid"
sensor_code=0
wait "$sensor_pid" || sensor_code=$?
equal "a sensor that is told to end ends with 0" "$sensor_code" 0
ends_with "without its engine's end" 0 kill -0 "$engine_pid"
sensor
in_a "$HERE/knock.py" 198.51.100.23 "$OURS" 1 2 3 4 5 6
equal "and once more" "$(told 23)" yes

wait_for 5 grep -q WATCHDOG "$WORK/engine.notes"
like "the engine gives signs of life" "$(cat "$WORK/engine.notes")" 'WATCHDOG=1'
like "and the sensor" "$(cat "$WORK/sensor.notes")" 'WATCHDOG=1'
kill -HUP "$engine_pid"
wait_for 5 grep -q RELOADING "$WORK/engine.notes"
sleep 0.3
like "a reload is told with its time and its end" "$(tr '\n' ' ' <"$WORK/engine.notes")" \
	'RELOADING=1 MONOTONIC_USEC=[0-9]+.*READY=1'

kill -TERM "$engine_pid"
engine_code=0
wait "$engine_pid" || engine_code=$?
equal "the engine ends with 0" "$engine_code" 0
like "and said so before" "$(cat "$WORK/engine.notes")" 'STOPPING=1'
wait "$sensor_pid"
equal "its sensor ends with it" "$?" 0
equal "each story once" "$("$KNOCKWATCH" incidents --state "$WORK/state" --json | jq -r .src_ip | sort | tr '\n' ' ')" \
	"198.51.100.21 198.51.100.22 198.51.100.23 "

ends_with "without an engine the sensor does not start" 4 in_b "$WORK/knockwatchd" sensor --engine "$WORK/none.sock"
like "and says what is missing" "$(cat "$WORK/err")" 'none.sock: .*knockwatch.service'
ends_with "by hand knockwatchd is the wrong word" 2 "$WORK/knockwatchd"
like "and tells the right one" "$(cat "$WORK/err")" "try 'knockwatch watch'"
finish
