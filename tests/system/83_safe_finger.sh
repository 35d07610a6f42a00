#!/bin/bash
# SPDX-License-Identifier: ISC
#
# safe_finger and try-from: a real finger service, and services that want to fill, hold up or fool whoever asks them.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
. "$HERE/debian_program.sh"
need_tools python3 systemd-socket-activate
hosts_up
own_place_up
programs=$(dirname "$(realpath "$KNOCKWATCH")")/src/tcpd
finger() { in_b timeout 60 "$programs/safe_finger" "$@"; }

for address in 198.51.100.20 2001:db8:1::20; do
	ip netns exec "$A" "$HERE/finger_server.py" "$address" "$WORK/asked" &
	pids+=($!)
done
wait_for 5 in_b "$HERE/knock.py" "$OURS" 198.51.100.20 79
wait_for 5 in_b "$HERE/knock.py" "$OURS6" 2001:db8:1::20 79

# --- what is asked -----------------------------------------------------------------------------------------

equal "a user is asked for in one line" "$(finger joe@198.51.100.20)" " [198.51.100.20]
 asked joe"
equal "with -l as RFC 1288 says" "$(finger -l joe@198.51.100.20)" " [198.51.100.20]
 asked /W joe"
equal "nobody in particular" "$(finger @198.51.100.20)" " [198.51.100.20]
 asked "
equal "by IPv6" "$(finger joe@2001:db8:1::20)" " [2001:db8:1::20]
 asked joe"
equal "on the wire it is a line, and nothing else" "$(grep joe "$WORK/asked" | head -1)" "b'joe\\r\\n'"
ends_with "a question to be passed on is refused" 2 finger joe@elsewhere.example@198.51.100.20
like "and says so" "$(cat "$WORK/err")" "forwarding is refused"
ends_with "a second line is refused" 2 finger $'joe\r\nroot@198.51.100.20'
like "and cannot write what it wants" "$(cat "$WORK/err")" '^safe_finger: joe.x0d.x0aroot@198.51.100.20: not printable$'
equal "neither was asked" "$(grep -cE 'root|elsewhere' "$WORK/asked")" 0
ends_with "a word that is no target is a wrong call" 2 finger foo
ends_with "without a host it is told how to call it" 2 finger
for wrong in -x -xl -lx --nothing --help=joe; do
	ends_with "with \"$wrong\", too" 2 finger "$wrong" joe@198.51.100.20
done
ends_with "also alone" 2 finger -xl
like "and told how to call it" "$(cat "$WORK/err")" '^usage: safe_finger \[-l\]'
ends_with "if it is asked, that is no fault" 0 finger --help
equal "behind -- a user is no option" "$(finger -l -- -xl@198.51.100.20)" " [198.51.100.20]
 asked /W -xl"
ends_with "nobody there is no answer" 1 finger joe@198.51.100.21
like "and told" "$(cat "$WORK/err")" "198.51.100.21: Connection refused"

# --- what comes back ---------------------------------------------------------------------------------------

finger endless@198.51.100.20 >"$WORK/endless"
equal "an endless answer ends" "$(tail -1 "$WORK/endless")" " Input truncated to 100000 bytes..."
at_most "after so many bytes" "$(stat -c %s "$WORK/endless")" 110000
finger long@198.51.100.20 >"$WORK/long"
at_most "no line is longer than so many columns" "$(awk '{ if (length > n) n = length } END { print n }' "$WORK/long")" 129
equal "and all of it is there" "$(tail -n +2 "$WORK/long" | tr -dc x | wc -c)" 1000
finger binary@198.51.100.20 >"$WORK/binary"
equal "nothing gets through that is not printable" "$(LC_ALL=C tr -d '\n\t -~' <"$WORK/binary" | wc -c)" 0
like "bytes are octal" "$(cat "$WORK/binary")" '\\033'
like "a backslash is two" "$(cat "$WORK/binary")" 'Z\[\\\\\]'
ends_with "an answer of nothing is one" 0 finger close@198.51.100.20

# --- how long ------------------------------------------------------------------------------------------------

