#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Fragments that contradict each other, odd IP options, senders that cannot be: each is told while it happens, and
# the capture tells the same. Honest fragments on a bad line, big pings, tunnels: nothing is said. And what doctor
# prints ends what it names: a redirect that was followed before is followed no more.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nmap ping tcpdump python3
/usr/bin/python3 -c 'import scapy.all' 2>/dev/null || {
	echo "skipped: $(basename "$0") needs python3-scapy"
	exit 77
}
hosts_up
serve 22
ip -n "$B" addr add 203.0.113.6/24 dev kwb
ip -n "$B" addr del 203.0.113.6/24 dev kwb # so that the route of the link is its first address's
ip -n "$B" addr add 203.0.113.6/32 dev kwb
mac=$(in_b cat /sys/class/net/kwb/address)
serve_udp() { # PORT: takes all that comes
	in_b python3 -c "import socket as s
u = s.socket(s.AF_INET6, s.SOCK_DGRAM); u.bind(('::', $1))
while u.recv(65536): pass" &
	pids+=($!)
	wait_for 5 in_b grep -qi ":$(printf %04X "$1") " /proc/net/udp6
}
serve_udp 2049
broken() { in_a /usr/bin/python3 "$HERE/broken_packets.py" kwa "$mac" "$1" >>"$WORK/scapy.out" 2>&1; }

in_b sysctl -q -w net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.kwb.accept_redirects=0
capture_start broken
watch_start broken

# --- told ---
for what in teardrop overlap6 ping_of_death tiny syn_fin options martians own advertisement routing_header; do
	broken "$what" || not_ok "the packets of $what are sent" "$(tail -3 "$WORK/scapy.out")" "no error"
done
in_a ping -n -q -c 2 -i 0.2 -R -I 198.51.100.36 "$OURS" >"$WORK/ping.out" 2>&1
in_a ping -n -q -c 2 -i 0.2 -T tsonly -I 198.51.100.37 "$OURS" >>"$WORK/ping.out" 2>&1
ip -n "$A" route replace 203.0.113.0/24 dev kwa src 198.51.100.38
in_a timeout 60 nmap -n -Pn -T5 -sF -f -p1-60 "$OURS" >"$WORK/nmap.out" 2>&1
ip -n "$A" route replace 203.0.113.0/24 dev kwa
# A stranger's redirect says whether this host would follow.
in_a /usr/bin/python3 - "$mac" >>"$WORK/scapy.out" 2>&1 <<-END2
	import sys
	from scapy.all import *
	sendp(Ether(dst=sys.argv[1]) / IP(src="198.51.100.39", dst="$OURS", ttl=52) / ICMP(type=5, code=1, gw="198.51.100.66") /
	    IP(src="$OURS", dst="192.0.2.9") / ICMP(), iface="kwa", verbose=0)
END2

# --- not told ---
broken honest || not_ok "honest fragments are sent" "$(tail -3 "$WORK/scapy.out")" "no error"
in_a ping -n -q -c 5 -i 0.2 -s 20000 -I 198.51.100.43 "$OURS" >>"$WORK/ping.out" 2>&1
in_a ping -n -q -c 5 -i 0.2 -s 20000 "$OURS6" >>"$WORK/ping.out" 2>&1
in_a python3 - <<-END3
	import socket, time
	for family, host in ((socket.AF_INET, "$OURS"), (socket.AF_INET6, "$OURS6")):
	    u = socket.socket(family, socket.SOCK_DGRAM)
	    for number in range(100):
	        u.sendto(bytes(8192), (host, 2049))
	        time.sleep(0.01) # or it would be a flood
END3
sleep 1
capture_stop broken
watch_stop broken
read_json read --home "$OURS" --home "$OURS6" --home 203.0.113.6 "$WORK/broken.pcap"

