#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Programs that others have built with libwrap, on Debian's and on ours: whoever was let in is let in, whoever was refused is
# refused. Each program runs twice, as the host has it and with our library in front; the tables change while it runs.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools socat inetd openssl python3 unshare
# shellcheck source=tests/system/debian_program.sh
. "$HERE/debian_program.sh"
debian_servers vsftpd stunnel4 mosquitto rpcbind sslh atftpd
LIBWRAP=${LIBWRAP:-$(dirname "$KNOCKWATCH")/src/libwrap/libwrap.so.0}
[ -e "$LIBWRAP" ] || {
	echo "skipped: $(basename "$0") needs our libwrap.so.0 (LIBWRAP=path names it)"
	exit 77
}
hosts_up
AT=198.51.100.20 OTHER=198.51.100.21 AT6=2001:db8:1::20

# --- tables and daemons --------------------------------------------------------------------------------

# Daemons that are no longer root must read it.
mkdir "$WORK/lib" "$WORK/tftp" "$WORK/run"
cp -L "$LIBWRAP" "$WORK/lib/libwrap.so.0"
chmod -R a+rX "$WORK"
: >"$WORK/hosts.allow"
: >"$WORK/hosts.deny"
for table in allow deny; do
	[ -e "/etc/hosts.$table" ] || {
		echo "skipped: $(basename "$0") needs /etc/hosts.$table to lay its own over"
		exit 77
	}
done

debian_users /etc/passwd >"$WORK/passwd"

allow() { printf '%s\n' "$@" | sed '/^$/d' >"$WORK/hosts.allow"; }
deny() { printf '%s\n' "$@" | sed '/^$/d' >"$WORK/hosts.deny"; }

# Runs a daemon on our host, with the tables of WORK and a /run of its own.
wrapped() { # COMMAND...
	# shellcheck disable=SC2016 # for the inner shell
	ip netns exec "$B" unshare --mount --propagation private /bin/sh -c '
		mount --bind "$1/hosts.allow" /etc/hosts.allow && mount --bind "$1/hosts.deny" /etc/hosts.deny &&
		mount --bind "$1/passwd" /etc/passwd &&
		mount -t tmpfs tmpfs /run && mkdir -p /run/vsftpd/empty /run/rpcbind && chmod 755 /run || exit 1
		shift
		exec "$@"' sh "$WORK" env ${library:+LD_LIBRARY_PATH="$library"} "$@" >>"$WORK/daemons.out" 2>&1 </dev/null &
	pids+=($!)
	disown # it is killed in the end, which is not to be reported
}

# Until every daemon of the host has gone.
end_daemons() {
	local p
	for p in $(ip netns pids "$B"); do
		kill -KILL "$p" 2>/dev/null
	done
	wait_for 5 no_daemons
}
no_daemons() { [ -z "$(ip netns pids "$B")" ]; }

listens() { # PORT [-u]
	in_b ss -Hln "${2:--t}" "sport = :$1" | grep -q .
}

call() { # FROM [PORT KIND]...
	local to=$OURS
	case "$1" in *:*) to=$OURS6 ;; esac
	in_a timeout 20 "$HERE/call_wrapped.py" "$1" "$to" "${@:2}"
}

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=kw -keyout "$WORK/key.pem" -out "$WORK/cert.pem" 2>/dev/null
cat "$WORK/key.pem" "$WORK/cert.pem" >"$WORK/stunnel.pem"
chmod 600 "$WORK/stunnel.pem"
cat >"$WORK/vsftpd.conf" <<EOF
listen=YES
listen_port=7102
tcp_wrappers=YES
background=NO
ftpd_banner=KW
seccomp_sandbox=NO
EOF
cat >"$WORK/stunnel.conf" <<EOF
foreground = yes
cert = $WORK/stunnel.pem
libwrap = yes
[kwtls]
accept = 7103
exec = /bin/echo
execArgs = echo hello
EOF
printf 'listener 7104\nallow_anonymous true\n' >"$WORK/mosquitto.conf"
cat >"$WORK/inetd.conf" <<EOF
7106 stream tcp nowait root /bin/echo echo hello
EOF
cat >"$WORK/inetd_tcpd.conf" <<EOF
7107 stream tcp nowait root /usr/sbin/tcpd /bin/echo hello
EOF
cat >"$WORK/sslh.cfg" <<EOF
foreground: true;
user: "nobody";
listen: ( { host: "0.0.0.0"; port: "7108"; } );
protocols: ( { name: "ssh"; service: "kwssh"; host: "127.0.0.1"; port: "7110"; probe: "builtin"; } );
timeout: 1;
on_timeout: "ssh";
EOF
echo hello >"$WORK/tftp/greeting"
chmod -R a+rX "$WORK/tftp"

