#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Runs the suites and counts them together:  tools/run_tests.sh [unit|abi|sanitizers|golden|cases|system|fuzz|lint]...
# The last line is "N passed, N failed" (", N skipped" where something could not run here).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 7

passed=0 failed=0 skipped=0
warnings="-Dwerror=true"
log=$(mktemp -d "${TMPDIR:-/tmp}/knockwatch-tests.XXXXXX")
trap 'rm -rf "$log"' EXIT

say() { printf '%s\n' "$*"; }
pass() { passed=$((passed + $1)); }
fail() { failed=$((failed + $1)); }

one() { # one NAME COMMAND...: a suite that is one test
	local name=$1
	shift
	if "$@" >"$log/one" 2>&1; then
		say "ok      $name"
		pass 1
	else
		say "FAILED  $name"
		sed 's/^/        /' "$log/one" | tail -40
		fail 1
	fi
}

meson_suite() { # meson_suite NAME DIR
	local name=$1 dir=$2
	# Twice as many at a time as there are processors: the longest of them wait most of the time.
	meson test -C "$dir" --no-rebuild --print-errorlogs --timeout-multiplier 4 --num-processes $((2 * $(nproc))) >"$log/$name" 2>&1
	local ok bad skip
	ok=$(awk '/^Ok:/{print $2}' "$log/$name")
	bad=$(awk '/^(Fail|Timeout):/{n += $2} END {print n + 0}' "$log/$name")
	skip=$(awk '/^Skipped:/{print $2}' "$log/$name")
	if [ -z "$ok" ]; then
		say "FAILED  $name: the tests did not run"
		tail -30 "$log/$name"
		fail 1
		return
	fi
	say "$name: $ok passed, $bad failed, ${skip:-0} skipped"
	[ "$bad" = 0 ] || grep -E "FAIL|TIMEOUT|\[  ERROR|not equal|!=" "$log/$name" | head -40
	pass "$ok"
	fail "$bad"
	skipped=$((skipped + ${skip:-0}))
}

build() { # build NAME DIR SETUP...
	local name=$1 dir=$2
	shift 2
	if [ ! -f "$dir/build.ninja" ]; then
		one "$name: configure" "$@" || return 1
	fi
	one "$name: build without a warning" ninja -C "$dir"
	[ -f "$dir/build.ninja" ]
}

# Without link-time optimisation: with it each of 155 small programs would be optimised anew.
unit() {
	build unit build-test meson setup build-test $warnings -Db_lto=false -Dbench=true && meson_suite unit build-test
}

# The program as it is shipped; every suite that runs the whole of it runs this one.
program=$PWD/build-program/knockwatch built=
need_program() {
	[ -z "$built" ] || return 0
	built=yes
	build program build-program meson setup build-program $warnings -Dtests=false
}

sanitizers() {
	one "sanitizers: build without a warning" tools/build_san.sh
	[ -f build-san/build.ninja ] || return
	begin_reading
	meson_suite sanitizers build-san
}

scripts() { # scripts NAME RUNNER [ARG]...: a runner that prints "ok ..." and "not ok ..." lines
	local name=$1 runner=$2
	shift 2
	if [ ! -x "$runner" ]; then
		say "FAILED  $name: $runner is missing"
		fail 1
		return
	fi
	KNOCKWATCH=$program "$runner" "$@" >"$log/$name" 2>&1
	count_scripts "$name" $?
}

count_scripts() { # NAME CODE: what the runner said, in $log/NAME
	local name=$1 code=$2 ok bad
	ok=$(grep -c '^ok ' "$log/$name")
	bad=$(grep -c '^not ok ' "$log/$name")
	if [ "$code" = 77 ]; then
		say "$name: skipped ($(tail -1 "$log/$name"))"
		skipped=$((skipped + 1))
		return
	fi
	say "$name: $ok passed, $bad failed"
	grep '^skipped: ' "$log/$name" # scripts: what was not tried is told
	skipped=$((skipped + $(grep -c '^skipped: ' "$log/$name")))
	grep -A3 '^not ok ' "$log/$name"
	grep '^# KNOWN FAULT' "$log/$name" # promises that are broken today: said, not counted
	if [ "$code" != 0 ] && [ "$bad" = 0 ]; then
		say "FAILED  $name: ended with $code"
		tail -20 "$log/$name"
		bad=1
	fi
	pass "$ok"
	fail "$bad"
}

