#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Redirects, forged senders, source routes, questions to services and port knocking, by the real tools:
# each is told as what it is while it happens, and the capture tells the same.
# Runs alone: each story is held to a time.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nmap hping3 tcpdump knockd knock python3
/usr/bin/python3 -c 'import scapy.all' 2>/dev/null || {
	echo "skipped: $(basename "$0") needs python3-scapy"
	exit 77
}
hosts_up
serve 22
in_b /usr/bin/python3 -m http.server --bind "$OURS" 80 >"$WORK/http.out" 2>&1 & # a real daemon, that answers
pids+=($!)
wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 80
mac=$(in_b cat /sys/class/net/kwb/address)

craft() { # SCAPY-EXPRESSION: packets sent from the other side's cable
	in_a /usr/bin/python3 - "$mac" "$1" >>"$WORK/scapy.out" 2>&1 <<-'END'
		import logging, sys
		logging.getLogger("scapy").setLevel(logging.ERROR)
		from scapy.all import *
		for packet in eval(sys.argv[2]):
		    sendp(Ether(dst=sys.argv[1]) / packet, iface="kwa", verbose=0)
	END
}

# Our host lets somebody in who knocks at 7000, 8000 and 9000.
cat >"$WORK/knockd.conf" <<END
[options]
	logfile = $WORK/knockd.log
[open]
	sequence = 7000,8000,9000
	seq_timeout = 10
	tcpflags = syn
	command = touch $WORK/opened-%IP%
END
in_b knockd -i kwb -c "$WORK/knockd.conf" -p "$WORK/knockd.pid" >"$WORK/knockd.out" 2>&1 &
pids+=($!)
wait_for 5 in_b grep -q . /proc/net/packet # knockd captures
sleep 0.5

capture_start attacks
watch_start attacks

# A stranger's redirect, over IPv4 by hping3 and over IPv6 by scapy; and our own router's.
in_a timeout 20 hping3 -q -a 198.51.100.21 -C 5 -K 1 --icmp-gw 198.51.100.66 --icmp-ipdst 198.51.100.99 -c 3 -i u100000 \
	"$OURS" >>"$WORK/hping.out" 2>&1
craft "[IPv6(src='2001:db8:1::20',dst='$OURS6',hlim=255)/ICMPv6ND_Redirect(tgt='fe80::66',dst='2001:db8:9::9')]"
craft "[IP(src='203.0.113.1',dst='$OURS',ttl=64)/ICMP(type=5,code=1,gw='203.0.113.2')/IP(src='$OURS',dst='192.0.2.9')/UDP(sport=40000,dport=53)]"

# LAND by hping3, from our own address and port; and a sender that cannot be.
{
	in_a timeout 20 hping3 -q -a "$OURS" -S -s 139 -k -p 139 -c 4 -i u100000 "$OURS"
	in_a timeout 20 hping3 -q -a 250.7.7.7 -S -p 445 -c 5 -i u100000 "$OURS"
} >>"$WORK/hping.out" 2>&1

# A loose source route by hping3, and the routing header of type 0, and one of mobile IPv6, which is lawful.
in_a timeout 20 hping3 -q -a 198.51.100.22 -S -p ++23 --lsrr 198.51.100.20 -c 3 -i u100000 "$OURS" >>"$WORK/hping.out" 2>&1
craft "[IPv6(src='2001:db8:1:2::9',dst='$OURS6')/IPv6ExtHdrRouting(type=0,addresses=['2001:db8:1::20'])/TCP(dport=23,sport=4000,flags='S')]"
craft "[IPv6(src='2001:db8:1:3::9',dst='$OURS6')/IPv6ExtHdrRouting(type=2,addresses=['2001:db8:1::20'])/TCP(dport=23,sport=4000,flags='S')]"

# Which programs are these? A scan that goes on to ask.
ip -n "$A" route replace 203.0.113.0/24 dev kwa src 198.51.100.23
in_a timeout 60 nmap -n -Pn -T5 -sS -sV --version-intensity 3 -p20-99 "$OURS" >"$WORK/nmap.out" 2>&1

# A friend knocks and comes in.
ip -n "$A" route replace 203.0.113.0/24 dev kwa src 198.51.100.24
in_a knock -d 200 "$OURS" 7000 8000 9000
wait_for 5 test -e "$WORK/opened-198.51.100.24"
in_a "$HERE/knock.py" 198.51.100.24 "$OURS" 22
sleep 1
capture_stop attacks
watch_stop attacks
read_json read --home "$OURS" --home "$OURS6" "$WORK/attacks.pcap"

told() { # SOURCE
	stories "$WORK/attacks.json" --all --source "$1" --fields class,kind,level
}

ends_with "knockd heard the row of the knock client" 0 test -e "$WORK/opened-198.51.100.24"
equal "a stranger's redirect is told" "$(told 198.51.100.21)" "attack redirect 3"
like "so is one over IPv6" "$(told 2001:db8:1::20)" "^attack redirect 3$"
unlike "our router's is not" "$(told 203.0.113.1)" " [1-5]$"
equal "LAND is told as a forged sender" "$(told "$OURS")" "attack spoof 3"
equal "so is a sender that cannot be" "$(told 250.7.7.7)" "attack spoof 3"
equal "loose source routes are told" "$(told 198.51.100.22)" "attack source-route 3"
equal "so is a routing header of type 0" "$(told 2001:db8:1:2::9)" "attack source-route 2"
unlike "a lawful routing header is not" "$(told 2001:db8:1:3::9)" " [1-5]$"
like "nmap -sV asks the services" "$(told 198.51.100.23)" "^scan service-probe [34]$"
equal "port knocking is explained" "$(told 198.51.100.24)" "noise port-knock 0"
like "no packet was lost" "$(cat "$WORK/attacks.err")" 'ended: .*; 0 lost'
equal "the capture tells the same" "$(stories "$WORK/read.json" --fields who,kind,level)" \
	"$(stories "$WORK/attacks.json" --fields who,kind,level)"
finish
