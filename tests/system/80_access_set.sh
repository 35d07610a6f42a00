#!/bin/bash
# SPDX-License-Identifier: ISC
# Addresses let in or kept out for a time: added, listed, asked by the library and by tcpd, expired, removed, exported.
. "$(dirname "$0")/lib.sh"
need_root "it loads a ruleset in a network namespace"
need_tools nft jq ping python3 setpriv tcpdmatch unshare
hosts_up

set_file=$WORK/knockwatch/access.set
access() { "$KNOCKWATCH" access "$@" --set "$set_file"; }

# --- entries come, change and go
access list >"$WORK/out"
equal "an empty list is no fault" "$?" 0
like "it says how to add one" "$(cat "$WORK/out")" "knockwatch access add"
access add 198.51.100.0/24 --for 1h --why 'guesses: passwords' >"$WORK/out" 2>"$WORK/err"
equal "added" "$?" 0
like "what holds is said" "$(cat "$WORK/out")" "198.51.100.0/24 is kept out for every service for"
like "and how to undo it" "$(cat "$WORK/out")" "knockwatch access remove 198.51.100.0/24"
access add 2001:db8::7 --service sshd --allow >/dev/null
equal "a second one" "$?" 0
equal "both are listed, below a heading" "$(access list | wc -l)" 3
equal "no line ends in blanks" "$(access list | grep -c ' $')" 0
equal "as JSON, too" "$(access list --json | jq -r '.entries | map(.block) | sort | join(" ")')" "198.51.100.0/24 2001:db8::7"
equal "the way back is to the same file" "$(eval "$(sed -n 's/^Undo: knockwatch //p' "$WORK/out" |
	sed "s|^|'$KNOCKWATCH' |")")" "198.51.100.0/24 is as hosts.allow and hosts.deny say again."
access add 198.51.100.0/24 --for 2s >/dev/null
access add 198.51.100.0/24 --for 2s >"$WORK/out"
like "the same again changes it" "$(cat "$WORK/out")" "there already"
equal "and is there once" "$(access list --json | jq '.entries | length')" 2
equal "everybody may read it" "$(stat -c %a "$set_file")" 644

# --- whoever types it may have any umask
(umask 077 && "$KNOCKWATCH" access add 198.51.100.7 --set "$WORK/fresh/access.set" >"$WORK/out" 2>"$WORK/err")
equal "with umask 077 everybody may pass the directory" "$(stat -c %a "$WORK/fresh")" 755
equal "and read the file" "$(stat -c %a "$WORK/fresh/access.set")" 644
equal "nothing is to be warned of" "$(cat "$WORK/err")" ""
setpriv --reuid 65534 --regid 65534 --clear-groups cat "$WORK/fresh/access.set" >/dev/null 2>&1
equal "nobody can, too" "$?" 0
chmod 700 "$WORK/fresh"
"$KNOCKWATCH" access add 198.51.100.8 --set "$WORK/fresh/access.set" >"$WORK/out" 2>"$WORK/err"
like "a directory that others cannot enter is warned of, with what mends it" "$(cat "$WORK/err")" "chmod 755 $WORK/fresh"
mkdir -p "$WORK/root/etc/knockwatch"
chmod 700 "$WORK/root/etc/knockwatch"
ends_with "the check finds it" 1 "$KNOCKWATCH" access check --root "$WORK/root"
like "with what mends it" "$(cat "$WORK/out")" "chmod 755 $WORK/root/etc/knockwatch"
like "and counts it" "$(cat "$WORK/out")" "1 fault"
chmod 755 "$WORK/root/etc/knockwatch"
: >"$WORK/root/etc/knockwatch/access.set"
chmod 600 "$WORK/root/etc/knockwatch/access.set"
ends_with "the check finds a file that others cannot read" 1 "$KNOCKWATCH" access check --json --root "$WORK/root"
equal "as JSON" "$(jq -r '.set.mend, .faults' "$WORK/out" | tr '\n' ' ')" "chmod 644 1 "
equal "the schema knows it" "$(python3 "$HERE/schema_check.py" access_check <"$WORK/out")" ""
chmod 644 "$WORK/root/etc/knockwatch/access.set"
ends_with "and nothing where all is well" 0 "$KNOCKWATCH" access check --root "$WORK/root"

