#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Builds the Debian package from the tree as it stands into build-deb/, and names it.
#   tools/make_deb.sh [VERSION]    VERSION: another than packaging/debian/changelog has
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:-$(dpkg-parsechangelog -l packaging/debian/changelog -S Version)}
out=$PWD/build-deb
source=$out/knockwatch-$version
rm -rf "$source"
mkdir -p "$source"

# What git would take; without git, all but what was built.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
		[ ! -e "$file" ] || printf '%s\0' "$file"
	done | tar -c --null -T - | tar -x -C "$source"
else
	tar -c --exclude=./.git --exclude='./build*' . | tar -x -C "$source"
fi
mv "$source/packaging/debian" "$source/debian"
sed -i "1s/([^)]*)/($version)/" "$source/debian/changelog"

(cd "$source" && dpkg-buildpackage -b -us -uc -ui ${DEB_BUILD_PARALLEL:+-j"$DEB_BUILD_PARALLEL"})
ls "$out"/knockwatch_"${version#*:}"_*.deb
