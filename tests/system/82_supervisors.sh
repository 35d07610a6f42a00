#!/bin/bash
# SPDX-License-Identifier: ISC
#
# tcpd below xinetd and below systemd, with the samples of packaging/tcpd, and its log through a real syslog daemon.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
. "$HERE/debian_program.sh"
need_tools systemd-socket-activate systemd-analyze rsyslogd python3
hosts_up
own_place_up
tcpd=$(dirname "$(realpath "$KNOCKWATCH")")/src/tcpd/tcpd
samples=$ROOT/packaging/tcpd

call() { in_a "$HERE/call_service.py" "$@" 2>/dev/null; }

cat >/usr/sbin/in.fingerd <<'X'
#!/bin/sh
echo "served by ${0##*/} with $*, user $(id -u)"
X
chmod +x /usr/sbin/in.fingerd
sed -i "s/^hosts:.*/hosts: files/" /etc/nsswitch.conf # nobody answers here, which would be logged
echo "in.fingerd: 198.51.100.20 [2001:db8:1::20]" >/etc/hosts.allow
echo "in.fingerd: ALL" >/etc/hosts.deny
served="served by in.fingerd with -w, user 65534"

# --- xinetd ------------------------------------------------------------------------------------------------

if xinetd=$(debian_program xinetd); then
	sed "s,@tcpd@,$tcpd," "$samples/xinetd-finger.in" >"$WORK/xinetd.conf"
	ip netns exec "$B" "$xinetd/usr/sbin/xinetd" -dontfork -f "$WORK/xinetd.conf" -pidfile "$WORK/xinetd.pid" \
		>"$WORK/xinetd" 2>&1 &
	pids+=($!) xinetd=$!
	wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 79
	equal "below xinetd a client is served" "$(call $OURS 79)" "$served"
	logged_soon 'in.fingerd.*connect from'
	like "and logged" "$words" "^<30>in.fingerd\[N\]: connect from 198.51.100.20 \(198.51.100.20\)"
	equal "and another one is not" "$(call --from 198.51.100.21 $OURS 79)" ""
	logged_soon 'refused'
	like "and logged, too" "$words" "^<28>in.fingerd\[N\]: refused connect from 198.51.100.21 \(198.51.100.21\)"
	kill "$xinetd"
	wait "$xinetd" 2>/dev/null
else
	echo "# no xinetd: it could not be downloaded"
fi

# --- openbsd-inetd, with the sample ------------------------------------------------------------------------

if command -v inetd >/dev/null; then
	sed "s,@tcpd@,$tcpd,; s/^#finger/finger/" "$samples/inetd.conf.in" >"$WORK/inetd.conf"
	ip netns exec "$B" inetd -i "$WORK/inetd.conf" >"$WORK/inetd" 2>&1 &
	pids+=($!) inetd=$!
	wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 79
	equal "below inetd a client is served" "$(call $OURS 79)" "$served"
	equal "also by IPv6" "$(call $OURS6 79)" "$served"
	equal "and another one is not served" "$(call --from 198.51.100.21 $OURS 79)" ""
	kill "$inetd"
	wait "$inetd" 2>/dev/null
fi

# --- systemd -----------------------------------------------------------------------------------------------

mkdir "$WORK/units"
cp "$samples/finger.socket" "$WORK/units"
sed "s,@tcpd@,$tcpd," "$samples/finger@.service.in" >"$WORK/units/finger@.service"
code=0
(cd "$WORK/units" && systemd-analyze verify --man=no ./finger.socket ./finger@.service) >"$WORK/out" 2>&1 || code=$?
equal "systemd understands the units" "$code $(cat "$WORK/out")" "0 "
equal "each connection is the same user" "$(grep -c '^User=' "$WORK/units/finger@.service")" 1
# The words of the unit, as its one connection would have them.
read -ra words_of_unit <<<"$(sed -n 's/^ExecStart=//p' "$WORK/units/finger@.service")"
logged >/dev/null
ip netns exec "$B" systemd-socket-activate --accept --inetd -l 0.0.0.0:7005 "${words_of_unit[@]}" \
	>"$WORK/activate" 2>&1 &
pids+=($!)
wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 7005
like "as systemd hands over a connection, it is served" "$(call $OURS 7005)" "served by in.fingerd with -w"
logged_soon 'connect from'
like "and logged under the daemon's name" "$words" "^<30>in.fingerd\[N\]: connect from 198.51.100.20"
equal "and another one is not, nor told a word" "$(call --from 198.51.100.21 $OURS 7005)" ""
logged_soon 'refused'
like "and logged as well" "$words" "^<28>in.fingerd\[N\]: refused connect from 198.51.100.21"

# --- rsyslog -----------------------------------------------------------------------------------------------

kill "$log_pid"
rm -f /dev/log
cat >"$WORK/rsyslog.conf" <<X
module(load="imuxsock" SysSock.Name="/dev/log" SysSock.UsePIDFromSystem="off")
global(workDirectory="$WORK")
template(name="plain" type="string" string="%syslogfacility-text%.%syslogseverity-text% %programname% %syslogtag%%msg%\n")
*.* action(type="omfile" file="$WORK/rsyslog" template="plain")
X
rsyslogd -n -f "$WORK/rsyslog.conf" -i "$WORK/rsyslog.pid" >"$WORK/rsyslogd" 2>&1 &
pids+=($!)
wait_for 10 test -S /dev/log
call $OURS 7005 >/dev/null
call --from 198.51.100.21 $OURS 7005 >/dev/null
wait_for 10 grep -q refused "$WORK/rsyslog"
equal "rsyslog takes the lines apart as those of a daemon" \
	"$(grep fingerd "$WORK/rsyslog" | sed 's/\[[0-9]*\]/[N]/' | sort -u)" \
	"daemon.info in.fingerd in.fingerd[N]: connect from 198.51.100.20 (198.51.100.20)
daemon.warning in.fingerd in.fingerd[N]: refused connect from 198.51.100.21 (198.51.100.21)"
finish
