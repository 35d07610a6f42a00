#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Compares incidents with what gen_flood hid in its flood.

  flood_score.py TRUTH.txt INCIDENTS.jsonl

Prints "NAME FOUND ALL" for fast and slow (to be found), and client and forged (not to be called
scanners). An address counts as found if a scan of level 1 or more names it as its source.
"""
import json
import sys


def scan_sources(path):
    found = set()
    with open(path) as lines:
        for line in lines:
            event = json.loads(line)
            body = event.get("incident", {})
            if body.get("class") == "scan" and body.get("level", 0) >= 1:
                found.add(event.get("src_ip"))
                # Of a group, "sources" is a list of addresses or of objects that hold one.
                for source in body.get("sources", []):
                    found.add(source.get("ip") if isinstance(source, dict) else source)
    return found - {None}


def main():
    truth = {}
    with open(sys.argv[1]) as lines:
        for line in lines:
            kind, address = line.split()
            truth.setdefault(kind, set()).add(address)
    found = scan_sources(sys.argv[2])
    for kind in ("fast", "slow", "client"):
        known = truth.get(kind, set())
        print(kind, len(found & known), len(known))
        found -= known
    print("forged", len(found), "-")


main()
