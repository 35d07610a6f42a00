#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The tables of Venema's paper (figures 6 and 9) behind a real inetd, and what comes of it: who is refused, whom a trap
# fingers, and the mail that tells of it, delivered by a real mailer. Then those who want to make the traps work for them.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
. "$HERE/debian_program.sh"
need_tools inetd python3 pgrep systemd-socket-activate
hosts_up
own_place_up
own_place_cover /var/mail
own_place_cover /var/spool
programs=$(dirname "$(realpath "$KNOCKWATCH")")/src/tcpd
own_place_tcpd

# --- a host of 1992, with today's programs -------------------------------------------------------------------

if ! dma=$(debian_program dma) || ! mailx=$(debian_program bsd-mailx) || ! tftpd=$(debian_program tftpd-hpa); then
	echo "skipped: $(basename "$0") needs dma, bsd-mailx and tftpd-hpa, and could not download them"
	exit 77
fi
mkdir "$WORK/bin" "$WORK/lib" "$WORK/tftp"
cp -L "${LIBWRAP:-$programs/../libwrap/libwrap.so.0}" "$WORK/lib/libwrap.so.0"
install -m 755 "$mailx/usr/bin/bsd-mailx" "$WORK/bin/mail"
install -m 755 "$programs/safe_finger" "$WORK/bin/safe_finger"
install -m 755 "$tftpd/usr/sbin/in.tftpd" /usr/sbin/in.tftpd
rm -f /usr/sbin/sendmail
install -g mail -m 2755 "$dma/usr/sbin/dma" /usr/sbin/dma
ln -s dma /usr/sbin/sendmail
mkdir -p /etc/dma
cp "$dma/usr/share/dma/dma.conf" /etc/dma/
install -d -o root -g mail -m 2775 /var/spool/dma
echo tuegate.tue.nl >/etc/mailname
: >/etc/aliases
ldd "$WORK/bin/mail" /usr/sbin/dma | grep -q 'not found' && {
	echo "skipped: $(basename "$0") needs the libraries of dma and bsd-mailx"
	exit 77
}
echo greeting >"$WORK/tftp/greeting"
chmod -R a+rX "$WORK"

mailbox() { # USER
	useradd -M -d / "$1"
	install -o "$1" -g mail -m 660 /dev/null "/var/mail/$1"
}
mails() { grep -c '^From ' "/var/mail/$1"; }
# shellcheck disable=SC2317 # wait_for calls it
has_mails() { [ "$(mails "$1")" -ge "$2" ]; } # USER NUMBER
for user in wswietse bombed slowed warred floods crowds; do
	mailbox "$user"
done

for name in in.ftpd in.telnetd in.fingerd in.crowdd in.longd; do
	printf '#!/bin/sh\necho "welcome to %s"\n' "$name" >"/usr/sbin/$name"
	chmod 755 "/usr/sbin/$name"
done
cat >/etc/services <<'EOF'
kwftp	7021/tcp
kwtelnet	7023/tcp
tftp	69/udp
finger	79/tcp
kwbomb	7031/tcp
kwslow	7032/tcp
kwflood	7033/tcp
kwcrowd	7034/tcp
kwlong	7035/tcp
EOF
for name in bombd slowd floodd; do
	ln -s in.telnetd "/usr/sbin/in.$name"
done
# As Debian has it: tftp and finger of a user without rights, but for tftpd's directory.
cat >"$WORK/inetd.conf" <<EOF
kwftp stream tcp nowait.9999 root $tcpd in.ftpd
kwtelnet stream tcp nowait.9999 root $tcpd in.telnetd
tftp dgram udp wait.9999 root $tcpd in.tftpd -s $WORK/tftp
finger stream tcp nowait.9999 nobody $tcpd in.fingerd
kwbomb stream tcp nowait.9999 nobody $tcpd in.bombd
kwslow stream tcp nowait.9999 nobody $tcpd in.slowd
kwflood stream tcp nowait.9999 nobody $tcpd in.floodd
kwcrowd stream tcp nowait.9999 nobody $tcpd in.crowdd
kwlong stream tcp nowait.9999 root $tcpd in.longd
EOF
cat >>/etc/hosts <<'EOF'
198.51.100.21 terminus.lcs.mit.edu
198.51.100.22 tip-forsythe.stanford.edu
198.51.100.23 guzzle.stanford.edu
198.51.100.24 svin02
198.51.100.25 apl.win.tue.nl
198.51.100.26 e40-008-8.mit.edu
198.51.100.27 bomber.example
198.51.100.28 sloth.example
EOF
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
ip -n "$A" addr add 131.211.112.44/32 dev kwa
ip -n "$B" route add 131.211.112.44/32 via 198.51.100.20

