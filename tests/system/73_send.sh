#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The journal is sent to rsyslog on another host, over TLS: every record as it stands here, once; none is lost when rsyslog
# or the sender is restarted or killed, and nobody is spoken to who cannot prove who he is.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools rsyslogd openssl jq
hosts_up
SERVER=198.51.100.20

# --- the other machine --------------------------------------------------------------------------------
certificate() { # NAME SUBJECT-ALT-NAME
	openssl req -newkey rsa:2048 -nodes -keyout "$WORK/$1.key" -out "$WORK/$1.csr" -subj "/CN=$1" 2>/dev/null
	openssl x509 -req -in "$WORK/$1.csr" -CA "$WORK/ca.pem" -CAkey "$WORK/ca.key" -CAcreateserial -days 2 \
		-extfile <(echo "subjectAltName=$2") -out "$WORK/$1.pem" 2>/dev/null
}
for ca in ca other; do
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$WORK/$ca.key" -out "$WORK/$ca.pem" -days 2 -subj "/CN=$ca" \
		-addext basicConstraints=critical,CA:TRUE 2>/dev/null
done
certificate server "IP:$SERVER,DNS:logs.example.org"

mkdir "$WORK/spool"
server_up() { # DRIVER
	cat >"$WORK/rsyslog.conf" <<EOC
global(workDirectory="$WORK/spool" maxMessageSize="64k" defaultNetstreamDriver="$1"
	defaultNetstreamDriverCAFile="$WORK/ca.pem" defaultNetstreamDriverCertFile="$WORK/server.pem"
	defaultNetstreamDriverKeyFile="$WORK/server.key")
module(load="imtcp" streamDriver.name="$1" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="record" type="string" string="%msg%\n")
template(name="head" type="string" string="%pri% %timestamp:::date-rfc3339% %hostname% %programname% %msgid%\n")
input(type="imtcp" port="6514" address="$SERVER" ruleset="keep")
ruleset(name="keep") {
	action(type="omfile" file="$WORK/received" template="record")
	action(type="omfile" file="$WORK/heads" template="head")
}
EOC
	ip netns exec "$A" rsyslogd -n -f "$WORK/rsyslog.conf" -i "$WORK/rsyslog.pid" >>"$WORK/rsyslog.out" 2>&1 &
	server_pid=$!
	pids+=("$server_pid")
	wait_for 10 in_a sh -c "ss -Hltn | grep -q ':6514'"
}
server_down() { # SIGNAL
	kill "-$1" "$server_pid"
	wait "$server_pid" 2>/dev/null
}

