#!/bin/bash
# SPDX-License-Identifier: ISC
#
# 'knockwatch wrap': real daemons that others have built with libwrap, and services behind Debian's tcpd, are put on ours and back.
# No systemd runs here: what a drop-in says is given to the daemon by hand. tests/system/65_package.sh has one.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
need_tools socat inetd gcc jq python3 setcap setpriv systemd-analyze
# shellcheck source=tests/system/debian_program.sh
. "$HERE/debian_program.sh"
debian_servers vsftpd
hosts_up
own_place_up
debian_users /etc/passwd >"$WORK/passwd" && cat "$WORK/passwd" >/etc/passwd
built=$(dirname "$(realpath "$KNOCKWATCH")")
libexec=$WORK/libexec library=$WORK/lib
mkdir "$library" "$libexec" "$WORK/run"
cp -L "$built/src/libwrap/libwrap.so.0" "$library/"
cp "$built/src/tcpd/tcpd" "$built/src/tcpd/tcpd-whole" "$libexec/"
chmod -R a+rX "$WORK"
theirs=$(realpath "$(gcc -print-file-name=libwrap.so.0)")
wrap() { "$KNOCKWATCH" wrap --library "$library" --tcpd "$libexec/tcpd" "$@"; }
wrap_json() { wrap --json "$@" | jq -c "${filter:-.}"; }
fits() { # WHAT ARGUMENT...
	equal "the schema knows what $1 says" "$(wrap --json "${@:2}" 2>/dev/null | python3 "$HERE/schema_check.py" wrap)" ""
}
rules() { # ALLOW DENY
	printf '%s\n' "$1" >/etc/hosts.allow
	printf '%s\n' "$2" >/etc/hosts.deny
}
units=/etc/systemd/system
unit() { # NAME LINE...: a unit with these lines of [Service]
	printf '%s\n' '[Unit]' 'Description=for a test' '[Service]' "${@:2}" >"$units/$1"
}
drop_in() { echo "$units/$1.d/50-knockwatch-libwrap.conf"; }
everything() { (find "$units" -type f -exec sha256sum {} + && find "$units" -type d) | sort; }
# Programs of our own, so that nobody else's processes are told with them.
cp "$(realpath "$(command -v socat)")" /usr/sbin/kw-socat
cp "$(realpath "$(command -v vsftpd)")" /usr/sbin/kw-ftpd
rm -f /etc/inetd.conf
rules "" ""

# --- a unit whose program is linked --------------------------------------------------------------------------

cat >"$WORK/vsftpd.conf" <<X
listen=YES
listen_port=7102
tcp_wrappers=YES
background=NO
ftpd_banner=KW
seccomp_sandbox=NO
secure_chroot_dir=$WORK/run
X
unit kw-ftp.service "ExecStart=/usr/sbin/kw-ftpd $WORK/vsftpd.conf" 'Environment="A=b" "LD_LIBRARY_PATH=/opt/kw/lib" C=d'
unit kw-relay.service "ExecStart=-kw-socat -u TCP-LISTEN:7101,fork,reuseaddr,tcpwrap=kwrelay SYSTEM:'echo hello'"
ln -s kw-relay.service "$units/kw-alias.service"
ln -s /dev/null "$units/kw-masked.service"

filter='.programs | map(select(.name|test("^kw-")) | [.name, .asks, .ours])'
equal "status finds both, by path and by name" "$(wrap_json status)" \
	'[["kw-ftp.service","linked",false],["kw-relay.service","linked",false]]'
like "in words, too" "$(wrap status)" 'started by +kw-ftp.service, /etc/systemd/system/kw-ftp.service:4'
filter='.programs[0].uses'
same_library() { [ "$(realpath "$(wrap_json status "$1" | tr -d '"')")" = "$2" ]; }
if same_library kw-ftp "$theirs"; then ok "they would use the system's library"; else
	not_ok "they would use the system's library" "$(wrap_json status kw-ftp)" "$theirs"
fi
fits status status

