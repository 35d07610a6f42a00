#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The library shows the original's names and no others: 28 functions and 12 variables of the same kind and size.
. "$(dirname "$0")/lib.sh"
need_tools nm readelf

names() { nm -D --defined-only "$1" | awk '{ print $3, $2 }' | sort; }
sizes() { nm -D -S --defined-only "$1" | awk 'tolower($3) ~ /[bdv]/ { print $4, $2 }' | sort; }
dynamic() { readelf -W -d "$OURS" | awk -v tag="($1)" '$2 == tag { print }'; }

names "$OURS" >"$WORK/ours"
names "$ORIGINAL" >"$WORK/original"
same "names and kinds are the original's" "$WORK/ours" "$WORK/original"
sizes "$OURS" >"$WORK/ours"
sizes "$ORIGINAL" >"$WORK/original"
same "variables have the original's sizes" "$WORK/ours" "$WORK/original"
equal "functions" "$(nm -D --defined-only "$OURS" | grep -c ' T ')" 28
equal "variables" "$(nm -D --defined-only "$OURS" | grep -c ' [BDV] ')" 12
like "allow_severity gives way to the program's" "$(nm -D "$OURS" | grep severity)" ' [VW] allow_severity$'
like "deny_severity gives way to the program's" "$(nm -D "$OURS" | grep severity)" ' [VW] deny_severity$'

equal "soname" "$(dynamic SONAME | sed 's/.*\[\(.*\)\]/\1/')" libwrap.so.0
equal "file" "$(basename "$(realpath "$OURS")")" libwrap.so.0.7.6
equal "nothing but the C library is needed" \
	"$(dynamic NEEDED | sed 's/.*\[\(.*\)\]/\1/' | grep -v '^ld-linux' | tr '\n' ' ')" 'libc.so.6 '
equal "no folder is searched" "$(dynamic RPATH)$(dynamic RUNPATH)" ''
unlike "programs can put their own in the place of ours" "$(readelf -W -d "$OURS")" 'SYMBOLIC'
unlike "names have no versions" "$(readelf -W -V "$OURS")" '\.gnu\.version_d'
unlike "the stack is not executable" "$(readelf -W -l "$OURS" | grep GNU_STACK)" 'RWE'
finish
