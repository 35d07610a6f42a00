#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Names from a DNS server that lies, stalls and babbles: the name that is believed, the verdict, and how long it took. What
# the original answers without waiting is compared with it.
. "$(dirname "$0")/lib.sh"
in_own_place
build_for_original ask_names
ip addr add 192.0.2.53/32 dev lo
echo 'nameserver 192.0.2.53' >"$WORK/resolv.conf"
printf '127.0.0.1 localhost\n192.0.2.50 file.lan other.lan\n203.0.113.9 taken.lan\n' >"$WORK/hosts"
echo 'hosts: files dns' >"$WORK/nsswitch.conf"
for file in resolv.conf hosts nsswitch.conf; do
	mount --bind "$WORK/$file" "/etc/$file" || skip_all "mounts of its own"
done
"$HERE/name_server.py" 192.0.2.53 >"$WORK/server" 2>"$WORK/server.err" &
server=$!
put_away_pids+=("$server")
wait_for 5 grep -q ready "$WORK/server"

echo 'd: .example' >"$WORK/hosts.allow"
echo 'ALL: ALL' >"$WORK/hosts.deny"


# What ours promises. ADDRESS NAME VERDICT MILLISECONDS-AT-MOST WHAT
while read -r address name verdict most what; do
	line=$(on_ours timeout 60 "$WORK/ask_names" "$WORK" "$address")
	equal "$what" "$(cut -d' ' -f2,3 <<<"$line")" "$name $verdict"
	at_most "$what: in time" "${line##* }" "$most"
done <<'END'
192.0.2.1 good.example granted 1000 a name that leads back
192.0.2.2 paranoid denied 1000 a name that leads elsewhere
192.0.2.3 unknown denied 3900 no answer at all
192.0.2.4 paranoid denied 5900 no answer for the name
192.0.2.5 good5.example granted 1000 sixty more names: the first one counts
192.0.2.6 paranoid denied 1000 a name with a crowd of other addresses
192.0.2.7 paranoid denied 1000 a name that looks like an address
192.0.2.8 unknown denied 1000 no name
192.0.2.9 unknown denied 4900 a server that fails
192.0.2.10 paranoid denied 1000 a name that is an alias
192.0.2.11 unknown denied 4900 bytes without sense
192.0.2.12 unknown denied 3900 an answer to another question
192.0.2.13 classless.example granted 1000 a pointer behind an alias
192.0.2.14 paranoid denied 1000 a name that a file gives to another
192.0.2.15 paranoid denied 1000 a stranger named localhost
192.0.2.16 paranoid denied 1000 a name that is too long
192.0.2.17 paranoid denied 1000 a name with a blank
192.0.2.18 slow.example granted 5900 slow answers
192.0.2.19 unknown denied 1000 a name for another address
192.0.2.20 unknown denied 1000 an answer without a name
192.0.2.21 paranoid denied 3900 a server that fails at the name
192.0.2.50 file.lan denied 500 a name of /etc/hosts
2001:db8::1 six.example granted 1000 an address of IPv6
::ffff:192.0.2.1 good.example granted 1000 IPv4 in IPv6
END

# Where nobody waits, the original believes the same.
for n in 1 2 7 8 10 13 14 15 19 20 50; do
	wanted=$(on_original timeout 60 "$WORK/ask_names" "$WORK" "192.0.2.$n" | cut -d' ' -f1-3)
	got=$(on_ours timeout 60 "$WORK/ask_names" "$WORK" "192.0.2.$n" | cut -d' ' -f1-3)
	equal "192.0.2.$n is the same to the original" "$got" "$wanted"
done

# A rule by name that denies stays shut while nobody answers, and opens to who has no such name. ADDRESS VERDICT WHAT
: >"$WORK/hosts.allow"
echo 'd: .good.example .example' >"$WORK/hosts.deny"
while read -r address verdict what; do
	line=$(on_ours timeout 60 "$WORK/ask_names" "$WORK" "$address")
	equal "hosts.deny by name: $what" "$(cut -d' ' -f3 <<<"$line")" "$verdict"
