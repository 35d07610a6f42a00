#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A log that rsyslog writes and logrotate turns over, both ways: each line is heard once. With "create" rsyslog
# writes on meanwhile. With "copytruncate" it is silent meanwhile, for what is written between the copy and the
# truncation logrotate itself throws away.
. "$(dirname "$0")/lib.sh"
need_root "rsyslog and logrotate want to be root"
need_tools rsyslogd logrotate logger

bodies() { # SOURCE FIRST LAST
	log_scan "$@" | sed 's/^.* kernel: //'
}

targets() { # NAME SOURCE
	plain "$1"
	stories "$WORK/$1.json" --source "$2" --fields targets_count,packets
}

heard() { # NAME COUNT
	grep -Eq "\"packets\":$2[,}]" "$WORK/$1.state/watch.lock"
}

mkdir -m 755 "$WORK/log"
LOG=$WORK/log/kern.log
cat >"$WORK/rsyslog.conf" <<EOR
global(workDirectory="$WORK" localHostname="gate")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="$WORK/log.sock" CreatePath="off" RateLimit.Interval="0")
action(type="omfile" file="$LOG" fileOwner="root" fileGroup="adm" fileCreateMode="0640")
EOR
rsyslogd -n -f "$WORK/rsyslog.conf" -i "$WORK/rsyslog.pid" >"$WORK/rsyslog.log" 2>&1 &
pids+=($!)
wait_for 10 test -S "$WORK/log.sock" || not_ok "rsyslog starts" "$(cat "$WORK/rsyslog.log")" "its socket"
send() { # SOURCE FIRST LAST
	bodies "$@" | logger -u "$WORK/log.sock" -t kernel -p kern.warn
}
turn() { # OPTIONS
	printf '%s {\n\trotate 3\n\tmissingok\n\tsu root adm\n%s\n}\n' "$LOG" "$1" >"$WORK/rotate.conf"
	chmod 644 "$WORK/rotate.conf"
	logrotate -f -s "$WORK/rotate.state" "$WORK/rotate.conf" || not_ok "logrotate runs" "$?" 0
}

send 198.51.100.20 1 1
wait_for 5 test -s "$LOG"
watch_start follow --log "$LOG" --home 203.0.113.0/24

for i in 1 2 3 4 5; do
	send 198.51.100.21 $((i * 80 - 79)) $((i * 80)) &
	sender=$!
	turn "	create 0640 root adm
	compress
	delaycompress
	postrotate
		kill -HUP \$(cat $WORK/rsyslog.pid)
	endscript"
	wait "$sender"
	sleep 0.3
done
wait_for 15 heard follow 400 || true

for i in 1 2 3; do
	send 198.51.100.22 $((i * 100 - 99)) $((i * 100))
	wait_for 10 grep -q "DPT=$((i * 100)) " "$LOG"
	turn "	copytruncate"
done
send 198.51.100.22 301 320
wait_for 15 heard follow 720 || true
watch_stop follow
equal "each line is heard once while logrotate makes a new log five times" "$(targets follow 198.51.100.21)" "400 400"
equal "and while it copies and truncates it three times" "$(targets follow 198.51.100.22)" "320 320"
equal "what was there before is not" "$(targets follow 198.51.100.20)" ""
equal "it ends with 0" "$watch_code" 0
finish
