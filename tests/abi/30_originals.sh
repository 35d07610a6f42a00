#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The original programs run on our library and say what they say on their own: tcpdmatch, tcpdchk and try-from.
. "$(dirname "$0")/lib.sh"
need_tools tcpdmatch tcpdchk try-from

cd "$WORK" || exit 1
printf 'ftp stream tcp nowait root /usr/sbin/tcpd /bin/cat\n' >inetd.conf

table() { # hosts.allow or hosts.deny from the words of each line
	printf '%s\n' "${@:2}" >"$1"
}

# DAEMON CLIENT: the original's words, and ours
asks=(
	"ftpd 192.0.2.1" "ftpd 192.0.2.99" "ftpd 198.51.100.7" "ftpd 203.0.113.5" "sshd 192.0.2.1" "sshd 203.0.113.5"
	"sshd 2001:db8::1" "sshd 2001:db8:1::1" "telnetd 192.0.2.1" "telnetd joe@192.0.2.1" "telnetd root@192.0.2.1"
	"smtpd unknown" "smtpd paranoid" "smtpd localhost" "smtpd 127.0.0.1" "nobody 192.0.2.1" "ftpd@127.0.0.1 192.0.2.1"
	"twisty 192.0.2.1" "sev 192.0.2.1" "spawny 192.0.2.1" "badopt 192.0.2.1" "last 192.0.2.1" "users 192.0.2.1"
	"vars 192.0.2.1" "banner 192.0.2.1" "nobanner 192.0.2.1" "many 192.0.2.1" "emptyopt 192.0.2.1"
)
mkdir banners
printf 'hello %%a from %%d\nsecond line %%u\n' >banners/banner
table hosts.allow \
	'# a comment' \
	'ftpd: 192.0.2. EXCEPT 192.0.2.99' \
	'sshd: 192.0.2.0/255.255.255.0, [2001:db8::]/48' \
	'telnetd: joe@ALL: allow' \
	'smtpd: LOCAL UNKNOWN' \
	'smtpd: PARANOID: deny' \
	'twisty: ALL: twist /bin/echo go away %h' \
	'sev: ALL: severity local3.info: allow' \
	'spawny: ALL: spawn (/bin/echo %h) &: allow' \
	'badopt: ALL: alow' \
	'last: ALL: allow: deny' \
	'users: ALL: umask 022: nice 5: keepalive: linger 10' \
	'vars: ALL: setenv KW_A %a: setenv KW_B x' \
	"banner: ALL: banners $WORK/banners" \
	"nobanner: ALL: banners $WORK/nowhere" \
	'many: ALL: rfc931: keepalive: severity debug: deny' \
	'emptyopt: ALL:'
table hosts.deny \
	'ftpd: 198.51.100.0/24: deny' \
	'ALL EXCEPT nobody: ALL'

for ask in "${asks[@]}"; do
	read -ra words <<<"$ask"
	# shellcheck disable=SC2024 # no sudo here
	{
		on_original timeout 60 tcpdmatch -d -i inetd.conf "${words[@]}"
		echo "code $?"
	} >wanted 2>&1
	{
		on_ours timeout 60 tcpdmatch -d -i inetd.conf "${words[@]}"
		echo "code $?"
	} >got 2>&1
	same "tcpdmatch $ask" got wanted
done

for options in "" -v -a "-a -v"; do
	# shellcheck disable=SC2086
	on_original timeout 60 tcpdchk -d $options -i inetd.conf >wanted 2>&1
	# shellcheck disable=SC2086
	on_ours timeout 60 tcpdchk -d $options -i inetd.conf >got 2>&1
	same "tcpdchk -d $options" got wanted
done

on_original timeout 60 try-from >wanted 2>&1 </dev/null
on_ours timeout 60 try-from >got 2>&1 </dev/null
same "try-from without a socket" got wanted
finish
