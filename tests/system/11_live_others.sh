#!/bin/bash
# SPDX-License-Identifier: ISC
#
# masscan, zmap and hping3, live: scans and floods, named rightly and in time; the capture tells the same.
# Runs alone: each story is held to a second.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools masscan zmap hping3 tcpdump
hosts_up
for i in {6..30}; do
	ip -n "$B" addr add "203.0.113.$i/24" dev kwb
done
serve 22
mac=$(in_b cat /sys/class/net/kwb/address)
: >"$WORK/nothing" # zmap refuses documentation addresses by default

capture_start others
watch_start others --home 203.0.113.0/27
in_a timeout 20 masscan "$OURS" -p1-100 --rate 2000 --wait 0 -e kwa --adapter-ip 198.51.100.41 \
	--router-mac "$mac" >"$WORK/masscan.out" 2>&1
in_a timeout 20 zmap -q -p 8080 -b "$WORK/nothing" -i kwa -S 198.51.100.42 -G "$mac" -c 0 -r 1000 \
	203.0.113.0/27 -o "$WORK/zmap.csv" >"$WORK/zmap.out" 2>&1

hping() { # LAST-NUMBER OPTION...
	local from=198.51.100.$1
	shift
	in_a timeout 20 hping3 -q -a "$from" "$@" >>"$WORK/hping.out" 2>&1
}

hping 43 -S -p ++1 -i u2000 -c 30 "$OURS"
hping 44 -2 -p ++1 -i u2000 -c 30 "$OURS"
hping 45 -F -P -U -p ++1 -i u2000 -c 30 "$OURS"
for i in {5..16}; do
	hping 46 -C 17 -c 1 -i u1000 "203.0.113.$i"
done
for i in {5..16}; do
	hping 47 -C 13 -c 1 -i u1000 "203.0.113.$i"
done
for what in "-S -p 81" "-S -p 22" "-2 -p 9" "-1"; do
	# shellcheck disable=SC2086 # words are meant
	in_a timeout 20 hping3 -q $what -i u100 -c 3000 --rand-source "$OURS" >>"$WORK/hping.out" 2>&1
done
sleep 1
capture_stop others
watch_stop others
read_json read --home 203.0.113.0/27 --home "$OURS6" "$WORK/others.pcap"

told() { # LAST-NUMBER
	stories "$WORK/others.json" --source "198.51.100.$1" --fields kind,techniques,tool
}

flood() { # KIND PORTS
	stories "$WORK/others.json" --fields kind,ports,class | grep "^$1 $2 "
}

equal "masscan is told and known" "$(told 41)" "vertical syn masscan"
equal "zmap is told and known" "$(told 42)" "horizontal syn zmap"
equal "hping3's SYN scan is told and known" "$(told 43)" "vertical syn hping"
like "hping3's UDP scan is told" "$(told 44)" "^vertical udp"
like "hping3's XMAS scan is told" "$(told 45)" "^vertical xmas"
like "questions for the address mask are told" "$(told 46)" "^horizontal icmp-mask"
like "questions for the time are told" "$(told 47)" "^horizontal icmp-timestamp"
equal "a SYN flood from forged addresses on a closed port is one story" \
	"$(flood syn-flood tcp/81)" "syn-flood tcp/81 flood"
equal "a SYN flood from forged addresses on an open port is one story" \
	"$(flood syn-flood tcp/22)" "syn-flood tcp/22 flood"
equal "a UDP flood is one story" "$(flood udp-flood udp/9)" "udp-flood udp/9 flood"
equal "an ICMP flood is one story" "$(flood icmp-flood -)" "icmp-flood - flood"
equal "a flood is told once" \
	"$(stories "$WORK/others.json" --fields ports,class | grep -c 'tcp/81.* flood')" 1
equal "the scans make no other stories" "$(stories "$WORK/others.json" --fields class | grep -c scan)" 7
at_most "each within a second of the packet that decided it (ms)" \
	"$("$HERE/lateness.py" "$WORK/others.out" "$WORK/others.pcap")" 1000
like "no packet was lost" "$(cat "$WORK/others.err")" 'ended: .*; 0 lost'
equal "the capture tells the same" "$(stories "$WORK/read.json" --fields who,kind,level,techniques,ports)" \
	"$(stories "$WORK/others.json" --fields who,kind,level,techniques,ports)"
finish
