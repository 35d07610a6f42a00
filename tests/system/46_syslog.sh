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
status=$("$KNOCKWATCH" status --state "$WORK/logger.state" 2>/dev/null)
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
like "status counts what each peer sent" "$status" '127\.0\.0\.1: 1,800 lines, 1,800 packets'
like "of the other family too" "$status" '::1: 80[0-9] lines, 800 packets'
like "nothing was lost" "$(cat "$WORK/logger.err")" 'ended: .*; 0 lost'

# --- TLS -------------------------------------------------------------------------------------------

# An authority, our certificate, and that of a sender.
sign() { # NAME
	openssl req -newkey rsa:2048 -nodes -keyout "$WORK/$1.key" -subj "/CN=$1" -out "$WORK/$1.csr" 2>/dev/null
	openssl x509 -req -in "$WORK/$1.csr" -CA "$WORK/ca.pem" -CAkey "$WORK/ca.key" -CAcreateserial -days 2 \
		-out "$WORK/$1.pem" 2>/dev/null
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/ca.key" -subj /CN=ca -days 2 -out "$WORK/ca.pem" 2>/dev/null
sign collector
sign sender
chmod 600 "$WORK"/*.key
cat >"$CONFIG" <<EOR
syslog_certificate: $WORK/collector.pem
syslog_key: $WORK/collector.key
syslog_clients: $WORK/ca.pem
EOR

watch_start tls --home 203.0.113.0/24 --syslog tls:127.0.0.1:6514
TLS='target="127.0.0.1" port="6514" protocol="tcp" StreamDriver="ossl" StreamDriverMode="1"'
TLS+=' StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="collector"'
known="DefaultNetstreamDriverCAFile=\"$WORK/ca.pem\" DefaultNetstreamDriverCertFile=\"$WORK/sender.pem\""
known+=" DefaultNetstreamDriverKeyFile=\"$WORK/sender.key\""
relay_start tls "$known" "$TLS template=\"RSYSLOG_ForwardFormat\""
relay_start tls5424 "$known" "$TLS TCP_Framing=\"octet-counted\" template=\"RSYSLOG_SyslogProtocol23Format\""
relay_send tls 198.51.100.34 1 400
relay_send tls5424 198.51.100.35 1 400
wait_for 20 heard tls 800 || true
stranger() { # OPTION...
	{
		bodies 198.51.100.36 1 50 | sed 's/^/<4>kernel: /'
		sleep 0.3
	} | in_b timeout 10 openssl s_client -connect 127.0.0.1:6514 -quiet "$@" >/dev/null 2>&1 || true
}
stranger
stranger -tls1_1
printf '<4>kernel: no TLS at all\n' | in_b timeout 5 logger -n 127.0.0.1 -P 6514 -T 2>/dev/null || true
stranger -cert "$WORK/sender.pem" -key "$WORK/sender.key"
wait_for 10 heard tls 850 || true
watch_stop tls
equal "rsyslog's lines are heard once each by TLS" "$(targets tls 198.51.100.34)" "400 400"
equal "counted too" "$(targets tls 198.51.100.35)" "400 400"
equal "who shows a certificate is heard, who shows none is not" "$(targets tls 198.51.100.36)" "50 50"
like "nothing was lost by TLS" "$(cat "$WORK/tls.err")" 'ended: .*; 0 lost'
printf '{}\n' >"$CONFIG"
ends_with "TLS without a certificate is refused" 2 "$KNOCKWATCH" watch --config "$CONFIG" --no-store --for 1 \
	--syslog tls:127.0.0.1:6514
like "and what is missing is said" "$(cat "$WORK/err")" 'TLS needs a certificate'

# --- who may send ----------------------------------------------------------------------------------

watch_start others --home 203.0.113.0/24 --syslog udp:0.0.0.0:514 --syslog tcp:0.0.0.0:514 --syslog-from 198.51.100.32/28
bodies 198.51.100.41 1 30 | in_a logger -t kernel -n "$OURS" -P 514 -d
in_a bash -c 'exec 3<>/dev/tcp/'"$OURS"'/514; printf "<4>kernel: x\n" >&3; timeout 3 cat <&3' >/dev/null 2>&1
bodies 198.51.100.42 1 30 >"$WORK/lines"
in_a python3 -c '
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("198.51.100.40", 0))
for line in open(sys.argv[1]):
    s.sendto(b"<4>gate kernel: " + line.encode(), (sys.argv[2], 514))
' "$WORK/lines" "$OURS"
wait_for 10 heard others 30 || true
wait_for 5 grep -q 'may not send' "$WORK/others.err" || true
watch_stop others
equal "who may send is heard" "$(targets others 198.51.100.42)" "30 30"
equal "who may not is not" "$(targets others 198.51.100.41)" ""
like "and is named once, with what would let it" "$(grep -c 'may not send' "$WORK/others.err")" '^1$'
like "by its address" "$(cat "$WORK/others.err")" '198\.51\.100\.20 may not send to us; .* --syslog-from 198\.51\.100\.20'

# --- the hostile -----------------------------------------------------------------------------------

watch_start hostile --home 203.0.113.0/24 --syslog udp:127.0.0.1:5514 --syslog tcp:127.0.0.1:5601
in_b python3 "$HERE/syslog_abuse.py" 5514 5601
bodies 198.51.100.43 1 100 | in_b logger -t kernel -n 127.0.0.1 -P 5601 -T
wait_for 20 grep -q 198.51.100.43 "$WORK/hostile.out" || true
sleep 0.5
equal "the watch is alive after garbage, lies and ten thousand connections" \
	"$(kill -0 "$watch_pid" && echo alive)" alive
sensor=$(pgrep -P "$watch_pid" | head -1)
at_most "its sensor holds no connection of them" \
	"$(find "/proc/${sensor:-$watch_pid}/fd" -lname 'socket:*' | wc -l)" 20
watch_stop hostile
equal "and hears who speaks plainly" "$(targets hostile 198.51.100.43)" "100 100"
equal "it ends with 0" "$watch_code" 0

finish
