#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The original tcpd before real services, on our library: who gets in, what is run, as whom, and what the log says.
. "$(dirname "$0")/lib.sh"
need_tools tcpd
in_own_place

# What the client gets of PROGRAM behind tcpd; its milliseconds in $took, the program's exit code in $code.
behind_tcpd() { # [--udp] [--source ADDRESS] PROGRAM [ARG]...
	local options=()
	while [[ $1 == --* ]]; do
		options+=("$1")
		if [ "$1" = --source ]; then
			options+=("$2")
			shift
		fi
		shift
	done
	LD_LIBRARY_PATH=$library timeout 60 "$HERE/connect.py" "${options[@]}" "$1" /usr/sbin/tcpd "${@:2}" >"$WORK/client" 2>"$WORK/client.err"
	{ read -r got; read -r code; read -r took; read -r left; } <"$WORK/client"
}
library=$LIBWRAP_DIR

allow ''
deny ''
behind_tcpd /bin/echo hello
equal "without rules a service is served" "$got" "'hello\\n'"
logs "who connects is logged" '<30>.* echo\[[0-9]+\]: connect from 127.0.0.1 \(127.0.0.1\)$'

deny 'echo: 127.0.0.2'
behind_tcpd /bin/echo hello
equal "a rule for another client refuses nobody else" "$got" "'hello\\n'"
behind_tcpd --source 127.0.0.2 /bin/echo hello
equal "a refused client gets nothing" "$got $code" "'' 0"
at_most "a refused client is gone at once" "$took" 1000
logs "a refusal is logged" '<28>.* echo\[[0-9]+\]: refused connect from 127.0.0.2 \(127.0.0.2\)$'
library=$ORIGINAL_DIR
behind_tcpd --source 127.0.0.2 /bin/echo hello
like "(the original held it for 5 s)" "$took" '^5[0-9]{3}$'
logs "the original logs the same" '<28>.* echo\[[0-9]+\]: refused connect from 127.0.0.2 \(127.0.0.2\)$'
library=$LIBWRAP_DIR

behind_tcpd --udp --source 127.0.0.2 /bin/echo hello
equal "a refused datagram is taken away" "$left" taken
behind_tcpd --udp /bin/true
equal "a granted datagram is left to the service" "$left" waiting
: >"$WORK/log"

allow 'echo: ALL: twist echo go away %a'
behind_tcpd /bin/echo hello
equal "twist" "$got" "'go away 127.0.0.1\\n'"
logs "twist is logged" 'twist 127.0.0.1 to echo go away 127.0.0.1$'

allow 'id: ALL: user nobody'
behind_tcpd /usr/bin/id -un
equal "user" "$got" "'nobody\\n'"
allow 'id: ALL: user nobody.daemon'
behind_tcpd /usr/bin/id -gn
equal "user.group" "$got" "'daemon\\n'"
allow 'id: ALL: group daemon'
behind_tcpd /usr/bin/id -un
equal "group: the user stays" "$got" "'root\\n'"
behind_tcpd /usr/bin/id -G
equal "group: no other groups" "$got" "'$(getent group daemon | cut -d: -f3)\\n'"
allow 'id: ALL: user nobody-at-all'
behind_tcpd /usr/bin/id -un
equal "a user that does not exist is refused" "$got" "''"
logs "and told" 'error: /etc/hosts.allow, line 1: unknown user: "nobody-at-all"'

allow 'env: ALL: setenv KW_FROM %a: setenv KW_TWO a b'
behind_tcpd /usr/bin/env
like "setenv" "$got" 'KW_FROM=127.0.0.1\\n.*KW_TWO=a b\\n|KW_TWO=a b\\n.*KW_FROM=127.0.0.1\\n'
allow 'sh: ALL: umask 077'
behind_tcpd /bin/sh -c umask
equal "umask" "$got" "'0077\\n'"
allow 'nice: ALL: nice 7'
behind_tcpd /usr/bin/nice
equal "nice" "$got" "'$(($(nice) + 7))\\n'"

allow 'echo: ALL: severity local3.info'
behind_tcpd /bin/echo hello
logs "severity" '<158>.*connect from 127.0.0.1'

mkdir "$WORK/banners"
printf 'welcome %%a\nto %%d\n' >"$WORK/banners/echo"
allow "echo: ALL: banners $WORK/banners"
behind_tcpd /bin/echo hello
equal "banners" "$got" "'welcome 127.0.0.1\\r\\nto echo\\r\\nhello\\n'"

