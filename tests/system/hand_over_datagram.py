#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Starts a service of datagrams as systemd does: when its socket, which does not block, can be read.

usage: hand_over_datagram.py right|wrong PROGRAM [ARGUMENT]...

Whoever sends is 127.0.0.1. A wrong datagram has a wrong checksum, and is long enough for the kernel to look at it when it is
read, not before. Prints the program's exit code, and whether a datagram waits when it has ended.
"""
import select
import socket
import struct
import subprocess
import sys

kind, *command = sys.argv[1:]
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
server.setblocking(False)
port = server.getsockname()[1]
text = b"datagram" * 40
if kind == "right":
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(text, ("127.0.0.1", port))
else:
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
    raw.sendto(struct.pack("!HHHH", 4242, port, 8 + len(text), 0x1234) + text, ("127.0.0.1", 0))
readiness = select.epoll()
readiness.register(server.fileno(), select.EPOLLIN)
if not readiness.poll(5):
    sys.exit("the socket cannot be read")
code = subprocess.run(command, stdin=server, timeout=20).returncode
try:
    server.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    print(f"{code}, one waits")
except BlockingIOError:
    print(f"{code}, nothing waits")
