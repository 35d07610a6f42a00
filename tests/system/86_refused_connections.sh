#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What Debian's tcpd decides behind inetd, logged through a real rsyslog into a file that a watch follows: each decision
# becomes an event, is kept in the journal, and is a part of its source's story.
. "$(dirname "$0")/lib.sh"
need_root "it binds ports and mounts"
need_tools inetd tcpd rsyslogd python3 jq
if [ ! -e /etc/hosts.allow ] || [ ! -e /etc/hosts.deny ]; then
	echo "skipped: $(basename "$0") needs /etc/hosts.allow and /etc/hosts.deny"
	exit 77
fi
hosts_up

LOG=$WORK/auth.log
STATE=$WORK/watch.state
: >"$LOG"
chmod 644 "$LOG"

cat >"$WORK/rsyslog.conf" <<-EOR
	global(workDirectory="$WORK" localHostname="gate")
	module(load="imuxsock")
	\$RepeatedMsgReduction off
	*.* action(type="omfile" file="$LOG" template="RSYSLOG_FileFormat")
EOR
printf 'ALL: 198.51.100.23\n' >"$WORK/hosts.allow"
printf '# strangers\nin.telnetd: 198.51.100.0/24\nALL: ALL\n' >"$WORK/hosts.deny"
for port in 21:in.ftpd 23:in.telnetd 79:in.fingerd 143:imapd 110:ipop3d 513:in.rlogind 7777:mydaemon; do
	echo "${port%%:*} stream tcp nowait root /usr/sbin/tcpd $WORK/${port##*:}"
	printf '#!/bin/sh\necho welcome\n' >"$WORK/${port##*:}"
	chmod 755 "$WORK/${port##*:}"
done >"$WORK/inetd.conf"

# A place of its own: with its own /dev/log, and its own tables.
cat >"$WORK/place.sh" <<-EOP
	set -e
	mount --make-rprivate /
	mount -t tmpfs tmpfs /dev
	for node in null:3 zero:5 random:8 urandom:9; do
		mknod -m 666 "/dev/\${node%%:*}" c 1 "\${node##*:}"
	done
	mount --bind "$WORK/hosts.allow" /etc/hosts.allow
	mount --bind "$WORK/hosts.deny" /etc/hosts.deny
	rsyslogd -n -f "$WORK/rsyslog.conf" -i "$WORK/rsyslog.pid" &
	while [ ! -S /dev/log ]; do sleep 0.05; done
	exec inetd -i "$WORK/inetd.conf"
EOP
in_b unshare -m bash "$WORK/place.sh" >"$WORK/place.log" 2>&1 &
pids+=($!)

# Each connection as SOURCE:PORT, all at once, for tcpd keeps whom it refuses for five seconds; prints what each was
# told, in the same order.
call() {
	in_a timeout 120 python3 - "$OURS" "$@" <<-'EOC'
		import socket, sys, threading
		def call(at, source, port):
		    s = socket.socket()
		    s.settimeout(60)
		    s.bind((source, 0))
		    try:
		        s.connect((sys.argv[1], int(port)))
		        told[at] = s.recv(64).decode().strip() or "nothing"
		    except OSError as e:
		        told[at] = str(e)
		told = [None] * (len(sys.argv) - 2)
		threads = [threading.Thread(target=call, args=(i, *where.split(":"))) for i, where in enumerate(sys.argv[2:])]
		for t in threads:
		    t.start()
		for t in threads:
		    t.join()
		print(*told)
	EOC
}

# shellcheck disable=SC2317 # wait_for calls it
is_served() { [ "$(call 198.51.100.23:23)" = welcome ]; }
wait_for 60 is_served || not_ok "inetd and tcpd are there" "$(cat "$WORK/place.log")" "a welcome"
wait_for 20 grep -q 'connect from' "$LOG"
like "tcpd logs what it decides" "$(cat "$LOG")" 'in\.telnetd\[[0-9]+\]: connect from 198\.51\.100\.23'

watch_start watch --home 203.0.113.0/24 --log "$LOG" --knocks

refused=(198.51.100.2{1,1,1,1}:23 198.51.100.22:{21,23,79,143,110,513} 198.51.100.24:{79,7777})
equal "strangers are told nothing" "$(call "${refused[@]}" | tr ' ' '\n' | sort -u)" nothing
equal "a friend is let in" "$(call 198.51.100.23:21)" welcome

kept() { zstdcat -qf "$STATE"/journal/*.jsonl* | grep '"event_type":"access"'; }
# shellcheck disable=SC2317 # wait_for calls it
all_kept() { [ "$(kept | wc -l)" = 13 ]; }
wait_for 60 all_kept
equal "each decision is kept, once" "$(kept | wc -l)" 13
equal "with its service and verdict" \
	"$(kept | jq -r 'select(.src_ip=="198.51.100.24") | .access.service + " " + .access.decision' | sort | tr '\n' ',')" \
	"in.fingerd refused,mydaemon refused,"
equal "those who are let in as well" \
	"$(kept | jq -r 'select(.access.decision=="granted") | .src_ip + " " + .access.service')" "198.51.100.23 in.ftpd"
equal "the host is who logged" "$(kept | jq -r .host | sort -u)" gate
watch_stop watch

equal "each is told with --knocks" "$(grep -c '"event_type":"access"' "$WORK/watch.json")" 13
of() { # SOURCE FIELD
	jq -r "select(.event_type==\"incident\" and .src_ip==\"$1\") | .incident.$2" "$WORK/watch.json" | tail -1
}
equal "who hammers at one door is explained" "$(of 198.51.100.21 kind)" refused
equal "at level 0" "$(of 198.51.100.21 level)" 0
equal "with its count" "$(of 198.51.100.21 refused)" 4
equal "and its service" "$(of 198.51.100.21 refused_at)" in.telnetd
equal "who tries doors is a scanner" "$(of 198.51.100.22 kind)" vertical
equal "above level 0" "$([ "$(of 198.51.100.22 level)" -gt 0 ] && echo yes)" yes
equal "with its doors" "$(of 198.51.100.22 'ports | join(" ")')" "tcp/21 tcp/23 tcp/79 tcp/110 tcp/143 tcp/513"
equal "a log proves no address" "$(of 198.51.100.22 spoofable)" true
equal "a friend has no story" "$(of 198.51.100.23 kind)" ""
equal "nor has who was refused twice" "$(of 198.51.100.24 kind)" ""
ends_with "all of it is as the schema says" 0 sh -c "python3 '$HERE/schema_check.py' event <'$WORK/watch.json'"

# The same log afterwards: the same stories.
read_json later --home 203.0.113.0/24 "$LOG"
equal "read tells what the watch told" \
	"$(jq -r 'select(.event_type=="incident" and .incident.state=="close") | .src_ip + " " + .incident.kind' "$WORK/later.json" | sort -u)" \
	"$(jq -r 'select(.event_type=="incident" and .incident.state=="close") | .src_ip + " " + .incident.kind' "$WORK/watch.json" | sort -u)"
finish
