#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Reads every #include "..." under src/ against src/floors.txt: includes run down only.

Also checked: file stems are unique in the tree, header guards follow the path, every room has a
README.md of at most ten lines, no .c file declares another file's names with extern, and every path of tests/
or fuzz/ that a header names after "Tests:", "Fuzzed:" or "Fuzz:" exists. NAME.skel.h is made from NAME.bpf.c
and stands where it does.
Exit 0 and one line when clean; exit 1 and a line for each fault otherwise.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SRC = ROOT / "src"


def read_floors():
    floor, rule = {}, {}
    for line in (SRC / "floors.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            floor[words[1]] = int(words[0])
            rule[words[1]] = words[2:]
    allowed = {}
    for room, words in rule.items():
        if words == ["below"]:
            allowed[room] = {r for r in floor if floor[r] < floor[room]}
        else:
            allowed[room] = {w for w in words if w != "-"}
        for low in allowed[room]:
            if floor[low] >= floor[room]:
                yield_fault(f"floors.txt: {room} may include {low}, which is not below it")
    return floor, allowed


faults = []


def yield_fault(text):
    faults.append(text)


def check_tests(name, text):
    """From the first such word to the end of its comment: what follows may go on for lines."""
    said = re.search(r"\b(?:Tests|Fuzzed|Fuzz):(.*?)\*/", text, re.S)
    for word in re.findall(r"(?<![\w/])(?:tests|fuzz)/[\w./-]*\w", said.group(1)) if said else []:
        if not (ROOT / word).exists():
            yield_fault(f"{name}: {word} does not exist")


def check_file(path, floor, allowed):
    room = path.relative_to(SRC).parts[0]
    name = path.relative_to(ROOT)
    text = path.read_text()
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if found:
            target = found.group(1)
            if "/" not in target:
                if target != "version.h":
                    yield_fault(f'{name}:{number}: "{target}" is not written with its room')
                continue
            low = target.split("/")[0]
            if low != room and low not in allowed.get(room, set()):
                yield_fault(f"{name}:{number}: {room} (floor {floor.get(room)}) may not include {target}")
            if not (SRC / re.sub(r"\.skel\.h$", ".bpf.c", target)).exists():
                yield_fault(f"{name}:{number}: {target} does not exist")
        if path.suffix == ".c" and re.match(r"extern\s", line):
            yield_fault(f"{name}:{number}: extern in a .c file")
    if path.suffix == ".h":
        guard = "KW_" + "_".join(path.relative_to(SRC).with_suffix("").parts).upper() + "_H"
        if f"#ifndef {guard}" not in text:
            yield_fault(f"{name}: include guard is not {guard}")
        check_tests(name, text)


def main():
    floor, allowed = read_floors()
    stems = {}
    for path in sorted(SRC.rglob("*.[ch]")):
        room = path.relative_to(SRC).parts[0]
        if room not in floor:
            yield_fault(f"{path.relative_to(ROOT)}: room {room} has no floor")
            continue
        check_file(path, floor, allowed)
        other = stems.setdefault(path.stem, path.parent)
        if other != path.parent:
            yield_fault(f"{path.relative_to(ROOT)}: the stem {path.stem} also stands in {other.name}/")
    for room in sorted({p.relative_to(SRC).parts[0] for p in SRC.rglob("*.c")}):
        readme = SRC / room / "README.md"
        if not readme.exists():
            yield_fault(f"src/{room}/README.md is missing")
        elif len(readme.read_text().splitlines()) > 10:
            yield_fault(f"src/{room}/README.md has more than ten lines")
    for fault in faults:
        print(fault)
    if not faults:
        print(f"floors: {len(stems)} stems in {len(floor)} rooms, clean")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
