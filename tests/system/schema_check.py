#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Checks JSON lines on standard input against docs/events.schema.json.

usage: schema_check.py WHAT     one of the schema's definitions: event, status, who, doctor, access_check ...
Prints every fault with its line; ends with 1 if there is one, or if there was no line at all.
"""
import json
import pathlib
import sys

import jsonschema


def refuse_twice(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a member twice")
    return dict(pairs)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    schema = json.loads((root / "docs" / "events.schema.json").read_text())
    schema["$ref"] = "#/$defs/" + sys.argv[1]
    jsonschema.Draft202012Validator.check_schema(schema)
    judge = jsonschema.Draft202012Validator(schema)
    lines = faults = 0
    for number, line in enumerate(sys.stdin, 1):
        lines += 1
        found = judge.iter_errors(json.loads(line, object_pairs_hook=refuse_twice))
        for fault in list(found)[:5]:
            faults += 1
            where = "/".join(map(str, fault.absolute_path))
            print(f"line {number}: {where}: {fault.message[:300]}")
    if lines == 0:
        print("no line")
    sys.exit(1 if faults or lines == 0 else 0)


main()
