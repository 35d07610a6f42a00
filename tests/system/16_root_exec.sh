#!/bin/bash
# SPDX-License-Identifier: ISC
#
# What is started as root: every one of ten thousand short programs with its own argument, a program that writes
# over its arguments, a megabyte of them, a bomb of alike ones, and secrets that nobody finds again.
# Runs alone: it counts what the machine starts as root.
. "$(dirname "$0")/lib.sh"
need_root "only root can load the hook in exec"
need_tools cc jq strings
[ -r /sys/kernel/btf/vmlinux ] || { echo "1..0 # SKIP this kernel has no BTF"; exit 77; }
hosts_up

cc -O1 -o "$WORK/storm" "$HERE/exec_storm.c" || not_ok "the helper is built" "" ""
# shellcheck disable=SC2016 # the dollars are the assembler's
printf 'void _start(void) { __asm__ volatile("mov $60, %%%%eax; xor %%%%edi, %%%%edi; syscall"); }\n' |
	sed 's/%%/%/g' >"$WORK/nop.c"
cc -static -nostdlib -O1 -o "$WORK/nop" "$WORK/nop.c" 2>/dev/null || cp /bin/true "$WORK/nop"
chmod 755 "$WORK" "$WORK/storm" "$WORK/nop"

journal() { cat "$WORK/$1.state"/journal/*.jsonl; }
execs() { # NAME MARK: the events of our own programs, not of the greps that look for them
	journal "$1" | grep -F "\"exec\":{\"uid\":0,\"euid\":0,\"pid\":" | grep -F "\"exe\":\"$WORK/" | grep -F -- "$2"
}
heard() { # NAME MARK COUNT
	[ "$(execs "$1" "$2" | wc -l)" -ge "$3" ]
}

watch_start hook --exec hook
like "it is said by which way they are heard" "$(cat "$WORK/hook.err")" 'heard by the hook in exec: every start'

"$WORK/storm" spawn 10000 "$WORK/nop" storm-$$
wait_for 20 heard hook "storm-$$-" 10000
equal "each of ten thousand short programs is heard once, with its own argument" \
	"$(execs hook "$WORK/nop" | jq -r '.exec.args[1]' | grep "^storm-$$-" | sort -u | wc -l)" 10000
equal "and none twice" "$(execs hook "\"storm-$$-" | wc -l)" 10000

"$WORK/storm" patch genuine-$$ &
patched=$!
sleep 0.3
like "a program that writes over its arguments" "$(tr '\0' ' ' <"/proc/$patched/cmdline")" 'ZZZZ'
wait "$patched"
wait_for 5 heard hook "genuine-$$" 1
equal "is told with those it was given" "$(execs hook "genuine-$$" | jq -c '.exec.args[1:]')" "[\"patch\",\"genuine-$$\"]"

"$WORK/storm" big 1000000 "$WORK/nop" big-$$
wait_for 5 heard hook "\"args\":[\"$WORK/nop\",\"big-$$\"" 1
equal "a megabyte of arguments is cut and its true length told" \
	"$(execs hook "\"args\":[\"$WORK/nop\",\"big-$$\"" | jq .exec.cut)" "$((${#WORK} + 5 + 5 + ${#$} + 1000000))"
at_most "and its line is bounded" "$(execs hook "\"args\":[\"$WORK/nop\",\"big-$$\"" | wc -c)" 20000

mysql_like=$WORK/mysql
cp "$WORK/nop" "$mysql_like"
"$mysql_like" -phunter2-$$ 2>/dev/null
"$WORK/nop" --password=hunter2-$$ "https://u:hunter2-$$@h/" last-secret-$$
wait_for 5 heard hook "last-secret-$$" 1
equal "no byte of a secret is kept" "$(grep -rlaF "hunter2-$$" "$WORK/hook.state" | wc -l)" 0
equal "but the shape of the command" "$(execs hook "last-secret-$$" | jq -c '.exec.args[1:]')" \
	"[\"--password=***\",\"https://u:***@h/\",\"last-secret-$$\"]"

"$WORK/storm" bomb 40000 "$WORK/nop" "bomb-$$"
held() { journal hook | grep -q '"held":'; }
wait_for 30 held
watch_stop hook
total=$(journal hook | grep '"event_type":"exec"' | jq -s "map(select(.exec.exe==\"$WORK/nop\")) | map(.exec.held // 1) | add")
equal "a bomb of alike programs is counted to the last" "$total" "$((10000 + 1 + 1 + 40000))"
at_most "in a bounded number of lines" "$(journal hook | grep -c '"event_type":"exec"')" 26000
equal "nothing was lost" "$(grep -c 'could not be heard' "$WORK/hook.err")" 0
equal "what is alike is one line of the list" "$("$KNOCKWATCH" execs --state "$WORK/hook.state" --all --json |
	jq "[.groups[] | select(.exe==\"$WORK/nop\" and .count>=10000)] | length")" 1

# The baseline outlives the watch.
watch_start again --exec hook --state "$WORK/hook.state"
"$WORK/nop" known-$$ && "$WORK/nop" --never-seen known-too
"$WORK/storm" spawn 1 "$WORK/nop" "storm-$$"
wait_for 5 heard hook '"--never-seen"' 1
watch_stop again
equal "what was seen before the restart is known" \
	"$(execs hook "\"$WORK/nop\",\"storm-$$-1\"" | jq .exec.new | tr '\n' ' ')" "true false "
equal "what was not is new" "$(execs hook '"--never-seen"' | jq .exec.new)" true
like "the list says so" "$("$KNOCKWATCH" execs --new --all --state "$WORK/hook.state")" 'new .*--never-seen'
ends_with "nothing to list is told" 1 "$KNOCKWATCH" execs --state "$WORK/hook.state" --until 2001-01-01

# A broken one is put aside.
head -c 5000 /dev/urandom >"$WORK/hook.state/execs.baseline"
watch_start broken --exec hook --state "$WORK/hook.state"
watch_stop broken
like "a broken baseline is said" "$(cat "$WORK/broken.err")" 'execs\.baseline: is damaged; it is kept as'
finish
