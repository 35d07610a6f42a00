#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Receives at a datagram socket, as a syslog does, and appends each message to a file, on a line of its own.

usage: log_socket.py SOCKET FILE
"""
import os
import socket
import sys

ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
with open(sys.argv[2], "ab", buffering=0) as kept:
    ear.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o666)
    while True:
        kept.write(ear.recv(65536).rstrip(b"\0\n") + b"\n")
