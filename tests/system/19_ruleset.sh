#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The ruleset that is printed loads, lets in what is offered, keeps connections that are open, and shows what it drops;
# --check tells of a loaded one what is not seen, and its advice, pasted, mends that.
. "$(dirname "$0")/lib.sh"
need_root "it makes network namespaces"
need_tools nft nmap ping
hosts_up
serve 22
serve 8080 "$OURS"

ruleset() { in_b "$KNOCKWATCH" ruleset "$@"; }
answers() { # SOURCE ADDRESS PORT
	in_a python3 - "$@" <<'PY'
import socket, sys
source, address, port = sys.argv[1:]
try:
    socket.create_connection((address, int(port)), 2, (source, 0)).close()
except OSError as why:
    sys.exit(str(why))
PY
}

# --- printing -----------------------------------------------------------------------------------------
ends_with "a host without a ruleset hides nothing" 0 ruleset --check
like "and is told so" "$(cat "$WORK/out")" '^No ruleset is loaded'
ends_with "a ruleset is printed" 0 ruleset
cp "$WORK/out" "$WORK/ours.nft"
like "each door with its program" "$(cat "$WORK/ours.nft")" 'tcp dport 22 accept comment "python3"'
like "a door on one address there only" "$(cat "$WORK/ours.nft")" 'ip daddr 203.0.113.5 tcp dport 8080 accept'
ends_with "nft finds nothing wrong with it" 0 in_b nft -c -f "$WORK/ours.nft"
ruleset --log kernel --allow tcp/443 --allow udp/5000-5010 >"$WORK/kernel.nft"
ends_with "nor with the one for the kernel's log" 0 in_b nft -c -f "$WORK/kernel.nft"
equal "printing loads nothing" "$(in_b nft list ruleset)" ""

# --- in force -----------------------------------------------------------------------------------------
in_a python3 - "$OURS" "$WORK" <<'PY' &
# A connection from before, which asks its server again after the ruleset is there.
import os, socket, sys, time
address, work = sys.argv[1:]
s = socket.create_connection((address, 22), 5, ("198.51.100.25", 0))
open(work + "/connected", "w").close()
while not os.path.exists(work + "/loaded"):
    time.sleep(0.05)
s.settimeout(5)
try:
    s.sendall(b"still there?\n")
    end = time.time() + 5
    unacked = 1
    while unacked and time.time() < end:
        time.sleep(0.05)
        unacked = int.from_bytes(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)[24:28], "little")
    open(work + "/went_on", "w").write(str(unacked))
except OSError as why:
    open(work + "/went_on", "w").write(str(why))
PY
pids+=($!)
wait_for 5 test -e "$WORK/connected"
in_b nft -f "$WORK/ours.nft"
touch "$WORK/loaded"
wait_for 10 test -s "$WORK/went_on"
equal "a connection that was open goes on" "$(cat "$WORK/went_on")" 0
ends_with "loading it again replaces it" 0 in_b nft -f "$WORK/ours.nft"
ends_with "an offered port answers" 0 answers 198.51.100.20 "$OURS" 22
ends_with "over IPv6 as well" 0 answers 2001:db8:1::20 "$OURS6" 22
ends_with "and one on a single address" 0 answers 198.51.100.20 "$OURS" 8080
ends_with "others do not" 1 answers 198.51.100.20 "$OURS" 23
in_a ip neigh flush all
in_b ip neigh flush all
ends_with "ping works" 0 in_a ping -c 1 -W 3 "$OURS"
ends_with "over IPv6, and its neighbours are found" 0 in_a ping -c 1 -W 3 "$OURS6"
ends_with "the host itself reaches others" 0 in_b ping -c 1 -W 3 198.51.100.20

ends_with "a log that nobody reads is told" 1 ruleset --check
like "with what to do" "$(cat "$WORK/out")" 'knockwatch watch --nflog 5'
watch_start seen --nflog 5
ends_with "read, nothing is hidden" 0 ruleset --check
like "and that is said" "$(cat "$WORK/out")" '^All is seen'
in_a nmap -n -Pn -sS -p 1-1000 --max-retries 0 -T5 "$OURS" >/dev/null
in_a nmap -n -Pn -sN -p 22,400-420 --max-retries 0 -S 198.51.100.31 -e kwa "$OURS" >/dev/null
in_a nmap -n -Pn -sF -p 22,400-420 --max-retries 0 -S 198.51.100.32 -e kwa "$OURS" >/dev/null
in_a nmap -n -Pn -sM -p 22,400-420 --max-retries 0 -S 198.51.100.33 -e kwa "$OURS" >/dev/null
wait_for 5 grep -q 198.51.100.33 "$WORK/seen.out"
sleep 0.5
watch_stop seen

told() { # LAST-NUMBER
	stories "$WORK/seen.json" --source "198.51.100.$1" --fields kind,techniques,ports
}

equal "a whole SYN scan is seen through it" "$(told 20)" "vertical syn tcp/1-21,tcp/23-1000"
equal "a NULL scan with the open port" "$(told 31)" "vertical null tcp/22,tcp/400-420"
equal "a FIN scan, too" "$(told 32)" "vertical fin tcp/22,tcp/400-420"
equal "and one with FIN and ACK" "$(told 33)" "vertical maimon tcp/22,tcp/400-420"

# --- judging ------------------------------------------------------------------------------------------
in_b nft flush ruleset
in_b nft -f - <<'EOR'
table inet gate {
	chain input {
		type filter hook input priority filter; policy drop;
		iif "lo" accept
		ct state established,related accept
		tcp dport 22 accept
		udp dport 1-1024 reject
	}
}
EOR
ends_with "silent refusals are told" 1 ruleset --check --group 9
cp "$WORK/out" "$WORK/silent"
like "with the rule" "$(cat "$WORK/silent")" '^inet gate input, rule 4: udp dport 1-1024 reject'
like "and the policy" "$(cat "$WORK/silent")" '^inet gate input, policy drop'
sed -n 's/^        \(nft .*\)/\1/p' "$WORK/silent" >"$WORK/advice.sh"
equal "each with a line to paste" "$(wc -l <"$WORK/advice.sh")" 2
ends_with "which can be pasted" 0 in_b sh -e "$WORK/advice.sh"
watch_start nine --nflog 9
ends_with "and then all is seen" 0 ruleset --check
watch_stop nine
in_b nft add rule inet gate input limit rate 1/minute log prefix '"x "'
ends_with "as JSON" 1 ruleset --check --json
equal "in the same words" "$(jq -r '.sees_all, .findings[0].fault' "$WORK/out" | paste -sd ' ')" "false log-unread"
ends_with "an ordinary user may not look" 5 \
	in_b setpriv --reuid 65534 --regid 65534 --clear-groups "$KNOCKWATCH" ruleset --check
ends_with "but may print" 0 in_b setpriv --reuid 65534 --regid 65534 --clear-groups "$KNOCKWATCH" ruleset
ends_with "what is for printing is not for checking" 2 ruleset --check --allow tcp/1
finish
