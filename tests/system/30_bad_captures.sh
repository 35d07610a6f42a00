#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Captures that are cut, looping, lying or no captures at all: a clear word, the right exit code, and
# what could be read is told.
. "$(dirname "$0")/lib.sh"

make() { "$HERE/make_capture.py" "$@"; }

# Reads a capture that is made first; the time limit stands in for "does not loop".
reading() { # NAME CODE ARGUMENT...
	local name=$1 code=$2
	shift 2
	ends_with "$name" "$code" timeout 20 "$KNOCKWATCH" read --config "$CONFIG" --home "$OURS" --json "$@"
}

told() { stories "$WORK/out" --fields who,kind; }

story="198.51.100.20 vertical"
make good "$WORK/good.pcap"
reading "a good capture is done" 0 "$WORK/good.pcap"
equal "its story is told" "$(told)" "$story"
equal "nothing is said about it" "$(cat "$WORK/err")" ""

make cut "$WORK/cut.pcap"
reading "a cut capture is done, with some skipped" 6 "$WORK/cut.pcap"
equal "what came before the cut is told" "$(told)" "$story"
like "the cut is said with name and place" "$(cat "$WORK/err")" 'cut\.pcap.*(41|cut|end)'

make lying "$WORK/lying.pcap"
reading "a lying capture is done, with some skipped" 6 "$WORK/lying.pcap"
equal "what came before the lie is told" "$(told)" "$story"
like "the lie is said with name and place" "$(cat "$WORK/err")" 'lying\.pcap.*41'

make loop "$WORK/loop.pcapng"
reading "a looping capture ends, with some skipped" 6 "$WORK/loop.pcapng"
equal "what came before the loop is told" "$(told)" "$story"
like "the loop is said with its name" "$(cat "$WORK/err")" 'loop\.pcapng'

make short "$WORK/short.pcap"
reading "packets too short to hold their flags do not stop the reading" "[06]" "$WORK/short.pcap"

make backwards "$WORK/backwards.pcap"
reading "time that runs backwards is survived" 0 "$WORK/backwards.pcap"
equal "its story is told all the same" "$(told)" "$story"
make mad-times "$WORK/mad.pcap"
reading "impossible times are survived" "[06]" "$WORK/mad.pcap"
like "and the story is told" "$(told)" "198.51.100.20 vertical"

make random "$WORK/noise"
reading "a megabyte of noise is refused" 2 "$WORK/noise"
like "with its name and what was expected" "$(cat "$WORK/err")" 'noise.*'
reading "a good capture beside noise is done, with some skipped" 6 "$WORK/noise" "$WORK/good.pcap"
equal "and its story is told" "$(told)" "$story"

reading "a directory is refused" 2 "$WORK"
like "as a directory" "$(cat "$WORK/err")" 'directory'
reading "a file that is not there is refused" 2 "$WORK/nowhere.pcap"
like "as not there" "$(cat "$WORK/err")" 'nowhere\.pcap.*No such file'
: >"$WORK/empty"
reading "an empty file is nothing to tell" 0 "$WORK/empty"
head -c 10 "$WORK/good.pcap" >"$WORK/stub"
reading "ten bytes of a capture are refused or skipped" "[26]" "$WORK/stub"

gzip -k "$WORK/good.pcap"
reading "a packed capture is done" 0 "$WORK/good.pcap.gz"
equal "its story is told from within" "$(told)" "$story"
head -c 300 "$WORK/good.pcap.gz" >"$WORK/cut.pcap.gz"
reading "a cut packed capture is done, with some skipped" 6 "$WORK/cut.pcap.gz"
head -c 300M /dev/zero | gzip -1 >"$WORK/bomb.gz"
ends_with "300 MB of zeros in a small file do not hurt" "[0-6]" \
	"$HERE/peak_memory.py" "$WORK/peak" 30 "$KNOCKWATCH" read --config "$CONFIG" --memory 24M "$WORK/bomb.gz"
at_most "nor take more memory than they may (KiB)" "$(cat "$WORK/peak")" $((24 * 1024))

crashed=
for seed in {1..60}; do
	make mutated "$WORK/mutated.pcap" "$seed"
	code=0
	timeout 20 "$KNOCKWATCH" read --config "$CONFIG" -q --json "$WORK/mutated.pcap" >/dev/null 2>&1 || code=$?
	[ "$code" -le 6 ] || crashed="$crashed seed $seed: exit $code;"
done
equal "60 damaged captures crash nothing" "$crashed" ""
finish
