#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Turns a text file into a C file that holds it: embed_text.py INPUT OUTPUT HEADER NAME.

The C file includes HEADER and defines NAME_text (NUL-terminated) and NAME_length.
"""
import pathlib
import sys


def quote(line):
    out = []
    for byte in line:
        if byte in b'"\\':
            out.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F and byte != ord("?"):
            out.append(chr(byte))
        else:  # octal is never longer than three digits, so the next character cannot join it
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def main():
    source, target, header, name = sys.argv[1:5]
    data = pathlib.Path(source).read_bytes()
    if b"\0" in data:
        sys.exit(f"{source}: holds a NUL byte")
    lines = [quote(line) for line in data.splitlines(keepends=True)] or ['""']
    pathlib.Path(target).write_text(
        f'/* Generated from {pathlib.Path(source).name}. */\n#include "{header}"\n\n'
        f"const char {name}_text[] =\n\t" + "\n\t".join(lines) + ";\n"
        f"const size_t {name}_length = sizeof {name}_text - 1;\n")


if __name__ == "__main__":
    main()
