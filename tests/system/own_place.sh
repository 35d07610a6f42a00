# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034 # log is for the script that sources this
#
# own_place - a /etc, a /dev/log and whole directories of one's own, for tests that change what the machine lives by.
#
#   . "$(dirname "$0")/own_place.sh"     before lib.sh: starts the script anew in a mount namespace
#   . "$(dirname "$0")/lib.sh"
#   own_place_up                         now /etc and /usr/sbin may be written, and $log has what is logged
#
# Nothing of it is seen from outside, and nothing is left.

if [ -z "${KW_OWN_PLACE:-}" ]; then
	if [ "$(id -u)" != 0 ]; then
		echo "skipped: $(basename "$0") needs root: it makes a mount namespace"
		exit 77
	fi
	KW_OWN_PLACE=1 exec unshare --mount --propagation private -- "$0" "$@"
fi

# This directory may be written from now on.
own_place_cover() { # DIRECTORY
	local to=$WORK/place/cover${1//\//-}
	mkdir -p "$to/new" "$to/work"
	mount -t overlay kw-test -o "lowerdir=$1,upperdir=$to/new,workdir=$to/work" "$1"
}

# A /dev with what programs need, and a log.
own_place_dev() {
	local dev=$WORK/place/dev n
	mkdir "$dev"
	mount -t tmpfs kw-test "$dev"
	for n in null zero full random urandom tty; do
		touch "$dev/$n"
		mount --bind "/dev/$n" "$dev/$n"
	done
	mkdir "$dev/shm" "$dev/pts"
	mount -t tmpfs -o mode=1777 kw-test "$dev/shm"
	mount --bind /dev/pts "$dev/pts"
	ln -s /proc/self/fd "$dev/fd"
	mount --move "$dev" /dev
}

# What our library counts is the test's own.
own_place_counts() {
	[ -d /run/knockwatch ] || made+=(/run/knockwatch)
	mkdir -p /run/knockwatch
	mount -t tmpfs -o mode=0755 kw-test /run/knockwatch
	mounts+=(/run/knockwatch)
	mkdir -m 1733 /run/knockwatch/limits
}

own_place_up() {
	mkdir "$WORK/place"
	mount -t tmpfs kw-test "$WORK/place" # an overlay cannot lie on an overlay
	mounts+=("$WORK/place")
	own_place_cover /etc
	own_place_cover /usr/sbin
	own_place_dev
	own_place_counts
	log=$WORK/log
	: >"$log"
	python3 "$HERE/log_socket.py" /dev/log "$log" &
	log_pid=$!
	pids+=("$log_pid")
	wait_for 5 test -S /dev/log
}

# Our tcpd, where every user may execute it: a tree below a home of mode 0700 is nobody's but its owner's.
own_place_tcpd() {
	local built
	built=$(dirname "$(realpath "$KNOCKWATCH")")/src/tcpd
	install -d -m 755 "$WORK/tcpd"
	install -m 755 "$built/tcpd" "$built/tcpd-whole" "$WORK/tcpd"
	tcpd=$WORK/tcpd/tcpd
}

# What was logged since the last call, without the time; the PID as [N].
logged() {
	local from=${logged_lines:-0}
	logged_lines=$(wc -l <"$log")
	tail -n "+$((from + 1))" "$log" | sed 's/^\(<[0-9]*>\)... .. ..:..:.. /\1/; s/\[[0-9]*\]/[N]/'
}

# The same, once there is a line that matches.
logged_soon() { # PATTERN
	local from=${logged_lines:-0}
	wait_for 5 sh -c "tail -n +$((from + 1)) '$log' | grep -Eq '$1'"
	words=$(logged) logged_lines=$(wc -l <"$log")
}
