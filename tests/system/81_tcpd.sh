#!/bin/bash
# SPDX-License-Identifier: ISC
#
# tcpd in front of services of a real inetd: who is let in, what is logged, and what is left behind of whom it refused.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
need_tools inetd python3 pgrep socat
hosts_up
own_place_up
tcpd=$(dirname "$(realpath "$KNOCKWATCH")")/src/tcpd/tcpd

rules() { # ALLOW DENY
	printf '%s\n' "$1" >/etc/hosts.allow
	printf '%s\n' "$2" >/etc/hosts.deny
}
call() { in_a "$HERE/call_service.py" "$@" 2>"$WORK/time"; }
took() { tr -dc 0-9 <"$WORK/time"; }

cat >/usr/sbin/in.kwd <<'X'
#!/bin/sh
echo "served by ${0##*/} with $*, umask $(umask), user $(id -u), $(id -G), for $KW_FOR"
X
cat >/usr/sbin/in.kwudp <<'X'
#!/usr/bin/python3
import socket
s = socket.socket(fileno=0)
said, who = s.recvfrom(100)
s.sendto(b"heard " + said, who)
X
chmod +x /usr/sbin/in.kwd /usr/sbin/in.kwudp
cat >>/etc/services <<'X'
kwpath	7001/tcp
kwname	7002/tcp
kwgone	7003/tcp
kwudp	7004/udp
X
cat >"$WORK/inetd.conf" <<X
kwpath stream tcp nowait.9999 root $tcpd /usr/sbin/in.kwd one two
kwpath stream tcp6 nowait.9999 root $tcpd /usr/sbin/in.kwd six
kwname stream tcp nowait.9999 root $tcpd in.kwd
kwgone stream tcp nowait.9999 root $tcpd /usr/sbin/in.gone
kwudp dgram udp wait root $tcpd in.kwudp
X
rules "" ""
ip netns exec "$B" inetd -i -R 0 "$WORK/inetd.conf" >"$WORK/inetd" 2>&1 &
inetd=$!
pids+=("$inetd")
wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 7001
wait_for 5 sh -c "! pgrep -P $inetd"
logged >/dev/null

# --- who is let in -----------------------------------------------------------------------------------------

served="served by in.kwd with one two, umask 0022, user 0, 0, for "
equal "without rules a client is served" "$(call $OURS 7001)" "$served"
logged_soon 'connect from'
equal "and logged as ever" "$words" "<30>in.kwd[N]: connect from 198.51.100.20 (198.51.100.20)"

like "a name alone is looked for in /usr/sbin" "$(call $OURS 7002)" "^served by in.kwd with , umask"
logged >/dev/null

rules "in.kwd: 198.51.100.20" "ALL: ALL"
equal "who is allowed is served" "$(call $OURS 7001)" "$served"
logged_soon 'connect from'
equal "who is not, gets nothing" "$(call --from 198.51.100.21 $OURS 7001)" ""
at_most "at once, in ms" "$(took)" 500
logged_soon 'refused'
equal "and is logged as ever" "$words" "<28>in.kwd[N]: refused connect from 198.51.100.21 (198.51.100.21)"

rules "in.kwd: [2001:db8:1::20]" "ALL: ALL"
like "IPv6 is allowed" "$(call $OURS6 7001)" "^served by in.kwd with six"
logged_soon 'connect from'
equal "and logged" "$words" "<30>in.kwd[N]: connect from 2001:db8:1::20 (2001:db8:1::20)"
ip -n "$B" addr add ::1.2.3.4/128 dev lo nodad
rules "" ""
call_b() { in_b "$HERE/call_service.py" "$@" 2>"$WORK/time"; }
like "a client with IPv4 at the end of its address is served" "$(call_b --from ::1.2.3.4 ::1 7001)" "^served by in.kwd with six"
logged_soon 'connect from'
equal "and its address written as ever" "$words" "<30>in.kwd[N]: connect from ::1.2.3.4 (::1.2.3.4)"
rules "" "ALL: [2001:db8:1::]/48"
equal "IPv6 is refused" "$(call $OURS6 7001)" ""
logged_soon 'refused'
equal "and logged, too" "$words" "<28>in.kwd[N]: refused connect from 2001:db8:1::20 (2001:db8:1::20)"

rules "" ""
equal "a daemon that is not there closes the connection" "$(call $OURS 7003)" ""
at_most "at once, too, in ms" "$(took)" 500
logged_soon 'cannot execute'
equal "and is told" "$words" "<30>in.gone[N]: connect from 198.51.100.20 (198.51.100.20)
<27>in.gone[N]: error: cannot execute /usr/sbin/in.gone: No such file or directory"

