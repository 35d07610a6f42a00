#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Kills a writer of the journal at random moments and counts what was acknowledged and is not there.

usage: kill_writer.py APPENDER STATE TIMES SEED

Prints "acknowledged N lost N torn N"; ends with 1 if something is lost.
"""
import glob
import json
import os
import random
import signal
import subprocess
import sys
import time


def one_life(appender, state, run, rng):
    writer = subprocess.Popen([appender, state, str(run)], stdout=subprocess.PIPE)
    head = os.read(writer.stdout.fileno(), 65536)
    time.sleep(rng.uniform(0, 0.03))
    writer.send_signal(signal.SIGKILL)
    told = head + writer.stdout.read()
    if writer.wait() != -signal.SIGKILL:
        sys.exit(f"the writer of run {run} ended by itself")
    # What stands in the pipe was acknowledged; the last line may be cut.
    whole = told[: told.rfind(b"\n") + 1].split()
    return int(whole[-1]) if whole else 0


def main():
    appender, state, times, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    rng = random.Random(seed)
    acknowledged = [one_life(appender, state, run, rng) for run in range(times)]
    there = [set() for _ in range(times)]
    torn = 0
    for name in glob.glob(f"{state}/journal/*.jsonl"):
        with open(name, "rb") as lines:
            for line in lines:
                if not line.endswith(b"}}\n"):
                    continue  # of the last life; set aside by the next writer
                event = json.loads(line)
                if event["event_type"] == "test":
                    there[event["test"]["run"]].add(event["test"]["n"])
                elif event["event_type"] == "health" and event["health"]["was"] == "torn":
                    torn += 1
    lost = sum(n not in there[run] for run in range(times) for n in range(1, acknowledged[run] + 1))
    print(f"acknowledged {sum(acknowledged)} lost {lost} torn {torn}")
    sys.exit(1 if lost else 0)


main()