# --- what is wrong is said
for wrong in "add 198.51.100.1/24" "add nobody" "add 192.0.2.1 --for never" "add 192.0.2.1 --for 5" "add [192.0.2.1]" \
	"add 192.0.2.1 --service a:b" "add" "remove"; do
	# shellcheck disable=SC2086 # words
	access $wrong >/dev/null 2>"$WORK/err"
	equal "$wrong" "$?" 2
done
# an option of another word, and what is not there
for wrong in "list --for 1d" "add 192.0.2.1 --json" "remove 192.0.2.1 --why x" "export --utc" "test sshd 192.0.2.1 --denied" \
	"list extra" "nothing" "" "chek"; do
	# shellcheck disable=SC2086
	ends_with "'$wrong'" 2 "$KNOCKWATCH" access $wrong
	equal "in lines of a terminal" "$(awk 'length > 80' "$WORK/err" | wc -l)" 0
done
ends_with "an option of another word" 2 "$KNOCKWATCH" access log --set "$set_file"
like "is told whose it is" "$(cat "$WORK/err")" "--set is of test, add, remove, list and export"
for wrong in "test -d /kw-none sshd 192.0.2.1" "check -d /kw-none" "check /kw-none/hosts.deny" "check --root /kw-none" \
	"test --set /kw-none sshd 192.0.2.1"; do
	# shellcheck disable=SC2086
	ends_with "'$wrong'" 2 "$KNOCKWATCH" access $wrong
	like "is not there" "$(cat "$WORK/err")" "/kw-none.*: No such file"
done
ends_with "half an address" 2 "$KNOCKWATCH" access test sshd 192.0.2
like "is not made whole in silence" "$(cat "$WORK/err")" "192.0.2: no whole address; is 192.0.0.2 meant"
access remove 192.0.2.99 2>/dev/null
equal "nothing to remove" "$?" 1
access add 127.0.0.0/8 2>"$WORK/err"
equal "this host is not kept out" "$?" 2
like "by words" "$(cat "$WORK/err")" "keep you out"
SSH_CONNECTION="192.0.2.50 4000 192.0.2.1 22" access add 192.0.2.0/24 2>"$WORK/err"
equal "nor whoever is logged in" "$?" 2
like "by words, too" "$(cat "$WORK/err")" "192.0.2.50"

# --- a question
access add 203.0.113.77 >/dev/null
ends_with "whoever an entry keeps out is refused" 1 "$KNOCKWATCH" access test --set "$set_file" sshd 203.0.113.77
access remove 203.0.113.77 >/dev/null
like "by it" "$(cat "$WORK/out")" "by +.*access.set:"

# --- what another hand wrote stays
echo "ALL: .example.org: deny" >>"$set_file"
access add 203.0.113.9 --for 1d >/dev/null
equal "the line is there" "$(grep -c '^ALL: .example.org: deny$' "$set_file")" 1

ends_with "the list" 0 access list
like "shows it, for it decides, too" \
	"$(tr -s ' \n' ' ' <"$WORK/out")" "Not written by 'access add', .* line [0-9]+ ALL: .example.org: deny"
echo "no rule" >>"$set_file"
ends_with "what is no rule is a line that was skipped" 6 access list --json
equal "and told" "$(jq -r '.others[] | "\(.is_rule) \(.text)"' "$WORK/out" | paste -sd, -)" \
	"true ALL: .example.org: deny,false no rule"
equal "as the schema says" "$(python3 "$HERE/schema_check.py" access_list <"$WORK/out")" ""
printf '# Nobody is in it.\nALL: ALL: allow\n' >"$WORK/only.set"
ends_with "a file of such lines only" 0 "$KNOCKWATCH" access list --set "$WORK/only.set"
equal "is not called empty" "$(grep -c Nobody "$WORK/out")" 0

# --- what is left for an address whose entry goes
rest() { "$KNOCKWATCH" access "$@" --set "$WORK/rest.set"; }
rest add 198.51.100.7 >/dev/null
rest add 198.51.100.7 --service sshd >/dev/null
rest add 198.51.100.0/24 --for 1d >/dev/null
rest remove 198.51.100.7 >"$WORK/out"
equal "what still holds is told" "$(grep -Ec '^198\.51\.100\.(7 +sshd|0/24 +ALL) +deny' "$WORK/out")" 2
equal "and not that nothing does" "$(grep -c 'say again' "$WORK/out")" 0
ends_with "what is not there" 1 rest remove 198.51.100.7
like "is not what was meant" "$(cat "$WORK/err")" "198.51.100.7 has no entry for every service"
like "but something else, with what removes it" "$(cat "$WORK/err")" "remove 198.51.100.7 --service sshd --set $WORK/rest.set"
rest remove 198.51.100.0/24 >/dev/null
rest remove 198.51.100.7 --service sshd >"$WORK/out"
like "after the last one the tables hold again" "$(cat "$WORK/out")" "198.51.100.7 is as hosts.allow and hosts.deny say again"
echo 'ALL: ALL: allow' >>"$WORK/rest.set"
rest add 198.51.100.7 >/dev/null
rest remove 198.51.100.7 >"$WORK/out"
like "a rule by another hand holds, too" "$(cat "$WORK/out")" "line [0-9]+ +ALL: ALL: allow"

