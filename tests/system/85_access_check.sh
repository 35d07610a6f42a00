#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Tables with every trap: each is found by its name, and what --fix makes of it is quiet and does what was meant, by our
# decision and by that of the original, if it is here (tcpdmatch).
. "$(dirname "$0")/lib.sh"
need_tools jq patch

# A host whose daemons are there, and are scripts: nothing is to be said of them.
HOST=$WORK/host
mkdir -p "$HOST/usr/sbin" "$HOST/etc"
for daemon in sshd vsftpd in.ftpd; do
	printf '#!/bin/sh\n' >"$HOST/usr/sbin/$daemon"
	chmod 755 "$HOST/usr/sbin/$daemon"
done
HAS_ORIGINAL=$(command -v tcpdmatch || true)
[ -n "$HAS_ORIGINAL" ] || echo "# no tcpdmatch here: the original is not asked"

original() { # DAEMON CLIENT: granted or denied, by the tables of $HOST/etc
	(cd "$HOST/etc" && timeout 20 tcpdmatch -d "$1" "$2" 2>/dev/null) | sed -n 's/^access: *\([a-z]*\).*/\1/p' | tail -1
}

ours() { # DAEMON CLIENT
	timeout 20 "$KNOCKWATCH" access test -d "$HOST/etc" --json "$1" "$2" | jq -r '.answers[0].verdict'
}

check() { "$KNOCKWATCH" access check --root "$HOST" "$@"; }

