# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# debian_program - programs of Debian that cannot be installed beside others, or would open ports here: unpacked, not installed.
# The libraries they need are on the list of tools/setup.sh.

# Prints a directory below WORK where PACKAGE lies unpacked, for whoever it may run as. False where it cannot be had.
debian_program() { # PACKAGE
	local kept=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/knockwatch-tests/$1 at
	if [ ! -d "$kept" ]; then
		at=$(mktemp -d "$WORK/deb.XXXXXX")
		(cd "$at" && timeout 60 apt-get download -qq "$1") >/dev/null 2>&1 || return 1
		mkdir -p "$kept.part.$$" && dpkg -x "$at"/*.deb "$kept.part.$$" || return 1
		mv -T "$kept.part.$$" "$kept" 2>/dev/null || rm -rf "$kept.part.$$"
	fi
	cp -r "$kept" "$WORK/debian-$1" && chmod -R a+rX "$WORK/debian-$1" && echo "$WORK/debian-$1"
}

# As which users they run, which an installation would make: PASSWD, and what lacks there.
debian_users() { # PASSWD
	local user
	cat "$1"
	for user in ftp:65531 _rpc:65532 mosquitto:65533; do
		grep -q "^${user%:*}:" "$1" || echo "${user%:*}:x:${user#*:}:65534::/nonexistent:/usr/sbin/nologin"
	done
}

# Servers that are called as their packages are. Those that this host has not are unpacked, and found by PATH.
debian_servers() { # PACKAGE...
	local package at
	for package in "$@"; do
		command -v "$package" >/dev/null && continue
		at=$(debian_program "$package") || {
			echo "skipped: $(basename "$0") needs $package, and could not download it"
			exit 77
		}
		PATH=$at/usr/sbin:$at/usr/bin:$at/sbin:$PATH
	done
	export PATH
}