# NAME-OF-THE-DAEMON-IN-TABLES PORT KIND PROGRAM
programs="kwsock 7101 hears socat
vsftpd 7102 hears vsftpd
kwtls 7103 tls stunnel4
mosquitto 7104 mqtt mosquitto
rpcbind 111 rpc rpcbind
echo 7106 hears inetd
echo 7107 hears tcpd
kwssh 7108 speaks sslh
in.tftpd 7109 tftp atftpd"

start_daemons() {
	wrapped socat "TCP6-LISTEN:7101,ipv6only=0,fork,reuseaddr,tcpwrap=kwsock" SYSTEM:'echo hello'
	# Behind sslh. It reads what the caller says: who closes before that may take back what he said himself.
	wrapped socat TCP4-LISTEN:7110,bind=127.0.0.1,fork,reuseaddr SYSTEM:'read line; echo hello'
	wrapped vsftpd "$WORK/vsftpd.conf"
	wrapped stunnel4 "$WORK/stunnel.conf"
	wrapped mosquitto -c "$WORK/mosquitto.conf"
	wrapped rpcbind -f
	wrapped inetd -i -l "$WORK/inetd.conf"
	wrapped inetd -E -i "$WORK/inetd_tcpd.conf" # or it would take our library from tcpd
	wrapped sslh "-F$WORK/sslh.cfg"
	wrapped atftpd --daemon --no-fork --port 7109 "$WORK/tftp"
	local name port kind program
	while read -r name port kind program; do
		wait_for 15 listens "$port" "$([ "$kind" = tftp ] && echo -u || echo -t)" ||
			not_ok "$1: $program listens" "$(tail -3 "$WORK/daemons.out")" "port $port"
	done <<<"$programs"
	wait_for 15 listens 7110
}

# --- questions --------------------------------------------------------------------------------------

# Asks every program, all at once: a line each, "socat: granted hello".
# shellcheck disable=SC2046 # a list of words
ask_all() { # FROM
	paste -d ' ' <(awk '{ print $4 ":" }' <<<"$programs") <(call "$1" $(awk '{ print $2, $3 }' <<<"$programs"))
}

# The tables; what each program then said. NAME is for the file that keeps it.
situation() { # NAME FROM
	ask_all "$2" >"$WORK/$side.$1"
}

all_situations() {
	allow '' && deny ''
	situation open "$AT"
	deny 'ALL: ALL'
	situation denied "$AT"
	deny 'nosuchdaemon: ALL' '# a comment'
	situation other_daemon "$AT"
	allow "ALL: $AT, 127.0.0.1" && deny 'ALL: ALL'
	situation allowed_by_address "$AT"
	situation denied_by_address "$OTHER"
	allow '' && deny 'ALL: 198.51.100.0/28' 'ALL: 198.51.100.21'
	situation network_missed "$AT"
	situation second_rule "$OTHER"
	allow 'ALL: ALL EXCEPT 198.51.100.21: severity debug' && deny 'ALL: ALL: severity local0.info'
	situation options_granted "$AT"
	situation options_denied "$OTHER"
	allow 'ALL: ALL: nosuchoption' && deny ''
	situation bad_option "$AT"
	allow '' && deny "$(cut -d' ' -f1 <<<"$programs" | sort -u | tr '\n' ' '): ALL"
	situation by_name "$AT"
	allow '' && deny 'ALL: [2001:db8:1::]/64'
	call "$AT6" 7101 hears >"$WORK/$side.six"
}

run_side() { # SIDE LIBRARY-DIRECTORY
	side=$1 library=$2
	start_daemons "$side"
	all_situations
}

run_side original ''
unlike "Debian's socat is on Debian's library" "$(cat /proc/"$(in_b pgrep -o socat)"/maps 2>/dev/null)" "$WORK/lib/libwrap"
end_daemons
run_side ours "$WORK/lib"
for program in socat vsftpd stunnel4 mosquitto rpcbind inetd sslh atftpd; do
	for p in $(in_b pgrep -f "^([^ ]*/)?$program") none; do
		grep -q "$WORK/lib/libwrap" "/proc/$p/maps" 2>/dev/null && break
	done
	unlike "Debian's $program is on our library" "$p" none
done
end_daemons

# --- answers ------------------------------------------------------------------------------------------------

while read -r _ _ _ program; do
	for name in open denied other_daemon allowed_by_address denied_by_address network_missed second_rule options_granted \
		options_denied bad_option by_name; do
		theirs=$(grep "^$program:" "$WORK/original.$name")
		ours=$(grep "^$program:" "$WORK/ours.$name")
		equal "$program, ${name//_/ }: as with Debian's library" "$ours" "$theirs"
		case "$name" in
		open | other_daemon | allowed_by_address | network_missed | options_granted) wanted=granted ;;
		*) wanted=refused ;;
		esac
		like "$program, ${name//_/ }: $wanted" "$ours" ": $wanted"
	done
done <<<"$programs"
equal "socat, IPv6 network: as with Debian's library" "$(cat "$WORK/ours.six")" "$(cat "$WORK/original.six")"
like "socat, IPv6 network: refused" "$(cat "$WORK/ours.six")" '^refused'
finish