# --- words
ends_with "an address as the tables have it" 0 rest add '[2001:db8::7]'
like "is one" "$(cat "$WORK/out")" "^2001:db8::7 is kept out"
ends_with "bits behind the length" 2 rest add 192.0.2.7/24
like "are told with what may be meant" "$(cat "$WORK/err")" "the block is 192.0.2.0/24, the address alone 192.0.2.7"
ends_with "no word" 2 rest add ''
like "is quoted" "$(cat "$WORK/err")" "'': neither an address"
rest add 192.0.2.8 --why $'gr\xc3\xbcn\n\e[31m' >"$WORK/out"
like "the reason is told as it is kept" "$(head -1 "$WORK/out")" ': gr_n _\[31m$'
like "with nothing of it lost" "$(rest list)" 'gr_n _\[31m'

# --- a link is followed, and what is no plain file stays what it is: copies of such, in a place of our own
mkdir "$WORK/odd"
echo '# mine' >"$WORK/odd/real"
ln -s real "$WORK/odd/link"
ends_with "through a link" 0 "$KNOCKWATCH" access add 192.0.2.7 --set "$WORK/odd/link"
equal "it stays one" "$(readlink "$WORK/odd/link")" real
equal "and its file has the entry" "$(grep -c '^ALL: 192.0.2.7: deny' "$WORK/odd/real")" 1
mkfifo "$WORK/odd/pipe"
mknod "$WORK/odd/null" c 1 3
ln -s null "$WORK/odd/to-null"
ln -s nothing "$WORK/odd/dangling"
for odd in pipe null to-null dangling . nowhere/deep/set; do
	for word in "add 192.0.2.7" "remove 192.0.2.7"; do
		# shellcheck disable=SC2086
		timeout 20 "$KNOCKWATCH" access $word --set "$WORK/odd/$odd" >"$WORK/out" 2>"$WORK/err"
		like "$word at $odd" "$?" "^[12]$"
		like "is told" "$(cat "$WORK/err")" "error: "
	done
done
equal "all are what they were" "$(cd "$WORK/odd" && stat -c %F pipe null to-null dangling | paste -sd, -)" \
	"fifo,character special file,symbolic link,symbolic link"
equal "nothing is left beside them" "$(find "$WORK/odd" -name '*.new' | wc -l)" 0

# --- without the right to
mkdir "$WORK/closed"
printf 'ALL: 192.0.2.7: deny\n' >"$WORK/closed/access.set"
chmod 755 "$WORK"
chmod 600 "$WORK/closed/access.set"
cp "$KNOCKWATCH" "$WORK/knockwatch-copy"
unable() { setpriv --reuid 65534 --regid 65534 --clear-groups "$WORK/knockwatch-copy" access "$@" --set "$WORK/closed/access.set"; }
for word in "list" "export" "add 192.0.2.8" "remove 192.0.2.7"; do
	# shellcheck disable=SC2086
	ends_with "'$word' without permission" 5 unable $word
done
ends_with "a file system that is read only" 5 unshare -m bash -c "
	mount -t tmpfs none '$WORK/closed' && : >'$WORK/closed/access.set' &&
	mount -o remount,ro '$WORK/closed' && '$KNOCKWATCH' access add 192.0.2.7 --set '$WORK/closed/access.set'"
ends_with "a full one" 7 unshare -m bash -c "
	mount -t tmpfs -o size=4k none '$WORK/closed' && head -c 4096 /dev/zero >'$WORK/closed/all' ;
	'$KNOCKWATCH' access add 192.0.2.7 --set '$WORK/closed/access.set'"

