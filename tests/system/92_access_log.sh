#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The decisions of many logs as one list in order of time, though none of them is quite in order itself.
. "$(dirname "$0")/lib.sh"
need_tools jq
log() { "$KNOCKWATCH" access log --utc "$@"; }
cd "$WORK" || exit 1

lines() { # HOST FROM STEP COUNT: the second of the day is the number of the line
	seq "$2" "$3" $(($2 + $3 * ($4 - 1))) | awk -v host="$1" '{
		printf "Nov 20 %02d:%02d:%02d %s sshd[412]: refused connect from 198.51.100.%d (198.51.100.%d)\n",
			$1 / 3600, $1 / 60 % 60, $1 % 60, host, $1 % 200, $1 % 200 }'
}
times() { log --json "$@" 2>"$WORK/err" | jq -r .timestamp; }

# --- two logs, in each of which a line comes late
{ lines north 10 2 50; lines north 20 1 1; lines north 110 2 500; } >north.log
{ lines south 1000 1 1; lines south 11 2 500; } >south.log
times north.log south.log >all
equal "all of them" "$(wc -l <all)" 1052
equal "are in order of time" "$(cat all)" "$(sort all)"
equal "and nothing is to be said" "$(cat err)" ""
log north.log south.log >out
equal "the latest are shown" "$(sed -n 's/^20 Nov \([0-9:]*\) .*/\1/p' out | tail -1)" "00:18:28"
equal "in order, too" "$(sed -n 's/^20 Nov \([0-9:]*\) .*/\1/p' out | sort -c 2>&1)" ""

# --- a line that comes so late that nobody keeps the others for it
{ lines gate 1000 1 6000; lines gate 1 1 1; lines gate 7000 1 5; } >late.log
ends_with "what cannot be put in order is skipped input" 6 log --json late.log
like "with its place" "$(cat err)" "late.log:6001: comes too late"
equal "and is told" "$(wc -l <out)" 6006
ends_with "the latest rows are the latest all the same" 0 log late.log
equal "without it" "$(sed -n 's/^20 Nov \([0-9:]*\) .*/\1/p' out | head -1)" "01:56:05"

# --- a log without a file has no date: its stamps are of this year
this=$(date -u +%Y)
lines gate 1 1 2 >pipe.log
for way in - /dev/stdin; do
	# shellcheck disable=SC2002 # a pipe is meant
	equal "through a pipe as $way" "$(cat pipe.log | log --json "$way" | jq -r .timestamp | cut -c 1-10 | sort -u)" "$this-11-20"
done
equal "or as a file that is none" "$(log --json <(cat pipe.log) | jq -r .timestamp | cut -c 1-10 | sort -u)" "$this-11-20"

# --- what cannot be read, and what is not there
{ lines gate 1 1 2; echo 'Nov 20 14:00:14 gate sshd[413]: refused connect from x (192.0.2.700)'; } >broken.log
ends_with "a line that cannot be read is skipped input" 6 log broken.log
like "with its place" "$(cat err)" "broken.log:3: the line could not be read"
ends_with "a log that is not there" 2 log nowhere.log
ends_with "a state directory that is not there" 4 log --state "$WORK/nowhere"
mkdir empty
ends_with "one without a journal" 4 log --state "$WORK/empty"
ends_with "named as a file" 4 log empty
finish