# --- ours ---------------------------------------------------------------------------------------------
STATE=$WORK/keep.state
: >"$WORK/kern.log"
watch_start keep --log "$WORK/kern.log" --home "$OURS" --state "$STATE"
scans() { # FIRST LAST
	local i
	for ((i = $1; i <= $2; i++)); do
		log_scan "192.0.2.$i" $((i * 10)) $((i * 10 + 29)) >>"$WORK/kern.log"
	done
}
journal() { cat "$STATE"/journal/*.jsonl; }
in_journal() { journal | grep -q "\"$1\""; }
newest() { journal | tail -1 | jq .chain.seq; }
grown() { [ "$(newest)" -gt "$1" ]; }
send_start() { # OPTION...
	: >"$WORK/send.err"
	"${enter[@]}" "$KNOCKWATCH" send --config "$CONFIG" --state "$STATE" --to "$SERVER" --ca "$WORK/ca.pem" "$@" \
		2>>"$WORK/send.err" &
	send_pid=$!
	pids+=("$send_pid")
}
send_end() { # SIGNAL
	kill "-$1" "$send_pid"
	wait "$send_pid" 2>/dev/null
}
arrived() { jq .seq "$STATE/sent.json"; }
all_arrived() { [ "$(arrived)" = "$(newest)" ]; }
as_here() { cmp -s <(journal) "$WORK/received"; }

scans 1 20
wait_for 10 grown 20
server_up gtls
ends_with "a first sending ends when all has arrived" 0 in_b timeout 60 "$KNOCKWATCH" send --config "$CONFIG" --state "$STATE" \
	--to "$SERVER" --ca "$WORK/ca.pem" --once
like "it has no rights" "$(cat "$WORK/err")" 'without capabilities'
like "and a fence" "$(cat "$WORK/err")" 'the courier writes to no file .*system calls of its list'
ends_with "the other machine has the same lines, in order, once" 0 wait_for 10 as_here
like "with a head that tells when, who and what" "$(sort -u "$WORK/heads" | grep incident | head -1)" \
	"^10[0-9] 20..-..-..T[0-9:.]*(Z|\+00:00) gate knockwatch incident$"

send_start
scans 21 30
wait_for 10 in_journal 192.0.2.30
ends_with "what is written meanwhile follows" 0 wait_for 10 as_here
like "status tells it" "$("$KNOCKWATCH" status --state "$STATE")" "sent +.*$SERVER"
in_b timeout 5 "$KNOCKWATCH" send --config "$CONFIG" --state "$STATE" --to "$SERVER" --ca "$WORK/ca.pem" --once 2>"$WORK/second.err"
equal "a second sender is refused" "$?" 5
send_end TERM
send_start
scans 31 40
wait_for 10 in_journal 192.0.2.40
ends_with "a sender that was told to end sends nothing twice" 0 wait_for 10 as_here

# --- restarts while it flows ---------------------------------------------------------------------------
(for i in {41..120}; do
	scans "$i" "$i"
	sleep 0.05
done) &
flow_pid=$!
pids+=("$flow_pid")
sleep 1
server_down TERM
sleep 0.5
server_up ossl
sleep 1
send_end KILL
sleep 0.3
send_start
wait "$flow_pid"
wait_for 10 in_journal 192.0.2.120
sleep 1
wait_for 20 all_arrived
missing() { comm -23 <(journal | sort -u) <(sort -u "$WORK/received") | wc -l; }
nothing_missing() { [ "$(missing)" = 0 ]; }
wait_for 10 nothing_missing
equal "a restarted server, another driver of TLS and a killed sender lose nothing" "$(missing)" 0
equal "and invent nothing" "$(comm -13 <(journal | sort -u) <(sort -u "$WORK/received") | wc -l)" 0
at_most "what came twice was on its way then (records)" \
	"$(($(wc -l <"$WORK/received") - $(sort -u "$WORK/received" | wc -l)))" 1500
send_end TERM

# --- who does not prove himself -----------------------------------------------------------------------
for how in "--name logs.example.com" "--ca $WORK/other.pem"; do
	# shellcheck disable=SC2086 # words are meant
	send_start $how
	wait_for 10 grep -q 'not believed' "$WORK/send.err"
	like "a server that cannot prove itself is not spoken to ($how)" "$(cat "$WORK/send.err")" \
		'its certificate is not believed: '
	send_end TERM
done
send_start --name logs.example.org
wait_for 10 grep -q 'sending to' "$WORK/send.err"
like "its other name is good" "$(cat "$WORK/send.err")" 'sending to'
send_end TERM

# --- as a service, a user of its own -------------------------------------------------------------------
# Its group may enter the state directory and write the one file; nobody else may.
as_service() {
	ip netns exec "$B" python3 "$HERE/start_service.py" - "$WORK/send.notes" \
		setpriv --reuid daemon --regid daemon --groups "$(id -g nobody)" \
		"$KNOCKWATCH" send --config "$CONFIG" --state "$STATE" --to "$SERVER" --ca "$WORK/ca.pem" 2>"$WORK/send.err" &
	send_pid=$!
	pids+=("$send_pid")
}
chmod 1777 "$WORK"
as_service
wait "$send_pid" 2>/dev/null
like "who has no part in the journal cannot send it" "$(cat "$WORK/send.err")" 'Permission denied'
rm "$WORK/send.notes.sock"
chmod 750 "$STATE"
chmod 660 "$STATE/sent.json"
scans 121 130
wait_for 10 in_journal 192.0.2.130
as_service
wait_for 10 grep -q 'STATUS=sending to' "$WORK/send.notes"
wait_for 20 all_arrived
equal "whose group was let in can" "$(missing)" 0
child=$(sed -n 's/^pid //p' "$WORK/send.notes")
equal "and stays the user it is" "$(sed -n 's/^Uid:\t\([0-9]*\)\t.*/\1/p' "/proc/$child/status")" "$(id -u daemon)"
wait_for 5 grep -q 'WATCHDOG=1' "$WORK/send.notes"
like "it says that it is ready" "$(cat "$WORK/send.notes")" 'READY=1'
like "what it does" "$(cat "$WORK/send.notes")" "STATUS=sending to $SERVER; arrived up to record [0-9]+"
like "and that it lives" "$(cat "$WORK/send.notes")" 'WATCHDOG=1'
server_down TERM
wait_for 10 grep -q 'STATUS=.* not reached; arrived' "$WORK/send.notes"
like "and that it waits" "$(cat "$WORK/send.notes")" "STATUS=$SERVER not reached; arrived up to record [0-9]+"
server_up ossl
send_end TERM

# --- a journal that was written anew --------------------------------------------------------------------
watch_stop keep
sed -i 's/"hash": *"[0-9a-f]\{8\}/"hash":"00000000/' "$STATE/sent.json"
in_b timeout 60 "$KNOCKWATCH" send --config "$CONFIG" --state "$STATE" --to "$SERVER" --ca "$WORK/ca.pem" --once 2>"$WORK/anew.err"
like "that the journal is another one is said" "$(cat "$WORK/anew.err")" 'is not the one that was sent: the journal was written anew'
finish
