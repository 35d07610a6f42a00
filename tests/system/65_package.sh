#!/bin/bash
# SPDX-License-Identifier: ISC
#
# The Debian package in a Debian of its own, booted with its own systemd: installed by apt, it hears and judges; it
# is reloaded, hung, killed, upgraded, removed and purged, and sends its journal to an rsyslog. Takes minutes, so only with DEB=1 (make test-deb).
# shellcheck disable=SC2317 # much is called by wait_for
. "$(dirname "$0")/lib.sh"
if [ -z "${DEB:-}" ]; then
	echo "skipped: the package is tried by 'make test-deb'"
	exit 77
fi
need_root "it boots a Debian"
need_tools debootstrap dpkg-deb dpkg-buildpackage unshare nsenter openssl jq
# shellcheck source=tests/system/debian_box.sh
. "$HERE/debian_box.sh"

deb=${DEB_FILE:-}
if [ -z "$deb" ]; then
	"$ROOT/tools/make_deb.sh" >"$WORK/deb.log" 2>&1 || {
		not_ok "the package is built" "$(tail -5 "$WORK/deb.log")" "a package"
		finish
	}
	deb=$(tail -1 "$WORK/deb.log")
fi
ok "the package is built"

# The same as a later version, so that an upgrade is one.
dpkg-deb -R "$deb" "$WORK/later"
sed -i 's/^Version: .*/&+later1/' "$WORK/later/DEBIAN/control"
dpkg-deb --root-owner-group -b "$WORK/later" "$WORK/later.deb" >/dev/null

active() { in_box systemctl is-active "$@" | tr '\n' ' '; }
main_pid() { in_box systemctl show -P MainPID "$1"; }
incidents() { in_box knockwatch incidents --json --level 0; }
told_of() { incidents | grep -q "\"$1\""; } # SOURCE
status_of() { in_box systemctl show -P StatusText "$1"; }
began_anew() { # UNIT PID: runs, but not as that process
	local now
	now=$(main_pid "$1")
	[ "$now" != 0 ] && [ "$now" != "$2" ] && [ "$(active "$1")" = "active " ]
}

# A scan from an address of its own; it is told within seconds.
scan_is_told() { # WHAT LAST-NUMBER-OF-ADDRESS
	local from=198.51.100.$2
	ip -n "$A" addr add "$from/24" dev kwa
	in_a "$HERE/knock.py" "$from" "$OURS" {1..30} {100..200}
	if wait_for 30 told_of "$from"; then ok "$1"; else not_ok "$1" "$(incidents | tail -2)" "$from"; fi
}

both="knockwatch.service knockwatch-sensor.service"

# --- before ---

box_make || { not_ok "a Debian is made" no yes; finish; }
cp "$deb" "$BOX/root/now.deb"
cp "$WORK/later.deb" "$BOX/root/later.deb"
box_prepare apt-get -q update >"$WORK/apt" 2>&1
box_prepare apt-get -q -y --no-install-recommends --download-only install /root/now.deb >>"$WORK/apt" 2>&1 ||
	not_ok "apt finds all that the package needs" "$(tail -3 "$WORK/apt")" "it"
box_prepare apt-get -q -y --no-install-recommends install rsyslog rsyslog-openssl >>"$WORK/apt" 2>&1 ||
	not_ok "apt finds an rsyslog" "$(tail -3 "$WORK/apt")" "it"
box_prepare apt-get -q -y --no-install-recommends install vsftpd >>"$WORK/apt" 2>&1 ||
	not_ok "apt finds a vsftpd" "$(tail -3 "$WORK/apt")" "it"
ln -s /dev/null "$BOX/etc/systemd/system/rsyslog.service" # only as the machine that we send to
if box_boot; then ok "a Debian boots"; else not_ok "a Debian boots" "$(tail -3 "$WORK/box.boot")" running; finish; fi
box_join || not_ok "the other side reaches it" no yes
everything() { # what the package may leave nothing of
	in_box find / -xdev \( -path /tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg \) \
		-prune -o -print | sort
}
everything >"$WORK/before"

# --- install and start ---

