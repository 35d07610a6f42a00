#!/bin/bash
# SPDX-License-Identifier: ISC
#
# run - runs the system tests, all or those named, a line each, and ends with totals.
#
# usage: run.sh [-v] [-j LANES] [NN|NN_what.sh]...
# Most of their time is waiting, so that LANES of them run beside each other. A script that says "# Runs alone" in its
# head, because it counts what the whole machine does or holds something to a time, runs before them with nothing beside.
# Every test has a line of its own with -v, or where the output is no terminal; else only failed ones.
# Ends with 1 if a test failed, 77 if nothing could be run, else 0.
set -u
cd "$(dirname "$0")" || exit 1

verbose=0 lanes=1
[ -t 1 ] || verbose=1
while getopts vj: option; do
	case $option in
	v) verbose=1 ;;
	j) lanes=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[[ $lanes =~ ^[1-9][0-9]?$ ]] || {
	echo "run: -j takes a number from 1 to 99, not '$lanes'" >&2
	exit 2
}

scripts=()
if [ $# = 0 ]; then
	scripts=([0-9][0-9]_*.sh)
fi
for wanted in "$@"; do
	found=("$wanted"*.sh)
	[ -e "$wanted" ] && found=("$wanted")
	[ -e "${found[0]}" ] || {
		echo "run: no script $wanted" >&2
		exit 2
	}
	scripts+=("${found[@]}")
done

words=$(mktemp -d "${TMPDIR:-/tmp}/kw-run.XXXXXX")
# Scripts that run beside each other mount their own over it. Were one of them to take it away, those of others would go with it.
counts=
[ -d /run/knockwatch ] || { mkdir /run/knockwatch 2>/dev/null && counts=/run/knockwatch; }
# shellcheck disable=SC2317 # a trap calls it
put_away() {
	rm -rf "$words"
	[ -z "$counts" ] || rmdir "$counts"
}
trap put_away EXIT
trap 'exit 130' INT TERM
passed=0 failed=0 skipped=0 tests=0 failures=0 running=0

run() { # SCRIPT: what it says, its exit code and its seconds go to files
	local begin=$SECONDS code=0
	"./$1" >"$words/$1" 2>&1 || code=$?
	echo "$code $((SECONDS - begin))" >"$words/$1.end"
}

tell_ended() { # those that have ended since the last time
	local end script code seconds good bad result
	for end in "$words"/*.end; do
		[ -e "$end" ] || return
		script=$(basename "$end" .end)
		read -r code seconds <"$end"
		rm "$end"
		good=$(grep -c '^ok ' "$words/$script")
		bad=$(grep -c '^not ok ' "$words/$script")
		tests=$((tests + good + bad)) failures=$((failures + bad))
		case $code in
		0) result=passed passed=$((passed + 1)) ;;
		77) result=skipped skipped=$((skipped + 1)) ;;
		*) result=FAILED failed=$((failed + 1)) ;;
		esac
		if [ "$verbose" = 1 ]; then
			grep -v '^# ' "$words/$script"
		elif [ "$result" != passed ]; then
			grep -v -e '^ok ' -e '^# ' "$words/$script"
		fi
		grep '^# KNOWN FAULT' "$words/$script"
		printf '%-8s %-24s %3d tests, %d failed, %d s\n' "$result" "$script" $((good + bad)) "$bad" "$seconds"
	done
}

beside=()
for script in "${scripts[@]}"; do
	if [ "$lanes" = 1 ] || grep -q '^# Runs alone' "$script"; then
		run "$script"
		tell_ended
	else
		beside+=("$script")
	fi
done
for script in "${beside[@]}"; do
	if [ "$running" -ge "$lanes" ]; then
		wait -n
		running=$((running - 1))
		tell_ended
	fi
	run "$script" &
	running=$((running + 1))
done
wait
tell_ended
echo "total: $passed scripts passed, $failed failed, $skipped skipped; $tests tests, $failures failed; $SECONDS s"
[ "$failed" = 0 ] || exit 1
[ "$passed" -gt 0 ] || exit 77
