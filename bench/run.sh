#!/bin/bash
# SPDX-License-Identifier: ISC
# What knockwatch costs and how its peers do on the same files.
#
#   bench/run.sh [short|full] [BUILD]      (BUILD: a build folder configured with -Dbench=true)
#
# One figure a line: NAME VALUE UNIT PEER RATIO. VALUE is ours, PEER is NAME=VALUE of the other program
# or "absent", RATIO is ours divided by the peer's: 2.0 = twice as fast. Speeds are records per CPU
# second (user and system), of which other work on the machine takes less away than of wall time.
#
# short: 200,000 packets, less than a minute. full: 10 million packets. Slow peers get a smaller file
# with the same mixture and are compared by the speed per record; the line says so (peer:RECORDS).
# scanlogd reads live interfaces only: root needed; packets are replayed into a network namespace and
# only what the kernel did not drop on its way to it is counted. Its figure holds the kernel's work of
# handing over each packet, which no reader of files has. psad writes to /var/log/psad.
set -u
export LC_ALL=C

mode=${1:-short}
build=${2:-build}
here=$(cd "$(dirname "$0")" && pwd)
case $mode in
short) packets=200000 lines=100000 forged=200000 visitors=100
	p0f_packets=20000 tshark_packets=20000 psad_lines=5000 live_packets=50000 repeat=3 ;;
full) packets=10000000 lines=1000000 forged=10000000 visitors=1000
	p0f_packets=300000 tshark_packets=300000 psad_lines=50000 live_packets=1000000 repeat=3 ;;
*)
	echo "usage: $0 [short|full] [BUILD]" >&2
	exit 2
	;;
esac
knockwatch=$build/knockwatch
bin=$build/bench
if [ ! -x "$bin/gen_capture" ] || [ ! -x "$knockwatch" ]; then
	echo "$0: $build holds no benchmark tools; meson configure $build -Dbench=true, then build" >&2
	exit 2
fi
data=$(mktemp -d "${TMPDIR:-/tmp}/knockwatch-bench.XXXXXX") || exit 1
namespace=kwbench$$
clean_up() {
	if [ -e "/run/netns/$namespace" ]; then
		for pid in $(ip netns pids "$namespace"); do kill "$pid"; done
		ip netns del "$namespace"
	fi
	rm -rf "$data"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Sets cpu and rss; false if the command is absent or fails.
measure() {
	cpu='' rss=''
	local figures
	figures=$("$here/cpu_of.py" "$@") || return 1
	read -r cpu rss <<<"$figures"
}

# speed RECORDS: records per CPU second from $cpu, which is told in milliseconds.
speed() { awk -v n="$1" -v s="$cpu" 'BEGIN { printf "%.0f", n / (s < 0.001 ? 0.001 : s) }'; }

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }

# line NAME OURS UNIT PEER THEIRS; THEIRS empty = absent
line() {
	if [ -n "$5" ]; then
		echo "$1 $2 $3 $4=$5 $(ratio "$2" "$5")"
	else
		echo "$1 $2 $3 $4 absent"
	fi
}

# peer NAME OURS UNIT PEER RECORDS COMMAND...: measures and prints
peer() {
	local name=$1 ours=$2 unit=$3 who=$4 records=$5 theirs=''
	shift 5
	if command -v "$1" >"$data/found" && measure --repeat "$repeat" "$@"; then
		theirs=$(speed "$records")
	fi
	line "$name" "$ours" "$unit" "$who" "$theirs"
}

# Captures and logs hold ten records a source, on the average.
# Captures, and the log below, hold ten records a source on the average.
capture() { "$bin/gen_capture" --packets "$1" --sources "$(($1 / 10))" --seed 1 "$2"; }

# CPU seconds that a process used so far
cpu_of_pid() {
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/^.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"
}

# A namespace whose kernel takes every packet to 203.0.113.0/24 as its own and answers none.
make_namespace() {
	ip netns add "$namespace" &&
		ip -n "$namespace" link add outside type veth peer name inside &&
		ip -n "$namespace" link set inside address 02:00:00:00:00:02 up &&
		ip -n "$namespace" link set outside up &&
		ip -n "$namespace" link set lo up &&
		ip -n "$namespace" route add local 203.0.113.0/24 dev lo &&
		ip -n "$namespace" route add default dev inside &&
		ip netns exec "$namespace" sysctl -qw net.ipv4.conf.all.rp_filter=0 \
			net.ipv4.conf.inside.rp_filter=0
}