done <<'END'
192.0.2.1 denied a name that it names
192.0.2.3 denied no answer at all
192.0.2.4 denied no answer for the name
192.0.2.9 denied a server that fails
192.0.2.11 denied bytes without sense
192.0.2.12 denied an answer to another question
192.0.2.21 denied a server that fails at the name
192.0.2.2 granted a name that leads elsewhere
192.0.2.8 granted no name
192.0.2.20 granted an answer without a name
192.0.2.50 granted a name of /etc/hosts
END
while read -r allow deny address verdict what; do
	echo "${allow//_/ }" >"$WORK/hosts.allow"
	echo "${deny//_/ }" >"$WORK/hosts.deny"
	line=$(on_ours timeout 60 "$WORK/ask_names" "$WORK" "$address")
	equal "$what" "$(cut -d' ' -f3 <<<"$line")" "$verdict"
done <<'END'
d:_192.0.2.9 d:_.example 192.0.2.9 granted who is let in by address before needs no name server
d:_.example d:_ALL 192.0.2.9 denied no answer lets nobody in
d:_ALL_EXCEPT_.example d:_ALL 192.0.2.9 denied no exception from a rule that lets in is passed over
# d:_ALL_EXCEPT_.example 192.0.2.9 denied no exception from a rule that keeps out is granted
# d:_PARANOID 192.0.2.9 denied it could be paranoid
d:_UNKNOWN d:_ALL 192.0.2.9 granted it is unknown, and that is what the rule says
# d:_.example_:_allow 192.0.2.9 granted a rule of hosts.deny that lets in does not fit, and no other is there
END
echo 'd: .example' >"$WORK/hosts.deny"
: >"$WORK/hosts.allow"
for address in 192.0.2.3 192.0.2.9; do
	line=$(on_original timeout 60 "$WORK/ask_names" "$WORK" "$address")
	equal "the original lets $address in" "$(cut -d' ' -f3 <<<"$line")" granted
done

# What is logged, and the same once more through an index beside the table.
cat >"$WORK/logged.c" <<'END'
#define INET6
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>
#include <tcpd.h>
#undef syslog
void syslog(int priority, const char *format, ...);
void __syslog_chk(int priority, int flag, const char *format, ...);
void syslog(int priority, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vprintf(format, args);
	puts("");
	va_end(args);
}
void __syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vprintf(format, args);
	puts("");
	va_end(args);
}
int main(int argc, char **argv)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct request_info r;
	inet_pton(AF_INET, argv[2], &four.sin_addr);
	hosts_allow_table = "/nowhere";
	hosts_deny_table = argv[1];
	request_init(&r, RQ_DAEMON, "d", RQ_CLIENT_SIN, &four, 0);
	sock_methods(&r);
	puts(hosts_access(&r) ? "granted" : "denied");
	return argc != 3;
}
END
HERE=$WORK build_for_original logged -Wl,--export-dynamic
wanted="warning: $WORK/hosts.deny, line 1: denied while a name is not known: can't look up the name of 192.0.2.9: no name server answered"
equal "the reason is logged" "$(on_ours timeout 60 "$WORK/logged" "$WORK/hosts.deny" 192.0.2.9 | grep 'denied while')" "$wanted"
"${KNOCKWATCH:-$LIBWRAP_DIR/../../knockwatch}" access compile "$WORK/hosts.deny" >/dev/null
equal "there is an index" "$(ls "$WORK/hosts.deny.idx")" "$WORK/hosts.deny.idx"
equal "and through it" "$(on_ours timeout 60 "$WORK/logged" "$WORK/hosts.deny" 192.0.2.9 | grep 'denied while')" "$wanted"
rm -f "$WORK/hosts.deny.idx"

# A rule that names addresses asks nobody.
echo 'd: 192.0.2.' >"$WORK/hosts.allow"
line=$(on_ours timeout 60 "$WORK/ask_names" "$WORK" 192.0.2.1)
: >"$WORK/hosts.deny"
disown "$server"
kill -KILL "$server"
cat >"$WORK/verdict.c" <<'END'
#define INET6
#include <arpa/inet.h>
#include <tcpd.h>
int main(int argc, char **argv)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct request_info r;
	inet_pton(AF_INET, argv[2], &four.sin_addr);
	hosts_allow_table = argv[1];
	hosts_deny_table = "/nowhere";
	request_init(&r, RQ_DAEMON, "d", RQ_CLIENT_SIN, &four, 0);
	sock_methods(&r);
	return hosts_access(&r) ? r.client->name[0] != 0 : 2;
}
END
HERE=$WORK build_for_original verdict
on_ours "$WORK/verdict" "$WORK/hosts.allow" 192.0.2.3
equal "a rule that names addresses asks for no name" "$?" 0
finish