ends_with "apt installs it" 0 in_box apt-get -q -y --no-install-recommends install /root/now.deb
unlike "without a complaint" "$(cat "$WORK/out" "$WORK/err")" '[Ff]ailed|[Ee]rror|dpkg: warning'
# shellcheck disable=SC2086 # several units
ready() { [ "$(active $both)" = "active active " ]; }
if wait_for 60 ready; then ok "both services run"; else
	not_ok "both services run" "$(active knockwatch knockwatch-sensor) $(in_box journalctl -n 15 --no-pager -u 'knockwatch*')" active
fi
equal "they start with the host" "$(in_box systemctl is-enabled knockwatch.service)" enabled
users_of() { in_box grep -h '^Uid' "/proc/$(main_pid "$1")/status" | cut -f2-5 | tr '\t' '\n' | sort -u; }
equal "the engine is its own user" "$(users_of knockwatch)" "$(in_box id -u knockwatch)"
equal "the sensor is its own user" "$(users_of knockwatch-sensor)" "$(in_box id -u knockwatch-sensor)"
capabilities() { in_box grep -h '^Cap\(Prm\|Eff\|Inh\|Amb\)' "/proc/$(main_pid "$1")/status" | cut -f2 | sort -u; }
equal "the engine has no capability" "$(capabilities knockwatch)" 0000000000000000
equal "the sensor has none left" "$(capabilities knockwatch-sensor)" 0000000000000000
scan_is_told "a scan becomes an incident" 21
told_status() { status_of knockwatch | grep -Eq 'interfaces; [0-9]+ knocks'; }
if wait_for 20 told_status; then ok "the engine says what it does"; else
	not_ok "the engine says what it does" "$(status_of knockwatch)" "what it listens to, and knocks"
fi
score() { # UNIT: "2.0", in tenths: 20
	in_box systemd-analyze security --no-pager "$1" |
		sed -n 's/^.*Overall exposure level for .*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p'
}
at_most "the engine's exposure, in tenths" "$(score knockwatch.service)" 15
at_most "the sensor's exposure, in tenths" "$(score knockwatch-sensor.service)" 25
at_most "the courier's exposure, in tenths" "$(score knockwatch-send.service)" 15
for unit in $both knockwatch-send.service; do
	echo "# $(in_box systemd-analyze security --no-pager "$unit" | tail -1)"
done

# --- reload ---

before=$(main_pid knockwatch)
in_box sh -c 'echo "trusted: [198.51.100.66]" >>/etc/knockwatch/knockwatch.yaml; sed -i "s/^trusted: \[\]//" /etc/knockwatch/knockwatch.yaml'
ends_with "it is reloaded" 0 in_box systemctl reload knockwatch
equal "and is the same process" "$(main_pid knockwatch)" "$before"
scan_is_told "and hears on" 22

in_box sh -c 'echo "memroy: 80M" >>/etc/knockwatch/knockwatch.yaml; systemctl reload knockwatch'
told_of_fault() { in_box journalctl --no-pager -u knockwatch | grep -q 'old one stays in force'; }
if wait_for 10 told_of_fault; then ok "a faulty configuration is told"; else
	not_ok "a faulty configuration is told" "$(in_box journalctl -n 5 --no-pager -u knockwatch)" "the old one stays"
fi
equal "and the old one kept, by the same process" "$(main_pid knockwatch)" "$before"
in_box systemctl restart knockwatch 2>/dev/null
sleep 5 # longer than until it would be started again
equal "with a faulty one it does not start" "$(in_box systemctl show -P ExecMainStatus knockwatch)" 3
equal "and is not started again and again" "$(active knockwatch)" "failed "
in_box sed -i /memroy/d /etc/knockwatch/knockwatch.yaml
ends_with "with a mended one it does" 0 in_box systemctl restart knockwatch
wait_for 30 ready

# --- more ears, each of which needs a right of its own ---

configure() { # KEY VALUE, in place of what it is
	in_box sed -i "/^$1:/d; \$a $1: $2" /etc/knockwatch/knockwatch.yaml
}
hears() { in_box journalctl -o cat --no-pager "_PID=$(main_pid knockwatch-sensor)"; }
in_box install -g adm -m 640 /dev/null /var/log/kern.log
configure log /var/log/kern.log
in_box systemctl restart knockwatch
wait_for 30 ready
like "as a service it hears all interfaces" "$(hears)" 'watching all interfaces'
like "and the log beside them" "$(hears)" 'following /var/log/kern.log'
configure interfaces '[kwb]'
configure nflog 5
configure syslog '["udp:127.0.0.1:514"]'
configure journal yes
in_box systemctl restart knockwatch
wait_for 30 ready
for ear in 'watching kwb' 'following /var/log/kern.log' 'following nflog group 5' 'following the systemd journal' \
	'following syslog on udp:127.0.0.1:514'; do
	like "as a service it is $ear" "$(hears)" "$ear"
