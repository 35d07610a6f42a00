#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Logs with endless lines, NUL bytes, noise, time running backwards or a cut end: the rest is told.
. "$(dirname "$0")/lib.sh"

told() { stories "$WORK/$1.json" --fields who,kind,targets_count; }

story="198.51.100.20 vertical 30"
log_scan 198.51.100.20 1 30 2026-11-20T12:00:00+00:00 >"$WORK/good.log"
read_json good "$WORK/good.log"
equal "a good log is done" "$read_code" 0
equal "its story is told" "$(told good)" "$story"

# A line of a gigabyte, through a pipe, between two halves of a scan.
code=0
{
	head -n 15 "$WORK/good.log"
	head -c 1G /dev/zero | tr '\0' x
	echo
	tail -n 15 "$WORK/good.log"
} | "$HERE/peak_memory.py" "$WORK/peak" 60 "$KNOCKWATCH" read --config "$CONFIG" --memory 24M --json - \
	>"$WORK/long.json" 2>"$WORK/long.err" || code=$?
like "a line of 1 GB is survived" "$code" '^[06]$'
equal "what stands before and behind it is told" "$(told long)" "$story"
at_most "it takes no more memory than it may (KiB)" "$(cat "$WORK/peak")" $((24 * 1024))

{
	printf '\0\0\0\0'
	head -n 10 "$WORK/good.log"
	printf 'Nov 20 12:00:00 gate kernel: IN=eth0 \0SRC=198.51.100.9 DST=\0\n\0\n'
	head -n 20 "$WORK/good.log" | tail -n 10 | tr '\n' '\0'
	printf '\n'
	tail -n 10 "$WORK/good.log"
} >"$WORK/nul.log"
read_json nul "$WORK/nul.log"
like "NUL bytes are survived" "$read_code" '^[06]$'
like "what stands beside them is told" "$(told nul)" '^198\.51\.100\.20 vertical [23][0-9]$'
equal "nothing is told of the line with NULs in it" "$(stories "$WORK/nul.json" --all --source 198.51.100.9)" ""

{
	cat "$WORK/good.log"
	head -c 300000 /dev/urandom
	printf '\n'
	cat "$WORK/good.log"
} >"$WORK/noise.log"
read_json noise "$WORK/noise.log"
like "noise is survived" "$read_code" '^[06]$'
equal "the story around it is told once" "$(told noise)" "$story"

for i in {30..1}; do
	log_scan 198.51.100.20 "$i" "$i" "2026-11-20T12:00:$((59 - i)).5+00:00"
done | tac >"$WORK/backwards.log"
read_json backwards "$WORK/backwards.log"
equal "time running backwards is survived" "$read_code" 0
equal "its story is told" "$(told backwards)" "$story"

head -c -40 "$WORK/good.log" >"$WORK/cut.log"
read_json cut "$WORK/cut.log"
like "a log whose last line is cut is done" "$read_code" '^[06]$'
like "all but that line is told" "$(told cut)" '^198\.51\.100\.20 vertical (29|30)$'

sed 's/$/\r/' "$WORK/good.log" >"$WORK/crlf.log"
read_json crlf "$WORK/crlf.log"
equal "lines that end as on other systems are read" "$(told crlf)" "$story"

sed 's/SRC=198.51.100.20/SRC=198.51.100.999/; s/DPT=/DPT=7/' "$WORK/good.log" >"$WORK/lies.log"
read_json lies "$WORK/lies.log"
equal "lines with impossible addresses are done, with some skipped" "$read_code" 6
like "they are said with file and line" "$(cat "$WORK/lies.err")" 'lies\.log:1: '
at_most "but not each of them" "$(wc -l <"$WORK/lies.err")" 6
equal "nothing is told of them" "$(told lies)" ""

# A name with an escape sequence in it must not reach the terminal.
printf 'Nov 20 12:00:00 ga\033[31mte kernel: IN=et\033]0;x\007h0 OUT= SRC=1.2.3.999 DST=%s PROTO=TCP\n' "$OURS" \
	>"$WORK/escape.log"
"$KNOCKWATCH" read --config "$CONFIG" "$WORK/escape.log" >"$WORK/escape.out" 2>&1 </dev/null
equal "no byte of an escape sequence is printed" "$(tr -d '\n -~' <"$WORK/escape.out" | wc -c)" 0
finish