# The daemon as the unit has it started: with its environment, on our host.
start_unit() { # UNIT COMMAND...
	local value
	value=$(cat "$units/$1" "$units/$1.d/"*.conf 2>/dev/null | sed -n 's/^Environment=.*"\(LD_LIBRARY_PATH=[^"]*\)".*/\1/p' | tail -1)
	ip netns exec "$B" env ${value:+"$value"} "${@:2}" >>"$WORK/daemons" 2>&1 </dev/null &
	daemon=$!
	pids+=("$daemon")
	disown
}
end_daemons() {
	local p
	for p in $(ip netns pids "$B"); do kill -KILL "$p" 2>/dev/null; done
	wait_for 5 sh -c "[ -z \"\$(ip netns pids $B)\" ]"
}
listens() { in_b ss -Hltn "sport = :$1" | grep -q .; }
call() { in_a "$HERE/call_service.py" "$@" 2>"$WORK/time"; }
hears() { call --seconds 10 --from "$1" "$OURS" "$2" | tr -d '\r'; }

start_unit kw-ftp.service kw-ftpd "$WORK/vsftpd.conf"
wait_for 10 listens 7102
filter='.programs[0].running | map([.library, .processes, .current])'
equal "no word at all is status" "$(wrap_json)" "$(wrap_json status)"
equal "status tells what the running one has mapped" "$(wrap_json status kw-ftp)" "[[\"$theirs\",1,true]]"
unlike "which is what it would be given" "$(wrap status kw-ftp)" 'started anew'
end_daemons

everything >"$WORK/before"
like "a dry run tells the file" "$(wrap enable --dry-run kw-ftp | tr -s ' \n' ' ')" "$(drop_in kw-ftp.service) would be +written"
filter='.changes[0] | [.state, .written]'
equal "as JSON, too" "$(wrap_json enable -n kw-ftp)" "[\"written\",\"$(drop_in kw-ftp.service)\"]"
equal "and writes nothing" "$(everything)" "$(cat "$WORK/before")"

ends_with "enable" 0 wrap enable kw-ftp
like "says what to type" "$(tr -s ' \n' ' ' <"$WORK/out")" 'systemctl daemon-reload && systemctl restart kw-ftp\.service'
like "and how to undo it" "$(cat "$WORK/out")" '^Undo: knockwatch wrap disable kw-ftp$'
equal "the drop-in puts our directory before what was set" "$(grep ^Environment "$(drop_in kw-ftp.service)")" \
	"Environment=\"LD_LIBRARY_PATH=$library:/opt/kw/lib\""
equal "systemd has nothing to say against it" "$(systemd-analyze verify "$units/kw-ftp.service" 2>&1 | grep -i knockwatch)" ""
filter='.programs[0] | [.uses, .ours]'
equal "status sees it" "$(wrap_json status kw-ftp.service)" "[\"$library/libwrap.so.0\",true]"
ends_with "enable again" 0 wrap enable kw-ftp
like "says so" "$(cat "$WORK/out")" 'kw-ftp.service: uses ours already'
equal "and leaves one drop-in" "$(find "$units/kw-ftp.service.d" -type f)" "$(drop_in kw-ftp.service)"
fits enable enable kw-ftp

start_unit kw-ftp.service kw-ftpd "$WORK/vsftpd.conf"
wait_for 10 listens 7102
filter='.programs[0].running | map([.library, .current])'
equal "the daemon started with it runs on ours" "$(wrap_json status kw-ftp)" "[[\"$library/libwrap.so.0\",true]]"
rules "vsftpd: 198.51.100.20" "ALL: ALL"
like "who is allowed is served" "$(hears 198.51.100.20 7102)" '^220 KW'
like "who is not is refused" "$(hears 198.51.100.21 7102)" '^421 '
end_daemons

ends_with "disable" 0 wrap disable kw-ftp
equal "all is as it was" "$(everything)" "$(cat "$WORK/before")"
ends_with "disable again" 0 wrap disable kw-ftp
like "finds nothing" "$(cat "$WORK/out")" "nothing of 'wrap enable' is there"
fits disable disable kw-ftp

