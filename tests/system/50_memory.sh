#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Resident memory stays below the option `memory`, whatever comes: two million forged sources, a storm
# of everything that wants memory, a line of a GiB, packed files, very many logs' names, a store
# that has to keep thousands of incidents, and a live flood.
. "$(dirname "$0")/lib.sh"

run_measured() { # COMMAND... -> peak in KiB
	"$HERE/peak_memory.py" "$WORK/peak" 90 "$@" >"$WORK/out.json" 2>"$WORK/err"
	cat "$WORK/peak"
}

peak() { # ARGUMENT...
	run_measured "$KNOCKWATCH" read --config "$CONFIG" -q "$@"
}

"$HERE/make_capture.py" flood "$WORK/flood.pcap" 1
"$HERE/make_capture.py" storm "$WORK/storm.pcap" 1
storm=(--home 203.0.0.0/16 --home 2001:db8:2::/48 "$WORK/storm.pcap")
for mib in 24 32 76 128; do
	at_most "a storm of everything with --memory ${mib}M (KiB)" \
		"$(peak --json --memory ${mib}M "${storm[@]}")" $((mib * 1024))
	like "and it is all read" "$(tail -n 1 "$WORK/out.json")" '"packets":900000'
	at_most "... told to people (KiB)" "$(peak --all --memory ${mib}M "${storm[@]}")" $((mib * 1024))
	at_most "a line of a GiB with --memory ${mib}M (KiB)" \
		"$(head -c 1073741824 /dev/zero | tr '\0' a | peak --memory ${mib}M -)" $((mib * 1024))
	at_most "two million sources with --memory ${mib}M (KiB)" \
		"$(peak --json --memory ${mib}M --home "$OURS" "$WORK/flood.pcap")" $((mib * 1024))
done
like "all were counted" "$(tail -n 1 "$WORK/out.json")" '"packets":2000000'

python3 - >"$WORK/many.log" <<-'PYTHON'
	for i in range(200_000):
	    print(f"2026-11-20T12:{i // 6000 % 60:02}:{i // 100 % 60:02}.{i % 100:02}+00:00 host{i % 300} kernel: IN=eth{i % 500} "
	          f"OUT= SRC=198.18.{i // 256 % 256}.{i % 256} DST=203.0.113.5 LEN=60 TTL=54 ID={i % 65536} PROTO=TCP "
	          f"SPT={1024 + i % 60000} DPT={i * 7 % 65536} WINDOW=64240 RES=0x00 SYN URGP=0")
PYTHON
at_most "a log of 65,536 sources, 300 hosts and 500 interfaces with --memory 24M (KiB)" \
	"$(peak --json --memory 24M "$WORK/many.log")" $((24 * 1024))

ends_with "less than the least is refused" 2 "$KNOCKWATCH" read --memory 23M "$WORK/many.log"
like "with a word that names it" "$(cat "$WORK/err")" '24M'

# Each file takes its part; what is too much is refused, and no file is read by halves in silence.
copies=()
for _ in {1..60}; do
	copies+=("$WORK/many.log")
done
at_most "60 logs at once with --memory 24M (KiB)" "$(peak --json --memory 24M "${copies[@]}")" $((24 * 1024))
like "those that are too many are named" "$(cat "$WORK/err")" 'no memory left for it.*--memory'
if command -v xz >/dev/null; then
	xz -1 -c "$WORK/storm.pcap" >"$WORK/storm.xz"
	at_most "a packed storm with --memory 24M (KiB)" \
		"$(peak --json --memory 24M --home 203.0.0.0/16 "$WORK/storm.xz")" $((24 * 1024))
	like "and it is all read" "$(tail -n 1 "$WORK/out.json")" '"packets":900000'
fi

# A watch with its store: thousands of incidents to keep.
python3 - >"$WORK/scans.log" <<-'PYTHON'
	for i in range(120_000):
	    print(f"2026-11-20T12:{i // 6000 % 60:02}:{i // 100 % 60:02}.{i % 100:02}+00:00 gate kernel: IN=eth0 OUT= "
	          f"SRC=198.18.{i // 40 // 250}.{i // 40 % 250} DST=203.0.{i // 40 % 113}.{i // 40 % 240} LEN=60 TTL=54 ID={i % 65536} PROTO=TCP "
	          f"SPT={1024 + i % 60000} DPT={i * 7 % 65536} WINDOW=64240 RES=0x00 SYN URGP=0")
PYTHON
for mib in 24 76; do
	at_most "a watch that keeps incidents with --memory ${mib}M (KiB)" \
		"$(run_measured "$KNOCKWATCH" watch --config "$CONFIG" --home 203.0.0.0/16 -q --json --memory ${mib}M --for 6 --from-start \
			--log "$WORK/scans.log" --state "$WORK/state$mib")" $((mib * 1024))
	like "and it told of many" "$(grep -c '"state":"open"' "$WORK/out.json")" '^[0-9]{3,}$'
	at_most "... and started again (KiB)" \
		"$(run_measured "$KNOCKWATCH" watch --config "$CONFIG" --home 203.0.0.0/16 -q --json --memory ${mib}M --for 3 --from-start \
			--log "$WORK/scans.log" --state "$WORK/state$mib")" $((mib * 1024))
done

# Pages that processes share count once.
resident_kib() { # PID...
	local pid
	for pid in "$@"; do
		sed -n 's/^Pss:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup"
	done | awk '{sum += $1} END {print sum}'
}

if [ "$(id -u)" = 0 ] && command -v hping3 >/dev/null; then
	hosts_up
	for mib in 24 76; do
		watch_start live$mib --memory ${mib}M
		in_a timeout 4 hping3 -q --flood --rand-source -S -p ++1 "$OURS" >/dev/null 2>&1
		sleep 0.5
		at_most "a live flood with --memory ${mib}M, engine and sensor together (KiB)" \
			"$(resident_kib "$watch_pid" "$(pgrep -f -P "$watch_pid" 'knockwatchd sensor')")" $((mib * 1024))
		watch_stop live$mib
		equal "and the watch survives it" "$watch_code" 0
	done
fi
finish
