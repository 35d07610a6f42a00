#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Resident memory stays below what was asked for, whatever comes: two million forged sources, a log
# of a hundred thousand, and a live flood.
. "$(dirname "$0")/lib.sh"

peak() { # ARGUMENT...
	"$HERE/peak_memory.py" "$WORK/peak" 60 "$KNOCKWATCH" read --config "$CONFIG" -q --json "$@" \
		>"$WORK/out.json" 2>"$WORK/err"
	cat "$WORK/peak"
}

"$HERE/make_capture.py" flood "$WORK/flood.pcap" 1
for mib in 24 32 76 128; do
	at_most "two million sources with --memory ${mib}M (KiB)" \
		"$(peak --memory ${mib}M --home "$OURS" "$WORK/flood.pcap")" $((mib * 1024))
done
like "all were counted" "$(tail -n 1 "$WORK/out.json")" '"packets":2000000'

python3 - >"$WORK/many.log" <<-'PYTHON'
	for i in range(200_000):
	    print(f"2026-11-20T12:{i // 6000 % 60:02}:{i // 100 % 60:02}.{i % 100:02}+00:00 host{i % 300} kernel: IN=eth{i % 500} "
	          f"OUT= SRC=198.18.{i // 256 % 256}.{i % 256} DST=203.0.113.5 LEN=60 TTL=54 ID={i % 65536} PROTO=TCP "
	          f"SPT={1024 + i % 60000} DPT={i * 7 % 65536} WINDOW=64240 RES=0x00 SYN URGP=0")
PYTHON
at_most "a log of 65,536 sources, 300 hosts and 500 interfaces with --memory 24M (KiB)" \
	"$(peak --memory 24M "$WORK/many.log")" $((24 * 1024))

if [ "$(id -u)" = 0 ] && command -v hping3 >/dev/null; then
	hosts_up
	watch_start live --no-store
	in_a timeout 4 hping3 -q --flood --rand-source -S -p ++1 "$OURS" >/dev/null 2>&1
	sleep 0.5
	at_most "a live flood with the default of 76M (KiB)" \
		"$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$watch_pid/status")" $((76 * 1024))
	watch_stop live
	equal "and the watch survives it" "$watch_code" 0
fi
finish
