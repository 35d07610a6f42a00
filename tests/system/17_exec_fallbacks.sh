#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Where the hook cannot be used: the records of the audit system, which are only listened to, and the process
# connector, which says what it misses.
# Runs alone: it counts what the machine starts as root.
. "$(dirname "$0")/lib.sh"
need_root "only root may listen to the audit system"
need_tools auditctl jq
listen=(--interface lo) # both paths speak in the first network namespace alone

# The state of the audit system is the machine's: it is put back, also after an interruption.
# shellcheck disable=SC2054 # one word of auditctl
rule=(always,exit -F arch=b64 -S "execve,execveat" -F euid=0 -k "kw-$$")
before=$(auditctl -s | sed -n 's/^enabled //p')
restore_audit() {
	auditctl -d "${rule[@]}" >/dev/null 2>&1
	[ "$before" = 0 ] && auditctl -e 0 >/dev/null
}
trap 'restore_audit; put_away' EXIT
[ "${before:-2}" != 2 ] || { echo "1..0 # SKIP the audit system cannot be changed here"; exit 77; }

# shellcheck disable=SC2016 # for that shell
printf '#!/bin/sh\nsleep "$1"\n' >"$WORK/lasting"
cp /bin/true "$WORK/short"
chmod 755 "$WORK" "$WORK/lasting" "$WORK/short"
journal() { cat "$WORK/$1.state"/journal/*.jsonl; }
ours() { journal "$1" | grep -F '"event_type":"exec"' | grep -F -- "$2"; }
heard() { [ -n "$(ours "$1" "$2")" ]; }

# Nothing is turned on for us.
if [ "$before" = 0 ]; then
	ends_with "an audit system that is off is not turned on" 5 \
		timeout 10 "$KNOCKWATCH" watch --exec audit --wrappers off --no-store "${listen[@]}"
	like "and that is said" "$(cat "$WORK/err")" 'the audit system is off'
	equal "and it is off still" "$(auditctl -s | sed -n 's/^enabled //p')" 0
fi
auditctl -e 1 >/dev/null
ends_with "without a rule there are no records" 5 timeout 10 "$KNOCKWATCH" watch --exec audit --wrappers off --no-store "${listen[@]}"
like "and that is said, too" "$(cat "$WORK/err")" 'no rule of the audit system asks for execve'

auditctl -a "${rule[@]}" >/dev/null
watch_start audit --exec audit "${listen[@]}"
like "with one they are heard" "$(cat "$WORK/audit.err")" 'heard by the records of the audit system: every start, while its rule stays'
long=$(printf 'x%.0s' $(seq 12000))
"$WORK/short" "mark-$$" "with blank" "" --token=hunter2-$$
"$WORK/short" "long-$$" "$long" "$long" "$long"
wait_for 10 heard audit "\"long-$$\""
equal "a start with all its arguments, the secret masked" \
	"$(ours audit "\"mark-$$\"" | jq -c '[.exec.args[1:], .exec.exe, .exec.euid, .exec.via]')" \
	"[[\"mark-$$\",\"with blank\",\"\",\"--token=***\"],\"$WORK/short\",0,\"audit\"]"
equal "and the name of the parent, which still runs" "$(ours audit "\"mark-$$\"" | jq -r .exec.parent)" "$(cat /proc/$$/comm)"
equal "arguments in many records are joined, and cut with their true length" "$(ours audit "\"long-$$\"" | jq .exec.cut)" \
	$((${#WORK} + 7 + 6 + ${#$} + 3 * 12001))
watch_stop audit
equal "the rule is as it was" "$(auditctl -l | grep -c "kw-$$")" 1
equal "nobody owns the audit system for it" "$(auditctl -s | sed -n 's/^pid //p')" 0
restore_audit

watch_start proc --exec proc "${listen[@]}"
like "the connector says what it misses" "$(cat "$WORK/proc.err")" \
	'heard by the process connector: only programs that run long enough'
"$WORK/lasting" 2.125 &
wait_for 10 heard proc '"2.125"'
equal "a program that runs is told" "$(ours proc "$WORK/lasting" | jq -c '[.exec.args[2], .exec.via]' | head -1)" '["2.125","proc"]'
watch_stop proc
ip netns add "kw-$$-x" && namespaces+=("kw-$$-x")
ends_with "in another network namespace neither speaks" 5 ip netns exec "kw-$$-x" timeout 10 \
	"$KNOCKWATCH" watch --exec audit --wrappers off --no-store "${listen[@]}"
like "which is said" "$(cat "$WORK/err")" 'first network namespace'
finish
