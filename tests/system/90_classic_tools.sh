#!/bin/bash
# SPDX-License-Identifier: ISC
#
# tcpdmatch and tcpdchk: our own, by the side of Debian's. The same verdict by the same line for every client of every daemon of
# tables that have each form of the language; where the two differ on purpose, that is told here.
. "$(dirname "$0")/own_place.sh"
. "$(dirname "$0")/lib.sh"
need_tools tcpdmatch tcpdchk python3 jq
own_place_up
mkdir "$WORK/bin" "$WORK/tables"
for name in tcpdmatch tcpdchk; do
	ln -s "$(realpath "$KNOCKWATCH")" "$WORK/bin/$name"
done
cd "$WORK/tables" || exit 1
ours() { timeout 20 "$WORK/bin/$1" "${@:2}" 2>&1; }
theirs() { timeout 20 "/usr/sbin/$1" "${@:2}" 2>&1; }
# Names from one file, and no waiting for a server.
sed -i 's/^hosts:.*/hosts: files/' /etc/nsswitch.conf
cat >>/etc/hosts <<'X'
192.0.2.21	client.example
192.0.2.66	bad.example
192.0.2.7	plainname
203.0.113.5	server.example
203.0.113.8	two.example
203.0.113.9	two.example
2001:db8::7	six.example
X

# --- verdicts ----------------------------------------------------------------------------------------------

printf '192.0.2.1 198.51.100.0/255.255.255.0\n.example\n' >clients
{
	for rule in \
		'192.0.2.1' '192.0.2.0/255.255.255.0' '192.0.2.' '192.0.2. EXCEPT 192.0.2.99' '192.0.2.64/26' '192.0.2.5/24' \
		'0.0.0.0/0' '0.0.0.0/0.0.0.0' '192.0.2.1/255.255.255.255' '192.0.2.*' '192.0.2.?' '*.example' '*' \
		'[2001:db8::]/32' '[2001:db8::1]' '[2001:db8::]/129' '2001:db8::1' '[192.0.2.1]' 'client.example' \
		'.example EXCEPT bad.example' 'CLIENT.Example' '.7' 'LOCAL' 'KNOWN' 'UNKNOWN' 'PARANOID' 'ALL EXCEPT LOCAL' \
		'joe@192.0.2.1' 'joe@ALL' 'KNOWN@ALL' 'UNKNOWN@ALL' 'j*@.example' "$WORK/tables/clients" '/nowhere' '@group' \
		'ALL' 'ALL: allow' 'ALL: deny' 'ALL: DENY' '192.0.2.1: deny' 'ALL: twist echo %a' 'ALL: spawn echo %a &' \
		'ALL: spawn echo %h\: %d: deny' 'ALL: bogus' 'ALL:' 'ALL: allow: deny' 'ALL: severity mail.info' \
		'ALL: severity junk.info' 'ALL: setenv A b' 'ALL: setenv A' 'ALL: umask 022: nice 5: linger 3: keepalive' \
		'ALL: umask 999' 'ALL: banners /nowhere' 'ALL: rfc931 3' 'ALL: aclexec false' 'ALL EXCEPT ALL' 'EXCEPT 192.0.2.1' \
		'192.0.2.1,192.0.2.99' '192.0.2.21' '10.*' '192.0.2.01' '192.0.2.0/33' '192.0.2.0/x'; do
		n=$((${n:-0} + 1))
		echo "d$n: $rule"
	done
	printf 'e1 e2\te3,E4 EXCEPT e2: 192.0.2.1\n'
	printf '# a comment\n  # an indented one: ALL\n\n'
	printf 'f1: 192.0.2.99 \\\n192.0.2.1\n'
	printf 'g1@203.0.113.5: ALL\ng2@server.example: ALL\ng3@[2001:db8::7]: ALL\nno colon here\n'
	printf 'ALL EXCEPT d1, d2, h1: 198.51.100.9\n'
} >hosts.allow
printf '%s\n' 'h1: 192.0.2.1: allow' 'h2: 198.51.100.0/24' 'ALL EXCEPT h2: ALL' >hosts.deny

