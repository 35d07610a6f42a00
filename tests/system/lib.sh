# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034 # watch_code and others are for the script that sources this
#
# lib - what the system tests share: counting, a temporary place, two hosts, watches and captures.
#
# Sourced by NN_what.sh. Two hosts, each a network namespace, joined by a cable:
#   kw-PID-a  the other side: 198.51.100.20 and .21 to .60, 2001:db8:1::20, interface kwa
#   kw-PID-b  ours:           203.0.113.5, 2001:db8:2::5, interface kwb
# Everything is put away at the end of the script, however it ends.

set -u
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
. "$ROOT/tests/count.sh"
KNOCKWATCH=${KNOCKWATCH:-$ROOT/build/knockwatch}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/kw-test.XXXXXX")
chmod 755 "$WORK"
A=kw-$$-a B=kw-$$-b
OURS=203.0.113.5 OURS6=2001:db8:2::5
CONFIG=$WORK/empty.yaml # so that no test depends on /etc
printf 'wrappers: off\n' >"$CONFIG" # nor tells what the wrappers of this machine do

enter=() # how a watch gets to its host; set by hosts_up

pids=() namespaces=() mounts=()
made=() # directories, empty again in the end

put_away() {
	local code=$? n p
	for p in "${pids[@]}"; do
		disown "$p" 2>/dev/null # so that the shell does not report the kill
		kill -KILL "$p" 2>/dev/null
	done
	for n in "${namespaces[@]}"; do
		for p in $(ip netns pids "$n" 2>/dev/null); do
			kill -KILL "$p" 2>/dev/null
		done
		ip netns del "$n" 2>/dev/null
	done
	wait 2>/dev/null
	for n in "${mounts[@]}"; do
		umount -l "$n"
	done
	[ "${#made[@]}" = 0 ] || rmdir "${made[@]}" 2>/dev/null
	if [ -n "${KEEP_WORK:-}" ]; then
		echo "# kept: $WORK"
	else
		rm -rf "$WORK"
	fi
	exit "$code"
}
trap put_away EXIT
trap 'exit 130' INT TERM

# The command's exit code, or a pattern of codes such as [06]. Its words are kept in $WORK/out and $WORK/err.
ends_with() { # NAME CODE COMMAND...
	local name=$1 wanted=$2 got=0
	shift 2
	"$@" >"$WORK/out" 2>"$WORK/err" </dev/null || got=$?
	# shellcheck disable=SC2053 # a pattern is meant
	if [[ $got == $wanted ]]; then
		ok "$name"
	else
		not_ok "$name" "exit $got ($(head -c 300 "$WORK/err" | tr '\n' ' '))" "exit $wanted"
	fi
}

need_root() {
	[ "$(id -u)" = 0 ] && return
	echo "skipped: $(basename "$0") needs root: $1"
	exit 77
}

need_tools() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null && continue
		echo "skipped: $(basename "$0") needs $tool"
		exit 77
	done
}

[ -x "$KNOCKWATCH" ] || {
	echo "not ok 0 the program is there: got no $KNOCKWATCH, wanted one (KNOCKWATCH=path names it)"
	exit 1
}

