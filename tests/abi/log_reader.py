#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Listens at /dev/log and writes each message to a file, a line each.

usage: log_reader.py FILE      ("ready" on standard output when it listens)
"""
import os
import socket
import sys

if os.path.exists("/dev/log"):
    os.unlink("/dev/log")
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
os.chmod("/dev/log", 0o666)
print("ready", flush=True)
with open(sys.argv[1], "ab", buffering=0) as out:
    while True:
        out.write(s.recv(8192).rstrip(b"\0\n") + b"\n")
