#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What our tcpd and our libwrap decide is told to a running watch: once each, with the rule, its place, its options, the client
# and the process; and nothing of it holds a connection up, whatever becomes of the watch.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
need_tools inetd socat python3 jq pgrep
# shellcheck source=tests/system/debian_program.sh
. "$HERE/debian_program.sh"
debian_servers vsftpd
build=$(dirname "$(realpath "$KNOCKWATCH")")
tcpd=$build/src/tcpd/tcpd
hosts_up
own_place_up
debian_users /etc/passwd >"$WORK/passwd" && cat "$WORK/passwd" >/etc/passwd

# A /run/knockwatch of its own, and a queue as systemd gives it to every host.
[ -d /run/knockwatch ] || made+=(/run/knockwatch)
mkdir -p /run/knockwatch
mount -t tmpfs -o mode=0755 kw-test /run/knockwatch
mounts+=(/run/knockwatch)
in_b sysctl -q -w net.unix.max_dgram_qlen=512

mkdir "$WORK/lib"
cp -L "$build/src/libwrap/libwrap.so.0" "$WORK/lib/"
cat >/etc/hosts.allow <<'X'
# friends
in.kwd, kwsock, vsftpd: 198.51.100.20: severity auth.info
in.kwuser: 198.51.100.20: user nobody
in.kwd: joe@198.51.100.22: allow
X
cat >/etc/hosts.deny <<'X'
in.kwgone: ALL: twist echo go away
in.kwd: \
  198.51.100.0/255.255.255.0
in.kwname: .example.org
ALL: ALL: severity auth.notice
X
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >/etc/resolv.conf # where nobody listens
cat >/usr/sbin/in.kwd <<'X'
#!/bin/sh
echo served
X
chmod +x /usr/sbin/in.kwd
for name in kwuser kwgone kwnone kwname; do
	cp /usr/sbin/in.kwd "/usr/sbin/in.$name"
done
cp /usr/sbin/in.kwd /usr/sbin/ftpd
cat >>/etc/services <<'X'
kwpath	7001/tcp
kwuser	7002/tcp
kwgone	7003/tcp
kwnone	7004/tcp
kwftp	7005/tcp
kwname	7006/tcp
X
cat >"$WORK/inetd.conf" <<X
kwpath stream tcp nowait.9999 root $tcpd in.kwd
kwuser stream tcp nowait.9999 root $tcpd in.kwuser
kwgone stream tcp nowait.9999 root $tcpd in.kwgone
kwnone stream tcp nowait.9999 root $tcpd in.kwnone
kwftp stream tcp nowait.9999 root $tcpd ftpd
kwname stream tcp nowait.9999 root $tcpd in.kwname
X
cat >"$WORK/vsftpd.conf" <<'X'
listen=YES
listen_port=7102
tcp_wrappers=YES
background=NO
ftpd_banner=KW
seccomp_sandbox=YES
X
mkdir -p /run/knockwatch/empty
echo "secure_chroot_dir=/run/knockwatch/empty" >>"$WORK/vsftpd.conf"
in_b inetd -i -R 0 "$WORK/inetd.conf" >"$WORK/inetd" 2>&1 &
pids+=($!)
with_ours() { ip netns exec "$B" env LD_LIBRARY_PATH="$WORK/lib" "$@" >>"$WORK/daemons" 2>&1 </dev/null & }
with_ours socat TCP4-LISTEN:7101,fork,reuseaddr,tcpwrap=kwsock SYSTEM:'echo served'
pids+=($!)
with_ours vsftpd "$WORK/vsftpd.conf"
pids+=($!)
# Somebody who says who its users are (RFC 1413).
in_a python3 - <<'X' &
import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("198.51.100.22", 113))
s.listen()
while True:
    c, _ = s.accept()
    asked = c.recv(100).decode().strip()
    c.send(f"{asked} : USERID : UNIX : joe\r\n".encode())
    c.close()
X
pids+=($!)
for port in 7001 7101 7102; do
	wait_for 10 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" "$port" || not_ok "port $port is served" "$(cat "$WORK/inetd" "$WORK/daemons")" "yes"