# Until the command succeeds; false after that many seconds.
wait_for() { # SECONDS COMMAND...
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# --- hosts -----------------------------------------------------------------------------------------

in_a() { ip netns exec "$A" "$@"; }
in_b() { ip netns exec "$B" "$@"; }

hosts_up() {
	local i
	need_root "it makes network namespaces"
	ip netns add "$A" && ip netns add "$B" || exit 1
	namespaces=("$A" "$B")
	enter=(ip netns exec "$B")
	ip link add kwa netns "$A" type veth peer name kwb netns "$B"
	in_a sysctl -q -w net.ipv6.conf.kwa.accept_dad=0
	in_b sysctl -q -w net.ipv6.conf.kwb.accept_dad=0 net.ipv4.icmp_ratelimit=0 \
		net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0
	ip -n "$A" addr add 198.51.100.20/24 dev kwa
	for i in {21..60}; do
		ip -n "$A" addr add "198.51.100.$i/24" dev kwa
	done
	ip -n "$A" addr add 2001:db8:1::20/64 dev kwa nodad
	ip -n "$B" addr add "$OURS/24" dev kwb
	ip -n "$B" addr add "$OURS6/64" dev kwb nodad
	ip -n "$A" link set lo up && ip -n "$A" link set kwa up
	ip -n "$B" link set lo up && ip -n "$B" link set kwb up
	ip -n "$A" route add 203.0.113.0/24 dev kwa
	ip -n "$B" route add 198.51.100.0/24 dev kwb
	ip -n "$A" -6 route add 2001:db8:2::/64 dev kwa
	ip -n "$B" -6 route add 2001:db8:1::/64 dev kwb
	wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 1
}

# Something that listens on a TCP port of ours, both families unless an address is named.
serve() { # PORT [ADDRESS]
	ip netns exec "$B" python3 "$HERE/serve.py" "${2:-::}" "$1" &
	pids+=($!)
	wait_for 30 in_b sh -c "ss -Hltn 'sport = :$1' | grep -q ." # a door that is shut answers a knock, too
	wait_for 30 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" "$1"
}

# --- logs ------------------------------------------------------------------------------------------

# Lines as the kernel writes them: SYNs from SOURCE to ports FIRST to LAST of ours, now or at a time.
log_scan() { # SOURCE FIRST LAST [TIME [HOST]]
	local port stamp own=${1##*[.:]}
	stamp=${4:-$(date -u '+%Y-%m-%dT%H:%M:%S.%6N+00:00')}
	for ((port = $2; port <= $3; port++)); do
		printf '%s %s kernel: DROP IN=eth0 OUT= SRC=%s DST=%s LEN=60 TOS=0x00 PREC=0x00 TTL=54 ' \
			"$stamp" "${5:-gate}" "$1" "$OURS"
		# Of its own for each source, or they would pass for one with decoys.
		printf 'ID=%d DF PROTO=TCP SPT=%d DPT=%d WINDOW=64240 RES=0x00 SYN URGP=0\n' \
			$((port * 7 + own * 100)) $((40000 + port % 200 + own * 100)) "$port"
	done
}

# --- watches and captures --------------------------------------------------------------------------

# Each line with the time of its arrival before it.
stamp_lines() {
	local line
	while IFS= read -r line; do
		printf '%s %s\n' "$EPOCHREALTIME" "$line"
	done
}

# Starts a watch, on our host if there is one; WORK/NAME.{out,err}, its state in WORK/NAME.state if --state is not
# among the options. The output has times of arrival; `plain NAME` takes them off.
watch_start() { # NAME OPTION...
	local name=$1
	shift
	case " $* " in
	*" --state "* | *" --no-store "*) ;;
	*) set -- --state "$WORK/$name.state" "$@" ;;
	esac
	# Whatever else is started on this machine is no matter of a test that does not ask for it.
	case " $* " in
	*" --exec "*) ;;
	*) set -- --exec off "$@" ;;
	esac
	case " $* " in
	*" --wrappers "*) ;;
	*) set -- --wrappers off "$@" ;;
	esac
	: >"$WORK/$name.err"
	"${enter[@]}" "$KNOCKWATCH" watch ${CONFIG:+--config "$CONFIG"} --json "$@" \
		> >(stamp_lines >"$WORK/$name.out") 2>>"$WORK/$name.err" &
	watch_pid=$!
	pids+=("$watch_pid")
	wait_for 10 grep -Eq 'watching|following' "$WORK/$name.err" || not_ok "a watch starts" \
		"$(cat "$WORK/$name.err")" "'watching' or 'following'"
}

# Ends it and waits until its last words are written; sets watch_code.
watch_stop() { # NAME [PID]
	local pid=${2:-$watch_pid}
	kill -TERM "$pid" 2>/dev/null
	watch_code=0
	wait "$pid" || watch_code=$?
	wait_for 5 grep -q '"event_type":"stats"' "$WORK/$1.out"
	plain "$1"
}

plain() { # NAME -> WORK/NAME.json
	sed 's/^[0-9.]* //' "$WORK/$1.out" >"$WORK/$1.json"
}

capture_start() { # NAME [INTERFACE]
	ip netns exec "$B" tcpdump -Z root -i "${2:-kwb}" --immediate-mode -B 65536 -n -U -w "$WORK/$1.pcap" \
		2>"$WORK/$1.tcpdump" &
	capture_pid=$!
	pids+=("$capture_pid")
	wait_for 5 grep -q 'listening on' "$WORK/$1.tcpdump"
}

capture_stop() { # NAME
	sleep 0.3
	kill -INT "$capture_pid"
	wait "$capture_pid" 2>/dev/null
	like "the capture $1 is whole" "$(cat "$WORK/$1.tcpdump")" '^0 packets dropped by kernel'
}

# The stories in JSON lines, a line each: who, kind, level, techniques (or --fields).
stories() { # FILE OPTION...
	python3 "$HERE/stories.py" "$@" || echo "unreadable at $EPOCHREALTIME" # never equal to another
}

# Reads files with nothing but the given options; JSON to WORK/NAME.json, words to WORK/NAME.err.
read_json() { # NAME ARGUMENT...
	local name=$1
	shift
	read_code=0
	"$KNOCKWATCH" read --config "$CONFIG" --json "$@" >"$WORK/$name.json" 2>"$WORK/$name.err" \
		</dev/null || read_code=$?
}

# known_fault NAME GOT WANTED: a promise that is broken today. Not counted, but said in every run, so that it is
# not forgotten; once it is mended it becomes a check.
known_fault() {
	if [ "$2" = "$3" ]; then
		echo "# known fault, kept this time: $1"
	else
		echo "# KNOWN FAULT $1: got $2, wanted $3"
	fi
}
