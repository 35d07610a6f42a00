#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Doors that open and close, and sockets that live for milliseconds, while a watch runs: what it
# tells is what the capture of both directions tells.
# Runs alone: doors live for milliseconds.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nmap tcpdump
hosts_up
ip -n "$B" addr add 203.0.113.6/24 dev kwb
serve 22
serve 2222 "$OURS" # not offered on the other address

scan() { # LAST-NUMBER OPTION...
	local from=198.51.100.$1
	shift
	in_a nmap -n -Pn -T5 --max-retries 0 -e kwa -S "$from" "$@" >>"$WORK/nmap.out" 2>&1
}

# Two questions each from a socket of its own, with answers at once, and late ones to closed sockets. The port is
# no service's, so that each answer looks like a probe.
in_a "$HERE/udp_talk.py" answer 198.51.100.60 5300 3 &
pids+=($!)
sleep 0.3

capture_start sockets
watch_start sockets
equal "short-lived clients get their answers" "$(in_b "$HERE/udp_talk.py" ask 198.51.100.60 5300 200 2)" 200
in_b "$HERE/udp_talk.py" ask 198.51.100.60 5300 50 0 >"$WORK/none" # closed before the answer comes
scan 21 -sU -p40000-40029 "$OURS"
scan 22 -sS -p2210-2240 "$OURS"
scan 23 -sS -p2210-2240 203.0.113.6

# Looks at open doors and nowhere else: half-open ones are a scan, whole ones are a client's.
for i in {8091..8098}; do
	serve "$i"
done
scan 36 -sS -p8091-8098 "$OURS"
ip -n "$A" route replace 203.0.113.0/24 dev kwa src 198.51.100.37
in_a nmap -n -Pn -T5 -sT -p8091-8098 "$OURS" >>"$WORK/nmap.out" 2>&1
ip -n "$A" route replace 203.0.113.0/24 dev kwa

# A door opens; its clients are no knockers. It closes; who comes now knocks on a dead one.
serve 8080
for i in {24..33}; do
	scan "$i" -sS -p8080 "$OURS"
done
kill "${pids[-1]}"
kill -HUP "$watch_pid"
sleep 1.5
scan 34 -sS -p8070-8090 "$OURS"
in_b "$HERE/udp_talk.py" ask 198.51.100.60 5300 50 2 >"$WORK/fifty"
scan 35 -sU -p50000-50029 "$OURS"
sleep 4 # the late answers
capture_stop sockets
watch_stop sockets
read_json read --home "$OURS" --home 203.0.113.6 --home "$OURS6" "$WORK/sockets.pcap"

told() { # LAST-NUMBER
	stories "$WORK/sockets.json" --source "198.51.100.$1" --fields kind,level,techniques
}

equal "answers, early and late, are no story" \
	"$(stories "$WORK/sockets.json" --all --source 198.51.100.60)" ""
like "a scan of ephemeral UDP ports is told" "$(told 21)" "^vertical . udp$"
like "and again after the configuration was read anew" "$(told 35)" "^vertical . udp$"
equal "the found door counts where it is open" "$(told 22)" "vertical 3 syn"
equal "and nowhere else" "$(told 23)" "vertical 2 syn"
like "a door that closed is a dead one" "$(told 34)" "^vertical . syn$"
like "a half-open scan of open doors alone is told" "$(told 36)" "^vertical . syn$"
equal "who connects to them is not" "$(told 37)" ""
equal "nothing else is told" "$(stories "$WORK/sockets.json" | wc -l)" 6
equal "the capture tells the same" "$(stories "$WORK/read.json")" "$(stories "$WORK/sockets.json")"
at_most "each within a second of the packet that decided it (ms)" \
	"$("$HERE/lateness.py" "$WORK/sockets.out" "$WORK/sockets.pcap")" 1000
like "no packet was lost" "$(cat "$WORK/sockets.err")" 'ended: .*; 0 lost'

# A server opens a door and gets its client at once, again and again, while a scanner keeps the watch busy: the
# set of doors is always a little older than the packets, and the client is no knocker.
watch_start fresh
scan 39 -sS --scan-delay 20ms -p9001-9100 "$OURS" &
sleep 0.2
"${enter[@]}" "$HERE/fresh_doors.py" open 8301 12 | in_a "$HERE/fresh_doors.py" visit 198.51.100.38 "$OURS"
wait $!
sleep 1
watch_stop fresh
equal "the first client of a fresh door is no knocker" \
	"$(stories "$WORK/fresh.json" --all --source 198.51.100.38)" ""
like "who scans meanwhile is told" \
	"$(stories "$WORK/fresh.json" --source 198.51.100.39 --fields kind,techniques)" "vertical syn"

# A dark block that is routed here: no door of ours is open there, and no port is quiet.
CONFIG=$WORK/dark.yaml
printf 'home: [203.0.113.0/24]\ndark: [203.0.113.128/25]\n' >"$CONFIG"
ip -n "$A" route add 203.0.113.128/25 via "$OURS"
ip -n "$B" route add blackhole 203.0.113.128/25
capture_start dark
watch_start dark
scan 42 -sS -p22 203.0.113.128/28
scan 43 -sA -p20-60 203.0.113.200
sleep 0.5
capture_stop dark
watch_stop dark
read_json dark_read "$WORK/dark.pcap"
equal "a sweep of dark addresses for a door of ours is told" \
	"$(stories "$WORK/dark.json" --source 198.51.100.42 --fields kind,techniques)" "horizontal syn"
equal "an ACK scan there is told" \
	"$(stories "$WORK/dark.json" --source 198.51.100.43 --fields kind,techniques)" "vertical ack,window"
equal "the capture tells the same of them" "$(stories "$WORK/dark_read.json")" "$(stories "$WORK/dark.json")"
CONFIG=$WORK/empty.yaml

# A host that forwards hears no ephemeral UDP port by packets alone, and says so: answers for others come there. The
# kernel's own word needs no such care.
in_b sysctl -q -w net.ipv4.ip_forward=1
watch_start forwards --path packet
in_a "$HERE/udp_talk.py" ask "$OURS" 40000 1 0 >"$WORK/none"
scan 41 -sU -p40000-40029 "$OURS"
sleep 0.5
watch_stop forwards
like "a host that forwards says what it does not hear" "$(cat "$WORK/forwards.err")" \
	'not heard over IPv4: knocks on the UDP ports [0-9]+ to [0-9]+, for this host forwards'
equal "and tells nothing of it" "$(stories "$WORK/forwards.json")" ""
watch_start hook --path hook
in_a "$HERE/udp_talk.py" ask "$OURS" 40000 1 0 >"$WORK/none"
scan 41 -sU -p40000-40029 "$OURS"
sleep 0.5
watch_stop hook
like "by the kernel's word it hears them" "$(stories "$WORK/hook.json")" '^198.51.100.41 vertical . udp'
finish