done

call() { in_a "$HERE/call_service.py" "$@" 2>"$WORK/time"; }
took() { tr -dc 0-9 <"$WORK/time"; }
told() { plain watch && jq -c 'select(.event_type == "access")' "$WORK/watch.json"; }
many_told() { [ "$(told | wc -l)" -ge "$1" ]; }
# The decisions on a source: what of each, a line each, in order.
of() { # SOURCE FIELDS
	told | jq -r "select(.src_ip == \"$1\") | $2"
}

# --- without a watch ---------------------------------------------------------------------------------------

equal "without a watch a client is served" "$(call $OURS 7001)" served
equal "and a stranger is not" "$(call --from 198.51.100.21 $OURS 7001)" ""
like "decisions take no time there" "$(in_b python3 "$HERE/decide.py" "$WORK/lib/libwrap.so.0" 500 in.kwd 198.51.100.20)" \
	'^500 [0-9]{1,3} [0-9]{1,4}$'
equal "and leave nothing" "$(ls /run/knockwatch)" empty

# --- each decision is told, once ---------------------------------------------------------------------------

watch_start watch --interface kwb --home 203.0.113.0/24 --log "$log" --wrappers on --knocks
sensor_pid=$(pgrep -f -P "$watch_pid" "knockwatchd sensor")
like "the watch says where it is told" "$(cat "$WORK/watch.err")" 'wrappers tell .* at /run/knockwatch/sensor$'
equal "everybody may tell it something, root by a way of its own" \
	"$(stat -c '%a %F' /run/knockwatch/sensor /run/knockwatch/sensor/{access,root}.sock | tr '\n' ' ')" \
	"755 directory 666 socket 600 socket "

equal "a client is served" "$(call $OURS 7001)" served
equal "a stranger is not" "$(call --from 198.51.100.21 $OURS 7001)" ""
equal "nor where the last rule says so" "$(call --from 198.51.100.21 $OURS 7004)" ""
equal "a user of a host is" "$(call --from 198.51.100.22 $OURS 7001)" served
equal "rights are given up" "$(call $OURS 7002)" served
equal "somebody is told to go" "$(call --from 198.51.100.21 $OURS 7003)" "go away"
like "socat serves" "$(call $OURS 7101)" served
equal "and does not" "$(call --from 198.51.100.21 $OURS 7101)" ""
like "vsftpd serves" "$(call --send 'QUIT\r\n' $OURS 7102)" "220 KW"
like "and does not" "$(call --from 198.51.100.21 --send 'QUIT\r\n' $OURS 7102)" "421"
wait_for 10 many_told 10
wait_for 5 grep -q 'refused connect from 198.51.100.21' "$log"
in_b "$KNOCKWATCH" access test in.kwd 198.51.100.21 >"$WORK/test" 2>&1
in_b env LD_LIBRARY_PATH="$WORK/lib" tcpdmatch -i "$WORK/inetd.conf" in.kwd 198.51.100.21 >"$WORK/match" 2>&1
like "a question is no decision: access test has answered" "$(cat "$WORK/test")" "DENIED"
like "a question is no decision: tcpdmatch has answered" "$(cat "$WORK/match")" "denied"
like "the last lines are logged, too" "$(in_a "$HERE/call_service.py" --from 198.51.100.25 $OURS 7004 2>&1; wait_for 5 grep -q 198.51.100.25 "$log" && echo yes)" yes
wait_for 10 many_told 11

equal "eleven decisions are told eleven times" "$(told | wc -l)" 11
equal "each by the wrapper itself" "$(told | jq -r .origin | sort -u)" wrapper
equal "a grant has its rule and place" \
	"$(of 198.51.100.20 'select(.access.service == "in.kwd") | [.access.decision, .access.reason, .access.file, .access.line, .access.rule, .access.options, .access.client, .dest_ip, .dest_port] | join("|")')" \
	"granted|rule|/etc/hosts.allow|2|in.kwd, kwsock, vsftpd: 198.51.100.20: severity auth.info|severity auth.info|198.51.100.20|203.0.113.5|7001"
