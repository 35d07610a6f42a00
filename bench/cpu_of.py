#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Runs a command and prints what it cost: CPU seconds (user and system, children too) and peak KiB.

  cpu_of.py [--repeat N] [--output FILE] COMMAND [ARGUMENT]...

Of N runs the cheapest counts, for other work on the machine only ever adds. Standard output goes to
FILE or nowhere, standard error nowhere. Exit 1 if the command cannot be run or fails; 6 is no failure
(done, but some input was skipped).
"""
import argparse
import os
import subprocess
import sys


def run_once(command, output):
    with open(output, "wb") as out:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 6):
        sys.exit(1)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--output", default=os.devnull)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    try:
        runs = [run_once(given.command, given.output) for _ in range(given.repeat)]
    except OSError:
        sys.exit(1)
    print("%.3f %d" % (min(cpu for cpu, _ in runs), max(rss for _, rss in runs)))


main()
