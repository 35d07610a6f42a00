#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Wrong turns: every command answers with a sentence that helps, on standard error, and the right code.
. "$(dirname "$0")/lib.sh"

wrong() { # NAME CODE PATTERN ARGUMENT...
	local name=$1 code=$2 pattern=$3
	shift 3
	ends_with "$name: the exit code" "$code" timeout 10 "$KNOCKWATCH" "$@"
	like "$name: the words" "$(cat "$WORK/err")" "$pattern"
	equal "$name: nothing on standard output" "$(cat "$WORK/out")" ""
}

wrong "a mistyped command" 2 "did you mean 'knockwatch read'" raed
wrong "a command that is none" 2 "help" transmogrify
wrong "a mistyped option" 2 'did you mean --json' read --jsno x
wrong "an option before the command" 2 'options stand behind the command' --json read x
wrong "a file for a directory" 4 'Not a directory' incidents --state "$CONFIG"
wrong "an option without its value" 2 'value is missing' read --home
wrong "read without a file" 2 'no file' read
wrong "no address" 2 '--home 300\.1\.2\.3' read --home 300.1.2.3 x
wrong "bits behind the prefix" 2 'bits' read --home 203.0.113.5/24 x
wrong "too little memory" 2 'from 24M' read --memory 23M x
wrong "memory that overflows" 2 'memory' read --memory 99999999999999999999G x
wrong "negative memory" 2 'memory' read --memory -5M x
wrong "an impossible year" 2 'year' read --year 12 x
wrong "knocks without JSON" 2 'say both' read --knocks x
wrong "a limit of nothing" 2 'from 1 to' incidents --limit 0
wrong "a number with a sign" 2 'from 0 to 5' incidents --level +1
wrong "a class that is none" 2 'scan, attack' incidents --class weather
wrong "a level that is none" 2 'level' incidents --level 9
wrong "watch with an operand" 2 '--log kern\.log' watch kern.log
wrong "a time that is none" 2 '--for' watch --for soon
wrong "show without an incident" 2 'incident' show
printf 'home: [203.0.113.5/24]\nclose_after: soon\n' >"$WORK/bad.yaml"
wrong "a broken configuration" 3 'bad\.yaml:1:' read --config "$WORK/bad.yaml" x
like "a broken configuration: all faults at once" "$(cat "$WORK/err")" 'bad\.yaml:2:.*close_after'
printf 'home: [203.0.113.5/24]\nmemroy: 5M\n' >"$WORK/bad.yaml"
wrong "an unknown key" 3 'bad\.yaml:2:.*"memory"' read --config "$WORK/bad.yaml" x
equal "an unknown key and a wrong value at once: faults on line 1" "$(grep -c 'bad\.yaml:1:' "$WORK/err")" 1
wrong "a configuration that is not there" 3 'nowhere\.yaml' read --config "$WORK/nowhere.yaml" x
wrong "a directory as configuration" 3 'bad|directory' read --config "$WORK" x

printf 'x\n' >"$WORK/closed.log"
chmod 000 "$WORK/closed.log"
ends_with "a file that is closed to us is not permitted" 5 setpriv --reuid 12345 --regid 12345 --clear-groups \
	"$KNOCKWATCH" read --config "$CONFIG" "$WORK/closed.log"
like "and says what to try" "$(cat "$WORK/err")" 'sudo'
log_scan 198.51.100.20 1 30 | sed 's/OUT= /OUT=eth1 /; s/DST=[0-9.]*/DST=192.0.2.9/' >"$WORK/foreign.log"
ends_with "a log of another host is followed" 0 timeout 10 "$KNOCKWATCH" watch --config "$CONFIG" --no-store \
	--log "$WORK/foreign.log" --from-start --for 2
like "and it is said that nothing is for us" "$(cat "$WORK/err")" 'none of 30 packets.*--home'

ends_with "no word at all shows the help" 2 "$KNOCKWATCH"
for command in $("$KNOCKWATCH" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	ends_with "$command --help" 0 "$KNOCKWATCH" "$command" --help
	like "$command --help says how" "$(cat "$WORK/out")" "^usage: knockwatch $command"
done
ends_with "--version" 0 "$KNOCKWATCH" --version
like "--version is a number" "$(cat "$WORK/out")" '^knockwatch [0-9]+\.[0-9]+'

log_scan 198.51.100.20 1 30 2026-11-20T12:00:00+00:00 >"$WORK/good.log"
code=0
"$KNOCKWATCH" read --config "$CONFIG" "$WORK/good.log" >/dev/full 2>"$WORK/err" || code=$?
equal "a full disk behind standard output is an error" "$code" 7
like "and is said" "$(cat "$WORK/err")" 'standard output'
mkdir "$WORK/tables"
printf 'ALL: ALL\n' >"$WORK/tables/hosts.deny"
printf 'ALL: 192.0.2.9/24\n' >"$WORK/tables/hosts.allow"
while read -r call; do
	code=0
	# shellcheck disable=SC2086 # words
	"$KNOCKWATCH" $call >/dev/full 2>"$WORK/err" || code=$?
	equal "'$call': the same, whatever the answer" "$code" 7
	like "it is said, too" "$(cat "$WORK/err")" 'standard output: No space left'
done <<END
access check -d $WORK/tables
access check -j -d $WORK/tables
access test -d $WORK/tables sshd 192.0.2.7
access list --set $WORK/tables/none
--help
help access
wrap --help
--version
END
echo '2026-11-20T12:00:00+00:00 host kernel: IN=eth0 OUT= SRC=198.51.100.20 DST=203' >"$WORK/broken.log"
code=0
"$KNOCKWATCH" read --config "$CONFIG" "$WORK/broken.log" >/dev/full 2>"$WORK/err" || code=$?
equal "also where some input was skipped" "$code" 7
code=0
"$KNOCKWATCH" read --config "$CONFIG" - <"$WORK/good.log" >"$WORK/out" 2>"$WORK/err" || code=$?
equal "standard input is read" "$code" 0
like "and told" "$(cat "$WORK/out")" '198\.51\.100\.20'
ends_with "a name that begins with a dash" 2 "$KNOCKWATCH" read --config "$CONFIG" -- -q.log
finish
