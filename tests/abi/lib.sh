# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# shellcheck disable=SC2034 # ORIGINAL_DIR and others are for the script that sources this
#
# lib - what the tests of the ABI share: counting, the two libraries, a temporary place, programs built for the original.
#
# Sourced by NN_what.sh. WORK is put away at the end, however it ends.

set -u
export LC_ALL=C.UTF-8 TZ=UTC

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
. "$ROOT/tests/count.sh"
LIBWRAP_DIR=$(realpath "${LIBWRAP_DIR:-$ROOT/build/src/libwrap}")
OURS=$LIBWRAP_DIR/libwrap.so.0
ORIGINAL=$(gcc -print-file-name=libwrap.so.0)
WORK=$(mktemp -d "${TMPDIR:-/tmp}/kw-abi.XXXXXX")
chmod 755 "$WORK"
put_away_pids=() made_tables=()

put_away() {
	local code=$? p
	for p in "${put_away_pids[@]}"; do
		disown "$p" 2>/dev/null # so that the shell does not report the kill
		kill -KILL "$p" 2>/dev/null
	done
	for p in "${made_tables[@]}"; do
		umount "$p"
		rm -f "$p"
	done
	[ -z "${KW_ABI_INSIDE:-}" ] || umount /dev
	rm -rf "$WORK"
	exit "$code"
}
trap put_away EXIT
trap 'exit 130' INT TERM

# Two files are the same; the difference is shown.
same() { # NAME GOT WANTED
	local difference
	if difference=$(diff -u --label wanted --label got "$3" "$2"); then
		ok "$1"
	else
		tests=$((tests + 1)) failures=$((failures + 1))
		echo "not ok $tests $1"
		head -40 <<<"$difference"
	fi
}

skip_all() {
	echo "skipped: $(basename "$0") needs $1"
	exit 77
}

need_root() {
	[ "$(id -u)" = 0 ] || skip_all "root"
}

need_tools() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip_all "$tool"
	done
}

[ -e "$OURS" ] || {
	echo "not ok 0 our library is there: got no $OURS, wanted one (LIBWRAP_DIR=folder names it)"
	exit 1
}
case "$ORIGINAL" in
/*) ORIGINAL=$(realpath "$ORIGINAL") ;;
*) skip_all "the original libwrap.so.0 (package libwrap0)" ;;
esac
ORIGINAL_DIR=$(dirname "$ORIGINAL")

# Builds WORK/NAME from HERE/NAME.c with the original's header, linked to the original's library.
build_for_original() { # NAME [CC OPTION]...
	local name=$1
	shift
	[ -e /usr/include/tcpd.h ] || skip_all "/usr/include/tcpd.h (package libwrap0-dev)"
	gcc -w -O1 -D_GNU_SOURCE "$@" -o "$WORK/$name" "$HERE/$name.c" -lwrap
}

# A command on our library; on the original.
on_ours() { LD_LIBRARY_PATH=$LIBWRAP_DIR "$@"; }
on_original() { LD_LIBRARY_PATH=$ORIGINAL_DIR "$@"; }

# Until the command succeeds; false after that many seconds.
wait_for() { # SECONDS COMMAND...
	local end=$((SECONDS + $1 + 1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# Runs the script again with a /run of its own: what the library counts as root is the test's.
own_counts() {
	[ "$(id -u)" = 0 ] && [ -z "${KW_ABI_COUNTS:-}" ] || return
	# shellcheck disable=SC2016 # for the inner shell
	KW_ABI_COUNTS=1 unshare --mount --propagation private sh -c 'mount -t tmpfs kw-test /run && exec "$0"' "$0"
	exit
}

# Runs the script again in a network and mounts of its own, with /etc/hosts.allow, hosts.deny, and a /dev/log that is
# written to WORK/log. What must be built outside is built before.
in_own_place() {
	[ "${KW_ABI_INSIDE:-}" ] || {
		need_root
		need_tools unshare python3 ip
		KW_ABI_INSIDE=$WORK unshare --net --mount --fork "$0"
		exit
	}
	rm -rf "$WORK"
	WORK=$KW_ABI_INSIDE
	ip link set lo up
	local name
	for name in hosts.allow hosts.deny; do
		: >"$WORK/$name"
		[ -e "/etc/$name" ] || made_tables+=("/etc/$name")
		: >>"/etc/$name"
		mount --bind "$WORK/$name" "/etc/$name" || skip_all "mounts of its own"
	done
	mkdir "$WORK/dev" "$WORK/dev/shm"
	cp -a /dev/null /dev/zero /dev/random /dev/urandom /dev/tty "$WORK/dev/"
	ln -s /proc/self/fd "$WORK/dev/fd"
	mount --bind "$WORK/dev" /dev || skip_all "mounts of its own"
	mount -t tmpfs -o mode=0755 kw-test /run || skip_all "mounts of its own" # where our library counts
	"$HERE/log_reader.py" "$WORK/log" >"$WORK/log.ready" &
	put_away_pids+=($!)
	wait_for 5 grep -q ready "$WORK/log.ready"
}

# The lines of hosts.allow; of hosts.deny.
allow() { printf '%s\n' "$@" >"$WORK/hosts.allow"; }
deny() { printf '%s\n' "$@" >"$WORK/hosts.deny"; }

# A line of the log that matches.
logs() { # NAME PATTERN
	if wait_for 3 grep -Eq -e "$2" "$WORK/log"; then
		ok "$1"
	else
		not_ok "$1" "$(tail -3 "$WORK/log")" "a line of the log like /$2/"
	fi
	: >"$WORK/log"
}
