# SPDX-License-Identifier: ISC
# shellcheck shell=bash
#
# debian_program - programs of Debian that cannot be installed beside others, or would open ports here: unpacked, not installed.

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
