#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Runs every fuzz target for so many seconds:  tools/run_fuzz.sh SECONDS [TARGET]...
# New inputs stay in build-fuzz/found/TARGET; a finding is written to build-fuzz/crash-* and ends with 1.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?usage: tools/run_fuzz.sh SECONDS [TARGET]...}
shift

tools/build_san.sh >/dev/null

bad=0
for target in build-san/fuzz/*/fuzz_*; do
	if [ ! -x "$target" ] || [ ! -f "$target" ]; then
		continue
	fi
	name=$(basename "$target")
	stem=${name#fuzz_}
	if [ "$#" -gt 0 ] && ! printf '%s\n' "$@" | grep -qx "$stem"; then
		continue
	fi
	room=$(basename "$(dirname "$target")")
	found=build-fuzz/found/$stem
	mkdir -p "$found"
	words=()
	[ -f "fuzz/$room/$stem.dict" ] && words=("-dict=fuzz/$room/$stem.dict")
	corpus=()
	[ -d "fuzz/corpus/$stem" ] && corpus=("fuzz/corpus/$stem")
	if "$target" "${words[@]}" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=25 \
		-artifact_prefix="build-fuzz/crash-$stem-" "$found" "${corpus[@]}" >"build-fuzz/$stem.log" 2>&1; then
		echo "ok $stem: $(grep -aE '^Done' "build-fuzz/$stem.log" | tail -1)"
	else
		echo "not ok $stem: see build-fuzz/$stem.log"
		tail -15 "build-fuzz/$stem.log"
		bad=1
	fi
done
exit $bad
