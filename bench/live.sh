#!/bin/bash
# SPDX-License-Identifier: ISC
# What a watch costs the host it runs on, and whether it loses anything.
#
#   bench/live.sh [BUILD] [ROUNDS] ["FIGURE..."]      (root; BUILD configured with -Dbench=true)
#
# One figure a line: NAME VALUE UNIT, the ratio to the same without a watch, and what the watch used and lost. A round
# is: without, with, without again; its ratio is the one with to the mean of the two without, and the median of all
# rounds is told. "again" is the second without to the first: what it differs from 1 is the noise of this machine, and
# so are the quartiles beside each ratio. On a veth pair the receiving work runs on the sender's processor, so the ratio of a flood is
# directly what a watch adds to each packet. web needs nginx and wrk, bulk iperf3.
set -u
export LC_ALL=C
build=${1:-build} rounds=${2:-5}
knockwatch=$(realpath "$build/knockwatch") flood=$(realpath "$build/bench/send_flood")
if [ ! -x "$knockwatch" ] || [ ! -x "$flood" ]; then
	echo "bench/live.sh: $build holds no knockwatch and bench/send_flood; meson configure $build -Dbench=true && ninja -C $build" >&2
	exit 2
fi
FLOOD=300000 PACED=200000 SECONDS_EACH=${SECONDS_EACH:-4}
A=kwlive$$-a B=kwlive$$-b OURS=203.0.113.5
work=$(mktemp -d "${TMPDIR:-/tmp}/knockwatch-live.XXXXXX")
chmod 755 "$work"
clean_up() {
	for n in $A $B; do
		for p in $(ip netns pids "$n" 2>/dev/null); do kill -KILL "$p" 2>/dev/null; done
		ip netns del "$n" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

ip netns add $A && ip netns add $B || exit 1
ip link add kwa netns $A type veth peer name kwb netns $B
ip -n $B link set kwb address 02:00:00:00:00:05
ip -n $A addr add 198.51.100.20/24 dev kwa
ip -n $B addr add $OURS/24 dev kwb
for n in $A $B; do ip -n "$n" link set lo up; done
ip -n $A link set kwa up && ip -n $B link set kwb up
ip -n $A route add 203.0.113.0/24 dev kwa
ip -n $B route add 198.51.100.0/24 dev kwb
in_a() { ip netns exec $A "$@"; }
in_b() { ip netns exec $B "$@"; }
until in_a ping -c1 -W1 $OURS >/dev/null 2>&1; do :; done

# watch MODE: starts one unless it is "none"; its JSON goes to $work/out.
watch() {
	watch_pid=''
	[ "$1" = none ] && return
	: >"$work/err"
	ip netns exec "$B" "$knockwatch" watch --no-store --wrappers off --json --path "$1" >"$work/out" 2>"$work/err" &
	watch_pid=$!
	until grep -q watching "$work/err"; do sleep 0.05; done
	sleep 0.3
	cpu_before=$(cpu_of_watch)
}

# Clock ticks of both processes.
cpu_of_watch() {
	local p sum=0
	for p in $watch_pid $(pgrep -P "$watch_pid"); do
		sum=$((sum + $(awk '{ sub(/^.*\) /, ""); print $12 + $13 }' "/proc/$p/stat")))
	done
	echo "$sum"
}

# Ends it; sets cpu (seconds), packets and lost.
watch_end() {
	cpu=0 packets=- lost=-
	[ -n "$watch_pid" ] || return
	sleep 0.3
	cpu=$(awk -v a="$cpu_before" -v b="$(cpu_of_watch)" -v hz="$(getconf CLK_TCK)" 'BEGIN { print (b - a) / hz }')
	kill -TERM "$watch_pid"
	wait "$watch_pid"
	packets=$(grep '"event_type":"stats"' "$work/out" | grep -o '"packets":[0-9]*' | head -1 | cut -d: -f2)
	lost=$(grep -o '[0-9,]* lost$' "$work/err" | cut -d' ' -f1)
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# quartiles FILE_A FILE_B [FILE_C]: of the ratios, line by line, of A to B or to the mean of B and C.
quartiles() {
	paste -d' ' "$@" | awk '{ print $1 / (NF > 2 ? ($2 + $3) / 2 : $2) }' | sort -n | awk '
		function at(share) { return v[int(1 + (NR - 1) * share + 0.5)] }
		{ v[NR] = $1 }
		END { printf "%.3f (%.3f to %.3f)", at(0.5), at(0.25), at(0.75) }'
}

# rounds_of NAME UNIT MODES COMMAND...: the command prints a number; higher is better.
rounds_of() {
	local name=$1 unit=$2 modes=$3 mode i
	shift 3
	for ((i = 0; i < rounds; i++)); do
		for mode in none $modes again; do
			watch "${mode/again/none}"
			"$@" >>"$work/$name.$mode"
			watch_end
			echo "$cpu" >>"$work/$name.$mode.cpu"
			echo "$packets/$lost" >>"$work/$name.$mode.heard"
		done
	done
	echo "$name none $(median <"$work/$name.none") $unit again $(quartiles "$work/$name.again" "$work/$name.none")"
	for mode in $modes; do
		echo "$name $mode $(median <"$work/$name.$mode") $unit" \
			"ratio $(quartiles "$work/$name.$mode" "$work/$name.none" "$work/$name.again")" \
			"cpu $(median <"$work/$name.$mode.cpu") s" \
			"heard/lost $(sort "$work/$name.$mode.heard" | uniq -c | awk '{ print $2 "x" $1 }' | head -3 | paste -sd' ')"
	done
}

only=" ${3:-flood paced web_keep web_new bulk} "
wants() { [[ $only == *" $1 "* ]]; }

send() { in_a "$flood" kwa 02:00:00:00:00:05 198.51.100.0 $OURS "$@" 2>>"$work/wall"; }
wants flood && rounds_of flood k/cpu-second "hook packet" send $FLOOD
wants paced && rounds_of paced k/cpu-second "hook packet" send $FLOOD $PACED

if command -v nginx >/dev/null && command -v wrk >/dev/null; then
	cat >"$work/nginx.conf" <<END
daemon off; worker_processes 1; pid $work/nginx.pid; error_log /dev/null;
events { worker_connections 1024; }
http { access_log off; server { listen $OURS:80; location / { return 200 "hello\n"; } } }
END
	ip netns exec "$B" nginx -c "$work/nginx.conf" >/dev/null 2>&1 &
	until in_a bash -c "exec 3<>/dev/tcp/$OURS/80" 2>/dev/null; do sleep 0.1; done
	requests() { in_a wrk -t1 -c16 -d"${SECONDS_EACH}"s "$@" "http://$OURS/" | awk '/Requests.sec/ { print $2 }'; }
	wants web_keep && rounds_of web_keep requests/s hook requests
	wants web_new && rounds_of web_new connections/s hook requests -H "Connection: close"
else
	echo "web absent (nginx, wrk)"
fi
if command -v iperf3 >/dev/null; then
	ip netns exec "$B" iperf3 -s -p 5201 >/dev/null 2>&1 &
	until in_a bash -c "exec 3<>/dev/tcp/$OURS/5201" 2>/dev/null; do sleep 0.1; done
	sleep 0.5
	gigabits() {
		in_a iperf3 -c $OURS -t "$SECONDS_EACH" -f m | awk '/receiver/ { print $(NF - 2) / 1000 }'
	}
	wants bulk && rounds_of bulk Gbit/s hook gigabits
else
	echo "bulk absent (iperf3)"
fi
