#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Runs every fuzz target for so many seconds:  tools/run_fuzz.sh SECONDS [TARGET]...
# One for each processor at a time. New inputs stay in build-fuzz/found/TARGET; a finding is written to
# build-fuzz/crash-* and ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?usage: tools/run_fuzz.sh SECONDS [TARGET]...}
shift

tools/build_san.sh >/dev/null
mkdir -p build-fuzz/found
results=$(mktemp -d "${TMPDIR:-/tmp}/knockwatch-fuzz.XXXXXX")
trap 'rm -rf "$results"' EXIT

run() { # TARGET: its line goes to a file, which is there only where nothing was found
	local name room stem words=() corpus=()
	name=$(basename "$1")
	room=$(basename "$(dirname "$1")")
	stem=${name#fuzz_}
	mkdir -p "build-fuzz/found/$stem"
	[ -f "fuzz/$room/$stem.dict" ] && words=("-dict=fuzz/$room/$stem.dict")
	[ -d "fuzz/corpus/$stem" ] && corpus=("fuzz/corpus/$stem")
	if "$1" "${words[@]}" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=25 \
		-artifact_prefix="build-fuzz/crash-$stem-" "build-fuzz/found/$stem" "${corpus[@]}" >"build-fuzz/$stem.log" 2>&1; then
		echo "ok $stem: $(grep -aE '^Done' "build-fuzz/$stem.log" | tail -1)"
		: >"$results/$stem"
	else
		echo "not ok $stem: see build-fuzz/$stem.log"
		tail -15 "build-fuzz/$stem.log"
	fi
}

running=0 begun=0
for target in build-san/fuzz/*/fuzz_*; do
	if [ ! -x "$target" ] || [ ! -f "$target" ]; then
		continue
	fi
	name=$(basename "$target")
	if [ "$#" -gt 0 ] && ! printf '%s\n' "$@" | grep -qx "${name#fuzz_}"; then
		continue
	fi
	if [ "$running" -ge "$(nproc)" ]; then
		wait -n
		running=$((running - 1))
	fi
	run "$target" &
	running=$((running + 1)) begun=$((begun + 1))
done
wait
[ "$begun" -gt 0 ] || {
	echo "tools/run_fuzz.sh: no such target: $*" >&2
	exit 2
}
[ "$(find "$results" -type f | wc -l)" = "$begun" ]
