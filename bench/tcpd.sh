#!/bin/bash
# SPDX-License-Identifier: ISC
# What tcpd adds to a connection, below openbsd-inetd: ours, and Debian's (package tcpd).
#
#   bench/tcpd.sh [BUILD] [ROUNDS] [CONNECTIONS]      (root; BUILD configured with -Dbench=true)
#
# Each round makes so many connections to a service that writes two bytes, once straight, once behind each tcpd, and 200
# at once that are refused; the cost is the CPU time of inetd and all it starts, for a connection. The tables are empty
# but for the daemon that is refused, and the log is read. Figures are medians of the rounds, "added" is the median of the
# differences inside a round: what else runs on this machine weighs on all of them alike.
#
# One figure a line: NAME VALUE UNIT debian=VALUE RATIO; RATIO is ours divided by Debian's.
#   tcpd_connection   CPU a connection, all in all
#   tcpd_added        what tcpd adds to it
#   tcpd_refused      CPU of a refused connection, inetd's share included
#   tcpd_refused_ms   from the first of 200 refused at once to the end of the last one
#   tcpd_refused_left processes 100 ms after that, the most of all rounds
#   tcpd_refused_most processes at a time meanwhile, the most of all rounds
set -u
export LC_ALL=C
if [ "${KW_OWN_PLACE:-}" != 1 ]; then
	[ "$(id -u)" = 0 ] || {
		echo "$0: needs root: it makes a mount and a network namespace" >&2
		exit 5
	}
	KW_OWN_PLACE=1 exec unshare --mount --net --propagation private -- "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-build}") rounds=${2:-9} count=${3:-200}
for needed in "$build/bench/trivial_server" "$build/src/tcpd/tcpd" /usr/sbin/tcpd /usr/sbin/inetd; do
	[ -x "$needed" ] || {
		echo "$0: there is no $needed (tools/setup.sh bench; meson configure $build -Dbench=true)" >&2
		exit 2
	}
done
work=$(mktemp -d "${TMPDIR:-/tmp}/knockwatch-bench.XXXXXX")
pids=()
clean_up() {
	kill "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
	umount -l "$work/place" /dev /etc 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# A /etc that may be written, and a /dev with a log that is read.
mkdir "$work/place"
mount -t tmpfs bench "$work/place"
mkdir "$work/place/new" "$work/place/work" "$work/place/dev"
mount -t overlay bench -o "lowerdir=/etc,upperdir=$work/place/new,workdir=$work/place/work" /etc
for n in null zero random urandom; do
	touch "$work/place/dev/$n"
	mount --bind "/dev/$n" "$work/place/dev/$n"
done
mount --rbind "$work/place/dev" /dev
python3 "$here/../tests/system/log_socket.py" /dev/log "$work/log" &
pids+=($!)
: >/etc/hosts.allow
echo "refused: ALL" >/etc/hosts.deny
cp "$build/bench/trivial_server" "$work/served"
cp "$build/bench/trivial_server" "$work/refused"
ip link set lo up

cat >>/etc/services <<X
kwstraight 7001/tcp
kwdebian 7002/tcp
kwours 7003/tcp
kwdebianno 7004/tcp
kwoursno 7005/tcp
X
cat >"$work/inetd.conf" <<X
kwstraight stream tcp nowait.1000000 root $work/served served
kwdebian stream tcp nowait.1000000 root /usr/sbin/tcpd $work/served
kwours stream tcp nowait.1000000 root $build/src/tcpd/tcpd $work/served
kwdebianno stream tcp nowait.1000000 root /usr/sbin/tcpd $work/refused
kwoursno stream tcp nowait.1000000 root $build/src/tcpd/tcpd $work/refused
X
/usr/sbin/inetd -i -R 0 "$work/inetd.conf" &
inetd=$!
pids+=("$inetd")
connect() { timeout 120 python3 "$here/connections.py" "$inetd" "$@"; }
for ((i = 0; i < 100; i++)); do
	[ -S /dev/log ] && connect 7001 1 1 >/dev/null 2>&1 && break
	sleep 0.05
done
for port in 7001 7002 7003; do
	read -r _ bytes _ <<<"$(connect $port 5 1)"
	[ "${bytes:-}" = 10 ] || {
		echo "$0: port $port does not serve" >&2
		exit 1
	}
done

for ((i = 0; i < rounds; i++)); do
	read -r straight _ <<<"$(connect 7001 "$count" 1)"
	read -r debian _ <<<"$(connect 7002 "$count" 1)"
	read -r ours _ <<<"$(connect 7003 "$count" 1)"
	read -r ours_no bytes ours_ms ours_left ours_most <<<"$(connect 7005 200 200)"
	read -r debian_no _ debian_ms debian_left debian_most <<<"$(connect 7004 200 200)"
	[ "$bytes" = 0 ] || {
		echo "$0: a refused connection was served" >&2
		exit 1
	}
	echo "$straight $debian $ours $((debian - straight)) $((ours - straight)) $debian_no $ours_no" \
		"$debian_ms $ours_ms $debian_left $ours_left $debian_most $ours_most"
done >"$work/rounds"

median() { cut -d' ' -f"$1" "$work/rounds" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
most() { cut -d' ' -f"$1" "$work/rounds" | sort -n | tail -1; }
line() { # NAME UNIT OURS DEBIAN
	awk -v n="$1" -v u="$2" -v o="$3" -v d="$4" \
		'BEGIN { printf "%s %d %s debian=%d %.2f\n", n, o, u, d, (d > 0 ? o / d : 0) }'
}
echo "tcpd_straight $(median 1) us_cpu"
line tcpd_connection us_cpu "$(median 3)" "$(median 2)"
line tcpd_added us_cpu "$(median 5)" "$(median 4)"
line tcpd_refused us_cpu "$(median 7)" "$(median 6)"
line tcpd_refused_ms ms "$(median 9)" "$(median 8)"
line tcpd_refused_left processes "$(most 11)" "$(most 10)"
line tcpd_refused_most processes "$(most 13)" "$(most 12)"
