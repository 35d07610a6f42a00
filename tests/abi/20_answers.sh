#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A program built for the original finds the same layout in our header, and the same answers in our library.
. "$(dirname "$0")/lib.sh"

for inet6 in "" -DINET6; do
	what=${inet6:-without INET6}
	build_for_original layout $inet6 || not_ok "it builds with the original's header ($what)" "a failure" "a program"
	on_original "$WORK/layout" >"$WORK/wanted"
	gcc -Wall -Wextra -Werror -D_GNU_SOURCE $inet6 -I "$ROOT/include" -o "$WORK/layout" "$HERE/layout.c" \
		-L "$LIBWRAP_DIR" -l:libwrap.so.0 || not_ok "it builds with our header ($what)" "a failure" "a program"
	on_ours "$WORK/layout" >"$WORK/got"
	same "our header has the original's layout ($what)" "$WORK/got" "$WORK/wanted"
	on_original "$WORK/layout" >"$WORK/got"
	same "a program built with ours runs on the original ($what)" "$WORK/got" "$WORK/wanted"
done
gcc -x c++ -fsyntax-only -I "$ROOT/include" - <<<'#include <tcpd.h>' 2>"$WORK/err"
equal "our header is good for C++" "$(cat "$WORK/err")" ''

build_for_original answers
on_original "$WORK/answers" >"$WORK/wanted"
on_ours "$WORK/answers" >"$WORK/got"
same "the functions answer as the original's" "$WORK/got" "$WORK/wanted"
finish
