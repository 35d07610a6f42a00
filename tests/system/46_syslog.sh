#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Syslog of other hosts, sent by those who send it: logger and rsyslog, over UDP, TCP and TLS, in every form they
# have. Each numbered line is heard once. Then the hostile: what is too much is bounded and counted.
. "$(dirname "$0")/lib.sh"
need_tools logger rsyslogd openssl python3
hosts_up

# The same lines without their head: the sender puts its own before them.
bodies() { # SOURCE FIRST LAST
	log_scan "$@" | sed 's/^.* kernel: //'
}

# How many targets and packets a source has by now.
targets() { # NAME SOURCE
	plain "$1"
	stories "$WORK/$1.json" --source "$2" --fields targets_count,packets
}

# Until the watch has counted so many packets in its status, which it writes every two seconds.
heard() { # NAME COUNT
	grep -Eq "\"packets\":$2[,}]" "$WORK/$1.state/watch.lock"
}

# --- logger ----------------------------------------------------------------------------------------

watch_start logger --home 203.0.113.0/24 --syslog udp:127.0.0.1:5514 --syslog 'tcp:[::1]:5601' --syslog tcp:127.0.0.1:601
like "the watch says where it listens" "$(cat "$WORK/logger.err")" \
	'following syslog on udp:127\.0\.0\.1:5514, tcp:\[::1\]:5601, tcp:127\.0\.0\.1:601'
like "and to whom" "$(cat "$WORK/logger.err")" 'syslog is taken from this host alone'

send() { # SOURCE OPTION...
	local source=$1
	shift
	bodies "$source" 1 200 | in_b logger -t kernel -p local0.warn "$@"
}
send 198.51.100.21 -n 127.0.0.1 -P 5514 -d --rfc3164
send 198.51.100.22 -n 127.0.0.1 -P 5514 -d --rfc5424
send 198.51.100.23 -n ::1 -P 5601 -T --rfc3164
send 198.51.100.24 -n ::1 -P 5601 -T --rfc5424
send 198.51.100.25 -n 127.0.0.1 -P 601 -T --rfc3164 --octet-count
send 198.51.100.26 -n 127.0.0.1 -P 601 -T --rfc5424 --octet-count
send 198.51.100.27 -n 127.0.0.1 -P 601 -T --rfc5424=notime,nohost --octet-count
wait_for 10 heard logger 1400 || true

# --- rsyslog ---------------------------------------------------------------------------------------

# What it is given through its socket it sends by one action.
relay_start() { # NAME GLOBAL ACTION
	cat >"$WORK/$1.conf" <<-EOR
		global(workDirectory="$WORK" localHostname="relay-$1" $2)
		module(load="imuxsock" SysSock.Use="off")
		input(type="imuxsock" Socket="$WORK/$1.sock" CreatePath="off" RateLimit.Interval="0")
		action(type="omfwd" $3 action.resumeRetryCount="-1" queue.type="LinkedList")
	EOR
	in_b rsyslogd -n -f "$WORK/$1.conf" -i "$WORK/$1.pid" >"$WORK/$1.log" 2>&1 &
	pids+=($!)
	wait_for 10 test -S "$WORK/$1.sock" || not_ok "rsyslog starts" "$(cat "$WORK/$1.log")" "its socket"
}

relay_send() { # NAME SOURCE FIRST LAST
	bodies "$2" "$3" "$4" | in_b logger -u "$WORK/$1.sock" -t kernel -p kern.warn
}

relay_start udp "" 'target="127.0.0.1" port="5514" protocol="udp" template="RSYSLOG_ForwardFormat"'
relay_start tcp "" 'target="127.0.0.1" port="601" protocol="tcp" template="RSYSLOG_TraditionalForwardFormat"'
relay_start octets "" \
	'target="::1" port="5601" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"'
relay_send udp 198.51.100.31 1 400
relay_send tcp 198.51.100.32 1 400
relay_send octets 198.51.100.33 1 400
wait_for 20 heard logger 2600 || true
watch_stop logger

for source in 21 22 23 24 25 26 27; do
	equal "logger's lines are heard once each (198.51.100.$source)" "$(targets logger "198.51.100.$source")" "200 200"
done
equal "rsyslog's over UDP too" "$(targets logger 198.51.100.31)" "400 400"
equal "over TCP, a line each" "$(targets logger 198.51.100.32)" "400 400"
equal "over TCP, counted" "$(targets logger 198.51.100.33)" "400 400"
equal "each keeps the name of its host" \
	"$(jq -r 'select(.src_ip=="198.51.100.31" or .src_ip=="198.51.100.33") | .host' "$WORK/logger.json" | sort -u | tr '\n' ' ')" \
	"relay-octets relay-udp "
equal "who names none has the name of its address" \
	"$(jq -r 'select(.src_ip=="198.51.100.27") | .host' "$WORK/logger.json" | sort -u)" 127.0.0.1
like "nothing was lost" "$(cat "$WORK/logger.err")" 'ended: .*; 0 lost'

finish