golden() { need_program && scripts golden tests/golden/run.sh; }
cases() { # one test: no total below its floor; what fails above that is a known fault
	local code=0
	need_program || return
	tests/cases/run.py --bin "$program" --floors >"$log/cases" 2>&1 || code=$?
	say "$(tail -1 "$log/cases")"
	if [ "$code" = 0 ]; then
		say "ok      cases: no total below its floor"
		pass 1
	else
		say "FAILED  cases: a total is below its floor, or the cases did not run"
		tail -40 "$log/cases"
		fail 1
	fi
}

# The library as it is shipped; what makes cases for it is built with the unit tests. It mostly waits, for name servers that do
# not answer, so that the sanitizers can be built meanwhile.
abi_pid=
run_abi() {
	LIBWRAP_DIR=$PWD/build-program/src/libwrap LIBWRAP=$PWD/build-program/src/libwrap/libwrap.so.0 \
		TOOLS=$PWD/build-test/tests/abi/differential tests/abi/run.sh >"$log/abi" 2>&1
}
begin_abi() {
	need_program || return
	run_abi &
	abi_pid=$!
}
abi() {
	local code=0
	[ -n "$abi_pid" ] || begin_abi || return
	wait "$abi_pid" || code=$?
	count_scripts abi "$code"
}

system() { need_program && scripts system tests/system/run.sh -j 3; }
fuzz() { scripts fuzz tools/run_fuzz.sh 2; }

run_cppcheck() {
	cppcheck --quiet --error-exitcode=1 --std=c11 --language=c --inline-suppr -I src -j2 \
		--enable=warning,portability --suppressions-list=tools/cppcheck.supp src
}
# The analyser follows each function for as many steps as it likes when lint is asked for by itself (20 minutes of a
# processor); beside the system tests for a fifth of that, which a third of the time pays for.
run_clang_tidy() {
	find src -name '*.c' ! -name '*.bpf.c' -print0 |
		xargs -0 -P2 -n8 clang-tidy -p build-san --quiet "${tidy_depth[@]}" 2>&1 |
		grep -v ' warnings\? generated\.$'
	return "${PIPESTATUS[1]}"
}
tidy_depth=()

# Minutes of reading, which the processors have to spare while other suites wait for packets and for name servers.
begin_reading() {
	local reader
	case " ${suites[*]} " in *" lint "*) ;; *) return ;; esac
	[ -f build-san/compile_commands.json ] && [ "${#reading[@]}" = 0 ] || return
	tidy_depth=(--extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=45000)
	for reader in run_cppcheck run_clang_tidy; do
		(
			chrt --idle --pid 0 "$BASHPID" 2>/dev/null || renice -n 19 "$BASHPID" >/dev/null
			"$reader" >"$log/$reader" 2>&1
			echo "$?" >"$log/$reader.code"
		) &
		reading+=("$!")
	done
}
reading=()

end_reading() { # end_reading READER: what it said, with its code
	if [ ! -f "$log/$1.code" ] && [ "${#reading[@]}" = 0 ]; then
		"$1"
		return
	fi
	wait "${reading[@]}"
	cat "$log/$1"
	return "$(cat "$log/$1.code")"
}

lint() {
	one "floors" tools/check_floors.py
	one "cppcheck" end_reading run_cppcheck
	if [ -f build-san/compile_commands.json ]; then
		one "clang-tidy" end_reading run_clang_tidy
	fi
	# Functions here are called by name (wait_for), and with or without words.
	one "shellcheck" shellcheck -e SC2317,SC2119,SC2120 -x -P SCRIPTDIR tools/*.sh bench/*.sh tests/system/*.sh tests/abi/*.sh tests/golden/run.sh .ci/run
	one "manual pages" mandoc -Tlint -W warning man/*.[1-8]
}

suites=("$@")
[ "${#suites[@]}" -gt 0 ] || suites=(unit golden cases sanitizers abi system fuzz lint)
took=
for suite in "${suites[@]}"; do
	begin=$SECONDS
	case "$suite" in
	unit | abi | golden | cases | fuzz | lint) "$suite" ;;
	sanitizers)
		case " ${suites[*]} " in *" sanitizers abi "*) begin_abi ;; esac
		sanitizers
		;;
	system)
		begin_reading
		system
		;;
	*)
		echo "tools/run_tests.sh: $suite: no such suite" >&2
		exit 2
		;;
	esac
	took+="${took:+, }$suite $((SECONDS - begin))"
done

say "seconds: $took"
if [ "$skipped" -gt 0 ]; then
	say "$passed passed, $failed failed, $skipped skipped"
else
	say "$passed passed, $failed failed"
fi
[ "$failed" = 0 ]
