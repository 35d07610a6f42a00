#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# Configures and builds build-san: unit tests and fuzz targets with the address and undefined sanitizers. The same
# objects serve both, so they carry libFuzzer's marks, too.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -f build-san/build.ninja ]; then
	CC=clang meson setup build-san -Dwerror=true -Dfuzz=true --buildtype=debugoptimized -Db_lto=false \
		-Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
fi
exec ninja -C build-san
