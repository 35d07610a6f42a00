#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The systemd journal, written by a journald of its own in a mount namespace: each entry is heard once, whatever is
# rotated, vacuumed, restarted or killed meanwhile. What counts is what the journal holds.
. "$(dirname "$0")/lib.sh"
need_tools journalctl unshare nsenter python3 nft hping3
JOURNALD=/lib/systemd/systemd-journald
[ -x "$JOURNALD" ] || {
	echo "skipped: $(basename "$0") needs $JOURNALD"
	exit 77
}
hosts_up

# --- a journald of its own -------------------------------------------------------------------------

MACHINE=$(cat /etc/machine-id)
printf '[Journal]\n%s\n' "Storage=persistent
RateLimitIntervalSec=0
ForwardToSyslog=no
Audit=
SystemMaxUse=64M" >"$WORK/journald.conf"
[ -e /etc/systemd/journald.conf ] || touch /etc/systemd/journald.conf

cat >"$WORK/place.sh" <<EOR
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /var/log/journal
mount -t tmpfs tmpfs /var/log/journal
mkdir /var/log/journal/$MACHINE
chgrp -R systemd-journal /var/log/journal
chmod 2755 /var/log/journal /var/log/journal/$MACHINE
mount --bind "$WORK/journald.conf" /etc/systemd/journald.conf
touch "$WORK/place.ready"
exec sleep infinity
EOR
unshare -m --propagation private bash "$WORK/place.sh" &
place=$!
pids+=("$place")
wait_for 5 test -e "$WORK/place.ready" || not_ok "a place for journald is made" nothing "one"
in_place() { nsenter -t "$place" -m "$@"; }
enter=(nsenter -t "$place" -m)

journald_start() {
	in_place rm -f /run/systemd/journal/socket
	in_place mkdir -p /run/systemd/journal
	in_place touch /run/systemd/journal/flushed # from the start into /var
	nsenter -t "$place" -m "$JOURNALD" >>"$WORK/journald.log" 2>&1 &
	journald=$!
	pids+=("$journald")
	wait_for 5 in_place test -S /run/systemd/journal/socket
	wait_for 5 in_place test -e "/var/log/journal/$MACHINE/system.journal"
}

journald_end() { # SIGNAL
	disown "$journald"
	kill "-$1" "$journald"
	wait_for 5 gone "$journald"
}
gone() { ! kill -0 "$1"; }

send() { in_place "$HERE/journal_send.py" "$@"; } # IDENTIFIER SOURCE FIRST LAST [PAUSE]

# How many entries of a source the journal holds, and of how many doors.
held() { # SOURCE
	in_place journalctl -q -o cat SYSLOG_IDENTIFIER=ulogd | grep "SRC=$1 " |
		awk '{ n++; match($0, /DPT=[0-9]+/); d[substr($0, RSTART)]++ } END { print length(d), n + 0 }'
}

targets() { # NAME SOURCE
	plain "$1"
	stories "$WORK/$1.json" --source "$2" --fields targets_count,packets
}

# The watch has told everything up to this count in its status.
heard() { # NAME COUNT
	grep -Eq "\"packets\":$2[,}]" "$WORK/$1.state/watch.lock"
}

printf 'journal_identifiers: [ulogd]\n' >"$CONFIG"
journald_start

# --- rotation, vacuum, restart ---------------------------------------------------------------------

watch_start first --journal --home 203.0.113.0/24
like "the watch says what it follows" "$(cat "$WORK/first.err")" \
	'following the systemd journal \(kernel, ulogd\)'
send ulogd 198.51.100.21 1 300
for i in 1 2 3 4 5 6; do
	send ulogd 198.51.100.22 $((i * 50 - 49)) $((i * 50)) &
	in_place journalctl -q --rotate
	wait "$!"
	in_place journalctl -q --vacuum-files=3 2>/dev/null
done
wait_for 10 heard first 600 || true

send ulogd 198.51.100.23 1 400 0.005 &
sender=$!
for signal in TERM KILL TERM KILL; do
	sleep 0.4
	journald_end "$signal"
	journald_start
