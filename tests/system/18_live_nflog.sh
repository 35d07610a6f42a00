#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What the firewall refuses and hands to a log group is told, to the packet; what it lets in is not. One reader a
# group; a flood beyond what the socket holds is counted, not guessed.
# Runs alone: a flood fills its queue.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nft nmap hping3
hosts_up
serve 22

in_b nft -f - <<'EOR'
table inet gate {
	chain input {
		type filter hook input priority filter; policy drop;
		iif "lo" accept
		ct state established,related accept
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		tcp dport 22 tcp flags & (fin | syn | rst | ack) == syn log prefix "ACCEPT: " group 7 accept
		log prefix "DROP: " group 7
	}
}
EOR
watch_start group --nflog 7
like "the watch says what it follows" "$(cat "$WORK/group.err")" 'following nflog group 7'
ends_with "a second reader of the group is refused" 5 \
	in_b "$KNOCKWATCH" watch --config "$CONFIG" --no-store --nflog 7 --for 1
like "and told who reads it" "$(cat "$WORK/err")" 'nflog group 7: another program reads it, probably process [0-9]+'

in_a nmap -n -Pn -sS -p 1-200 --max-retries 0 "$OURS" >/dev/null
in_a nmap -n -Pn -sX -p 22,300-349 --max-retries 0 -S 198.51.100.31 -e kwa "$OURS" >/dev/null
in_a nmap -6 -n -Pn -sU -p 500-519 --max-retries 0 "$OURS6" >/dev/null
for _ in 1 2 3 4 5; do
	in_a "$HERE/knock.py" 198.51.100.32 "$OURS" 22 >/dev/null
done
wait_for 5 grep -q 2001:db8:1::20 "$WORK/group.out"
sleep 0.5
watch_stop group

told() { # SOURCE
	stories "$WORK/group.json" --source "$1" --fields kind,techniques,ports
}

equal "a SYN scan behind the firewall is told, all but the open port" "$(told 198.51.100.20)" \
	"vertical syn tcp/1-21,tcp/23-200"
equal "an XMAS scan too, the open port among them" "$(told 198.51.100.31)" "vertical xmas tcp/22,tcp/300-349"
equal "and one over IPv6" "$(told 2001:db8:1::20)" "vertical udp udp/500-519"
equal "who was let in is not told" "$(told 198.51.100.32)" ""
equal "each story names its origin" "$(jq -r 'select(.event_type=="incident").origin' "$WORK/group.json" | sort -u)" nflog
equal "and the interface" "$(jq -r 'select(.event_type=="incident").in_iface' "$WORK/group.json" | sort -u)" kwb
like "nothing was lost" "$(cat "$WORK/group.err")" 'ended: .*; 0 lost'

# Stopped, it loses what does not fit; afterwards heard and lost together are what was sent.
watch_start flood --nflog 7
kill -STOP "$watch_pid"
in_a timeout 3 hping3 -q -n --flood -S -p 99 -a 198.51.100.33 "$OURS" >"$WORK/hping.out" 2>&1 || true
sent=$(sed -n 's/^\([0-9]*\) packets transmitted.*/\1/p' "$WORK/hping.out")
kill -CONT "$watch_pid"
in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 98 >/dev/null
wait_for 10 grep -q '"lost"' "$WORK/flood.state/watch.lock"
watch_stop flood
heard=$(jq -r 'select(.event_type=="stats").stats.packets' "$WORK/flood.json")
lost=$(jq -r 'select(.event_type=="stats").stats.lost | add' "$WORK/flood.json")
at_most "more was lost than nothing" "$((lost > 0 ? 0 : 1))" 0
at_most "what was heard and lost is what was sent (and its few answers)" \
	"$((heard + lost > sent ? heard + lost - sent : sent - heard - lost))" 20
finish