begin=$EPOCHREALTIME
finger -t 3 slow@198.51.100.20 >"$WORK/slow" 2>&1 &
slow=$!
wait_for 5 grep -q slow "$WORK/asked"
equal "who waits is nobody" "$(ps -o uid=,gid= -p "$(pgrep -f 'safe_finger -t 3 slow@' -n)" 2>/dev/null | xargs)" "65534 65534"
code=0
wait "$slow" || code=$?
took=$(((${EPOCHREALTIME/./} - ${begin/./}) / 1000))
equal "a slow answer ends, as no answer" "$code" 1
at_most "after so many ms" "$took" 3900
like "and not before" "$((took - 2999))" '^[0-9]'
like "with what came so far, and why" "$(cat "$WORK/slow")" '^ Time limit of 3 seconds'
like "which is all of the answer" "$(sed -n 2p "$WORK/slow")" '^ \.{3,4}$'
ends_with "a time of none is told" 2 finger -t 0 joe@198.51.100.20
like "with what it may be" "$(cat "$WORK/err")" 'seconds: 1 to 600, 30 if not said'
for wrong in 601 3s -1 ''; do
	ends_with "so is \"$wrong\"" 2 finger -t "$wrong" joe@198.51.100.20
done

# --- a real one --------------------------------------------------------------------------------------------

if fingerd=$(debian_program fingerd) && bsd=$(debian_program finger); then
	useradd -c "Joe Knocker" -d "$WORK/joe" kwjoe
	mkdir "$WORK/joe"
	printf 'be seen\033[2J\n' >"$WORK/joe/.plan"
	chmod -R a+rX "$WORK"
	ip netns exec "$A" systemd-socket-activate --accept --inetd -l 198.51.100.21:79 \
		"$fingerd/usr/sbin/in.fingerd" -p "$bsd/usr/bin/finger" >"$WORK/fingerd" 2>&1 &
	pids+=($!)
	wait_for 5 in_b "$HERE/knock.py" "$OURS" 198.51.100.21 79
	finger -l kwjoe@198.51.100.21 >"$WORK/real"
	like "a real service tells who it is" "$(cat "$WORK/real")" '^ Login: kwjoe[[:space:]]+Name: Joe Knocker'
	like "and the plan, without its tricks" "$(cat "$WORK/real")" '^ be seen(\\033|.\[|M|\^)'
	equal "printable" "$(LC_ALL=C tr -d '\n\t -~' <"$WORK/real" | wc -c)" 0
else
	echo "# no fingerd: it could not be downloaded"
fi

# --- from a rule -------------------------------------------------------------------------------------------

echo "in.kwd: ALL: spawn $programs/safe_finger @%h >$WORK/spawned" >/etc/hosts.deny
printf '#!/bin/sh\n' >/usr/sbin/in.kwd
ip netns exec "$B" systemd-socket-activate --accept --inetd -l 0.0.0.0:7001 "$programs/tcpd" in.kwd 2>/dev/null &
pids+=($!)
wait_for 5 in_a "$HERE/knock.py" 198.51.100.22 "$OURS" 7001
rm -f "$WORK/spawned"
in_a "$HERE/call_service.py" --from 198.51.100.20 "$OURS" 7001 2>/dev/null
equal "a rule fingers back" "$(cat "$WORK/spawned")" " [198.51.100.20]
 asked "

# --- try-from ----------------------------------------------------------------------------------------------

echo "198.51.100.20 client.example" >>/etc/hosts
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
ip netns exec "$B" systemd-socket-activate --accept --inetd -l 0.0.0.0:7002 "$programs/try-from" 2>/dev/null &
pids+=($!)
wait_for 5 in_a "$HERE/knock.py" 198.51.100.22 "$OURS" 7002
equal "try-from tells what is known" "$(in_a "$HERE/call_service.py" "$OURS" 7002 2>/dev/null)" \
	"client address  (%a): 198.51.100.20
client hostname (%n): client.example
client username (%u): unknown
client info     (%c): client.example
server address  (%A): $OURS
server hostname (%N): unknown
server process  (%d): try-from
server info     (%s): try-from@$OURS"

finish