done
wait "$sender"
send ulogd 198.51.100.23 401 410
sleep 1.5
in_place journalctl -q --sync
want=$(held 198.51.100.23)
like "a journald that is restarted and killed keeps most of what it got" "$want" '^[34][0-9][0-9] [34]'

# --- what is not the firewall's, and what the kernel itself says ----------------------------------

send kernel 198.51.100.24 1 50
send sshd 198.51.100.25 1 50
send ulogd 198.51.100.26 1 50

in_b nft -f - <<'EOR'
table inet gate {
	chain input {
		type filter hook input priority filter; policy accept;
		iif "kwb" tcp flags & (fin | syn | rst | ack) == syn log prefix "DROP: " drop
	}
}
EOR
all_netns=$(sysctl -n net.netfilter.nf_log_all_netns)
# shellcheck disable=SC2317 # the trap calls it
restore() {
	sysctl -q -w net.netfilter.nf_log_all_netns="$all_netns"
	put_away
}
trap restore EXIT
sysctl -q -w net.netfilter.nf_log_all_netns=1
for port in 1001 1002 1003 1004 1005 1006 1007 1008 1009 1010; do
	in_a hping3 -q -n -c 1 -S -p "$port" -a 198.51.100.29 "$OURS" >/dev/null 2>&1
done
in_b nft delete table inet gate
sysctl -q -w net.netfilter.nf_log_all_netns="$all_netns"

wait_for 10 heard first $((660 + ${want##* })) || true
watch_stop first
equal "each entry is heard once" "$(targets first 198.51.100.21)" "300 300"
equal "over six rotations and a vacuum too" "$(targets first 198.51.100.22)" "300 300"
equal "what a journald kept that was restarted and killed is heard once" "$(targets first 198.51.100.23)" "$want"
equal "who only calls itself kernel is not believed" "$(targets first 198.51.100.24)" ""
equal "nor who is not named" "$(targets first 198.51.100.25)" ""
equal "but who is" "$(targets first 198.51.100.26)" "50 50"
equal "what the kernel logs is heard" "$(targets first 198.51.100.29)" "10 10"

# --- our own restart -------------------------------------------------------------------------------

packets() { # NAME
	jq 'select(.event_type=="stats").stats.packets' "$WORK/$1.json"
}

send ulogd 198.51.100.27 1 100
in_place journalctl -q --rotate
send ulogd 198.51.100.27 101 120
watch_start second --state "$WORK/first.state" --journal --home 203.0.113.0/24
send ulogd 198.51.100.27 121 200
wait_for 10 grep -Eq '"packets":200[,}]' "$WORK/first.state/watch.lock" || true
watch_stop second
equal "what came while no watch ran is heard at the next start, once" "$(packets second)" 200
equal "all of it" "$(targets second 198.51.100.27)" "200 200"

watch_start third --state "$WORK/first.state" --journal --home 203.0.113.0/24
send ulogd 198.51.100.28 1 100
wait_for 10 grep -Eq '"packets":100[,}]' "$WORK/first.state/watch.lock" || true
sleep 1.5 # the position is written within a second
disown "$watch_pid"
kill -KILL "$watch_pid"
wait_for 5 gone "$watch_pid"
send ulogd 198.51.100.28 101 200
watch_start fourth --state "$WORK/first.state" --journal --home 203.0.113.0/24
send ulogd 198.51.100.28 201 210
wait_for 10 grep -Eq '"packets":110[,}]' "$WORK/first.state/watch.lock" || true
watch_stop fourth
equal "a watch that was killed goes on where it was" "$(packets fourth)" 110

watch_start fifth --journal --home 203.0.113.0/24
sleep 1
watch_stop fifth
equal "without a position it reads from now on" "$(packets fifth)" 0
watch_start sixth --journal --from-start --home 203.0.113.0/24
lines=$(in_place journalctl -q -o cat SYSLOG_IDENTIFIER=ulogd + _TRANSPORT=kernel | grep -c '^DROP.* SRC=.* DPT=')
wait_for 10 heard sixth "$lines" || true
watch_stop sixth
equal "with --from-start what the journal holds" "$(packets sixth)" "$lines"
like "its origin is the journal" "$(jq -r 'select(.event_type=="incident").origin' "$WORK/sixth.json" | sort -u)" \
	'^journal$'

finish