told() { # SOURCE
	stories "$WORK/broken.json" --all --source "$1" --fields class,kind,level
}
misuse() { # SOURCE: as the JSON says
	grep "\"src_ip\":\"$1\"" "$WORK/broken.json" | grep -o '"misuse":\[[^]]*\]' | tail -1
}
equal "teardrop is told" "$(told 198.51.100.30)" "attack exploit 3"
like "as fragments that overlap" "$(misuse 198.51.100.30)" '"overlapping-fragments"'
like "over IPv6, too" "$(told 2001:db8:1:30::9)" "^attack exploit 3$"
like "so is the ping of death" "$(misuse 198.51.100.31)" '"oversized-datagram"'
like "and a header cut to pieces" "$(misuse 198.51.100.32)" '"tiny-fragments"'
equal "so is SYN+FIN to an open door" "$(misuse 198.51.100.44)" '"misuse":["syn-fin"]'
equal "a security label is told, as a notice" "$(told 198.51.100.33)" "attack exploit 1"
like "and an unknown option" "$(misuse 198.51.100.34)" '"unknown-option"'
unlike "router alert is not" "$(told 198.51.100.35)" " [1-5]$"
like "ping -R is told" "$(misuse 198.51.100.36)" '"record-route"'
like "so is ping -T" "$(misuse 198.51.100.37)" '"timestamp"'
equal "nmap -f -sF is one FIN scan" "$(stories "$WORK/broken.json" --source 198.51.100.38 --fields kind,techniques)" "vertical fin"
equal "the loopback as sender is told" "$(told 127.0.0.1)" "attack spoof 3"
like "over IPv6, too" "$(told ::1)" "^attack spoof [23]$"
equal "so is another address of ours" "$(told 203.0.113.6)" "attack spoof 2"
equal "and a router advertisement that came over a router" "$(misuse fe80::66)" '"misuse":["router-advertisement"]'
equal "and the routing header of type 0" "$(told 2001:db8:1:36::9)" "attack source-route 2"
like "a redirect says that this host takes none" "$(grep '"src_ip":"198.51.100.39"' "$WORK/broken.json")" 'this host takes none'

for source in 198.51.100.40 198.51.100.41 198.51.100.42 2001:db8:1:40::9; do
	unlike "honest fragments of $source are quiet" "$(told $source)" " [1-5]$"
done
unlike "so are big pings" "$(told 198.51.100.43)" " [1-5]$"
unlike "and big datagrams" "$(told 198.51.100.20)" " [1-5]$"
unlike "over IPv6, too" "$(told 2001:db8:1::20)" " [1-5]$"
unlike "nor are they taken for somebody else's" "$(cat "$WORK/broken.err")" 'none of .* is from or to'
like "no packet was lost" "$(cat "$WORK/broken.err")" 'ended: .*; 0 lost'
# What only this host knows: which addresses are its own, one by one.
equal "the capture tells the same" "$(stories "$WORK/read.json" --fields who,kind,level | grep -v '^203.0.113.6 ')" \
	"$(stories "$WORK/broken.json" --fields who,kind,level | grep -v '^203.0.113.6 ')"

# --- what doctor prints ends what it names ---
in_b sysctl -q -w net.ipv4.conf.all.accept_redirects=1 net.ipv4.conf.kwb.accept_redirects=1 net.ipv4.conf.all.rp_filter=0 \
	net.ipv4.conf.kwb.rp_filter=0
ip -n "$B" neigh replace 203.0.113.2 lladdr "$(in_a cat /sys/class/net/kwa/address)" dev kwb nud permanent
ip -n "$B" neigh replace 203.0.113.1 lladdr "$(in_a cat /sys/class/net/kwa/address)" dev kwb nud permanent
ip -n "$B" route add 192.0.2.0/24 via 203.0.113.1 dev kwb
way() { ip -n "$B" route get 192.0.2.9 | grep -o 'via [0-9.]*'; }
doctor() { in_b "$KNOCKWATCH" doctor --config "$CONFIG" --state "$WORK/doctor.state"; }
equal "our way to 192.0.2.9 is by our router" "$(way)" "via 203.0.113.1"
broken redirect
equal "a forged redirect changes it" "$(way)" "via 203.0.113.2"
ip -n "$B" route flush cache
doctor >"$WORK/doctor.before"
like "doctor says so" "$(cat "$WORK/doctor.before")" 'WEAK +redirects, IPv4'
like "and how a watch sees forged senders" "$(cat "$WORK/doctor.before")" 'WEAK +forged senders, IPv4'
grep -o 'sysctl -w [^ ]*$' "$WORK/doctor.before" >"$WORK/lines"
ends_with "its lines can be pasted" 0 in_b bash -e "$WORK/lines"
doctor >"$WORK/doctor.after"
like "then it finds them sound" "$(cat "$WORK/doctor.after")" 'good +redirects, IPv4'
like "the senders, too" "$(cat "$WORK/doctor.after")" 'good +forged senders, IPv4'
unlike "and no kernel setting that is weak" "$(cat "$WORK/doctor.after")" 'sysctl -w'
equal "our way is by our router again" "$(way)" "via 203.0.113.1"
broken redirect
equal "and the forged redirect changes it no more" "$(way)" "via 203.0.113.1"
like "the sequence numbers were measured" "$(cat "$WORK/doctor.after")" 'good +sequence numbers +cannot be guessed: 64'
finish