ends_with "a program is known by its name" 0 wrap enable kw-socat
equal "and its unit gets the drop-in" "$(grep ^Environment "$(drop_in kw-relay.service)")" \
	"Environment=\"LD_LIBRARY_PATH=$library\""
equal "not the other name of the unit" "$(ls -d "$units"/kw-alias.service.d 2>/dev/null)" ""
rules "" "kwrelay: 198.51.100.21"
start_unit kw-relay.service kw-socat "TCP-LISTEN:7101,fork,reuseaddr,tcpwrap=kwrelay" SYSTEM:'echo hello'
wait_for 10 listens 7101
equal "socat serves on our library" "$(hears 198.51.100.20 7101)" hello
equal "and refuses" "$(hears 198.51.100.21 7101)" ""
filter='.programs[0].running | map(.library) | unique'
equal "which it has mapped" "$(wrap_json status kw-relay)" "[\"$library/libwrap.so.0\"]"
ends_with "disable by path" 0 wrap disable /usr/sbin/kw-socat
like "a process that still has ours is told" "$(wrap status kw-relay | tr -s ' \n' ' ')" 'running .*; another one when it is started anew'
end_daemons
equal "all is as it was again" "$(everything)" "$(cat "$WORK/before")"
rules "" ""

# --- somebody else's hand ---------------------------------------------------------------------------------------

wrap enable kw-ftp >/dev/null
echo 'Nice=5' >>"$(drop_in kw-ftp.service)"
ends_with "a drop-in that was changed since is not taken away" 1 wrap disable kw-ftp
like "and told" "$(cat "$WORK/out")" 'not as'
ends_with "nor written over" 1 wrap enable kw-ftp
like "it is still there" "$(cat "$(drop_in kw-ftp.service)")" '^Nice=5$'
rm -r "$units/kw-ftp.service.d"
mkdir "$units/kw-ftp.service.d"
printf '[Service]\nNice=5\n' >"$units/kw-ftp.service.d/10-mine.conf"
wrap enable kw-ftp >/dev/null
ends_with "a neighbour in the directory" 0 wrap disable kw-ftp
equal "stays" "$(ls "$units/kw-ftp.service.d")" 10-mine.conf
wrap enable kw-ftp >/dev/null
mv "$units/kw-ftp.service" "$WORK/"
ends_with "what a unit left behind that is gone" 0 wrap disable kw-ftp
equal "is taken away, too" "$(ls "$units/kw-ftp.service.d")" 10-mine.conf
rm -r "$units/kw-ftp.service.d"
mv "$WORK/kw-ftp.service" "$units/"

# --- programs that would not hear of it ----------------------------------------------------------------------------

refused() { # NAME WORD PATTERN
	ends_with "$1 is refused" 1 wrap enable "$2"
	like "with the reason" "$(tr -s ' \n' ' ' <"$WORK/out")" "$3"
}
for kind in setuid setgid capable; do
	cp /usr/sbin/kw-socat "/usr/sbin/kw-$kind"
	unit "kw-$kind.service" "ExecStart=/usr/sbin/kw-$kind -h"
done
chmod 4755 /usr/sbin/kw-setuid
chmod 2755 /usr/sbin/kw-setgid
setcap cap_net_bind_service+ep /usr/sbin/kw-capable
refused "set-user-id" kw-setuid 'set-user-id: the loader ignores LD_LIBRARY_PATH'
refused "set-group-id" kw-setgid 'set-group-id'
refused "with file capabilities" kw-capable 'file capabilities'
equal "(the loader does ignore it)" "$(LD_LIBRARY_PATH=$library setpriv --reuid nobody --clear-groups ldd /usr/sbin/kw-setuid >/dev/null 2>&1
	LD_LIBRARY_PATH=$library LD_TRACE_LOADED_OBJECTS=1 setpriv --reuid nobody --clear-groups /usr/sbin/kw-setuid -h 2>/dev/null | grep -c "$library")" 0
