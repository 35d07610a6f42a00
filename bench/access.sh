#!/bin/bash
# SPDX-License-Identifier: ISC
# What a decision over hosts.allow and hosts.deny costs, with an index, without one, and with Debian's libwrap.
#
#   bench/access.sh [BUILD]      (BUILD: a build folder configured with -Dbench=true)
#
# One figure a line: NAME VALUE UNIT PEER RATIO. Decisions are told in nanoseconds of CPU time, PEER is what Debian's
# library (package libwrap0) takes for the same question in the same run, RATIO how many times as long that is.
# hosts.allow is empty; the rules stand in hosts.deny, one a line; name, address and user are given.
#
#   access_KIND_RULES_none      65536 different clients that match no rule
#   access_KIND_RULES_last      the client of the last rule
#   access_KIND_RULES_any       the clients of random rules
#   access_plain_...            ours without an index, opened and read each time as the original does
#   access_once_...             with the index opened and closed for each decision, as in a program that asks once
#   access_build_..., access_size_...   making the index, and its size
set -u
export LC_ALL=C

build=${1:-build}
bin=$build/bench/access_speed
libwrap=/lib/x86_64-linux-gnu/libwrap.so.0
if [ ! -x "$bin" ]; then
	echo "$0: $build holds no benchmark tools; meson configure $build -Dbench=true, then build" >&2
	exit 2
fi
data=$(mktemp -d "${TMPDIR:-/tmp}/knockwatch-bench.XXXXXX") || exit 1
trap 'rm -rf "$data"' EXIT
trap 'exit 130' INT TERM
allow=$data/hosts.allow
deny=$data/hosts.deny

# line NAME VALUE UNIT PEER THEIRS; THEIRS empty = absent
line() {
	if [ -n "$5" ]; then
		echo "$1 $2 $3 $4=$5 $(awk -v a="$5" -v b="$2" 'BEGIN { printf "%.1f", (b > 0 ? a / b : 0) }')"
	else
		echo "$1 $2 $3 $4 absent"
	fi
}

# ask ENGINE KIND RULES WHO: sets ns and granted
ask() {
	local figures
	figures=$("$bin" ask "$1" "$2" "$3" "$allow" "$deny" "$4") || return 1
	read -r ns granted <<<"$figures"
}

figures_of() {
	local kind=$1 rules=$2 who theirs their_grants
	rm -f "$allow.idx" "$deny.idx"
	: >"$allow"
	"$bin" write "$kind" "$rules" "$deny" || exit 1
	for who in none last any; do
		theirs='' their_grants=''
		if [ -e "$libwrap" ] && ask "$libwrap" "$kind" "$rules" "$who"; then
			theirs=$ns their_grants=$granted
		fi
		rm -f "$deny.idx" "$allow.idx"
		if [ "$who" != any ]; then
			ask plain "$kind" "$rules" "$who"
			line "access_plain_${kind}_${rules}_$who" "$ns" ns/decision libwrap "$theirs"
		fi
		"$bin" build "$allow" >"$data/built" && "$bin" build "$deny" >"$data/built" || exit 1
		ask ours "$kind" "$rules" "$who"
		line "access_${kind}_${rules}_$who" "$ns" ns/decision libwrap "$theirs"
		if [ -n "$their_grants" ] && [ "$who" != any ] && [ "$granted" != "$their_grants" ]; then
			echo "$0: $kind $rules $who: granted $granted of 1000, libwrap $their_grants" >&2
			exit 1
		fi
		if [ "$who" = none ]; then
			ask once "$kind" "$rules" "$who"
			line "access_once_${kind}_${rules}_$who" "$ns" ns/decision libwrap "$theirs"
		fi
	done
	read -r wall cpu bytes <"$data/built"
	echo "access_build_${kind}_$rules $wall ms - -"
	echo "access_build_cpu_${kind}_$rules $cpu ms - -"
	echo "access_size_${kind}_$rules $bytes bytes table=$(stat -c %s "$deny") -"
}

for kind in ipv4 ipv6 names mixed; do
	for rules in 10 1000 100000 1000000; do
		figures_of "$kind" "$rules"
	done
done