allow "echo: ALL: spawn (echo %a %d > $WORK/spawned)"
behind_tcpd /bin/echo hello
equal "spawn" "$got $(cat "$WORK/spawned")" "'hello\\n' 127.0.0.1 echo"
allow "echo: ALL: spawn readlink /proc/self/fd/0 /proc/self/fd/2 > $WORK/spawned"
behind_tcpd /bin/echo hello
equal "a spawned command has no socket" "$(cat "$WORK/spawned")" $'/dev/null\n/dev/null'
allow "echo: ALL: trap-time 12s: spawn sleep 61"
behind_tcpd /bin/echo hello
like "a spawned command holds nobody for longer than 10 s" "$took" '^1[01][0-9]{3}$'
logs "and is told" 'warning: /etc/hosts.allow, line 1: not waited for any longer after 10 s: sleep 61'
allow "echo: ALL: trap-time 1s: spawn sleep 62"
behind_tcpd /bin/echo hello
like "it is killed when its time is over" "$took" '^[12][0-9]{3}$'
logs "and told" 'warning: /etc/hosts.allow, line 1: killed after 1 s: sleep 62'
allow "echo: ALL: trap-time 1s: spawn sleep 63 &"
behind_tcpd /bin/echo hello
at_most "in the background it holds nobody" "$took" 900
logs "and has the same end" '<27>echo\[[0-9]+\]: warning: /etc/hosts.allow, line 1: killed after 1 s: sleep 63 &'
equal "it is gone" "$(pgrep -cf '^sleep 63')" 0
behind_tcpd /bin/echo hello
equal "a second time it is not run" "$got $(pgrep -cf '^sleep 63')" "'hello\\n' 0"
logs "and that is told" 'line 1: not run for 127.0.0.1, 1 in 60 s is reached \(1 times by now\): sleep 63 &'

allow 'echo: ALL: aclexec test %a = 127.0.0.2'
deny 'ALL: ALL'
behind_tcpd /bin/echo hello
equal "aclexec refuses" "$got" "''"
behind_tcpd --source 127.0.0.2 /bin/echo hello
equal "aclexec accepts" "$got" "'hello\\n'"

allow ''
deny 'echo: ALL: aclexec sleep 60'
behind_tcpd /bin/echo hello
equal "a command that does not end leaves a rule that denies in force" "$got" "''"
at_most "for 10 s at most" "$took" 11500
deny 'ALL: ALL'

allow 'echo: ALL: alow'
: >"$WORK/log"
behind_tcpd /bin/echo hello
equal "a wrong option refuses" "$got" "''"
logs "and is told with its line" '<27>.* echo\[[0-9]+\]: error: /etc/hosts.allow, line 1: unknown option "alow"$'
: >"$WORK/log"
library=$ORIGINAL_DIR
behind_tcpd /bin/echo hello
logs "the original says it in the same form" '<27>.* echo\[[0-9]+\]: error: /etc/hosts.allow, line 1: .*"alow"$'
library=$LIBWRAP_DIR

# Ident: somebody answers at port 113 of the client, or listens and says nothing.
allow 'echo: joe@ALL'
python3 - <<'END' >"$WORK/ident" &
import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.3", 113))
s.listen(5)
q = socket.socket()
q.bind(("127.0.0.4", 113))
q.listen(5)
print("ready", flush=True)
while True:
    c = s.accept()[0]
    ports = c.recv(100).decode().strip()
    c.send((ports + " : USERID : UNIX : joe\r\n").encode())
    c.close()
END
put_away_pids+=($!)
wait_for 5 grep -q ready "$WORK/ident"
behind_tcpd --source 127.0.0.3 /bin/echo hello
equal "the user that ident tells" "$got" "'hello\\n'"
logs "is logged" 'connect from joe@127.0.0.3 \(127.0.0.3\)'
behind_tcpd --source 127.0.0.4 /bin/echo hello
equal "ident that says nothing is no user" "$got" "''"
like "and is waited for 3 s" "$took" '^3[0-9]{3}$'
allow 'echo: ALL: rfc931 1: deny'
behind_tcpd --source 127.0.0.4 /bin/echo hello
like "or as long as the rule says" "$took" '^1[0-9]{3}$'

# What is no connection at all.
allow ''
deny 'echo: unknown'
LD_LIBRARY_PATH=$LIBWRAP_DIR timeout 20 bash -c 'exec -a /bin/echo /usr/sbin/tcpd hello' </dev/null >"$WORK/out" 2>&1
equal "a client that is not known is refused where the rule says so" "$(cat "$WORK/out")" ''
finish