echo 'int hosts_ctl(char *a, char *b, char *c, char *d); int main(void) { return hosts_ctl("x", "", "192.0.2.1", ""); }' >"$WORK/own.c"
gcc -o /usr/sbin/kw-own-path "$WORK/own.c" -Wl,--disable-new-dtags,-rpath,"$(dirname "$theirs")" "$theirs"
gcc -o /usr/sbin/kw-run-path "$WORK/own.c" -Wl,--enable-new-dtags,-rpath,"$(dirname "$theirs")" "$theirs"
unit kw-own-path.service ExecStart=/usr/sbin/kw-own-path
unit kw-run-path.service ExecStart=/usr/sbin/kw-run-path
refused "with an old run path" kw-own-path 'run path'
ends_with "with a new one it is not" 0 wrap enable kw-run-path
equal "as the loader has it" "$(LD_LIBRARY_PATH=$library ldd /usr/sbin/kw-run-path | grep -c "$library/libwrap")" 1
equal "which agrees in the other case" "$(LD_LIBRARY_PATH=$library ldd /usr/sbin/kw-own-path | grep -c "$library/libwrap")" 0
unit kw-root.service ExecStart=/usr/sbin/kw-run-path RootDirectory=/srv
refused "with another root" kw-root.service RootDirectory
unit kw-unset.service ExecStart=/usr/sbin/kw-run-path 'UnsetEnvironment=A LD_LIBRARY_PATH'
refused "without the variable" kw-unset.service UnsetEnvironment
echo 'LD_LIBRARY_PATH=/opt' >/etc/default/kw-file
unit kw-file.service ExecStart=/usr/sbin/kw-run-path EnvironmentFile=-/etc/default/kw-file
refused "with a file of variables" kw-file.service '/etc/default/kw-file sets'
unit kw-later.service ExecStart=/usr/sbin/kw-run-path
mkdir "$units/kw-later.service.d"
printf '[Service]\nEnvironment=LD_LIBRARY_PATH=/opt\n' >"$units/kw-later.service.d/99-later.conf"
refused "with a later drop-in" kw-later.service '99-later.conf sets'
unit kw-script.service ExecStart=/usr/sbin/update-rc.d
refused "a script" kw-script.service 'systemctl edit kw-script.service .*Environment=LD_LIBRARY_PATH='
unit kw-plain.service ExecStart=/bin/true
refused "who asks nobody" kw-plain.service 'does not use libwrap'
ends_with "a program that nobody starts is left to a person" 1 wrap enable "$(command -v tcpdmatch)"
like "who is told what to type" "$(cat "$WORK/out")" "LD_LIBRARY_PATH=$library .*/tcpdmatch"
ends_with "what is not there" 1 wrap enable kw-no-such-thing
ends_with "our library is not there" 1 "$KNOCKWATCH" wrap --library /nowhere enable kw-ftp
like "and told" "$(cat "$WORK/out")" '/nowhere/libwrap.so.0 is not there'
rm "$units"/kw-{setuid,setgid,capable,own-path,root,unset,file,script,plain}.service
rm -r "$units/kw-later.service"*
ends_with "only root may" 5 setpriv --reuid nobody --regid nogroup --clear-groups "$KNOCKWATCH" wrap --library "$library" enable kw-ftp

# --- a unit behind a tcpd ---------------------------------------------------------------------------------------------

