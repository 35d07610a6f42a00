#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Asks a libwrap many times from one process, as a server does that stays, and tells what it cost.

usage: decide.py LIBRARY COUNT SERVICE ADDRESS [DIRECTORY]

With a directory it changes its root to that one first. Prints how many were granted, the longest call in ms, and the mean in us.
"""
import ctypes
import os
import sys
import time

lib = ctypes.CDLL(sys.argv[1])
count, service, address = int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4].encode()
if len(sys.argv) > 5:
    os.chroot(sys.argv[5])
granted, longest, begin = 0, 0.0, time.monotonic()
for _ in range(count):
    before = time.monotonic()
    granted += lib.hosts_ctl(service, b"unknown", address, b"unknown")
    longest = max(longest, time.monotonic() - before)
mean = (time.monotonic() - begin) / count
print(granted, int(longest * 1000), int(mean * 1000000))