# --- datagrams ---------------------------------------------------------------------------------------------

rules "in.kwudp: 198.51.100.20" "ALL: ALL"
equal "a datagram reaches its service" "$(call --udp --send hello $OURS 7004)" "heard hello"
logged_soon 'connect from'
equal "and its sender is logged" "$words" "<30>in.kwudp[N]: connect from 198.51.100.20 (198.51.100.20)"
like "a refused one is not answered" "$(call --udp --seconds 1 --from 198.51.100.21 $OURS 7004)" "nothing more"
logged_soon 'refused'
equal "it is taken away, and logged once" "$words" \
	"<28>in.kwudp[N]: refused connect from 198.51.100.21 (198.51.100.21)"
equal "the next one is served" "$(call --udp --send again $OURS 7004)" "heard again"
logged_soon 'connect from'

hand_over() { # right|wrong TCPD
	rm -f "$WORK/started"
	in_b "$HERE/hand_over_datagram.py" "$1" "$2" /usr/sbin/in.kwmark "$WORK/started" 2>&1
	[ ! -e "$WORK/started" ] || echo "and it was started"
}
cat >/usr/sbin/in.kwmark <<'X'
#!/bin/sh
: >"$1"
X
chmod +x /usr/sbin/in.kwmark
logged >/dev/null
rules "" ""
equal "a service is started for a datagram, which stays" "$(hand_over right "$tcpd")" "0, one waits
and it was started"
logged_soon 'connect from'
like "whoever reads the log knows the time" "$(tail -n 1 "$log")" "^<30>in.kwmark\[[0-9]*\]: connect from"
rules "" "in.kwmark: 127.0.0.0/8"
equal "not for one from whom the rules refuse" "$(hand_over right "$tcpd")" "0, nothing waits"
logged_soon 'refused'
equal "nor for one that the kernel throws away" "$(hand_over wrong "$tcpd")" "0, nothing waits"
logged_soon 'no datagram'
equal "and that is told, quietly" "$words" "<30>in.kwmark[N]: no datagram waits: not started"
rules "" ""
equal "nobody can be judged by it, whatever the rules are" "$(hand_over wrong "$tcpd")" "0, nothing waits"
logged_soon 'no datagram'

# What the small program leaves to the whole one is told by that one alone.
logged >/dev/null
rules "" "no rule
ALL: ALL: setenv KW x: allow"
equal "a connection that the whole program decides is served" "$(hand_over right "$tcpd")" "0, one waits
and it was started"
logged_soon 'connect from'
equal "and a table's fault is told once" "$(grep -c 'missing ":"' <<<"$words")" 1
rules "" ""
mv /dev/log /dev/log.datagrams
socat -u UNIX-LISTEN:/dev/log,fork "OPEN:$WORK/stream,creat,append" 2>/dev/null &
pids+=($!)
wait_for 5 test -S /dev/log
hand_over right "$tcpd" >/dev/null
wait_for 5 grep -qa 'connect from' "$WORK/stream"
like "a log that is a stream hears it, too" "$(tr '\0' '\n' <"$WORK/stream")" "^<30>in.kwmark\[[0-9]*\]: connect from [0-9.]* "
kill "${pids[-1]}"
mv /dev/log.datagrams /dev/log

# Nothing that is closed for a fault may be asked again about the same datagram.
mkdir "$WORK/alone"
cp "$tcpd" "$WORK/alone"
whole=$(grep -aom1 '/[a-zA-Z/]*/tcpd-whole' "$tcpd")
[ ! -e "$whole" ] || mount -t tmpfs kw-test "$(dirname "$whole")"
rules "" "ALL: ALL: setenv KW x"
equal "the small program alone closes what it cannot decide" "$(hand_over right "$WORK/alone/tcpd")" "0, nothing waits"
logged_soon 'cannot execute'
like "and tells why" "$words" "^<27>in.kwmark\[N\]: error: cannot execute .*tcpd-whole: No such file"
rules "" ""
equal "a daemon that is not there is not asked for again" \
	"$(in_b "$HERE/hand_over_datagram.py" right "$tcpd" in.gone 2>&1)" "0, nothing waits"