unit kw-each@.service 'ExecStart=-/usr/sbin/tcpd /usr/sbin/in.kwd one "two three"' StandardInput=socket
everything >"$WORK/before"
filter='.programs[0] | [.program, .asks, .uses, .ours]'
equal "status knows a tcpd" "$(wrap_json status in.kwd)" '["/usr/sbin/in.kwd","tcpd","/usr/sbin/tcpd",false]'
ends_with "it is changed for ours" 0 wrap enable in.kwd
equal "with all its words" "$(grep ^ExecStart "$(drop_in kw-each@.service)")" "ExecStart=
ExecStart=-$libexec/tcpd /usr/sbin/in.kwd one \"two three\""
equal "and status says so" "$(wrap_json status in.kwd)" "[\"/usr/sbin/in.kwd\",\"tcpd\",\"$libexec/tcpd\",true]"
ends_with "twice is once" 0 wrap enable in.kwd
like "and said" "$(cat "$WORK/out")" already
ends_with "and back" 0 wrap disable in.kwd
equal "as it was" "$(everything)" "$(cat "$WORK/before")"
mkdir -p "$units/kw-each@.service.d"
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/tcpd in.kwd\n' >"$units/kw-each@.service.d/99-later.conf"
refused "a tcpd with a later drop-in" in.kwd '99-later.conf sets ExecStart after'
rm -r "$units/kw-each@.service" "$units/kw-each@.service.d"

# --- inetd.conf ----------------------------------------------------------------------------------------------------------

cat >/usr/sbin/in.kwd <<'X'
#!/bin/sh
echo "served by ${0##*/} with $*"
X
chmod +x /usr/sbin/in.kwd
cp /usr/sbin/in.kwd /usr/sbin/in.bare
printf '%s\n' 'kwone 7201/tcp' 'kwtwo 7202/tcp' 'kwbare 7203/tcp' 'kwself 7204/tcp' >>/etc/services
printf '%s\n' '# services of a test' 'kwone	stream  tcp nowait.999 root /usr/sbin/tcpd /usr/sbin/in.kwd one  two' \
	'kwtwo stream tcp nowait.999 root /usr/sbin/tcpd in.kwd' '' 'kwbare stream tcp nowait.999 root /usr/sbin/in.bare in.bare x' \
	"kwself stream tcp nowait.999 root $libexec/tcpd in.kwd" >/etc/inetd.conf
printf '# the end, without its newline' >>/etc/inetd.conf
chmod 640 /etc/inetd.conf
cp -p /etc/inetd.conf "$WORK/inetd.conf"
rules "in.kwd: 198.51.100.20" "in.kwd, in.bare: ALL"
ip netns exec "$B" inetd -i -R 0 /etc/inetd.conf >"$WORK/inetd" 2>&1 &
inetd=$!
pids+=("$inetd")
wait_for 5 listens 7201
took() { tr -dc 0-9 <"$WORK/time"; }
equal "Debian's tcpd serves" "$(hears 198.51.100.20 7201)" "served by in.kwd with one two"
equal "and refuses" "$(hears 198.51.100.21 7201)" ""
like "after five seconds" "$(took)" '^5[0-9]{3}$'

filter='.programs | map(select(.started_by == "inetd") | [.line, .asks, .ours])'
equal "status lists the lines behind a tcpd" "$(wrap_json status)" '[[2,"tcpd",false],[3,"tcpd",false],[6,"tcpd",true]]'
ends_with "enable changes both lines of the program" 0 wrap enable in.kwd
like "says where the old file is" "$(tr -s ' \n' ' ' <"$WORK/out")" 'the old one /etc/inetd.conf.bak'
like "and what to type" "$(tr -s ' \n' ' ' <"$WORK/out")" 'systemctl reload inetd'
equal "the old one is kept as it was" "$(cmp /etc/inetd.conf.bak "$WORK/inetd.conf" 2>&1)" ""
equal "each old line stays above the new one" "$(diff /etc/inetd.conf.bak /etc/inetd.conf | grep '^>')" \
	"> #<knockwatch># kwone	stream  tcp nowait.999 root /usr/sbin/tcpd /usr/sbin/in.kwd one  two
