#!/bin/bash
# SPDX-License-Identifier: ISC
#
# A followed log may be renamed, truncated, copied away, taken away or grow by half lines: every
# line is heard once.
. "$(dirname "$0")/lib.sh"

LOG=$WORK/kern.log
: >"$LOG"
watch_start follow --log "$LOG" --no-store

# How many targets and packets a source has by now.
targets() { # SOURCE
	plain follow
	stories "$WORK/follow.json" --source "$1" --fields targets_count,packets
}
log_scan 198.51.100.20 1 15 >>"$LOG"
sleep 0.5

log_scan 198.51.100.21 1 10 >>"$LOG"
mv "$LOG" "$LOG.1"
log_scan 198.51.100.21 11 20 >>"$LOG.1" # the logger has it open yet
sleep 0.5
: >"$LOG"
log_scan 198.51.100.21 21 30 >>"$LOG"
sleep 1

gzip -f "$LOG.1"
rm "$LOG"
sleep 1
log_scan 198.51.100.23 1 30 >"$LOG"
sleep 1

whole=$(log_scan 198.51.100.24 1 30)
printf '%s' "${whole:0:1000}" >>"$LOG"
sleep 0.6
printf '%s\n' "${whole:1000}" >>"$LOG"
sleep 0.6

for i in 1 2 3 4 5 6 7 8 9 10; do
	mv "$LOG" "$LOG.old"
	log_scan 198.51.100.25 $((3 * i)) $((3 * i + 2)) >"$LOG.new"
	mv "$LOG.new" "$LOG"
	sleep 0.4
done
sleep 1
begin=$(log_scan 198.51.100.26 1 1 | wc -c)
log_scan 198.51.100.26 1 30 | head -c $((begin * 20)) >>"$LOG"
ln -sf "$LOG" "$WORK/link.log"
watch_stop follow

equal "lines are heard as they come" "$(targets 198.51.100.20)" "15 15"
equal "nothing is lost or doubled when the log is renamed" "$(targets 198.51.100.21)" "30 30"
equal "nor when it is gone for a while" "$(targets 198.51.100.23)" "30 30"
equal "a line that comes in two pieces is one line" "$(targets 198.51.100.24)" "30 30"
equal "ten rotations lose nothing" "$(targets 198.51.100.25)" "30 30"
like "what came in the last moment is heard" "$(targets 198.51.100.26)" '^(19|20) '
equal "it ends with 0" "$watch_code" 0

mkdir "$WORK/cut"
CUT=$WORK/cut/kern.log
: >"$CUT"
watch_start cut --log "$CUT" --no-store
for i in 0 1 2; do
	log_scan 198.51.100.22 $((10 * i + 1)) $((10 * i + 10)) >>"$CUT"
	sleep 0.5
	cp "$CUT" "$CUT.$i"
	: >"$CUT" # logrotate's copytruncate
	sleep 0.5
done
watch_stop cut
equal "nothing is lost or doubled when the log is copied and truncated" \
	"$(stories "$WORK/cut.json" --fields who,targets_count,packets)" "198.51.100.22 30 30"

# A copy that somebody made of the log, and then a rotation.
mkdir "$WORK/copy"
COPY=$WORK/copy/kern.log
: >"$COPY"
watch_start copied --log "$COPY" --no-store
log_scan 198.51.100.27 1 15 >>"$COPY"
sleep 0.5
cp "$COPY" "$COPY.bak"
sleep 0.5
mv "$COPY" "$COPY.1"
log_scan 198.51.100.27 16 30 >"$COPY"
sleep 1.5
watch_stop copied
equal "a copy of the log is not read as well" \
	"$(stories "$WORK/copied.json" --fields who,targets_count,packets)" "198.51.100.27 30 30"

# Through a symbolic link, from the start, and a log that is not there yet.
log_scan 198.51.100.26 1 30 >>"$LOG"
watch_start link --log "$WORK/link.log" --from-start --no-store
sleep 0.5
watch_stop link
like "--from-start reads what is there, through a link, too" "$(stories "$WORK/link.json" --fields who)" \
	'198\.51\.100\.26'
ends_with "a log that is not there is said" "[0-5]" timeout 5 "$KNOCKWATCH" watch --config "$CONFIG" \
	--log "$WORK/nowhere.log" --no-store --for 1
like "with its name" "$(cat "$WORK/err")" 'nowhere\.log'
ends_with "a directory is no log" 2 timeout 5 "$KNOCKWATCH" watch --config "$CONFIG" \
	--log "$WORK" --no-store --for 1
finish