done
hears | grep -E '^heard by|^programs started' | sed 's/^/# /'
equal "and still without a capability" "$(capabilities knockwatch-sensor)" 0000000000000000

# --- the courier ---

send=knockwatch-send.service
equal "the courier waits for its admin" "$(in_box systemctl is-enabled $send) $(active $send)" "disabled inactive "
in_box systemctl start $send 2>/dev/null
equal "told nowhere to send to it does not start" "$(in_box systemctl show -P ExecMainStatus $send)" 2
sleep 5 # longer than until it would be started again
equal "and is not started again and again" "$(active $send)" "failed "

# The machine that keeps the same, here by its name alone.
mkdir "$BOX/srv/keep"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$BOX/srv/keep/key.pem" -out "$BOX/srv/keep/ca.pem" -days 2 \
	-subj /CN=logs.example.org -addext subjectAltName=DNS:logs.example.org 2>/dev/null
cat >"$BOX/srv/keep/rsyslog.conf" <<'EOC'
global(workDirectory="/srv/keep" maxMessageSize="64k" defaultNetstreamDriver="ossl"
	defaultNetstreamDriverCAFile="/srv/keep/ca.pem" defaultNetstreamDriverCertFile="/srv/keep/ca.pem"
	defaultNetstreamDriverKeyFile="/srv/keep/key.pem")
module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="record" type="string" string="%msg%\n")
input(type="imtcp" port="6514" address="127.0.0.1" ruleset="keep")
ruleset(name="keep") { action(type="omfile" file="/srv/keep/received" template="record") }
EOC
echo "127.0.0.1 logs.example.org" >>"$BOX/etc/hosts"
keeper_up() {
	in_box systemd-run -q --collect --unit=keeper rsyslogd -n -f /srv/keep/rsyslog.conf -i /srv/keep/pid
	wait_for 20 in_box sh -c "ss -Hltn | grep -q 127.0.0.1:6514"
}
keeper_up || not_ok "an rsyslog listens" "$(in_box journalctl -n 5 --no-pager -u keeper)" "it"
in_box install -m 644 /srv/keep/ca.pem /etc/knockwatch/logs-ca.pem
configure send_to logs.example.org:6514
configure send_ca /etc/knockwatch/logs-ca.pem
in_box systemctl reset-failed $send
ends_with "with a place to send to it is enabled and started" 0 in_box systemctl enable --now $send
missing() { # records that the other machine does not have
	in_box sh -c 'cat /var/lib/knockwatch/journal/*.jsonl' | sort -u >"$WORK/journal"
	sort -u "$BOX/srv/keep/received" 2>/dev/null | comm -23 "$WORK/journal" - | wc -l
}
all_there() { [ "$(missing)" = 0 ]; }
there() { # WHAT: all that the journal holds now
	if wait_for 30 all_there && [ -s "$WORK/journal" ]; then ok "$1"; else
		not_ok "$1" "$(missing) records missing; $(in_box journalctl -n 8 --no-pager -u $send)" "none missing"
	fi
}
there "the other machine has the whole journal"
scan_is_told "while it sends, the watch hears on" 28
there "and has what came since"
equal "the courier is its own user" "$(users_of knockwatch-send)" "$(in_box id -u knockwatch-send)"
equal "and has no capability" "$(capabilities knockwatch-send)" 0000000000000000
like "it says what it does" "$(status_of $send)" 'sending to logs.example.org:6514; arrived up to record [0-9]+'
like "knockwatch status tells it" "$(in_box knockwatch status)" 'sent .*logs\.example\.org'
courier_may() { # COMMAND...: as its user, in its groups
	in_box setpriv --reuid knockwatch-send --regid knockwatch-send --groups knockwatch "$@"
}
equal "of the state it may write one file" "$(courier_may find /var/lib/knockwatch -writable)" /var/lib/knockwatch/sent.json
like "of what else is there" "$(in_box ls -A /var/lib/knockwatch)" 'knockwatch\.db'
equal "it may read the journal" "$(courier_may find /var/lib/knockwatch -type f -readable ! -path '*/journal/*.jsonl')" \
	/var/lib/knockwatch/sent.json

