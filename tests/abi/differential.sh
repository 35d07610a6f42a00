#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
#
# differential - Debian's libwrap.so.0 and ours are asked the same, and every difference must have its reason.
#
# usage: differential.sh [CASES [SEED]]     (default: 5000 cases of seed 1)
#   LIBWRAP=path   our library             (default build/src/libwrap/libwrap.so.0)
#   TOOLS=folder   differential, corners   (default build/tests/abi/differential)
#   DEBIAN=path    the original            (default: where the package libwrap0 has it)
# First the corners of the language by name (corner_list.c), then cases made from the seed, a part of which is put to Debian's
# tcpdmatch with either library. Ends with 77 where it may not make a place of its own, or something is not there.
set -u
export LC_ALL=C.UTF-8 TZ=UTC
cd "$(dirname "$0")/../.." || exit 7

cases=${1:-${CASES:-5000}} seed=${2:-${SEED:-1}}
ours=${LIBWRAP:-$PWD/build/src/libwrap/libwrap.so.0}
tools=${TOOLS:-$PWD/build/tests/abi/differential}
theirs=${DEBIAN:-$(dpkg -L libwrap0 2>/dev/null | grep '/libwrap\.so\.0$')}

for needed in "$ours" "$theirs" "$tools/differential" "$tools/corners" /usr/sbin/tcpdmatch; do
	[ -e "$needed" ] && continue
	echo "skipped: differential.sh needs ${needed:-the package libwrap0}"
	exit 77
done
if [ "$(id -u)" != 0 ]; then
	echo "skipped: differential.sh needs root: it makes a place of its own for the tables"
	exit 77
fi

failed=0
timeout 300 "$tools/corners" --theirs "$theirs" --ours "$ours" || failed=1
timeout $((60 + cases / 10)) "$tools/differential" --theirs "$theirs" --ours "$ours" --cases "$cases" --seed "$seed" --match 50 || failed=1
exit "$failed"
