#!/bin/bash
# SPDX-License-Identifier: ISC
#
# limit behind a real inetd, as root and as nobody, and against a local user who wants it gone: who takes the names first, or
# the directory that is not there.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
need_tools inetd python3 setpriv ss
hosts_up
own_place_up
own_place_tcpd
chmod -R a+rX "$WORK"

for name in in.rootd in.nobodyd; do
	printf '#!/bin/sh\necho served\n' >"/usr/sbin/$name"
	chmod 755 "/usr/sbin/$name"
done
cat >/etc/services <<'EOF'
kwroot	7041/tcp
kwnobody	7042/tcp
EOF
cat >"$WORK/inetd.conf" <<EOF
kwroot stream tcp nowait.9999 root $tcpd in.rootd
kwnobody stream tcp nowait.9999 nobody $tcpd in.nobodyd
EOF
echo "in.rootd, in.nobodyd: ALL: limit 2/1h per service" >/etc/hosts.allow
echo "ALL: ALL" >/etc/hosts.deny
start_inetd() {
	ip netns exec "$B" inetd -E -i -R 0 "$WORK/inetd.conf" >>"$WORK/inetd" 2>&1 &
	inetd=$!
	pids+=("$inetd")
	wait_for 5 in_b sh -c "ss -Hltn 'sport = :7042' | grep -q ."
}
start_inetd

counts=/run/knockwatch/limits
answers() { # PORT -> what four calls got
	for _ in 1 2 3 4; do
		in_a "$HERE/call_service.py" "$OURS" "$1" 2>/dev/null || true
		echo
	done | sed '/^$/d' | tr '\n' ' '
}
as_daemon() { setpriv --reuid 1 --regid 1 --clear-groups "$@"; }

# --- root ------------------------------------------------------------------------------------------------------

# Where root would have counted, had it found nothing else.
as_daemon touch /dev/shm/knockwatch.access.limits.0
equal "root lets in so many" "$(answers 7041)" "served served "
logged_soon 'limit 2 in 3600 s reached by'
equal "and nobody else may write what it counts" "$(stat -c '%U %a' /run/knockwatch/access.limits)" "root 600"

# --- another user ----------------------------------------------------------------------------------------------

equal "nobody lets in so many" "$(answers 7042)" "served served "
logged_soon 'in.nobodyd.*limit 2 in 3600 s reached by'
equal "by a file of its own" "$(stat -c '%n %U %a' "$counts"/*)" "$counts/access.limits.65534 nobody 600"
as_daemon rm -f "$counts/access.limits.65534" 2>/dev/null
equal "which nobody else can take away" "$(ls "$counts")" access.limits.65534

rm "$counts/access.limits.65534"
as_daemon sh -c "umask 0; echo >$counts/access.limits.65534"
equal "where the name was taken first, nobody is let in" "$(answers 7042)" ""
logged_soon 'cannot be counted over processes'
like "it is said who took it" "$words" \
	'in.nobodyd\[N\]: warning: /etc/hosts.allow, line 1: limits and bounds of commands hold .* alone: access.limits.65534 is taken by user 1'
like "and what comes of it" "$words" \
	'in.nobodyd\[N\]: error: /etc/hosts.allow, line 1: limit 2 in 3600 s cannot be counted over processes for 198.51.100.20'

rm -r "$counts"
equal "nor where there is no directory" "$(answers 7042)" ""
logged_soon "alone: $counts: No such file"
install -d -m 0777 "$counts"
equal "nor where others can take names away" "$(answers 7042)" ""
logged_soon 'mode 777. can be changed by others'
chmod 1733 "$counts"
equal "with a good one, so many again" "$(answers 7042)" "served served "

# --- a file system that gives no blocks in advance ---------------------------------------------------------------

mount -t ramfs kw-test /run/knockwatch
mounts+=(/run/knockwatch)
kill "$inetd"
wait_for 5 sh -c "! kill -0 $inetd 2>/dev/null"
start_inetd # it has mounts of its own, as they were when it began
equal "where no blocks can be had in advance, root lets in so many" "$(answers 7041)" "served served "
finish
