#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A program's own shell_cmd, rfc931, clean_exit, severities, methods and tables stand in the place of the library's.
. "$(dirname "$0")/lib.sh"
own_counts
build_for_original interpose

printf '%s\n' 'named: my.example' 'addressed: 203.0.113.9' 'usered: mine@ALL' 'spawned: ALL: spawn echo %a' \
	'severe: ALL: severity local3.info: rfc931 5' 'ctl: host.example' >"$WORK/hosts.allow"
echo 'ALL: ALL' >"$WORK/hosts.deny"
# Where ours differs on purpose: "other" is asked after "severe", whose severity does not stick, nor its time for rfc931.
on_original timeout 60 "$WORK/interpose" "$WORK" >"$WORK/original" 2>&1
code=$?
sed -e '/^other:/s/severity .*/severity 100 200/' -e 's/, timeout 5$/, timeout 7/' "$WORK/original" >"$WORK/wanted"
on_ours timeout 60 "$WORK/interpose" "$WORK" >"$WORK/got" 2>&1
equal "it ends by the program's clean_exit" "$? $code" "3 3"
same "the program's own are called, in the original's order" "$WORK/got" "$WORK/wanted"
finish
