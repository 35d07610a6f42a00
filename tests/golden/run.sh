#!/bin/bash
# SPDX-License-Identifier: ISC
#
# run - compares what `knockwatch read`, or another call, says with what it should say.
#
# usage: run.sh [--update] [NN|NN_what]...        KNOCKWATCH=path names the program
# The host's own name stands as HOST in the JSON. Ends with 1 if something differs.
set -u
cd "$(dirname "$0")" || exit 1
KNOCKWATCH=$(realpath "${KNOCKWATCH:-../../build/knockwatch}")
export LC_ALL=C.UTF-8 TZ=UTC NO_COLOR=1 COLUMNS=80
unset CLICOLOR_FORCE

update=0
if [ "${1:-}" = --update ]; then
	update=1
	shift
fi
[ $# -gt 0 ] || set -- [0-9][0-9]_*

work=$(mktemp -d "${TMPDIR:-/tmp}/kw-golden.XXXXXX")
trap 'rm -rf "$work"' EXIT
printf '{}\n' >"$work/empty.yaml" # so that nothing depends on /etc

say() { # CASE: the call and all that it says
	local code=0
	"$KNOCKWATCH" "${call[@]}" "${configured[@]}" "${options[@]}" "${inputs[@]}" \
		>"$work/out" 2>"$work/err" </dev/null || code=$?
	echo "\$ knockwatch" "${call[@]}" "${options[@]}" "${inputs[@]}"
	cat "$work/out"
	echo "--- standard error"
	cat "$work/err"
	echo "--- exit code $code"
}

say_json() {
	"$KNOCKWATCH" "${call[@]}" "${configured[@]}" "${quiet[@]}" --json "${options[@]}" "${inputs[@]}" \
		2>/dev/null </dev/null | sed "s/\"host\":\"$(hostname)\"/\"host\":\"HOST\"/"
}

compare() { # NAME EXPECTED GOT
	number=$((number + 1))
	if [ "$update" = 1 ]; then
		cp "$3" "$2"
	elif difference=$(diff -u --label wanted --label got "$2" "$3"); then
		echo "ok $number $1"
	else
		failed=$((failed + 1))
		echo "not ok $number $1"
		printf '%s\n' "$difference"
	fi
}

number=0 failed=0
here=$PWD
for wanted in "$@"; do
	for folder in "$wanted"*/; do
		folder=${folder%/}
		[ -d "$folder" ] || {
			echo "run: no folder $folder" >&2
			exit 2
		}
		rm -rf "$work/case"
		mkdir "$work/case"
		cd "$work/case" || exit 1
		find "$here/$folder" -maxdepth 1 -name 'input*' -exec cp -r {} . \;
		[ ! -x "$here/$folder/make" ] || "$here/$folder/make" >input.pcap
		inputs=(input*)
		read -r -a options <"$here/$folder/options"
		call=(read) configured=(--config "$work/empty.yaml") quiet=(--quiet)
		if [ -f "$here/$folder/call" ]; then
			read -r -a call <"$here/$folder/call"
			configured=() quiet=() inputs=()
		fi
		say >"$work/text"
		say_json >"$work/json"
		cd "$here" || exit 1
		compare "$folder: the words" "$folder/expected.txt" "$work/text"
		compare "$folder: the JSON" "$folder/expected.json" "$work/json"
	done
done
if [ "$update" = 1 ]; then
	echo "$number files written; see git diff"
	exit
fi
echo "# $number tests, $failed failed"
[ "$failed" = 0 ]