: >/etc/hosts.allow
: >/etc/hosts.deny
# With our library for tftpd, which stays for a while after a request and asks it for the next ones.
start_inetd() { # NAMESPACE COMMAND...
	ip netns exec "$1" env PATH="$WORK/bin:$PATH" LD_LIBRARY_PATH="$WORK/lib" "${@:2}" >>"$WORK/inetd" 2>&1 &
	pids+=($!)
}
start_inetd "$B" inetd -E -i -R 0 "$WORK/inetd.conf"
wait_for 5 in_a "$HERE/knock.py" 198.51.100.20 "$OURS" 7021
call() { in_a "$HERE/call_service.py" "$@" 2>/dev/null; }
tftp() { in_a "$HERE/call_wrapped.py" "$1" "$OURS" 69 tftp; } # FROM

# Those of our host that run for a command: what it runs, and who stays with it.
working() { # -> their number
	local p n=0
	for p in $(ip netns pids "$B"); do
		case $(tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null) in
		"" | inetd* | in.tftpd* | *finger_server* | *systemd-socket-activate*) ;;
		*) n=$((n + 1)) ;;
		esac
	done
	echo "$n"
}
# shellcheck disable=SC2317 # wait_for calls it
is_quiet() { [ "$(working)" = 0 ]; }

# So many lines like this were logged since they were read.
# shellcheck disable=SC2317 # wait_for calls it
has_logged() { # NUMBER PATTERN
	[ "$(tail -n "+$((${logged_lines:-0} + 1))" "$log" | grep -c "$2")" -ge "$1" ]
}

# All that was logged since it was read, in `words`.
read_log() { words=$(logged) logged_lines=$(wc -l <"$log"); }

# --- figure 6: who may use what --------------------------------------------------------------------------------

cat >/etc/hosts.allow <<'EOF'
in.ftpd: ALL
EOF
cat >/etc/hosts.deny <<'EOF'
ALL: terminus.lcs.mit.edu hilltop.rutgers.edu monk.rutgers.edu
ALL: comserv.princeton.edu lewis-sri-gw.army.mil
ALL: ruut.cc.ruu.nl 131.211.112.44
ALL: tip-gsbi.stanford.edu
ALL: tip-quada.stanford.edu
ALL: s101-x25.stanford.edu
ALL: tip-cdr.stanford.edu
ALL: tip-cromemaa.stanford.edu
ALL: tip-cromembb.stanford.edu
ALL: tip-forsythe.stanford.edu
EOF
logged_soon 'connect from' # of the call that waited for inetd
while read -r from telnet; do
	equal "figure 6: $from may use ftp" "$(call --from "$from" $OURS 7021)" "welcome to in.ftpd"
	equal "figure 6: $from and telnet" "$(call --from "$from" $OURS 7023)" "$telnet"
done <<'EOF'
198.51.100.21
198.51.100.22
131.211.112.44
198.51.100.23 welcome to in.telnetd
198.51.100.20 welcome to in.telnetd
EOF
wait_for 5 has_logged 10 'connect from'
read_log
words=$(grep telnetd <<<"$words")
like "as in figure 7 each is logged" "$words" 'in.telnetd\[N\]: connect from guzzle.stanford.edu \(198.51.100.23\)'
like "and who is refused" "$words" 'in.telnetd\[N\]: refused connect from tip-forsythe.stanford.edu \(198.51.100.22\)'
like "by address, too" "$words" 'in.telnetd\[N\]: refused connect from 131.211.112.44 \(131.211.112.44\)'

# --- figure 9: a booby trap on tftp ----------------------------------------------------------------------------

# A real service where it can be had: it tells of a user who is there.
useradd -c "Mark V Scott" -d "$WORK/mvscott" mvscott
if fingerd=$(debian_program fingerd) && finger=$(debian_program finger); then
	install -m 755 "$finger/usr/bin/finger" "$WORK/bin/finger"
	printf '#!/bin/sh\nexec %s -l mvscott\n' "$WORK/bin/finger" >"$WORK/bin/finger-mvscott" # nobody is logged in here
	chmod 755 "$WORK/bin/finger-mvscott"
	ip netns exec "$A" systemd-socket-activate --accept --inetd -l 198.51.100.26:79 \
		"$fingerd/usr/sbin/in.fingerd" -p "$WORK/bin/finger-mvscott" >"$WORK/fingerd" 2>&1 &
	pids+=($!)
	found='^ Login: mvscott[[:space:]]+Name: Mark V Scott'