equal "a refusal, of a rule on two lines, too" \
	"$(of 198.51.100.21 'select(.access.service == "in.kwd") | [.access.decision, .access.file, .access.line, .access.rule] | join("|")' | tr -s ' ')" \
	"refused|/etc/hosts.deny|3|in.kwd: 198.51.100.0/255.255.255.0"
equal "a user is told" "$(of 198.51.100.22 '[.access.user, .access.client, .access.rule, .access.options] | join("|")')" \
	"joe|joe@198.51.100.22|in.kwd: joe@198.51.100.22: allow|allow"
equal "who gives up rights tells it before" "$(of 198.51.100.20 'select(.access.service == "in.kwuser") | [.access.decision, .access.uid, .access.vouched] | map(tostring) | join(" ")')" \
	"granted 0 null"
equal "so does who becomes another program" "$(of 198.51.100.21 'select(.access.service == "in.kwgone") | [.access.decision, .access.options] | join("|")')" \
	"refused|twist echo go away"
equal "programs that link the library tell it" \
	"$(told | jq -r 'select(.access.service == ("kwsock", "vsftpd")) | [.access.service, .access.decision, .access.line, .access.options] | join(" ")' | sort | tr '\n' ',')" \
	"kwsock granted 2 severity auth.info,kwsock refused 5 severity auth.notice,vsftpd granted 2 severity auth.info,vsftpd refused 5 severity auth.notice,"
logged_pid=$(sed -n 's/.*in\.kwnone\[\([0-9]*\)\]: refused connect from 198.51.100.21 .*/\1/p' "$log")
equal "the process is the one that logged" "$(of 198.51.100.21 'select(.access.service == "in.kwnone") | .access.pid')" "$logged_pid"
equal "the port is the client's" "$(told | jq -r 'select(.src_port == null) | .src_ip')" ""

# shellcheck disable=SC2317 # wait_for calls it
name_told() { [ "$(of 198.51.100.26 .access.service)" = in.kwname ]; }
equal "while no name server answers a rule by name keeps its door shut" "$(call --from 198.51.100.26 --seconds 15 $OURS 7006)" ""
wait_for 10 name_told
equal "which is told" "$(of 198.51.100.26 '[.access.decision, .access.reason, .access.line] | map(tostring) | join(" ")')" \
	"refused name-unanswered 4"

# --- nobody but root is believed ---------------------------------------------------------------------------

equal "anybody may say something" "$(python3 "$HERE/forge_access.py" 65534 20 sshd 198.51.100.40)" 20
# shellcheck disable=SC2317 # wait_for calls it
forged_told() { [ "$(of 198.51.100.40 .access.uid | wc -l)" = 20 ]; }
wait_for 10 forged_told
equal "it is kept with who said it" "$(of 198.51.100.40 '[.access.uid, .access.vouched, .access.pid > 1] | map(tostring) | join(" ")' | sort | uniq -c | sed 's/^ *//')" \
	"20 65534 false true"
