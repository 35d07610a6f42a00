#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Installs the Debian packages that are missing, and nothing else.
#   tools/setup.sh build   what the program is built from and runs with
#   tools/setup.sh deb     and what its Debian package is made and tried with
#   tools/setup.sh test    and what the tests need: compilers with sanitizers, real scanners, real peers
set -euo pipefail

build=(build-essential meson ninja-build pkg-config python3
	libpcap-dev libjansson-dev libsqlite3-dev libcyaml-dev libyaml-dev
	zlib1g-dev liblzma-dev libzstd-dev libssl-dev libseccomp-dev libcap-ng-dev libnftables-dev
	libsystemd-dev clang libbpf-dev libelf-dev bpftool musl-tools)
# Mailer and finger services are unpacked by the tests themselves, not installed: one would take the place of the host's
# own, the others would open ports (tests/system/debian_program.sh). They need liblockfile1 and libbsd0.
test=(libcmocka-dev clang-14 llvm-14 libclang-rt-14-dev clang-tidy cppcheck clang-format shellcheck
	iproute2 iputils-ping procps nftables nmap masscan zmap hping3 knockd tcpdump python3-scapy
	auditd xz-utils zstd gzip util-linux mandoc bash-completion sqlite3 jq python3-jsonschema
	libwrap0 libwrap0-dev tcpd openbsd-inetd socat
	liblockfile1 libbsd0 libcjson1 libdlt2 libwebsockets17 libtirpc3 libconfig9
	rsyslog rsyslog-openssl rsyslog-gnutls logrotate openssl systemd)
deb=(dpkg-dev debhelper fakeroot lintian debootstrap)
bench=(openbsd-inetd tcpd wrk nginx-light iperf3 tshark p0f scanlogd psad tcpreplay)

case "${1:-build}" in
build) wanted=("${build[@]}") ;;
test) wanted=("${build[@]}" "${test[@]}") ;;
deb) wanted=("${build[@]}" "${deb[@]}") ;;
bench) wanted=("${build[@]}" "${test[@]}" "${bench[@]}") ;;
*)
	echo "usage: tools/setup.sh [build|test|deb|bench]" >&2
	exit 2
	;;
esac

missing=()
for package in "${wanted[@]}"; do
	if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed'; then
		missing+=("$package")
	fi
done
if [ "${#missing[@]}" -eq 0 ]; then
	exit 0
fi
echo "installing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "tools/setup.sh: these packages are missing and only root can install them: ${missing[*]}" >&2
		exit 5
	fi
	as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