# The tables as given (printf formats) have the trap; DAEMON and CLIENT were meant to be VERDICT, and after the correction are.
trap_is_mended() { # CODE ALLOW DENY DAEMON CLIENT VERDICT
	local now
	# shellcheck disable=SC2059 # formats are meant
	printf "$2" >"$HOST/etc/hosts.allow"
	# shellcheck disable=SC2059
	printf "$3" >"$HOST/etc/hosts.deny"
	rm -f "$HOST"/etc/*.bak*
	check --json >"$WORK/json"
	like "$1 is found" "$(jq -r '.findings[].code' "$WORK/json")" "^$1\$"
	like "and explained" "$(jq -r ".findings[] | select(.code == \"$1\") | .what" "$WORK/json" | head -1)" '.{30}'
	check --fix >/dev/null 2>&1
	now=$(check --json | jq -r '[(.findings // [])[] | select(.level == "fault") | .code] | join(" ")')
	equal "after the correction of $1 there is no fault" "$now" ""
	equal "and $5 at $4 is $6" "$(ours "$4" "$5")" "$6"
	[ -z "$HAS_ORIGINAL" ] || equal "with the original, too" "$(original "$4" "$5")" "$6"
}

DENY_ALL='ALL: ALL\n'
LONG=$(seq -f '198.51.100.%g' -s ', ' 1 254)
trap_is_mended no-newline 'sshd: 192.0.2.7' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended bom '\xef\xbb\xbfsshd: 192.0.2.7\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended nul-byte 'sshd: 192.0.2.1 \0\nvsftpd: 192.0.2.7\n' "$DENY_ALL" vsftpd 192.0.2.7 granted
trap_is_mended cr-continuation '' 'sshd: 192.0.2.1, \\\r\n 192.0.2.7\n' sshd 192.0.2.7 denied
trap_is_mended comment-backslash '' '# do not touch \\\nsshd: 192.0.2.7\n' sshd 192.0.2.7 denied
trap_is_mended indented-comment '' '  # sshd: ALL\nvsftpd: 192.0.2.1\n' sshd 192.0.2.7 granted
trap_is_mended trailing-comment 'sshd: 192.0.2.1 # not for ALL\n' "$DENY_ALL" sshd 192.0.2.7 denied
trap_is_mended no-separator '' 'sshd 192.0.2.7\n' sshd 192.0.2.7 denied
trap_is_mended stray-bracket '' 'sshd: 192.0.2.7]\n' sshd 192.0.2.7 denied
trap_is_mended bare-ipv6 '' 'sshd: 2001:db8::7\n' sshd 2001:db8::7 denied
trap_is_mended too-long '' "sshd: $LONG, 192.0.2.7\\n" sshd 192.0.2.7 denied
trap_is_mended empty-list '' 'sshd:\n' sshd 192.0.2.7 granted
trap_is_mended except-first '' 'sshd: EXCEPT 192.0.2.1\n' sshd 192.0.2.7 denied
trap_is_mended except-last '' 'sshd: 192.0.2.7 EXCEPT\n' sshd 192.0.2.7 denied
trap_is_mended except-swallows '' 'sshd: 203.0.113.0/24 EXCEPT 203.0.113.5, 192.0.2.7\n' sshd 192.0.2.7 denied
trap_is_mended host-bits '' 'sshd: 192.0.2.9/24\n' sshd 192.0.2.7 denied
trap_is_mended slash-zero '' 'sshd: 0.0.0.0/0\n' sshd 192.0.2.7 denied
trap_is_mended full-mask '' 'sshd: 192.0.2.7/255.255.255.255\n' sshd 192.0.2.7 denied
trap_is_mended mask-junk '' 'sshd: 192.0.2.0/255.255.255\n' sshd 192.0.2.7 denied
trap_is_mended wildcard-mask '' 'sshd: 192.0.2.0/0.0.0.255\n' sshd 192.0.2.7 denied
trap_is_mended leading-zero '' 'sshd: 192.0.2.07\n' sshd 192.0.2.7 denied
trap_is_mended octal '' 'sshd: 010.0.0.0/8\n' sshd 10.1.2.3 denied
trap_is_mended short-address '' 'sshd: 192.0.2/24\n' sshd 192.0.2.7 denied
trap_is_mended trailing-dot '' 'sshd: 192.0.2.7.\n' sshd 192.0.2.7 denied
trap_is_mended range '' 'sshd: 192.0.2.5-192.0.2.9\n' sshd 192.0.2.7 denied
trap_is_mended ipv4-in-brackets '' 'sshd: [192.0.2.7]\n' sshd 192.0.2.7 denied
trap_is_mended mapped-ipv4 '' 'sshd: [::ffff:192.0.2.0]/120\n' sshd 192.0.2.7 denied
trap_is_mended ipv6-length 'sshd: [2001:db8::/32]\n' "$DENY_ALL" sshd 2001:db8::1 granted
trap_is_mended ipv6-length 'sshd: [2001:db8::]/ffff:ffff::\n' "$DENY_ALL" sshd 2001:db9::1 denied
trap_is_mended ipv6-host-bits '# knockwatch: strict\nsshd: [2001:db8::7]/32\n' "$DENY_ALL" sshd 2001:db8::1 granted
trap_is_mended net-in-pieces 'sshd: 192.168.1.0/ 24\n' "$DENY_ALL" sshd 192.168.1.7 granted
trap_is_mended net-in-pieces 'sshd: 10.0.0.0 255.0.0.0\n' "$DENY_ALL" sshd 10.1.2.3 granted
trap_is_mended range '' 'sshd: 192.0.2.0 - 192.0.2.255\n' sshd 192.0.2.7 denied
trap_is_mended name-dot 'sshd: mail.example.com.\n' "$DENY_ALL" sshd 192.0.2.7 denied
trap_is_mended glob-all 'sshd: *\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended negation 'sshd: ALL BUT 192.0.2.7\n' "$DENY_ALL" sshd 192.0.2.7 denied
trap_is_mended non-ascii 'sshd: 192.0.2.6\xc2\xa0192.0.2.7\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended continuation '' 'sshd: 192.0.2.1, \\ \n 192.0.2.7\n' sshd 192.0.2.7 denied
trap_is_mended continuation '' 'sshd: 192.0.2.1,\n 192.0.2.7\n' sshd 192.0.2.7 denied
trap_is_mended port-form 'tcp/9: ALL\n' "$DENY_ALL" sshd 192.0.2.7 denied
trap_is_mended glob-on-names 'sshd: 10.*\n' "$DENY_ALL" sshd 10.1.2.3 granted
trap_is_mended stray-mark '' 'sshd: "192.0.2.7"\n' sshd 192.0.2.7 denied
trap_is_mended misspelt-word '' 'sshd: ANY\n' sshd 192.0.2.7 denied
trap_is_mended daemon-path '' '/usr/sbin/sshd: ALL\n' sshd 192.0.2.7 denied
trap_is_mended option-empty 'sshd: ALL:\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended option-unknown 'sshd: ALL: alow\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended option-value 'sshd: ALL: allow yes\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended option-order 'sshd: ALL: allow: umask 022\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended expires-form 'sshd: 192.0.2.9: expires 2099-11-30T05:00:00Z\n' "$DENY_ALL" sshd 192.0.2.7 denied
trap_is_mended option-colon 'sshd: ALL: setenv A 1:2\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended severity-word 'sshd: ALL: severity authpriv.info\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended shell-command 'sshd: ALL: (true) &\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended spawn-waits 'sshd: ALL: spawn true\n' "$DENY_ALL" sshd 192.0.2.7 granted
trap_is_mended unreachable '' 'ALL: ALL\nsshd: 192.0.2.7: allow\n' sshd 192.0.2.7 granted
trap_is_mended repeated '' 'ALL: ALL\nsshd: 192.0.2.7\n' sshd 192.0.2.7 denied

# What is only told, for only a person can know.
told() { # CODE ALLOW DENY
	# shellcheck disable=SC2059
	printf "$2" >"$HOST/etc/hosts.allow"
	# shellcheck disable=SC2059
	printf "$3" >"$HOST/etc/hosts.deny"
	like "$1 is told" "$(check --json | jq -r '.findings[].code')" "^$1\$"
	cp "$HOST/etc/hosts.allow" "$WORK/allow" && cp "$HOST/etc/hosts.deny" "$WORK/deny"
	check --fix >/dev/null
	ends_with "and the tables stay as they are" 0 cmp "$WORK/allow" "$HOST/etc/hosts.allow"
	ends_with "both" 0 cmp "$WORK/deny" "$HOST/etc/hosts.deny"
}
told bad-address '' 'sshd: 192.0.2.256\n'
told short-address 'sshd: 192.0.2.7 22\n' "$DENY_ALL"
told short-address 'sshd: 127.1\n' "$DENY_ALL"
told ipv6-length '' 'ALL: [2001:db8::]/\n'
told ipv6-length '' 'ALL: [2001:db8::]/129\n'
told except-all '' 'sshd: 10.1.0.0/16 EXCEPT 10.0.0.0/8\n'
told except-swallows 'sshd: 10.1.0.0/16 EXCEPT 10.2.0.5\n' "$DENY_ALL"
told trailing-comment '' 'sshd: 192.0.2.7, \\\n# 192.0.2.8, \\\n192.0.2.9\n'
told nobody-denied 'sshd: 192.0.2.7\n' ''
told beside-all '' 'sshd: ALL 192.0.2.7\n'
told negation 'sshd: ALL !192.0.2.7\n' "$DENY_ALL"
told option-as-client '' 'sshd: deny\n'
told shell-pattern '' 'sshd: 192.0.2.[1-9]\n'
told non-ascii '' 'sshd: .m\xc3\xbcnchen.example\n'
told fields-swapped '' '192.0.2.7: sshd\n'
told port-form '' '20-25: ALL\n'
told comment-mark '' '// nobody: ALL\n'
told percent-date '' 'sshd: ALL: spawn (date +%%d) &\n'
told trap-late '' 'sshd: ALL: spawn true & : trap-time 5s\n'
told file-missing '' 'sshd: ALL: spawn (/no/such/program %%h) &\n'
told file-missing '' 'sshd: ALL: banners /no/such/directory\n'
told expires-past '' 'sshd: ALL: expires 20200101T000000Z\n'
told unknown-mark '' '# knockwatch strict\nsshd: ALL\n'
told unknown-mark '' '# knockwatch: ok no-such-trap\nsshd: ALL\n'
told suffix-on-address 'sshd: .7\n' ''
told odd-mask '' 'sshd: 192.0.2.0/255.0.255.0\n'
told ends-in-zero '' 'sshd: 192.0.2.0\n'
trap_is_mended continuation '' 'sshd: 192.0.2.1\n 192.0.2.7\n' sshd 192.0.2.7 denied
told zone '' 'sshd: [fe80::1%%lo]\n'
told except-nested '' 'sshd: ALL EXCEPT 10. EXCEPT 10.1.\n'
told needs-dns '' 'sshd: .example.com\n'
told needs-ident '' 'sshd: root@192.0.2.7\n'
told daemon-unknown '' 'sshdd: ALL\n'
told daemon-form '' '@daemons: ALL\n'
told daemon-port '' '99999: ALL\n'
told severity-sticks '' 'sshd: ALL: severity info\n'
told user-kept '' 'sshd: ALL: user nobody\n'
told aclexec-sticks '' 'sshd: ALL: aclexec true\n'
told expires-form 'sshd: ALL: expires tomorrow\n' "$DENY_ALL"
told limit-form 'sshd: ALL: limit 10\n' "$DENY_ALL"
told at-most-form 'sshd: ALL: at-most many\n' "$DENY_ALL"
told trap-time-form '' 'sshd: ALL: trap-time soon : spawn true &\n'
told spawn-bounded 'sshd: ALL: spawn true &\n' ''
told twist-stays '' 'in.ftpd: ALL: twist true\n'
told percent-letter '' 'sshd: ALL: spawn echo %%z &\n'
told list-missing '' 'sshd: /nowhere\n'
told list-unreadable '' 'sshd: /usr\n'
printf '/loop\n' >"$HOST/loop"
told list-loop '' 'sshd: /loop\n'
like "what is meant is not told" "$(printf '# knockwatch: ok suffix-on-address\nsshd: .7\n' >"$HOST/etc/hosts.allow"
	printf '# knockwatch: ok nobody-denied\n' >"$HOST/etc/hosts.deny"
	check)" 'nothing was found'

# Nobody is kept out: said once, and not of the package's own tables, which have comments alone.
printf 'sshd: 192.0.2.7\nvsftpd: 192.0.2.8\n' >"$HOST/etc/hosts.allow"
rm "$HOST/etc/hosts.deny"
equal "hosts.deny that is missing is told once" "$(check --json | jq -r '[.findings[].code] | join(" ")')" nobody-denied
printf '# /etc/hosts.deny: list of hosts that are _not_ allowed to access the system.\n' >"$HOST/etc/hosts.deny"
like "with the line that belongs there" "$(check)" 'ALL: ALL'
printf '# /etc/hosts.allow: list of hosts that are allowed to access the system.\n' >"$HOST/etc/hosts.allow"
like "nothing is said of a host without rules" "$(check)" 'nothing was found'

# What a rule needs and the host has not: looked for below the root.
told user-kept '' 'sshd: ALL: user nosuch\n'
printf 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n' >"$HOST/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$HOST/etc/group"
told user-unknown '' 'sshd: ALL: user nosuch\n'
told user-unknown '' 'sshd: ALL: user nobody.nosuch\n'
told user-unknown '' 'sshd: ALL: group nosuch\n'
told user-unknown '' 'sshd: ALL: user 65534\n'
printf 'sshd: ALL: user nobody.nogroup\n' >"$HOST/etc/hosts.deny"
equal "and who is there is known" "$(check --json | jq -r '[.findings[].code] | join(" ")')" user-kept
printf 'passwd: files sss\ngroup: files sss\n' >"$HOST/etc/nsswitch.conf"
printf 'sshd: ALL: user nosuch\n' >"$HOST/etc/hosts.deny"
equal "where others are asked, too, nothing is sure" "$(check --json | jq -r '[.findings[].code] | join(" ")')" user-kept
rm "$HOST/etc/passwd" "$HOST/etc/group" "$HOST/etc/nsswitch.conf"

# A file that is no text: one finding.
head -c 20000 /bin/true >"$HOST/etc/hosts.deny"
equal "a program is no table" "$(check --json | jq -r '[.findings[].code] | join(" ")')" binary
: >"$HOST/etc/hosts.deny"

# A program that does not ask, and one that does, as far as one is here.
cp /bin/true "$HOST/usr/sbin/plaind"
told daemon-unwrapped '' 'plaind: ALL\n'

# The file is replaced as a whole, its owner and mode stay, the old one is kept.
printf 'sshd: 192.0.2.9/24\n' >"$WORK/hosts.deny"
chmod 640 "$WORK/hosts.deny"
cp -p "$WORK/hosts.deny" "$WORK/before"
ends_with "a difference is shown" 1 check --fix --dry-run "$WORK/hosts.deny"
cp "$WORK/out" "$WORK/diff"
ends_with "and nothing written" 0 cmp "$WORK/before" "$WORK/hosts.deny"
ends_with "then it is written" 0 check --fix "$WORK/hosts.deny"
equal "with its mode" "$(stat -c %a "$WORK/hosts.deny")" 640
ends_with "the old one is kept" 0 cmp "$WORK/before" "$WORK/hosts.deny.bak"
ends_with "patch reads the difference" 0 patch -s "$WORK/before" "$WORK/diff"
ends_with "and makes the same" 0 cmp "$WORK/before" "$WORK/hosts.deny"
ends_with "a second time there is nothing" 0 check --fix "$WORK/hosts.deny"
ln -s hosts.deny "$WORK/link.deny"
printf 'sshd: 192.0.2.9/24\n' >"$WORK/hosts.deny"
ends_with "through a link" 0 check --fix "$WORK/link.deny"
ends_with "which stays one" 0 test -L "$WORK/link.deny"
ends_with "the old one is kept beside the older" 0 test -f "$WORK/hosts.deny.bak.1"
ends_with "a directory is no table" 1 check "$HOST/etc"
ends_with "a table that is not there is told" 2 check "$WORK/nowhere.deny"

# Named twice, or as hosts.*: each table once, and no more than the tables.
mkdir "$WORK/twice"
printf 'ALL: 192.0.2.7\nALL: 192.0.2.9/24\n' >"$WORK/twice/hosts.deny"
printf 'ALL: 192.0.2.1\n' >"$WORK/twice/hosts.allow"
ln -s hosts.deny "$WORK/twice/other.deny"
check --json "$WORK/twice/hosts.deny" "$WORK/twice/../twice/hosts.deny" "$WORK/twice/other.deny" >"$WORK/json" 2>"$WORK/err"
equal "a table that is named twice is read once" "$(jq '.files | length' "$WORK/json")" 1
equal "and that is told" "$(grep -c 'the same file as .*; read once' "$WORK/err")" 2
"$KNOCKWATCH" access compile "$WORK/twice/hosts.deny" >/dev/null
ends_with "all that is there is named" 0 check --fix "$WORK/twice"/hosts.*
like "what is written no longer fits its index" "$(cat "$WORK/out")" "hosts.deny.idx does not fit it any more: knockwatch access compile"
equal "the rules are there" "$(cat "$WORK/twice/hosts.deny")" "$(printf 'ALL: 192.0.2.7\nALL: 192.0.2.0/24')"
cp "$WORK/twice/hosts.allow" "$WORK/twice/hosts.allow.bak"
printf 'ALL: 192.0.2.9/24\n' >"$WORK/twice/hosts.deny"
ends_with "an old one is there, too" 0 check --fix --json "$WORK/twice"/hosts.*
equal "two were written" "$(jq -r '.written[].path' "$WORK/out" | xargs -n 1 basename)" hosts.deny
equal "as the schema says" "$(python3 "$HERE/schema_check.py" access_check <"$WORK/out")" ""
equal "and no old one of an old one" "$(find "$WORK/twice" -name '*.bak*.bak' | wc -l)" 0
like "which is told" "$(cat "$WORK/err")" "hosts.allow.bak: an old table that --fix kept; left out"
like "as an index is" "$(cat "$WORK/err")" "hosts.deny.idx: an index, no table; left out"
ends_with "an old one alone is nothing to be corrected" 2 check --fix "$WORK/twice/hosts.allow.bak"
ends_with "but may be checked" 0 check "$WORK/twice/hosts.allow.bak"

# Long, or narrow.
{ printf 'sshd:' && seq -f ' 198.51.100.%g,' 1 200 | tr -d '\n' && echo ' 192.0.2.7'; } >"$HOST/etc/hosts.allow"
: >"$HOST/etc/hosts.deny"
timeout 20 "$KNOCKWATCH" access test -d "$HOST/etc" sshd 192.0.2.7 >"$WORK/out"
like "of a long rule the beginning is told" "$(tr -s ' \n' ' ' <"$WORK/out")" 'rule sshd: 198.51.100.1, .* \.\.\. \(3,[0-9]* letters\)'
equal "in a few lines" "$([ "$(wc -l <"$WORK/out")" -lt 16 ] && echo few)" few
equal "in JSON all of it" "$(timeout 20 "$KNOCKWATCH" access test -j -d "$HOST/etc" sshd 192.0.2.7 | jq -r '.answers[0].rule')" \
	"$(cat "$HOST/etc/hosts.allow")"
printf 'ALL: 192.0.2.9/24\n' >"$WORK/narrow.deny"
equal "on a narrow terminal no line is wider, but for paths" "$(COLUMNS=40 "$KNOCKWATCH" access check "$WORK/narrow.deny" |
	grep -v "$WORK" | awk 'length > 40' | wc -l)" 0
for host in 192.0.2.7/24 192.0.2.7:22; do
	ends_with "'$host' is no client" 2 "$KNOCKWATCH" access test -d "$HOST/etc" sshd "$host"
	like "but may mean one" "$(cat "$WORK/err")" "$host: more than an address; is 192.0.2.7 meant"
done

# What holds before the tables.
mkdir -p "$HOST/etc/knockwatch"
printf '# Ours.\nALL: ALL: allow\nALL: 192.0.2.7: deny\n' >"$HOST/etc/knockwatch/access.set"
: >"$HOST/etc/hosts.allow"
: >"$HOST/etc/hosts.deny"
ends_with "a rule by another hand in the file of entries" 0 check
like "is told" "$(cat "$WORK/out")" "line 2 +ALL: ALL: allow"
like "as a note" "$(cat "$WORK/out")" ": 1 note"
echo "no rule" >>"$HOST/etc/knockwatch/access.set"
ends_with "what is no rule is a warning" 1 check --json
equal "in JSON, too" "$(jq -c '[.set_lines[].line, .warnings]' "$WORK/out")" "[2,4,1]"
equal "which the schema knows" "$(python3 "$HERE/schema_check.py" access_check <"$WORK/out")" ""
rm -r "$HOST/etc/knockwatch"

# What is left after a correction is what the next check finds.
printf 'nosuchd: 192.0.2.9/24\n' >"$HOST/etc/hosts.deny"
ends_with "a daemon that is not there is left" 1 check --fix
like "and told" "$(cat "$WORK/out")" "1 finding left"
ends_with "as the next check finds it" 1 check
rm -f "$HOST"/etc/*.bak*
: >"$HOST/etc/hosts.deny"

# A strict table: what is refused is told, denies, and is corrected; what is not holds, with an index, too.
told strict-late '' 'sshd: 192.0.2.7\n# knockwatch: strict\n'
told unknown-mark '' '# knockwatch: stricter\n'
printf 'sshd: 192.0.2.9\n' >"$HOST/etc/hosts.allow"
printf '# knockwatch: strict\nsshd: 192.0.2.7/24\nvsftpd: ALL\n' >"$HOST/etc/hosts.deny"
like "what a strict table refuses is told" "$(check)" 'strict-refused'
like "and that it is strict" "$(check)" 'hosts.deny is strict: 1 line refused'
equal "in JSON, too" "$(check --json | jq -c '[.files[] | select(.strict) | .refused_if_strict]')" '[1]'
printf '# knockwatch: strict\nsshd: 2001:db8::/32: allow\nvsftpd: 192.0.2.7/24\n' >"$WORK/v6.deny"
equal "the list of rules reads a strict table as it is read" \
	"$("$KNOCKWATCH" access check --root "$HOST" -v "$WORK/v6.deny" | sed -n 's/^\(clients\|access\): *//p' | tr '\n' ' ')" \
	"2001:db8::/32 granted 192.0.2.7/24 denied "
equal "who comes to the rule is denied" "$(ours sshd 198.51.100.7)" denied
equal "who is let in before is not" "$(ours sshd 192.0.2.9)" granted
equal "nor who comes to another daemon" "$(ours in.ftpd 198.51.100.7)" granted
equal "the reason is told" "$("$KNOCKWATCH" access test -d "$HOST/etc" --json sshd 198.51.100.7 | jq -r '.answers[0] | .reason, .fault')" \
	"$(printf 'broken-rule\n"192.0.2.7/24": bits are set behind the mask; write 192.0.2.0/24')"
like "and which table is strict" "$("$KNOCKWATCH" access test -d "$HOST/etc" sshd 198.51.100.7)" 'strict +.*/hosts.deny'
"$KNOCKWATCH" access compile "$HOST/etc/hosts.deny" >"$WORK/out"
like "an index says that its table is strict" "$(cat "$WORK/out")" 'the table is strict'
equal "and decides the same" "$(ours sshd 198.51.100.7) $(ours in.ftpd 198.51.100.7)" 'denied granted'
rm -f "$HOST/etc/hosts.deny.idx"
check --fix >/dev/null
equal "corrected, it is for whom it was meant" "$(ours sshd 198.51.100.7) $(ours sshd 192.0.2.8)" 'granted denied'
like "and nothing is refused" "$(check)" 'hosts.deny is strict[.]'
printf '# knockwatch: strict\nsshd: 2001:db8:7::/48: deny\n' >"$HOST/etc/hosts.allow"
: >"$HOST/etc/hosts.deny"
equal "IPv6 needs no brackets there" "$(ours sshd 2001:db8:7::1) $(ours sshd 2001:db8:8::1)" 'denied granted'
printf '# knockwatch: strict\n# a \\\nsshd: ALL\n' >"$WORK/hidden"
ends_with "of a table that hides a line no index is made" 1 "$KNOCKWATCH" access compile "$WORK/hidden"
printf 'sshd: 10.0.0.1/8\n' >"$HOST/etc/hosts.deny"
: >"$HOST/etc/hosts.allow"
like "a table that is not strict hears what that would be worth" "$(check)" 'hosts.deny is not strict. If it were, 1 line would be refused'
rm -f "$HOST"/etc/*.bak*

# A large table is read in seconds.
awk 'BEGIN { for (i = 0; i < 200000; i++) printf "ALL: 10.%d.%d.%d\n", int(i / 65536), int(i / 256) % 256, i % 256 }' >"$WORK/large.deny"
ends_with "200,000 rules" 0 timeout 30 "$KNOCKWATCH" access check --root "$HOST" "$WORK/large.deny"
like "are counted" "$(cat "$WORK/out")" '200,000 rules'

# Its index is made, and decides the same.
mv "$WORK/large.deny" "$HOST/etc/hosts.deny"
: >"$HOST/etc/hosts.allow"
ends_with "an index is made" 0 "$KNOCKWATCH" access compile "$HOST/etc/hosts.deny"
like "of all rules" "$(cat "$WORK/out")" '200,000 rules'
ends_with "beside the table" 0 test -s "$HOST/etc/hosts.deny.idx"
equal "who is in it is denied" "$(ours sshd 10.3.13.63)" denied
equal "who is not may enter" "$(ours sshd 10.3.13.64)" granted
ends_with "of a table that is not there none is made" 2 "$KNOCKWATCH" access compile "$WORK/nowhere"

# A large one is told while it is read, where somebody looks on.
if command -v script >/dev/null; then
	yes '# a comment, and nothing but that, of a table that somebody has kept for years' | head -c 9000000 >"$WORK/large.deny"
	for word in check compile; do
		script -qec "'$KNOCKWATCH' access $word '$WORK/large.deny'" /dev/null </dev/null >"$WORK/out"
		like "$word tells a terminal that it reads" "$(cat "$WORK/out")" "large.deny: reading [0-9.]+ M.*\.\.\."
		"$KNOCKWATCH" access "$word" "$WORK/large.deny" >/dev/null 2>"$WORK/err"
		equal "and nobody else" "$(cat "$WORK/err")" ""
	done
fi
mkfifo "$WORK/pipe"
ends_with "nor of what is no plain file" 2 "$KNOCKWATCH" access compile "$WORK/pipe"
if [ "$(id -u)" = 0 ]; then
	mkdir "$WORK/small"
	ends_with "on a full disk" 7 unshare -m bash -c "
		mount -t tmpfs -o size=64k none '$WORK/small' && head -c 30000 '$HOST/etc/hosts.deny' >'$WORK/small/hosts.deny' &&
			'$KNOCKWATCH' access compile '$WORK/small/hosts.deny'"
fi

# Made anew where it does not fit any more, and nowhere else.
made() { stat -c '%i %y' "$HOST/etc/hosts.deny.idx"; }
before=$(made)
ends_with "one that fits" 0 "$KNOCKWATCH" access compile --renew "$HOST/etc/hosts.deny" "$HOST/etc/hosts.allow"
equal "is left alone" "$(made) $(cat "$WORK/out")" "$before "
ends_with "and none is made where there was none" 1 test -e "$HOST/etc/hosts.allow.idx"
echo "ALL: 192.0.2.9" >>"$HOST/etc/hosts.deny"
ends_with "after a change of the table" 0 "$KNOCKWATCH" access compile --renew "$HOST/etc/hosts.deny"
like "it is made anew" "$(cat "$WORK/out")" '200,001 rules'
head -c 700 "$HOST/etc/hosts.deny.idx" >"$WORK/cut" && cat "$WORK/cut" >"$HOST/etc/hosts.deny.idx"
ends_with "one that was cut" 0 "$KNOCKWATCH" access compile --renew "$HOST/etc/hosts.deny"
like "is made anew, too" "$(cat "$WORK/out")" '200,001 rules'
rm "$HOST/etc/hosts.deny"
ends_with "one whose table is gone is nobody's" 0 "$KNOCKWATCH" access compile --renew "$HOST/etc/hosts.deny"
ends_with "--renew is of compile alone" 2 "$KNOCKWATCH" access check --renew
finish