# Sets cpu and seen (packets that reached it) for scanlogd; false if it cannot be run here.
replay_to_scanlogd() {
	local file=$1 count=$2 pid before dropped
	command -v scanlogd && command -v tcpreplay && [ "$(id -u)" = 0 ] && make_namespace || return 1
	mkdir -p /run/scanlogd/empty # its root directory, which its init script makes
	ip netns exec "$namespace" scanlogd || return 1
	sleep 1
	pid=$(ip netns pids "$namespace" | head -1)
	[ -n "$pid" ] || return 1
	before=$(cpu_of_pid "$pid")
	ip netns exec "$namespace" tcpreplay -q --pps 50000 --limit "$count" -i outside "$file"
	sleep 1
	cpu=$(awk -v a="$before" -v b="$(cpu_of_pid "$pid")" 'BEGIN { print b - a }')
	# shellcheck disable=SC2016 # $NF is awk's
	dropped=$(ip netns exec "$namespace" awk 'NR > 1 { n += $NF } END { print n + 0 }' \
		/proc/net/raw)
	seen=$((count - dropped))
	[ "$seen" -gt 0 ]
}

capture "$packets" "$data/day.pcap"
"$bin/gen_log" --lines "$lines" --sources "$((lines / 10))" --seed 1 "$data/kern.log"
"$bin/gen_flood" --forged "$forged" --fast "$visitors" --slow "$visitors" --clients "$visitors" \
	--seed 1 "$data/flood.pcap" "$data/truth"

# Packets
home=(--home 203.0.113.0/24)
if ! measure --repeat "$repeat" "$knockwatch" read --json "${home[@]}" "$data/day.pcap"; then
	echo "$0: $knockwatch cannot read $data/day.pcap" >&2
	exit 1
fi
ours=$(speed "$packets")
unit=packets/cpu_s
echo "packets $ours $unit - -"
echo "packets_memory $((rss / 1024)) MiB - -"
peer packets_vs_libpcap_loop "$ours" $unit pcap_count "$packets" "$bin/pcap_count" "$data/day.pcap"
peer packets_vs_tcpdump "$ours" $unit tcpdump "$packets" \
	tcpdump -n --count -r "$data/day.pcap" 'tcp[13]=2'
capture "$p0f_packets" "$data/p0f.pcap"
peer packets_vs_p0f "$ours" $unit "p0f:$p0f_packets" "$p0f_packets" p0f -r "$data/p0f.pcap"
capture "$tshark_packets" "$data/tshark.pcap"
peer packets_vs_tshark "$ours" $unit "tshark:$tshark_packets" "$tshark_packets" \
	tshark -n -r "$data/tshark.pcap"
theirs=''
if replay_to_scanlogd "$data/day.pcap" "$live_packets" >"$data/replay" 2>&1; then
	theirs=$(speed "$seen")
	live=scanlogd:$seen
fi
line packets_vs_scanlogd "$ours" $unit "${live:-scanlogd}" "$theirs"

# Packed and other forms of the same packets
for packer in gzip zstd xz; do
	if command -v "$packer" >"$data/found"; then
		"$packer" -c -1 "$data/p0f.pcap" >"$data/packed"
		measure --repeat "$repeat" "$knockwatch" read --json "${home[@]}" "$data/packed" &&
			echo "packets_$packer $(speed "$p0f_packets") $unit - -"
	fi
done
if command -v editcap >"$data/found" && editcap -F pcapng "$data/day.pcap" "$data/day.pcapng"; then
	measure --repeat "$repeat" "$knockwatch" read --json "${home[@]}" "$data/day.pcapng" &&
		echo "packets_pcapng $(speed "$packets") $unit - -"
fi

# A flood of forged sources
all=$((forged + visitors * (20 + 6 + 5)))
if measure --output "$data/flood.jsonl" "$knockwatch" read --json "${home[@]}" "$data/flood.pcap"; then
	echo "flood $(speed "$all") $unit - -"
	echo "flood_memory $((rss / 1024)) MiB - -"
	"$here/flood_score.py" "$data/truth" "$data/flood.jsonl" |
		while read -r kind found known; do echo "flood_called_scanner_$kind $found of_$known - -"; done
fi

# Log lines
measure --repeat "$repeat" "$knockwatch" read --json "${home[@]}" --year 2026 "$data/kern.log"
ours=$(speed "$lines")
unit=lines/cpu_s
echo "lines $ours $unit - -"
echo "lines_memory $((rss / 1024)) MiB - -"
# grep stops at the first match when its output is thrown away, so it gets a file to write to.
theirs=''
measure --repeat "$repeat" --output "$data/grep" grep -c SRC= "$data/kern.log" && theirs=$(speed "$lines")
line lines_vs_grep "$ours" $unit grep "$theirs"
head -n "$psad_lines" "$data/kern.log" >"$data/psad.log"
repeat=1
peer lines_vs_psad "$ours" $unit "psad:$psad_lines" "$psad_lines" psad -A -m "$data/psad.log"

# The journal
"$bin/journal_speed" "$data/state" "$((lines * 3))"
