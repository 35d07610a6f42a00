#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Runs a command with a limit of time and writes its peak resident memory (VmHWM) in KiB to a file.

usage: peak_memory.py FILE SECONDS COMMAND...      ends as the command does; 124 if it was too slow
"""
import os
import resource
import signal
import subprocess
import sys

with subprocess.Popen(sys.argv[3:]) as child:
	signal.signal(signal.SIGALRM, lambda *_: os.kill(child.pid, signal.SIGKILL))
	signal.alarm(int(sys.argv[2]))
	code = child.wait()
slow = signal.alarm(0) == 0
with open(sys.argv[1], "w", encoding="ascii") as out:
	print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=out)
sys.exit(124 if slow else 128 - code if code < 0 else code)