> kwone	stream  tcp nowait.999 root $libexec/tcpd /usr/sbin/in.kwd one  two
> #<knockwatch># kwtwo stream tcp nowait.999 root /usr/sbin/tcpd in.kwd
> kwtwo stream tcp nowait.999 root $libexec/tcpd in.kwd"
equal "its rights are the same" "$(stat -c '%a %u %g' /etc/inetd.conf)" "$(stat -c '%a %u %g' "$WORK/inetd.conf")"
ends_with "twice is once" 0 wrap enable kwone
like "and said" "$(cat "$WORK/out")" 'kwone: uses ours already'
logged >/dev/null
kill -HUP "$inetd"
answers() { [ "$(hears 198.51.100.20 "$1")" = "$2" ]; }
gone_at_once() { hears 198.51.100.21 "$1" >/dev/null && [ "$(took)" -lt 500 ]; }
if wait_for 10 gone_at_once 7201; then ok "after a reload our tcpd refuses, at once"; else
	not_ok "after a reload our tcpd refuses, at once" "$(took) ms" "less than 500"
fi
equal "and gives nothing" "$(hears 198.51.100.21 7201)" ""
like "which is logged" "$(logged)" '<28>in.kwd\[N\]: refused connect from 198.51.100.21 \(198.51.100.21\)'
equal "it serves whom it should" "$(hears 198.51.100.20 7201)" "served by in.kwd with one two"
equal "by the other line, too" "$(hears 198.51.100.20 7202)" "served by in.kwd with "

ends_with "disable by service" 0 wrap disable kwone
like "leaves the other line" "$(grep -v '^#' /etc/inetd.conf)" "^kwtwo .* $libexec/tcpd in.kwd"
ends_with "disable by program" 1 wrap disable in.kwd
like "leaves alone what enable did not write" "$(tr -s ' \n' ' ' <"$WORK/out")" 'kwself: .*did not write it'
equal "and the file is what it was, byte for byte" "$(cmp /etc/inetd.conf "$WORK/inetd.conf" 2>&1)" ""
kill -HUP "$inetd"
slow_again() { hears 198.51.100.21 7201 >/dev/null && [ "$(took)" -gt 4000 ]; }
if wait_for 20 slow_again; then ok "Debian's tcpd is back"; else not_ok "Debian's tcpd is back" "$(took) ms" "more than 4000"; fi

wrap enable in.kwd >/dev/null
wrap enable kw-ftp >/dev/null
wrap enable kw-relay >/dev/null
mv "$units/kw-ftp.service" "$WORK/"
ends_with "disable all" 1 wrap disable --all
like "tells what it leaves" "$(tr -s ' \n' ' ' <"$WORK/out")" 'kwself: .*did not write it'
equal "takes back every drop-in" "$(find "$units" -name '*knockwatch*')" ""
equal "and every line" "$(cmp /etc/inetd.conf "$WORK/inetd.conf" 2>&1)" ""
mv "$WORK/kw-ftp.service" "$units/"
fits "disable of all" disable --all
ends_with "enable knows no all" 2 wrap enable --all

ends_with "a line without a tcpd gets ours, too" 0 wrap enable in.bare
like "with the program behind it" "$(cat /etc/inetd.conf)" "^kwbare stream tcp nowait.999 root $libexec/tcpd /usr/sbin/in.bare x$"
sed -i '/^kwbare/s|in.bare x$|in.bare z|' /etc/inetd.conf
ends_with "a line that was changed since" 0 wrap disable in.bare
like "keeps the change and loses the tcpd" "$(cat /etc/inetd.conf)" '^kwbare stream tcp nowait.999 root /usr/sbin/in.bare in.bare z$'
unlike "and its mark" "$(cat /etc/inetd.conf)" '#<knockwatch>#'
cp -p "$WORK/inetd.conf" /etc/inetd.conf
fits "enable of a line" enable -n kwbare

# --- xinetd, another root, wrong calls ------------------------------------------------------------------------------------

mkdir -p /etc/xinetd.d
printf 'service kwx\n{\n\tserver = /usr/sbin/tcpd\n\tserver_args = /usr/sbin/in.kwx -w\n\tflags = NAMEINARGS\n}\n' >/etc/xinetd.d/kwx
ends_with "a file of xinetd is left to a person" 1 wrap enable kwx
like "who is told the line" "$(tr -s ' \n' ' ' <"$WORK/out")" "/etc/xinetd.d/kwx:3 write server = $libexec/tcpd"

