#!/bin/bash
# SPDX-License-Identifier: ISC
#
# run - runs the system tests, all or those named, a line each, and ends with totals.
#
# usage: run.sh [-v] [NN|NN_what.sh]...
# Every test has a line of its own with -v, or where the output is no terminal; else only failed ones.
# Ends with 1 if a test failed, 77 if nothing could be run, else 0.
set -u
cd "$(dirname "$0")" || exit 1

verbose=0
[ -t 1 ] || verbose=1
if [ "${1:-}" = -v ]; then
	verbose=1
	shift
fi

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

words=$(mktemp "${TMPDIR:-/tmp}/kw-run.XXXXXX")
trap 'rm -f "$words"' EXIT
passed=0 failed=0 skipped=0 tests=0 failures=0
for script in "${scripts[@]}"; do
	begin=$SECONDS code=0
	"./$script" >"$words" 2>&1 || code=$?
	good=$(grep -c '^ok ' "$words")
	bad=$(grep -c '^not ok ' "$words")
	tests=$((tests + good + bad)) failures=$((failures + bad))
	case $code in
	0) result=passed passed=$((passed + 1)) ;;
	77) result=skipped skipped=$((skipped + 1)) ;;
	*) result=FAILED failed=$((failed + 1)) ;;
	esac
	if [ "$verbose" = 1 ]; then
		grep -v '^# ' "$words"
	elif [ "$result" != passed ]; then
		grep -v -e '^ok ' -e '^# ' "$words"
	fi
	grep '^# KNOWN FAULT' "$words" || true
	printf '%-8s %-24s %3d tests, %d failed, %d s\n' "$result" "$script" $((good + bad)) "$bad" \
		$((SECONDS - begin))
done
echo "total: $passed scripts passed, $failed failed, $skipped skipped; $tests tests, $failures failed; $SECONDS s"
[ "$failed" = 0 ] || exit 1
[ "$passed" -gt 0 ] || exit 77
