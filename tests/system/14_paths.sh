#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The paths by which a knock can come: the kernel hook counts to the packet, with the firewall dropping first and
# without; and what doctor says that a path cannot see, it does not.
# Runs alone: knocks are counted to the packet.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces and loads a program into the kernel"
need_tools nmap nft jq clang
/usr/bin/python3 -c 'import scapy.all' 2>/dev/null || {
	echo "skipped: 14_paths.sh needs python3-scapy"
	exit 77
}
hosts_up
serve 22

EACH=1000 FIRST=1001 # all closed

knocks() { # FROM tcp|udp [FIRST [COUNT]]
	in_a "$HERE/many_knocks.py" "$1" "$OURS" "$2" "${3:-$FIRST}" "${4:-$EACH}"
}

# How many doors were knocked on, by protocol and by the path that told of them.
doors() { # NAME
	jq -r 'select(.event_type=="knock") | "\(.proto) \(.origin)"' "$WORK/$1.json" | sort | uniq -c | sed 's/^ *//'
}

packets() { # NAME
	jq -r 'select(.event_type=="stats").stats.packets' "$WORK/$1.json"
}

heard() { # NAME SOURCE: whether anything was told of it
	jq -r --arg s "$2" 'select(.src_ip==$s) | .src_ip' "$WORK/$1.json" | sort -u
}

wanted_doors=$(printf '%s TCP kernel\n%s UDP kernel' $EACH $EACH)

# --- by the hook, to the packet ---
ends_with "a word that is no path is refused" 2 "$KNOCKWATCH" watch --path hock --no-store --for 1
watch_start plain --path hook --knocks
knocks 198.51.100.21 tcp
knocks 198.51.100.22 udp
sleep 0.6
watch_stop plain
like "it says which path it took, and why" "$(cat "$WORK/plain.err")" \
	'heard by the kernel hook and odd packets: the kernel itself says that nobody listens'
equal "each knock is one event, told by the kernel" "$(doors plain)" "$wanted_doors"
equal "and none twice" "$(packets plain)" $((2 * EACH))
like "none was lost" "$(cat "$WORK/plain.err")" 'ended: .*; 0 lost'

watch_start auto --knocks
knocks 198.51.100.21 tcp
sleep 0.6
watch_stop auto
equal "the hook is what is taken where it works" "$(doors auto)" "$EACH TCP kernel"

# --- the firewall drops first ---
in_b nft -f - <<END
table inet kwtest {
	chain input {
		type filter hook input priority -10;
		tcp dport $FIRST-$((FIRST + EACH - 1)) drop
		udp dport $FIRST-$((FIRST + EACH - 1)) drop
	}
}
END
watch_start dropped --path hook --knocks
knocks 198.51.100.21 tcp
knocks 198.51.100.22 udp
sleep 0.6
watch_stop dropped
equal "with the firewall dropping first it is the same" "$(doors dropped)" "$wanted_doors"
equal "and none comes twice" "$(packets dropped)" $((2 * EACH))
printf 'firewall_drops: false\n' >"$WORK/deaf.yaml"
CONFIG=$WORK/deaf.yaml
watch_start deaf --path hook --knocks
knocks 198.51.100.21 tcp
sleep 0.6
watch_stop deaf
CONFIG=$WORK/empty.yaml
equal "unless what the firewall drops is not wanted" "$(doors deaf)" ""
in_b nft delete table inet kwtest

# --- containers ---
watch_start containers --path hook --knocks --containers
in_b "$HERE/many_knocks.py" "$OURS" 198.51.100.20 udp 3001 20
knocks 198.51.100.21 udp 3001 5
sleep 0.6
watch_stop containers
inode=$(in_a stat -Lc %i /proc/self/ns/net)
equal "knocks on another namespace are labelled" \
	"$(jq -r --arg n "netns:$inode" 'select(.event_type=="knock" and .in_iface==$n).dest_port' "$WORK/containers.json" |
		wc -l)" 20
equal "ours are not" "$(jq -r 'select(.event_type=="knock" and .in_iface=="kwb").dest_port' "$WORK/containers.json" |
	wc -l)" 5