else
	echo "# no fingerd: it could not be downloaded"
	ip netns exec "$A" "$HERE/finger_server.py" 198.51.100.26 "$WORK/asked" &
	pids+=($!)
	found='^ asked /W'
fi
wait_for 5 in_b "$HERE/knock.py" "$OURS" 198.51.100.26 79

cat >/etc/hosts.allow <<'EOF'
in.tftpd: LOCAL, .win.tue.nl
EOF
cat >/etc/hosts.deny <<'EOF'
in.tftpd: ALL: spawn (safe_finger -l @%h 2>&1 | mail -s "%d from %h" wswietse) &
EOF
logged >/dev/null
equal "figure 9: a host from elsewhere is not served" "$(tftp 198.51.100.26)" refused
wait_for 20 has_mails wswietse 1
equal "and a mail tells of it" "$(mails wswietse)" 1
mail=$(cat /var/mail/wswietse)
like "who asked for what" "$mail" '^Subject: in.tftpd from e40-008-8.mit.edu'
like "asked whom" "$mail" '^ \[e40-008-8.mit.edu\]'
like "and what that host says, as in the paper" "$mail" "$found"
read_log
like "it is refused as ever" "$words" '<28>in.tftpd\[N\]: refused connect from e40-008-8.mit.edu \(198.51.100.26\)'
# The protocol repeats a request: the paper has six of one host.
for _ in 1 2 3 4 5; do
	call --udp --seconds 0.3 --send '\0\1x\0octet\0' --from 198.51.100.26 $OURS 69 >/dev/null
done
wait_for 5 has_logged 5 'refused connect from e40'
wait_for 20 is_quiet
equal "repeated requests are refused, and one mail is enough" "$(mails wswietse)" 1
read_log
like "the log says why, and how often" "$words" \
	'<27>in.tftpd\[N\]: warning: /etc/hosts.deny, line 1: not run for 198.51.100.26, 1 in 60 s is reached \(4 times by now\): \(safe_finger'
equal "not each time" "$(grep -c 'not run for' <<<"$words")" 3
like "a host without a dot in its name is served" "$(tftp 198.51.100.24)" '^granted .*greeting'
like "and one of the own domain" "$(tftp 198.51.100.25)" '^granted .*greeting'
# The service stays now, and asks the library by itself.
equal "another one still is not" "$(tftp 198.51.100.26)" refused
wait_for 20 is_quiet
equal "and a daemon that asks the library counts with tcpd" "$(mails wswietse)" 1

# --- a hostile finger service ----------------------------------------------------------------------------------

for server in 27:bomb 28:slow; do
	ip netns exec "$A" "$HERE/finger_server.py" "198.51.100.${server%:*}" "$WORK/asked" "${server#*:}" &
	pids+=($!)
	wait_for 5 in_b "$HERE/knock.py" "$OURS" "198.51.100.${server%:*}" 79
done
cat >/etc/hosts.deny <<'EOF'
in.bombd: ALL: spawn (safe_finger -l @%h 2>&1 | mail -s "%d from %h" bombed) &
in.slowd: ALL: spawn (safe_finger -t 2 -l @%h 2>&1 | mail -s "%d from %h" slowed) &
EOF
equal "who throws a bomb back is refused" "$(call --from 198.51.100.27 $OURS 7031)" ""
wait_for 20 has_mails bombed 1
wait_for 20 is_quiet
equal "and told of" "$(mails bombed)" 1
at_most "in a mail of so many bytes" "$(stat -c %s /var/mail/bombed)" 600000
at_most "of which so many are the host's" "$(grep -c 'touch' /var/mail/bombed)" 1000
equal "nothing in it that is not printable" "$(LC_ALL=C tr -d '\n\t -~' </var/mail/bombed | wc -c)" 0
equal "and nothing was done by it" "$(ls /tmp/owned 2>/dev/null)" ""
like "it says that it was cut" "$(tail -5 /var/mail/bombed)" '^ Input truncated to 100000 bytes'
equal "who answers a letter a second is refused at once" "$(call --from 198.51.100.28 $OURS 7032)" ""
wait_for 20 has_mails slowed 1
like "and told of, too" "$(cat /var/mail/slowed)" '^ Time limit of 2 seconds'

# --- two that finger each other --------------------------------------------------------------------------------