in_box systemctl stop keeper
waits() { status_of "$send" | grep -q 'not reached'; }
wait_for 20 waits
like "where nobody listens it waits" "$(status_of $send)" 'logs.example.org:6514 not reached'
scan_is_told "which the watch does not notice" 29
keeper_up
there "and sends all when the other machine is there again"

# A shorter patience than its own three minutes.
mkdir -p "$BOX/etc/systemd/system/$send.d"
printf '[Service]\nWatchdogSec=4\n' >"$BOX/etc/systemd/system/$send.d/hurry.conf"
in_box systemctl daemon-reload
in_box systemctl restart $send
sleep 8 # twice as long: it gives signs of life
equal "it gives signs of life" "$(active $send) $(in_box systemctl show -P NRestarts $send)" "active  0"
before=$(main_pid $send)
in_box sh -c "kill -STOP $before"
if wait_for 30 began_anew $send "$before"; then ok "a hung courier is killed and begins anew"; else
	not_ok "a hung courier is killed and begins anew" "$(in_box journalctl -n 10 --no-pager -u $send)" "another process"
fi
rm -r "$BOX/etc/systemd/system/$send.d"
in_box systemctl daemon-reload
scan_is_told "meanwhile the watch hears on" 30
there "and the courier goes on"

# --- hung and killed ---

before=$(main_pid knockwatch)
in_box sh -c "kill -STOP $before"
if wait_for 60 began_anew knockwatch.service "$before"; then ok "a hung engine is killed and begins anew"; else
	not_ok "a hung engine is killed and begins anew" "$(in_box journalctl -n 10 --no-pager -u knockwatch)" "another process"
fi
like "the watchdog did it" "$(in_box journalctl --no-pager -u knockwatch)" 'Watchdog timeout'
wait_for 30 ready
scan_is_told "and hears on after that" 23
before=$(main_pid knockwatch-sensor)
in_box sh -c "kill -KILL $before"
if wait_for 30 began_anew knockwatch-sensor.service "$before"; then ok "a killed sensor comes back"; else
	not_ok "a killed sensor comes back" "$(active knockwatch-sensor)" "another process"
fi
scan_is_told "and is heard" 24
before=$(main_pid knockwatch)
in_box sh -c "kill -KILL $before"
if wait_for 30 began_anew knockwatch.service "$before"; then ok "a killed engine comes back"; else
	not_ok "a killed engine comes back" "$(active knockwatch)" "another process"
fi
wait_for 30 ready
scan_is_told "and judges" 25
ends_with "the journal is whole after all that" 0 in_box knockwatch verify
# --- stop and start ---

ends_with "it is stopped" 0 in_box systemctl stop knockwatch.service
sleep 2 # long enough for whatever would wake it
# shellcheck disable=SC2086
equal "and stays so, both of it" "$(active $both)" "inactive inactive "
ends_with "it is started" 0 in_box systemctl start knockwatch.service
wait_for 30 ready

# --- the system's journal ---

# What journalctl -x adds to the first of these messages.
explained() { # MESSAGE-ID
	in_box journalctl -x --no-pager -n 1 "MESSAGE_ID=$1" | tee -a "$WORK/explained"
}
id_of() { sed -n "s/^#define MESSAGE_ID_$1 \"\(.*\)\"/\1/p" "$ROOT/src/daemon/message_id.h"; }
like "the journal explains that a watch began" "$(explained "$(id_of WATCH_BEGAN)")" 'Subject: A watch has begun'
like "and ended" "$(explained "$(id_of WATCH_ENDED)")" 'Subject: A watch has ended'
like "and that its sensor was lost" "$(explained "$(id_of SENSOR_LOST)")" 'Subject: The sensor of a watch is lost'
like "a serious incident says what to type" "$(explained "$(id_of INCIDENT)")" 'knockwatch show [0-9A-Z]{26}'
like "which shows it" "$(in_box knockwatch show "$(in_box journalctl -o cat --no-pager -n 1 \
	--output-fields=KNOCKWATCH_INCIDENT "MESSAGE_ID=$(id_of INCIDENT)")")" '198\.51\.100\.2[0-9]'