other=$WORK/other
mkdir -p "$other/etc/systemd/system" "$other/usr/sbin" "$other$(dirname "$theirs")" "$other$library" "$other/etc/ld.so.conf.d"
cp /usr/sbin/kw-ftpd "$other/usr/sbin/vsftpd"
cp "$theirs" "$other$(dirname "$theirs")/libwrap.so.0"
cp "$library/libwrap.so.0" "$other$library/"
dirname "$theirs" >"$other/etc/ld.so.conf.d/here.conf"
unit kw-ftp.service ExecStart=/usr/sbin/vsftpd
cp "$units/kw-ftp.service" "$other/etc/systemd/system/"
ends_with "below another root" 0 wrap --root "$other" enable vsftpd
unlike "where nothing is to be typed on this host" "$(cat "$WORK/out")" "systemctl|kill"
like "and the way back is to the same root" "$(cat "$WORK/out")" "^Undo: knockwatch wrap disable --root $other vsftpd$"
equal "the drop-in is there" "$(ls "$other/etc/systemd/system/kw-ftp.service.d")" 50-knockwatch-libwrap.conf
equal "and not here" "$(ls -d "$units/kw-ftp.service.d" 2>/dev/null)" ""
filter='.programs | map([.program, .ours, .running])'
equal "status is of that host" "$(wrap_json --root "$other" status)" '[["/usr/sbin/vsftpd",true,null]]'

printf 'kwone\tstream tcp nowait root /usr/sbin/tcpd /usr/sbin/vsftpd\n' >"$other/etc/inetd.conf"
mkdir -p "$other/opt"
cp "$libexec/tcpd" "$other/opt/tcpd"
"$KNOCKWATCH" wrap enable --root "$other" --tcpd /opt/tcpd kwone >"$WORK/out"
like "a line of inetd.conf is known by its tcpd" "$(cat "$WORK/out")" \
	"^Undo: knockwatch wrap disable --root $other --tcpd /opt/tcpd kwone"
undo=$(sed -n 's/^Undo: knockwatch //p' "$WORK/out")
# shellcheck disable=SC2086 # words
ends_with "which is the way back" 0 "$KNOCKWATCH" $undo
unlike "to what it was" "$(cat "$other/etc/inetd.conf")" /opt/tcpd

for wrong in "wrap statsu" "wrap status -n" "wrap status --all" "wrap --root /kw-none" "wrap --root $WORK/vsftpd.conf status"; do
	# shellcheck disable=SC2086
	ends_with "'$wrong'" 2 "$KNOCKWATCH" $wrong
done
like "with what is wrong" "$(cat "$WORK/err")" "vsftpd.conf: Not a directory"
ends_with "a slip" 2 wrap statsu
like "is answered with the nearest word" "$(cat "$WORK/err")" "did you mean 'status'"
"$KNOCKWATCH" wrap enable --root "$other" --library "$library/libwrap.so.0" -j vsftpd >"$WORK/out"
like "the library itself is no directory" "$(jq -r '.changes[0].reason' "$WORK/out")" "libwrap.so.0 is no directory"
equal "and what is refused is not written" "$(jq -c '.changes[0] | [.state, .written]' "$WORK/out")" '["refused",null]'
"$KNOCKWATCH" wrap enable --root "$other" --library /kw-none vsftpd >"$WORK/out"
like "what is not there is told with its root" "$(tr -s ' \n' ' ' <"$WORK/out")" "$other/kw-none/libwrap.so.0 is not there"
ends_with "a wrong word" 2 wrap enabled kw-ftp
ends_with "no program" 2 wrap enable
ends_with "two programs" 2 wrap disable a b
ends_with "a path that cannot be written into a unit" 2 "$KNOCKWATCH" wrap --library '/a b' status
ends_with "status of what is not there" 1 wrap status kw-no-such-thing
finish