# --- for the packet filter
ends_with "what is no entry is left out" 6 access export nft
like "and told" "$(cat "$WORK/err")" "no entry of 'access add', and left out, as are others"
access export nft >"$WORK/nft" 2>/dev/null
ends_with "nft takes it" 0 in_b nft -f "$WORK/nft"
like "with its time" "$(in_b nft list set inet knockwatch_access denied4)" "203.0.113.9 timeout"

# --- the packet filter decides as the entries do, also when they contradict each other
rm -f "$WORK/filter.set"
filter() { "$KNOCKWATCH" access "$@" --set "$WORK/filter.set" >>"$WORK/out" 2>&1; }
enters() { in_a ping -n -q -c 1 -W 0.3 -I "$1" "$OURS" >/dev/null 2>&1; }
stays_out() { ! enters "$1"; }
in_b nft delete table inet knockwatch_access
ends_with "before, everybody enters" 0 enters 198.51.100.21
filter add 198.51.100.23 --allow
filter add 198.51.100.0/27 --for 6s
filter add 198.51.100.21
filter add 198.51.100.24 --allow
filter add 198.51.100.40/29
filter add 198.51.100.41 --allow --for 6s
filter add 198.51.100.42 --allow --service sshd
filter add ::/0 --allow
filter add 2001:db8:1::20
filter add ::
"$KNOCKWATCH" access export --set "$WORK/filter.set" >"$WORK/nft"
ends_with "nft takes it, two layers of it" 0 in_b nft -f "$WORK/nft"
for who in 21 22 23 40 47; do
	ends_with "$who is kept out" 0 stays_out "198.51.100.$who"
done
for who in 24 39 41 42 48; do
	ends_with "$who enters" 0 enters "198.51.100.$who"
done
wait_for 10 enters 198.51.100.22
equal "until the block has expired" "$?" 0
ends_with "who is kept out for ever inside of it still is" 0 stays_out 198.51.100.21
ends_with "who was let in by an older entry enters" 0 enters 198.51.100.23
wait_for 10 stays_out 198.51.100.41
equal "who was let in for a time is kept out by what stands behind" "$?" 0
equal "no line of it is longer than a terminal" "$(awk 'length > 80' "$WORK/nft" | wc -l)" 0

# --- a hundred thousand
{
	echo "ALL: 10.0.0.0/8: expires 20991231T000000Z: deny"
	seq 0 99999 | awk '{ printf "ALL: 10.%d.%d.%d: deny\n", $1 / 32768, $1 / 128 % 256, $1 * 2 % 256 }'
} >"$WORK/many.set"
ends_with "a hundred thousand are printed in a second" 0 timeout 5 "$KNOCKWATCH" access export --set "$WORK/many.set"
cp "$WORK/out" "$WORK/nft"
equal "each with what lies between" "$(grep -c '^	10\.' "$WORK/nft")" 200000
ends_with "and loaded" 0 in_b timeout 60 nft -f "$WORK/nft"

# --- asked by the programs ----------------------------------------------------------------------------
# Debian's own tcpdmatch on our library, which asks the set where the tables are the system's.
library=$(dirname "$KNOCKWATCH")/src/libwrap
asked() { # CLIENT -> granted or denied
	unshare -m bash -c "
		mkdir -p $WORK/upper/knockwatch $WORK/room
		mount -t overlay overlay -o lowerdir=/etc,upperdir=$WORK/upper,workdir=$WORK/room /etc &&
			mount --bind $WORK/knockwatch /etc/knockwatch &&
			echo 'ALL: ALL' >/etc/hosts.allow && : >/etc/hosts.deny &&
			LD_LIBRARY_PATH=$library tcpdmatch sshd $1" | sed -n 's/^access: *//p'
}
access add 203.0.113.10 --for 3s >/dev/null
equal "who is in no entry enters by hosts.allow" "$(asked 203.0.113.11)" granted
equal "who is kept out does not" "$(asked 203.0.113.9)" denied
equal "nor who is kept out for a moment" "$(asked 203.0.113.10)" denied
has_passed() { [ "$(asked 203.0.113.10)" = granted ]; }
wait_for 10 has_passed
equal "until that has passed" "$?" 0
access remove 203.0.113.9 >/dev/null
equal "or the entry is taken out" "$(asked 203.0.113.9)" granted

# --- many writers at once
for i in $(seq 20); do access add "203.0.113.$((100 + i))" >/dev/null & done
wait
equal "none is lost" "$(access list --json | jq '[.entries[] | select(.block | startswith("203.0.113.1"))] | length')" 20
finish