sed 's/^/# /' "$WORK/explained"

scan_is_told "and hears again" 26

# --- a daemon that others have built with libwrap ---

in_box sh -c 'echo tcp_wrappers=YES >>/etc/vsftpd.conf; echo "vsftpd: 198.51.100.20" >>/etc/hosts.deny'
in_box systemctl restart vsftpd
ftp_says() { in_a "$HERE/call_service.py" --seconds 2 "$OURS" 21 2>/dev/null | tr -d '\r' | head -1; }
ftp_refuses() { ftp_says | grep -q '^421'; }
ftp_library() { in_box knockwatch wrap status --json vsftpd | jq -r '.programs[0].running[0].library'; }
if wait_for 20 ftp_refuses; then ok "vsftpd refuses by the system's library"; else
	not_ok "vsftpd refuses by the system's library" "$(ftp_says)" "421 ..."
fi
unlike "which is not ours" "$(ftp_library)" knockwatch
ends_with "it is put on ours" 0 in_box knockwatch wrap enable vsftpd
in_box sh -c "$(in_box knockwatch wrap disable --json --dry-run vsftpd | jq -r '.changes[0].restart')"
wait_for 20 ftp_refuses
like "started as it was told, it has ours" "$(ftp_library)" '/knockwatch/libwrap\.so\.0'
like "and refuses as before" "$(ftp_says)" '^421'

# --- an index beside a table ---

index_made() { in_box stat -c %y /etc/hosts.deny.idx 2>/dev/null; }
index_is_new() { [ "$(index_made)" != "$index_of_before" ] && [ "$(renewing)" = "inactive " ]; }
renewing() { active knockwatch-index.service; }
index_of_before=$(index_made)
equal "nobody made an index" "$index_of_before" ""
ends_with "the admin makes one" 0 in_box knockwatch access compile /etc/hosts.deny
index_of_before=$(index_made)
in_box sh -c 'echo "ALL: 198.51.100.99" >>/etc/hosts.deny'
if wait_for 20 index_is_new; then ok "when its table changes it is made anew"; else
	not_ok "when its table changes it is made anew" "$(in_box journalctl -n 5 --no-pager -u 'knockwatch-index*')" "an index later than $index_of_before"
fi
equal "of no other one" "$(in_box ls /etc/hosts.allow.idx 2>/dev/null)" ""

# --- upgrade, removal, purge ---

count=$(incidents | wc -l)
ends_with "apt upgrades it" 0 in_box apt-get -q -y install /root/later.deb
if wait_for 60 ready; then ok "both services run again"; else not_ok "both services run again" "$(active knockwatch knockwatch-sensor)" active; fi
like "it is the later one" "$(in_box dpkg-query -W knockwatch)" 'later1$'
if [ "$(incidents | wc -l)" -ge "$count" ]; then ok "what was seen is kept"; else not_ok "what was seen is kept" "$(incidents | wc -l)" "$count"; fi
scan_is_told "and it hears" 27
there "and the courier, which ran, runs again"
in_box rm /etc/knockwatch/logs-ca.pem
ends_with "apt removes it" 0 in_box apt-get -q -y remove knockwatch
# shellcheck disable=SC2086
equal "nothing of it runs" "$(active knockwatch.socket knockwatch-index.path $both $send)" \
	"inactive inactive inactive inactive inactive "
equal "and vsftpd is put back" "$(in_box ls -d /etc/systemd/system/vsftpd.service.d 2>/dev/null)" ""
like "its state is kept" "$(in_box ls /var/lib/knockwatch)" journal
like "its configuration is kept" "$(in_box cat /etc/knockwatch/knockwatch.yaml)" 198.51.100.66
ends_with "apt purges it" 0 in_box apt-get -q -y purge knockwatch
ends_with "and what it needed" 0 in_box apt-get -q -y --purge autoremove
everything >"$WORK/after"
equal "nothing is left behind" "$(diff "$WORK/before" "$WORK/after" | grep '^>' | grep -i knock)" ""
diff "$WORK/before" "$WORK/after" | grep '^>' | grep -v knock | sed 's/^/# new elsewhere: /' | head -20
finish
