#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Every kind of nmap scan, live: named rightly, within a second of the packet that decides it, and
# the capture of the same traffic tells the same.
# Runs alone: each story is held to a second.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nmap tcpdump
hosts_up
ip -n "$A" addr add 2001:db8:9::21/64 dev kwa nodad
ip -n "$B" -6 route add 2001:db8:9::/64 dev kwb
serve 22
serve 2222 "$OURS" # not offered over IPv6

# Each from an address of its own, so that each is a story of its own.
scan() { # LAST-NUMBER OPTION...
	local from=198.51.100.$1
	shift
	in_a nmap -n -Pn -T5 --max-retries 1 -e kwa -S "$from" "$@" "$OURS" >>"$WORK/nmap.out" 2>&1
}

capture_start nmap
watch_start nmap
scan 21 -sS -p1-30
scan 23 -sF -p1-30
scan 24 -sN -p1-30
scan 25 -sX -p1-30
scan 26 -sA -p1-30
scan 27 -sM -p1-30
scan 28 -sU -p1-30
scan 29 -sO -p1-30
scan 30 -sY -p1-30
scan 31 -O -p20-45
scan 33 -sS --scanflags SYNFIN -p1-30
scan 34 -sS --scanflags 0xff -p1-30
scan 35 -sS -p31-60 -D 198.51.100.90,198.51.100.91,198.51.100.92
scan 36 -sV -p22
scan 38 -O -p22,23
scan 37 -sW -p1-30
in_a nmap -6 -n -Pn -T5 -sS -p2210-2240 -S 2001:db8:9::21 -e kwa "$OURS6" >>"$WORK/nmap.out" 2>&1
# A connect() scan cannot choose its address; the route does.
ip -n "$A" route replace 203.0.113.0/24 dev kwa src 198.51.100.22
in_a nmap -n -Pn -T5 -sT -p1-30 "$OURS" >>"$WORK/nmap.out" 2>&1
in_a nmap -6 -n -Pn -T5 -sS -p1-30 "$OURS6" >>"$WORK/nmap.out" 2>&1
sleep 1
capture_stop nmap
watch_stop nmap
read_json read --home "$OURS" --home "$OURS6" "$WORK/nmap.pcap"

told() { # LAST-NUMBER
	stories "$WORK/nmap.json" --source "198.51.100.$1" --fields kind,techniques
}

equal "a SYN scan is told" "$(told 21)" "vertical syn"
equal "a connect scan is told" "$(told 22)" "vertical syn,connect"
equal "a FIN scan is told" "$(told 23)" "vertical fin"
equal "a NULL scan is told" "$(told 24)" "vertical null"
equal "an XMAS scan is told" "$(told 25)" "vertical xmas"
equal "an ACK scan is told" "$(told 26)" "vertical ack,window"
equal "a Window scan is told" "$(told 37)" "vertical ack,window"
equal "a Maimon scan is told" "$(told 27)" "vertical maimon"
equal "a UDP scan is told" "$(told 28)" "vertical udp"
like "a protocol scan is told" "$(told 29)" "^protocol .*ip-protocol"
equal "an SCTP scan is told" "$(told 30)" "vertical sctp-init"
like "an operating system's fingerprint is told" "$(told 31)" "^fingerprint .*syn"
# Thirteen odd packets to two ports and no more.
like "a fingerprint that knows its ports is told, too" "$(told 38)" "^fingerprint"
equal "a SYN+FIN scan is told" "$(told 33)" "vertical syn-fin"
equal "a scan with all flags is told" "$(told 34)" "vertical all-flags"
equal "decoys and the real one are one story" \
	"$(stories "$WORK/nmap.json" --fields who,kind,techniques | grep ^group)" \
	"group:198.51.100.35+198.51.100.90+198.51.100.91+198.51.100.92 vertical syn"
equal "one question to an open port is no story" "$(told 36)" ""
equal "a SYN scan over IPv6 is told" \
	"$(stories "$WORK/nmap.json" --source 2001:db8:1::20 --fields kind,techniques)" "vertical syn"

equal "nothing else is told" "$(stories "$WORK/nmap.json" | grep -Fvc 198.51.100.38)" 17
at_most "each within a second of the packet that decided it (ms)" \
	"$("$HERE/lateness.py" "$WORK/nmap.out" "$WORK/nmap.pcap")" 1000
equal "the watch ends cleanly" "$watch_code" 0
equal "reading the capture ends cleanly" "$read_code" 0
for i in 21 22 23 24 25 26 27 28 29 30 31 33 34 35 36 37; do
	from=198.51.100.$i
	equal "the capture tells the same of $from" "$(stories "$WORK/read.json" | grep -F "$from")" \
		"$(stories "$WORK/nmap.json" | grep -F "$from")"
done
equal "the capture tells the same of IPv6" "$(stories "$WORK/read.json" | grep -F 2001:db8)" \
	"$(stories "$WORK/nmap.json" | grep -F 2001:db8)"
finish
