#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Decisions from eight threads at once, under the thread sanitizer: no data race, no wrong verdict.
. "$(dirname "$0")/lib.sh"
own_counts
need_tools clang

cat >"$WORK/hosts.allow" <<'END'
sshd: .example EXCEPT .bad.example
ftpd: joe@198.51.100.
spawnd: ALL: spawn /bin/true
aclok: ALL: aclexec /bin/true
aclbad: ALL: aclexec /bin/false
envd: ALL: setenv KW_THREADS %a
sevd: ALL: severity local3.info
portd: 127.0.0.1
warnd ALL
END
echo 'ALL: ALL' >"$WORK/hosts.deny"

# All of the four rooms as an archive, from which only what the library needs is taken.
build() { # NAME OPTION...
	local options=(-w -std=gnu17 -g -O1 -D_GNU_SOURCE "${@:2}" -I "$ROOT/include" -I "$ROOT/src")
	mkdir "$WORK/objects"
	(cd "$WORK/objects" && clang "${options[@]}" -c "$ROOT"/src/{libwrap,access,net,base}/*.c && ar rcs "$WORK/rooms.a" ./*.o) &&
		clang "${options[@]}" -o "$WORK/$1" "$HERE/threads.c" "$WORK/rooms.a" -lpthread
}
if ! build threads -fsanitize=thread 2>"$WORK/err"; then
	not_ok "it builds with the thread sanitizer" "$(head -5 "$WORK/err")" "a program"
	finish
fi
# The sanitizer wants the address space as it knows it, or it does not start.
timeout 300 setarch -R "$WORK/threads" "$WORK" >"$WORK/out" 2>"$WORK/err"
code=$?
equal "every verdict is right" "$(cat "$WORK/out")" '0 wrong answers'
equal "no data race" "$(grep -A12 'WARNING: ThreadSanitizer' "$WORK/err" | head -40)" ''
equal "it ends well" "$code" 0
finish