daemons=(e1 e2 e3 e4 f1 indented g1 g1@203.0.113.5 g1@203.0.113.6 g1@server.example g2@203.0.113.5 g3@203.0.113.5 h1 h2 h3)
last=$(grep -c '^d[0-9]' hosts.allow)
for ((i = 1; i <= last; i++)); do daemons+=("d$i"); done
# Addresses without a name, for Debian's tool does not ask for those of addresses.
clients=(192.0.2.1 192.0.2.99 192.0.2.5 192.0.2.70 192.0.2.17 198.51.100.7 198.51.100.9 2001:db8::1 2001:db9::1
	client.example bad.example plainname six.example joe@192.0.2.1 joe@client.example JOE@192.0.2.99 unknown paranoid)
: >"$WORK/log"
for daemon in "${daemons[@]}"; do
	for client in "${clients[@]}"; do
		echo "@ $daemon $client"
		/usr/sbin/tcpdmatch -d "$daemon" "$client"
	done
done >"$WORK/their_words" 2>&1
for daemon in "${daemons[@]}"; do
	for client in "${clients[@]}"; do
		echo "@ $daemon $client"
		"$WORK/bin/tcpdmatch" -d "$daemon" "$client"
	done
done >"$WORK/our_words" 2>&1
verdicts_of() { awk '$1 == "@" { asked = $2 " " $3 } $1 == "access:" { print asked, $2 }' "$1"; }
verdicts_of "$WORK/their_words" >"$WORK/theirs"
verdicts_of "$WORK/our_words" >"$WORK/ours"
sed -n 's/^matched: *\(.* line [0-9]*\)$/\1/p' "$WORK/our_words" >"$WORK/our_lines"
cases=$((${#daemons[@]} * ${#clients[@]}))
echo "# $cases cases: $(cut -d' ' -f3 "$WORK/theirs" | sort | uniq -c | tr -s ' \n' ' ')"
equal "every case has a verdict" "$(wc -l <"$WORK/ours") $(wc -l <"$WORK/theirs")" "$cases $cases"
equal "the verdicts are those of Debian's tcpdmatch" "$(diff "$WORK/ours" "$WORK/theirs" | head -60)" ""
# Debian's tells the line to the log only.
their_lines() { sed -n 's/.*tcpdmatch: matched: *//p' "$WORK/log"; }
wait_for 5 sh -c "[ \$(grep -c 'tcpdmatch: matched' '$WORK/log') -ge $(wc -l <"$WORK/our_lines") ]"
equal "by the same lines" "$(diff "$WORK/our_lines" <(their_lines) | head -60)" ""

# --- where they differ ---------------------------------------------------------------------------------------

printf 'a: ALL: user nobody\nb: ALL: limit 3/1m\nd: .example\nc: 192.0.2.21' >hosts.allow
printf 'ALL: ALL\n' >hosts.deny
verdicts() { # DAEMON
	echo "$(theirs tcpdmatch -d "$1" 192.0.2.21 | sed -n 's/^access: *//p')" \
		"$(ours tcpdmatch -d "$1" 192.0.2.21 | sed -n 's/^access: *//p')"
}
equal "a user is no reason to deny" "$(verdicts a)" "denied granted"
equal "nor is an option of ours" "$(verdicts b)" "denied granted"
# Who is not there has no rights to be taken: our library denies then.
printf '%s\n' 'e: ALL: user nosuchuser' 'f: ALL: group nosuch' 'g: ALL: user nobody.nosuch' 'h: ALL: user 65534' \
	'i: ALL: user nobody.daemon' 'j: ALL: group daemon' 'k: ALL: user nosuchuser: bogus' >>missing
cp hosts.allow before && cp missing hosts.allow
for daemon in e f g h k; do
	equal "of $daemon the user or the group is missing" "$(ours tcpdmatch -d $daemon 192.0.2.21 | sed -n 's/^access: *//p')" denied
done
for daemon in i j; do
	equal "of $daemon it is there" "$(ours tcpdmatch -d $daemon 192.0.2.21 | sed -n 's/^access: *//p')" granted
done
like "the reason is the library's" "$(ours tcpdmatch -d e 192.0.2.21)" '^fault:    unknown user: "nosuchuser"$'
like "so it is for a group" "$(ours tcpdmatch -d g 192.0.2.21)" '^fault:    unknown group: "nosuch"$'
ends_with "the other tool ends with 1" 1 "$KNOCKWATCH" access test -d . h 192.0.2.21
like "and says why" "$(tr -s ' \n' ' ' <"$WORK/out")" 'DENIED by hosts.allow:4, whose options are wrong: unknown user: "65534"'
equal "in JSON, too" "$("$KNOCKWATCH" access test -j -d . f 192.0.2.21 | jq -c '.answers[0] | [.verdict, .reason, .fault]')" \
	'["denied","option-fault","unknown group: \"nosuch\""]'
printf 'd: ALL: twist echo no\n' >hosts.allow
like "a twist is told in all of them" "$("$KNOCKWATCH" access test -d . d 192.0.2.21)" 'd from 192.0.2.21: DELEGATED'
mv before hosts.allow
equal "an address has the name that a service would find" "$(verdicts d)" "denied granted"
equal "nor a last line without its end" "$(verdicts c)" "denied granted"

# --- the reason, and how it ends -------------------------------------------------------------------------------

printf 'in.kwd: .example: setenv WHO %%h\nin.kwd: 192.0.2.: allow\n' >hosts.allow
cat >inetd.conf <<'X'
kw stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.kwd
kwbare stream tcp nowait root /usr/sbin/in.bare in.bare
X
said=$(ours tcpdmatch -d -i inetd.conf in.kwd@203.0.113.5 joe@client.example)
equal "who asks is told why, line by line" "$said" \
	'client:   hostname client.example
client:   address  192.0.2.21
client:   username joe
server:   address  203.0.113.5
server:   process  in.kwd
matched:  hosts.allow line 1
rule:     in.kwd: .example: setenv WHO %h
option:   setenv WHO client.example
asked:    the name of 192.0.2.21: client.example (at once)
later:    hosts.allow:2  in.kwd: 192.0.2.: allow
          hosts.deny:1  ALL: ALL
access:   granted'
said=$(ours tcpdmatch -d -i inetd.conf in.other 198.51.100.7)
like "another daemon is denied" "$said" '^access:   denied$'
unlike "no name is asked for where no rule needs it" "$said" '^asked'
like "a daemon that is not there is told" "$said" '^warning:  in.other: no program'
like "one that does not ask, too" "$(ours tcpdmatch -d -i inetd.conf in.bare 192.0.2.1)" '^warning:  in.bare: .*does not ask'
equal "each address of a name is tried" "$(ours tcpdmatch -d in.kwd two.example | grep -c ^access)" 2
equal "JSON says the same" "$(ours tcpdmatch -d -j -i inetd.conf in.kwd 192.0.2.9 | jq -c '.answers[0] | [.verdict, .file, .line]')" \
	'["granted","hosts.allow",2]'

cp hosts.allow plain.allow && cp hosts.deny plain.deny
printf '# knockwatch: strict\nin.kwd: 192.0.2.0/24\n' >hosts.allow
said=$(ours tcpdmatch -d -i inetd.conf in.kwd 192.0.2.9)
like "a strict table is told" "$said" '^strict:   hosts.allow$'
{ echo '# knockwatch: strict' && cat plain.deny; } >hosts.deny
said=$(ours tcpdmatch -d -i inetd.conf in.kwd 192.0.2.9)
like "and so are two" "$(grep -A1 '^strict:' <<<"$said" | paste -sd/ -)" '^strict:   hosts.allow/          hosts.deny$'
mv plain.allow hosts.allow && mv plain.deny hosts.deny

for call in "tcpdmatch -d in.kwd 192.0.2.1" "tcpdmatch --help" "tcpdchk -d"; do
	# shellcheck disable=SC2086 # words
	"$WORK/bin/"$call >/dev/full 2>"$WORK/err"
	equal "'$call' with nowhere to tell it ends with" "$?" 1
	like "and that is told" "$(cat "$WORK/err")" "standard output: No space left"
done
ends_with "granted ends with 0" 0 "$WORK/bin/tcpdmatch" -d in.kwd 192.0.2.1
ends_with "and so does denied, as the original" 0 "$WORK/bin/tcpdmatch" -d in.kwd 198.51.100.1
ends_with "a client without an address ends with 1" 1 "$WORK/bin/tcpdmatch" -d in.kwd no.such.name
ends_with "a server with two addresses ends with 1" 1 "$WORK/bin/tcpdmatch" -d in.kwd@two.example 192.0.2.1
like "and they are told" "$(cat "$WORK/err")" '203\.0\.113\.8, 203\.0\.113\.9'
ends_with "an inetd.conf that is not there ends with 1" 1 "$WORK/bin/tcpdmatch" -d -i nowhere in.kwd 192.0.2.1
ends_with "a wrong call ends with 1" 1 "$WORK/bin/tcpdmatch" -d in.kwd
like "and is told the right one" "$(cat "$WORK/err")" '^usage: tcpdmatch \[-d\] \[-i inet_conf\]'
ends_with "--help ends with 0" 0 "$WORK/bin/tcpdmatch" --help

# --- tcpdchk -----------------------------------------------------------------------------------------------------

printf 'in.kwd: 192.0.2.5/24\nin.kwd: LOCAL: allow\nin.kwd: ALL: severity mail.info\nin.kwd: ALL: twist echo %%a: allow\n' >hosts.allow
printf 'ALL: ALL: alow\n' >hosts.deny
ends_with "findings end with 0, as the original" 0 "$WORK/bin/tcpdchk" -d -i inetd.conf
like "and are told with their line" "$(cat "$WORK/out")" '^hosts.allow:1$'
like "and their reason" "$(cat "$WORK/out")" 'host-bits'
like "a misspelt option as well" "$(cat "$WORK/out")" '^hosts.deny:1$'
unlike "the daemon of inetd.conf is known" "$(cat "$WORK/out")" 'daemon-un'
theirs tcpdchk -d -v -i inetd.conf >"$WORK/theirs"
ours tcpdchk -d -v -i inetd.conf >"$WORK/ours"
rules_of() { grep -E '^(>>> Rule|daemons:|clients:)' "$1"; }
equal "-v lists the rules as Debian's" "$(rules_of "$WORK/ours")" "$(rules_of "$WORK/theirs")"
equal "with what each decides" "$(grep -c '^access:' "$WORK/ours")" "$(grep -c '^access:' "$WORK/theirs")"
equal "-a names those that grant silently" "$(ours tcpdchk -d -a -i inetd.conf | grep implicit)" \
	'hosts.allow:1: implicit "allow" at end of rule
hosts.allow:3: implicit "allow" at end of rule'
equal "JSON has the rules" "$(ours tcpdchk -d -v -j -i inetd.conf | jq -c '.rules | map([.line, .verdict, .implicit])')" \
	'[[1,"granted",true],[2,"granted",false],[3,"granted",true],[4,"denied",false],[1,"denied",false]]'
ends_with "an operand ends with 1" 1 "$WORK/bin/tcpdchk" hosts.allow
ends_with "an inetd.conf that is not there ends with 1, too" 1 "$WORK/bin/tcpdchk" -d -i nowhere
finish