long=/$(printf '%04095d' 0)
equal "nor one that cannot be there" "$(in_b "$HERE/hand_over_datagram.py" right "$tcpd" "$long" 2>&1)" "0, nothing waits"
logged_soon 'too long'
too_long="File name too long"
! ldd "$tcpd" 2>&1 | grep -q "statically linked" || too_long="Filename too long" # musl's words
like "and that is told, too" "$words" "error: cannot execute /00*: $too_long"
like "each under the daemon's name" "$words" "<27>in.gone\[N\]: error: cannot execute /usr/sbin/in.gone: No such file"
equal "nor is who was called without a name" "$(in_b "$HERE/hand_over_datagram.py" right "$tcpd" 2>&1)" "1, nothing waits"

# --- IP options --------------------------------------------------------------------------------------------

in_b sysctl -q -w net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.kwb.accept_source_route=1
rules "" ""
logged >/dev/null
like "a connection that records its route is served" "$(call --ip-options 07070400000000 $OURS 7001)" "^served by"
logged_soon 'connect from .*\('
like "and the options are logged" "$words" "<29>in.kwd\[N\]: connect from 198.51.100.20 with IP options \(ignored\): 07 "
# Somebody behind the other host, who names it as the way to us: 83, length 7, pointer 4, one hop.
C=kw-$$-c
ip netns add "$C" && namespaces+=("$C")
ip link add kwc netns "$C" type veth peer name kwr netns "$A"
ip -n "$C" addr add 198.51.101.9/24 dev kwc && ip -n "$C" link set kwc up
ip -n "$A" addr add 198.51.101.1/24 dev kwr && ip -n "$A" link set kwr up
ip -n "$C" route add default via 198.51.101.1
ip -n "$B" route add 198.51.101.0/24 via 198.51.100.20
in_a sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.accept_source_route=1 \
	net.ipv4.conf.kwr.accept_source_route=1 net.ipv4.conf.kwa.accept_source_route=1
ip netns exec "$C" sysctl -q -w net.ipv4.conf.all.accept_source_route=1 net.ipv4.conf.kwc.accept_source_route=1
call_from_c() { ip netns exec "$C" "$HERE/call_service.py" "$@" 2>"$WORK/time"; }
like "a client behind another host is served" "$(call_from_c $OURS 7001)" "^served by"
logged_soon 'connect from'
route=830704$(printf '%02x' 198 51 101 1)01
equal "a client that tells the route is refused" "$(call_from_c --ip-options "$route" $OURS 7001)" ""
logged_soon 'refused'
equal "and that is logged, nothing else" "$words" \
	"<28>in.kwd[N]: refused connect from 198.51.101.9 with IP source routing options"

# --- options: what the small program does not do by itself ---------------------------------------------------

rules "in.kwd: ALL: user nobody: setenv KW_FOR %a" ""
equal "user and setenv are done" "$(call $OURS 7001)" \
	"served by in.kwd with one two, umask 0022, user 65534, 65534, for 198.51.100.20"
rules "in.kwd: ALL: umask 077: severity auth.notice" ""
like "umask is done" "$(call $OURS 7001)" "umask 0077"
logged_soon '<37>'
like "and severity" "$words" "^<37>in.kwd\[N\]: connect from"
rules "" "in.kwd: ALL: twist echo go away %a"
equal "twist answers" "$(call $OURS 7001)" "go away 198.51.100.20"
logged_soon 'twist'
like "and is logged" "$words" "<28>in.kwd\[N\]: twist 198.51.100.20 to echo go away 198.51.100.20"
rules "" "in.kwd: ALL: spawn echo %a >>$WORK/spawned"
equal "who is refused by a rule that spawns gets nothing" "$(call $OURS 7001)" ""
equal "and the command runs once" "$(cat "$WORK/spawned")" "198.51.100.20"
rules "in.kwd: ALL: aclexec echo x >>$WORK/asked; false" "in.kwd: ALL"
equal "aclexec that fails refuses" "$(call $OURS 7001)" ""
equal "and runs once" "$(cat "$WORK/asked")" "x"
mkdir "$WORK/banners"
echo "not you, %a" >"$WORK/banners/in.kwd"
rules "" "in.kwd: ALL: banners $WORK/banners"
equal "a banner is sent" "$(call $OURS 7001 | od -c | head -2)" "$(printf 'not you, 198.51.100.20\r\n' | od -c | head -2)"
rules "in.kwd: ALL: user kw-nobody" ""
logged >/dev/null
equal "a user that is not known refuses" "$(call $OURS 7001)" ""
logged_soon 'refused'
like "and that is told" "$words" "<27>in.kwd\[N\]: error: /etc/hosts.allow, line 1: unknown user: \"kw-nobody\""
rules "in.kwd: @kwgroup" "ALL: ALL"
equal "a netgroup that nobody is in refuses" "$(call $OURS 7001)" ""
rules "in.kwd: client.example" "ALL: ALL"
echo "198.51.100.20 client.example" >>/etc/hosts
like "a name of /etc/hosts is known" "$(call $OURS 7001)" "^served by"
logged_soon 'connect from client'
like "and told" "$words" "connect from client.example \(198.51.100.20\)"
sed -i 's/^hosts:.*/hosts: kwdb files/' /etc/nsswitch.conf
like "and where the C library has to be asked" "$(call $OURS 7001)" "^served by"
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf

# --- what is not certain is shut --------------------------------------------------------------------------------

echo 'nameserver 198.51.100.99' >"$WORK/resolv.conf" # nobody is there
mount --bind "$WORK/resolv.conf" /etc/resolv.conf || cp "$WORK/resolv.conf" /etc/resolv.conf
sed -i 's/^hosts:.*/hosts: files dns/' /etc/nsswitch.conf
rules "" "in.kwd: .bad.example"
logged >/dev/null
equal "a rule by name refuses while no name server answers" "$(call --from 198.51.100.21 $OURS 7001)" ""
logged_soon 'refused'
like "and that is told" "$words" "warning: /etc/hosts.deny, line 1: denied while a name is not known: can't look up the name of 198.51.100.21"
like "whom /etc/hosts names is served" "$(call $OURS 7001)" "^served by"
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
like "and who has no name" "$(call --from 198.51.100.21 $OURS 7001)" "^served by"

printf '# knockwatch: strict\nin.kwd: 198.51.100.20\nin.kwd: 198.51.100.21/24\nin.kwudp: ALL\n' >/etc/hosts.allow
: >/etc/hosts.deny
like "in a strict table what stands before a broken rule holds" "$(call $OURS 7001)" "^served by"
logged >/dev/null
equal "who comes to it is refused" "$(call --from 198.51.100.21 $OURS 7001)" ""
logged_soon 'refused'
like "and that is told" "$words" 'warning: /etc/hosts.allow, line 3: denied, for the table is strict and this rule is broken: "198.51.100.21/24": bits are set behind the mask; write 198.51.100.0/24'
printf '# knockwatch: strict\nin.kwd: 2001:db8:1::/48\n' >/etc/hosts.deny
: >/etc/hosts.allow
equal "IPv6 needs no brackets" "$(call $OURS6 7001)" ""
rules "" ""
logged >/dev/null

# --- what is left of the refused ---------------------------------------------------------------------------

rules "" "ALL: ALL"
# shellcheck disable=SC2317 # wait_for calls it
nobody_left() { ! pgrep -P "$inetd"; }
wait_for 5 nobody_left
logged >/dev/null
equal "200 calls at once get nothing" "$(call --times 200 $OURS 7001)" 200
at_most "within so many ms" "$(took)" 10000
wait_for 1 nobody_left
equal "and leave no process" "$(pgrep -c -P "$inetd")" 0
wait_for 5 sh -c "[ \$(tail -n +$((logged_lines + 1)) '$log' | grep -c refused) = 200 ]"
equal "each was logged" "$(logged | grep -c refused)" 200

ends_with "without a socket nothing is executed" 0 bash -c "exec -a /usr/sbin/in.kwd '$tcpd'"
equal "and nothing said" "$(cat "$WORK/out")" ""
# It waits at a pipe that is full, and can be looked at.
mkfifo "$WORK/full"
exec {full}<>"$WORK/full"
dd if=/dev/zero of="$WORK/full" bs=4096 count=4096 oflag=nonblock 2>"$WORK/dd"
"$tcpd" --help </dev/null >"$WORK/full" &
pids+=($!)
kept_shut() { [ "$(grep -c 'r--p .*/tcpd$' "/proc/$1/maps")" = 3 ]; } # headers, constants, and what was moved
if readelf -l "$tcpd" | grep -q INTERP; then
	ok "what was moved is shut by the loader"
else
	wait_for 2 kept_shut $!
	equal "what was moved in memory is shut afterwards" "$(kept_shut $! && echo shut)" shut
fi
exec {full}>&-
ends_with "who types --help" 0 "$tcpd" --help
like "is told how it is called" "$(cat "$WORK/out")" "^usage: tcpd daemon"
ends_with "without a name nothing is done" 1 "$tcpd"
finish
