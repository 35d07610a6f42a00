#!/bin/bash
# SPDX-License-Identifier: ISC
#
# run - runs the tests of the library's ABI, all or those named, and ends with totals.
#
# usage: run.sh [NN|NN_what.sh|differential.sh]...        LIBWRAP_DIR=folder of our libwrap.so.0
# Prints "ok ..." and "not ok ..." lines. Ends with 1 if a test failed, 77 if nothing could be run, else 0.
set -u
cd "$(dirname "$0")" || exit 1

[ $# -gt 0 ] || set -- [0-9][0-9]_*.sh differential.sh
passed=0 failed=0 skipped=0
for wanted in "$@"; do
	for script in "$wanted"*; do
		case $script in
		[0-9][0-9]_*.sh | differential.sh) ;;
		*) continue ;;
		esac
		code=0
		"./$script" || code=$?
		case $code in
		0) passed=$((passed + 1)) ;;
		77) skipped=$((skipped + 1)) ;;
		*)
			failed=$((failed + 1))
			echo "# FAILED $script: ended with $code"
			;;
		esac
	done
done
echo "# total: $passed scripts passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] || exit 1
[ "$passed" -gt 0 ] || {
	echo "no script could be run here"
	exit 77
}