equal "what is none is not told" "$(python3 "$HERE/forge_access.py" 65534 5 sshd 198.51.100.41 odd)" 5
in_b python3 "$HERE/forge_access.py" 65534 400 sshd 198.51.100.40 >"$WORK/flood" 2>&1
kept() { zstdcat -qf "$WORK"/watch.state/journal/*.jsonl*; }
# shellcheck disable=SC2317 # wait_for calls it
health_told() { kept | grep -q '"what":"wrappers"'; }
wait_for 10 health_told
like "a flood is held back, and said" "$(kept | grep '"event_type":"health"')" '"now":"held-back uid 65534"'
at_most "it takes no more room than it may" "$(of 198.51.100.40 .src_ip | wc -l)" 300

# --- a scanner of wrapped services -------------------------------------------------------------------------

for port in 7001 7003 7004 7005 7101 7102; do
	call --from 198.51.100.23 $OURS "$port" >/dev/null
done

# --- a storm ------------------------------------------------------------------------------------------------

# shellcheck disable=SC2317 # wait_for calls it
storm_told() { [ "$(of 198.51.100.24 .src_ip | wc -l)" -ge "$1" ]; }
equal "500 at once get nothing" "$(call --times 500 --from 198.51.100.24 $OURS 7001)" 500
wait_for 30 storm_told 500
equal "each of 500 is told, once" "$(of 198.51.100.24 .access.pid | sort -u | wc -l) $(of 198.51.100.24 .src_ip | wc -l)" "500 500"

# --- somebody who fills the queue ---------------------------------------------------------------------------

kill -STOP "$sensor_pid"
filled=$(python3 "$HERE/forge_access.py" 65534 0 sshd 198.51.100.40)
equal "a client is served while the queue of all is full" "$(call --from 198.51.100.22 $OURS 7001)" served
equal "and another one is not" "$(call --from 198.51.100.30 $OURS 7004)" ""
kill -CONT "$sensor_pid"
# shellcheck disable=SC2317 # wait_for calls it
past_told() { [ "$(of 198.51.100.30 .access.line)" = 5 ]; }
wait_for 10 past_told
equal "root's word comes past it" "$(of 198.51.100.30 '[.access.decision, .origin, .access.line] | map(tostring) | join(" ")')" \
	"refused wrapper 5"
equal "of both" "$(of 198.51.100.22 .access.decision | tr '\n' ' ')" "granted granted "

# --- a watch that does not listen ---------------------------------------------------------------------------

kill -STOP "$sensor_pid"
read -r granted longest mean <<<"$(in_b python3 "$HERE/decide.py" "$WORK/lib/libwrap.so.0" 2000 in.kwd 198.51.100.26)"
echo "# with a full queue: $mean us a decision, the longest $longest ms"
equal "a full queue changes no decision" "$granted" 0
at_most "and delays none, in ms" "$longest" 200
equal "nor one of tcpd" "$(call $OURS 7001)" served
at_most "in ms" "$(took)" 1000
like "nor of socat" "$(call $OURS 7101)" served
at_most "in ms" "$(took)" 1000
kill -CONT "$sensor_pid"
# A process that stays tells with the next one how many found no room.
read -r stays_asked stays_first <<<"$(in_b python3 - "$WORK/lib/libwrap.so.0" "$sensor_pid" <<'X'
import ctypes, os, select, signal, socket, sys, time
lib, sensor = ctypes.CDLL(sys.argv[1]), int(sys.argv[2])
to_daemon = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
to_daemon.connect("/run/knockwatch/sensor/root.sock")
def ask(n):
    for _ in range(n):
        lib.hosts_ctl(b"in.kwd", b"unknown", b"198.51.100.27", b"unknown")
def has_room():
    return bool(select.select([], [to_daemon], [], 10)[1])
os.kill(sensor, signal.SIGSTOP)
while open(f"/proc/{sensor}/stat").read().rsplit(")", 1)[1].split()[0] != "T":
    time.sleep(0.01)
ask(1000)
os.kill(sensor, signal.SIGCONT)
has_room()
ask(1)
print(1001, 1000)
X
)"
wait_for 10 grep -q '"src_ip":"198.51.100.27"' "$WORK/watch.out"
watch_stop watch
told_27=$(of 198.51.100.27 .src_ip | wc -l)
lost=$(jq -r 'select(.event_type == "stats") | .stats.lost.wrappers // 0' "$WORK/watch.json" | tail -1)
missed=$((lost - 420 - filled + $(of 198.51.100.40 .src_ip | wc -l))) # the rest was held back
equal "some of $stays_first found no room" "$([ "$told_27" -lt "$stays_first" ] && [ "$told_27" -gt 0 ] && echo yes)" yes
equal "each of them is told or counted" "$((told_27 + missed))" "$stays_asked"

# --- what is made of it --------------------------------------------------------------------------------------

story() { # SOURCE FIELD
	jq -r "select(.event_type == \"incident\" and .src_ip == \"$1\") | .incident.$2" "$WORK/watch.json" | tail -1
}
equal "who tries doors is a scanner" "$(story 198.51.100.23 class)" scan
equal "above level 0" "$([ "$(story 198.51.100.23 level)" -gt 0 ] && echo yes)" yes
equal "its refusals are in its story" "$(story 198.51.100.23 refused)" 6
like "and where" "$(story 198.51.100.23 refused_at)" '^in.kwd, in.kwgone, in.kwnone, ftpd and more'
like "and by which rule, of the last" "$(story 198.51.100.23 refused_by)" 'line 5 of /etc/hosts.deny'
like "who knows it" "$("$KNOCKWATCH" who --state "$WORK/watch.state" 198.51.100.23 2>&1)" '1 incident'
equal "incidents lists it, with its refusals" \
	"$("$KNOCKWATCH" incidents --state "$WORK/watch.state" --json 2>&1 | jq -r 'select(.src_ip == "198.51.100.23") | .incident.refused')" 6
equal "nobody can be blamed by a user of this host" "$(story 198.51.100.40 kind)" ""
ends_with "all of it is as the schema says" 0 sh -c "python3 '$HERE/schema_check.py' event <'$WORK/watch.json'"
kept >"$WORK/kept.json"
ends_with "so is the journal" 0 sh -c "python3 '$HERE/schema_check.py' event <'$WORK/kept.json'"

# --- a chroot, and a watch that is gone ----------------------------------------------------------------------

mkdir -p "$WORK/jail/etc"
watch_start second --interface kwb --home 203.0.113.0/24 --wrappers on --knocks
like "a socket that was left is taken over" "$(cat "$WORK/second.err")" 'wrappers tell'
like "in a chroot nobody is told" "$(in_b python3 "$HERE/decide.py" "$WORK/lib/libwrap.so.0" 3 in.kwd 198.51.100.28 "$WORK/jail")" '^3 '
ends_with "a second watch leaves it to the first" 0 "${enter[@]}" "$KNOCKWATCH" watch --no-store --for 1 --exec off --wrappers auto \
	--log "$log"
like "and says so" "$(cat "$WORK/err")" 'do not tell .*another watch listens there'
ends_with "one that insists does not start" 5 "${enter[@]}" "$KNOCKWATCH" watch --no-store --for 1 --exec off --wrappers on --log "$log"
like "doctor says who listens" "$("${enter[@]}" "$KNOCKWATCH" doctor --config "$CONFIG" 2>&1 | tr -s ' \n' '  ')" 'decisions a watch is told what our tcpd and libwrap decide'
watch_stop second
unlike "of the chroot nothing came" "$(cat "$WORK/second.json")" '198\.51\.100\.28'

# As a service the sensor never was root; its directory is its own.
rm -rf /run/knockwatch/sensor
install -d -o daemon -m 755 /run/knockwatch/sensor
cp -L "$KNOCKWATCH" "$WORK/knockwatch"
in_b setpriv --reuid daemon --regid daemon --clear-groups "$WORK/knockwatch" watch --config "$CONFIG" --no-store --exec off \
	--log "$log" --wrappers on --json --knocks >"$WORK/service.out" 2>"$WORK/service.err" &
service_pid=$!
pids+=("$service_pid")
wait_for 10 grep -q 'wrappers tell' "$WORK/service.err"
equal "the socket is there for all" "$(stat -c '%U %a' /run/knockwatch/sensor/access.sock)" "daemon 666"
call --from 198.51.100.29 $OURS 7004 >/dev/null
# shellcheck disable=SC2317 # wait_for calls it
service_told() { grep -q '"origin":"wrapper".*"line":5' "$WORK/service.out"; }
wait_for 10 service_told
like "a watch that never was root is told as well" "$(cat "$WORK/service.out")" '"src_ip":"198.51.100.29".*"line":5.*"uid":0'
kill -TERM "$service_pid"
wait "$service_pid"

equal "after the end of the watch a client is served" "$(call $OURS 7001)" served
like "decisions take no time, either" "$(in_b python3 "$HERE/decide.py" "$WORK/lib/libwrap.so.0" 500 in.kwd 198.51.100.20)" \
	'^500 [0-9]{1,3} [0-9]{1,4}$'
finish
