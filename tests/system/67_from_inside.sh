#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What somebody could do who has taken over a process of the watch: the very process is made to call open, socket
# and execve, as by a debugger, while hostile packets come in. The fences are the kernel's, so no rights help.
. "$(dirname "$0")/lib.sh"
need_root "only root may attach to the processes of a watch"
need_tools hping3 pgrep
[ "$(uname -m)" = x86_64 ] || {
	echo "skipped: $(basename "$0") knows the system calls of x86-64 only"
	exit 77
}
hosts_up

sensor_of() { pgrep -f -P "$1" 'knockwatchd sensor'; }
inside() { # PID CALL ARGUMENT...
	timeout 20 python3 "$HERE/call_inside.py" "$@" 2>&1
}
flags() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

start() {
	watch_start "$1"
	in_a hping3 -q --flood --rand-source -F -P -U -p ++1 "$OURS" >/dev/null 2>&1 &
	flood=$!
	pids+=("$flood")
	sensor=$(sensor_of "$watch_pid")
}
stop() {
	kill "$flood" 2>/dev/null
	wait "$flood" 2>/dev/null
	kill -KILL "$watch_pid" 2>/dev/null
	wait "$watch_pid" 2>/dev/null
}

start files
equal "system calls of the sensor are filtered" "$(flags "$sensor" Seccomp)" 2
equal "and those of the engine" "$(flags "$watch_pid" Seccomp)" 2
like "the lists are told at the start" "$(cat "$WORK/files.err")" 'sensor .*Landlock.*system calls of its list'
equal "a call that is allowed goes through" "$(inside "$sensor" getpid)" "$sensor"
equal "the sensor cannot open a file that everybody may read" \
	"$(inside "$sensor" open /etc/hostname 0)" "errno 1"
equal "nor make one" "$(inside "$sensor" open /tmp/taken-over 66 384)" "errno 1"
equal "nor a Unix socket" "$(inside "$sensor" socket 1 1 0)" "errno 1"
equal "nor run on as somebody else" "$(inside "$sensor" setuid 0)" "errno 1"
equal "nor signal the engine" "$(inside "$sensor" kill "$watch_pid" 9)" "errno 1"
ends_with "and the watch goes on" 0 kill -0 "$watch_pid"
equal "an Internet socket is its end" "$(inside "$sensor" socket 2 1 0)" gone
watch_code=0
wait "$watch_pid" || watch_code=$?
equal "which its engine says, and ends" "$watch_code" 7
stop

start programs
equal "to run a program is its end, too" \
	"$(inside "$sensor" execve /bin/true 0 0)" gone
stop

start keeper
equal "the engine cannot read a file of others" "$(inside "$watch_pid" open /etc/hostname 0)" "errno 13"
equal "nor write outside its directory" "$(inside "$watch_pid" open /tmp/taken-over 66 384)" "errno 13"
equal "nor listen on what it has" "$(inside "$watch_pid" bind 3 0 0)" "errno 1"
equal "an Internet socket is its end" "$(inside "$watch_pid" socket 10 2 0)" gone
ends_with "and its sensor ends with it" 0 wait_for 5 test ! -e "/proc/$sensor"
equal "nobody made that file" "$(ls /tmp/taken-over 2>/dev/null)" ""
stop
finish