# --- what each path cannot see ---
"$KNOCKWATCH" doctor >"$WORK/doctor" 2>&1
doctor=$(tr -s ' \n' '  ' <"$WORK/doctor")
says_blind() { # PATH WORDS
	like "doctor says of $1: $2" "$doctor" "path $1 .*$2"
}
for path in hook packet; do
	says_blind $path 'packets that an XDP program drops'
	says_blind $path 'ACK, FIN\+ACK and answers to ephemeral ports'
done
says_blind hook 'packets that a program behind NFQUEUE refuses'
says_blind hook 'a first fragment whose rest never comes'
says_blind packet 'UDP to ephemeral ports, on a host that forwards'
says_blind nflog 'all that no rule logs'
says_blind log 'all that no rule logs'

first_fragments() { # FROM: of twenty datagrams, never ended
	in_a /usr/bin/python3 - "$1" "$OURS" <<'END'
import sys
from scapy.all import IP, UDP, Raw, send, conf
conf.verb = 0
for port in range(4001, 4021):
    whole = UDP(sport=5000, dport=port) / Raw(b"x" * 120)
    send(IP(src=sys.argv[1], dst=sys.argv[2], flags="MF", id=port, proto=17) / Raw(bytes(whole)[:64]))
END
}

for path in hook packet; do
	watch_start "blind-$path" --path "$path" --knocks
	in_a nmap -n -Pn -T5 --max-retries 0 -e kwa -S 198.51.100.31 -sA -p40000-40029 "$OURS" >>"$WORK/nmap.out" 2>&1
	first_fragments 198.51.100.32
	knocks 198.51.100.33 udp 5001 3
	sleep 0.6
	watch_stop "blind-$path"
	equal "$path: an ACK scan of ephemeral ports is not seen" "$(heard "blind-$path" 198.51.100.31)" ""
	equal "$path: other knocks are" "$(heard "blind-$path" 198.51.100.33)" 198.51.100.33
done
knocked() { jq -r --arg s "$2" 'select(.event_type=="knock" and .src_ip==$s).dest_port' "$WORK/$1.json" | wc -l; }
equal "hook: first fragments alone are no knocks" "$(knocked blind-hook 198.51.100.32)" 0
equal "packet: they are" "$(knocked blind-packet 198.51.100.32)" 20

# An XDP program that drops everything to our UDP ports stands before all of us.
cat >"$WORK/drop.c" <<'END'
__attribute__((section("xdp"), used)) int drop_all(void *packet) { return 1; }
END
if clang -O2 -target bpf -c "$WORK/drop.c" -o "$WORK/drop.o" 2>"$WORK/clang.err" &&
	in_b ip link set dev kwb xdpgeneric obj "$WORK/drop.o" sec xdp 2>"$WORK/xdp.err"; then
	in_b ip link set dev kwb xdpgeneric off
	for path in hook packet; do
		watch_start "xdp-$path" --path "$path" --knocks
		in_b ip link set dev kwb xdpgeneric obj "$WORK/drop.o" sec xdp
		knocks 198.51.100.34 udp 5001 20
		in_b ip link set dev kwb xdpgeneric off
		sleep 0.3
		watch_stop "xdp-$path"
		equal "$path: what XDP drops is not seen" "$(packets "xdp-$path")" 0
	done
else
	echo "# not tried here: XDP ($(head -c 200 "$WORK/xdp.err" "$WORK/clang.err" | tr '\n' ' '))"
fi

# A log tells what was logged.
: >"$WORK/empty.log"
chmod 644 "$WORK/empty.log"
ends_with "path log needs a log" 2 "${enter[@]}" "$KNOCKWATCH" watch --path log --no-store --for 1
watch_start log --path log --log "$WORK/empty.log" --knocks
knocks 198.51.100.35 udp 5001 20
sleep 0.5
watch_stop log
equal "log: what no rule logs is not seen" "$(packets log)" 0
ends_with "path nflog needs a group" 2 "${enter[@]}" "$KNOCKWATCH" watch --path nflog --no-store --for 1
watch_start nflog --path nflog --nflog 9 --knocks
knocks 198.51.100.35 udp 5001 20
sleep 0.5
watch_stop nflog
equal "nflog: what no rule logs is not seen" "$(packets nflog)" 0
finish
