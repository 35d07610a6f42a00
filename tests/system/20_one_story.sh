#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Two interfaces, two logs, or a capture and a log of the same scan: one story, not two.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nmap nft tcpdump
hosts_up
ip link add kwc netns "$A" type veth peer name kwd netns "$B"
ip -n "$A" link set kwc up
ip -n "$B" link set kwd up
ip -n "$A" addr add 198.51.100.21/24 dev kwc
ip -n "$B" addr add 203.0.113.6/24 dev kwd
in_b sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.kwd.rp_filter=0

scan() { # INTERFACE PORTS
	in_a nmap -n -Pn -sS -T5 --max-retries 0 -e "$1" -S 198.51.100.20 -p "$2" "$OURS" \
		>>"$WORK/nmap.out" 2>&1
}

FIELDS=who,kind,targets_count

# Two interfaces, live: a half of the scan on each.
capture_start first kwb
first_pid=$capture_pid
capture_start second kwd
watch_start two --interface kwb --interface kwd
scan kwa 1-20
scan kwc 21-40
sleep 0.5
capture_stop second
capture_pid=$first_pid
capture_stop first
watch_stop two
equal "a scan over two interfaces is one story" \
	"$(stories "$WORK/two.json" --all --fields "$FIELDS")" "198.51.100.20 vertical 40"
read_json captures --home "$OURS" "$WORK/first.pcap" "$WORK/second.pcap"
equal "so it is in the captures of both" \
	"$(stories "$WORK/captures.json" --fields "$FIELDS")" "198.51.100.20 vertical 40"
read_json twice --home "$OURS" "$WORK/first.pcap" "$WORK/first.pcap"
equal "a capture given twice is one story with each target once" \
	"$(stories "$WORK/twice.json" --fields "$FIELDS")" "198.51.100.20 vertical 20"

read_json again --home "$OURS" "$WORK/first.pcap" "$WORK/first.pcap"
equal "what is read again tells the same, byte for byte" "$(cmp "$WORK/twice.json" "$WORK/again.json" && echo same)" same

# The same interface heard twice: every packet comes two times.
watch_start double --interface kwb --interface any
scan kwa 1-20
sleep 0.5
watch_stop double
equal "what is heard twice is one story with each target once" \
	"$(stories "$WORK/double.json" --fields "$FIELDS")" "198.51.100.20 vertical 20"

# A capture and the kernel's own log of the same scan.
all_netns=$(sysctl -n net.netfilter.nf_log_all_netns)
# shellcheck disable=SC2317 # the trap calls it
restore() {
	sysctl -q -w net.netfilter.nf_log_all_netns="$all_netns"
	put_away
}
trap restore EXIT
sysctl -q -w net.netfilter.nf_log_all_netns=1
in_b nft -f - <<-RULES
	table inet kw {
		chain input {
			type filter hook input priority 0; policy accept;
			tcp flags & (syn | ack) == syn log prefix "KW-$$ "
		}
	}
RULES
capture_start logged
watch_start logged --interface kwb
scan kwa 1-30
sleep 0.5
capture_stop logged
watch_stop logged
dmesg --time-format iso | grep -F "KW-$$ " >"$WORK/kernel.log"
sysctl -q -w net.netfilter.nf_log_all_netns="$all_netns"
equal "the kernel logged the scan" "$(wc -l <"$WORK/kernel.log")" 30
read_json kernel "$WORK/kernel.log"
equal "the log alone tells the story" \
	"$(stories "$WORK/kernel.json" --fields "$FIELDS")" "198.51.100.20 vertical 30"
equal "of the same techniques and level as live" "$(stories "$WORK/kernel.json")" "$(stories "$WORK/logged.json")"
read_json both --home "$OURS" "$WORK/logged.pcap" "$WORK/kernel.log"
equal "capture and log together are one story" \
	"$(stories "$WORK/both.json" --fields "$FIELDS")" "198.51.100.20 vertical 30"
read_json around --home "$OURS" "$WORK/kernel.log" "$WORK/logged.pcap"
equal "in the other order, too" "$(stories "$WORK/around.json")" "$(stories "$WORK/both.json")"

# Logs of two gates, a half in each; read, and followed.
log_scan 198.51.100.30 1 15 2026-11-20T12:00:00+00:00 north >"$WORK/north.log"
log_scan 198.51.100.30 16 30 2026-11-20T12:00:01+00:00 south >"$WORK/south.log"
read_json logs "$WORK/north.log" "$WORK/south.log"
equal "a scan in two logs is one story" \
	"$(stories "$WORK/logs.json" --fields "$FIELDS")" "198.51.100.30 vertical 30"
read_json again "$WORK/north.log" "$WORK/north.log"
equal "the same log twice is one story with each target once" \
	"$(stories "$WORK/again.json" --fields "$FIELDS")" "198.51.100.30 vertical 15"
: >"$WORK/n.log"
: >"$WORK/s.log"
watch_start follow --log "$WORK/n.log" --log "$WORK/s.log"
log_scan 198.51.100.31 1 15 "" north >>"$WORK/n.log"
log_scan 198.51.100.31 16 30 "" south >>"$WORK/s.log"
sleep 1
watch_stop follow
equal "a scan in two followed logs is one story" \
	"$(stories "$WORK/follow.json" --fields "$FIELDS")" "198.51.100.31 vertical 30"

# The store has one, too.
"$KNOCKWATCH" incidents --state "$WORK/follow.state" --json >"$WORK/kept.json"
equal "one story is kept" "$(wc -l <"$WORK/kept.json")" 1
finish
