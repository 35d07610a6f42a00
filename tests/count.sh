# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# count - "ok N name" and "not ok N name: got ..., wanted ..." lines, counted; for the scripts of system and abi.

tests=0 failures=0

ok() {
	tests=$((tests + 1))
	echo "ok $tests $1"
}

not_ok() { # NAME GOT WANTED
	tests=$((tests + 1)) failures=$((failures + 1))
	echo "not ok $tests $1: got ${2:-nothing}, wanted $3"
}

# The two texts are equal.
equal() { # NAME GOT WANTED
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "$2" "$3"; fi
}

# The text matches the extended regular expression somewhere.
like() { # NAME GOT PATTERN
	if grep -Eq -e "$3" <<<"$2"; then ok "$1"; else not_ok "$1" "$2" "a match of /$3/"; fi
}

unlike() { # NAME GOT PATTERN
	if grep -Eq -e "$3" <<<"$2"; then not_ok "$1" "$2" "no match of /$3/"; else ok "$1"; fi
}

at_most() { # NAME GOT MOST
	if [ -n "$2" ] && [ "$2" -le "$3" ]; then ok "$1"; else not_ok "$1" "$2" "at most $3"; fi
}

finish() {
	echo "# $tests tests, $failures failed"
	[ "$failures" = 0 ]
	exit
}