# The other host has the same trap, and counts for itself.
cat >"$WORK/inetd.other" <<EOF
198.51.100.20:finger stream tcp nowait.9999 nobody $tcpd in.fingerd
EOF
cat >/etc/hosts.deny <<'EOF'
in.fingerd: ALL: spawn (safe_finger -l @%h 2>&1 | mail -s "%d from %h" warred) &
EOF
# shellcheck disable=SC2016 # for the inner shell
start_inetd "$A" sh -c 'mount -t tmpfs -o mode=1733 kw-test /run/knockwatch/limits; exec inetd -E -i -R 0 "$1"' sh "$WORK/inetd.other"
wait_for 5 in_b ss -Hltn 'sport = :79'
wait_for 5 sh -c "ip netns exec $A ss -Hltn 'src 198.51.100.20 and sport = :79' | grep -q ."
logged >/dev/null
equal "a host with a trap fingers one with a trap" "$(call $OURS 79)" ""
wait_for 20 has_mails warred 2
wait_for 20 is_quiet
wait_for 5 has_logged 3 'refused connect'
read_log
equal "each does once, and the war is over" "$(mails warred)" 2
equal "after three calls" "$(grep -c 'refused connect' <<<"$words")" 3
like "the log says why" "$words" 'in.fingerd\[N\]: warning: /etc/hosts.deny, line 1: not run for 198.51.100.20, 1 in 60 s is reached \(1 times'

# --- many knocks -----------------------------------------------------------------------------------------------

cat >/etc/hosts.deny <<'EOF'
in.floodd: ALL: spawn (safe_finger -l @%h 2>&1 | mail -s "%d from %h" floods) &
in.crowdd: ALL: spawn (safe_finger -l @%h 2>&1 | mail -s "%d from %h" crowds) &
in.longd: 198.51.100.20: trap-time 8s: spawn (setsid sleep 600 & echo started >>$WORK/long; sleep 601) &
in.longd: 198.51.100.21: trap-at-most 1: spawn (echo second >>$WORK/long) &
EOF
sed -i "s,\$WORK,$WORK," /etc/hosts.deny
logged >/dev/null
equal "200 calls at once of one host are refused" "$(call --seconds 20 --times 200 --from 198.51.100.26 $OURS 7033)" 200
wait_for 20 has_mails floods 1
wait_for 20 is_quiet
equal "and nothing runs any more" "$(working)" 0
wait_for 10 has_logged 200 'refused connect'
read_log
equal "with one mail" "$(mails floods)" 1
equal "each refusal is logged" "$(grep -c 'refused connect' <<<"$words")" 200
at_most "and why nothing was run in a few lines" "$(grep -c 'not run for' <<<"$words")" 8
like "with the number" "$words" '\(128 times by now\)'

for i in {61..90}; do
	ip -n "$A" addr add "198.51.100.$i/24" dev kwa
done
cat >"$WORK/crowd.py" <<'EOF'
import socket, sys
calls = []
for i in range(41, 91):
    s = socket.socket()
    s.settimeout(20)
    s.bind((f"198.51.100.{i}", 0))
    s.connect((sys.argv[1], int(sys.argv[2])))
    calls.append(s)
print(sum(s.recv(100) == b"" for s in calls))
EOF
equal "50 hosts at once are refused" "$(in_a python3 "$WORK/crowd.py" $OURS 7034)" 50
wait_for 20 has_mails crowds 1
wait_for 30 is_quiet
equal "and nothing runs any more" "$(working)" 0
wait_for 10 has_logged 50 'refused connect'
read_log
at_most "with so many mails" "$(mails crowds)" 30
echo "# mails of 50 hosts: $(mails crowds)"
equal "that is, at least as many as run at a time" "$([ "$(mails crowds)" -ge 16 ] && echo yes)" yes
like "the log says why there are no more" "$words" 'not run for 198.51.100.[0-9]+, (16 commands are running|30 in 60 s of all clients are reached)'

# --- how long --------------------------------------------------------------------------------------------------

begin=$EPOCHREALTIME
equal "nobody waits for what is in the background" "$(call $OURS 7035)" ""
took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
at_most "not so many ms" "$took" 7900
wait_for 5 grep -q started "$WORK/long"
call --from 198.51.100.21 $OURS 7035 >/dev/null
logged_soon 'not run for 198.51.100.21'
like "what it runs counts as long as it does" "$words" 'not run for 198.51.100.21, 1 commands are running'
wait_for 20 is_quiet
took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
equal "after its time all of it is gone, a session of its own too" "$(working) $(pgrep -cf '^sleep 60[01]$')" "0 0"
at_most "within so many ms" "$took" 16000
logged_soon 'killed after 8 s'
like "and that is told" "$words" '<27>in.longd\[N\]: warning: /etc/hosts.deny, line 3: killed after 8 s: \(setsid sleep'
call --from 198.51.100.21 $OURS 7035 >/dev/null
wait_for 5 grep -q second "$WORK/long"
equal "then there is room for another" "$(cat "$WORK/long")" "started
second"
finish
