#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Knocks once on each of COUNT ports, as a program would that does not wait for an answer.

usage: many_knocks.py FROM TO tcp|udp FIRST COUNT
"""
import socket
import sys

source, target, proto = sys.argv[1:4]
first, count = int(sys.argv[4]), int(sys.argv[5])
family = socket.AF_INET6 if ":" in target else socket.AF_INET
if proto == "udp":
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.bind((source, 0))
        for port in range(first, first + count):
            s.sendto(b"knock", (target, port))
else:
    for port in range(first, first + count):
        # Closed at once: a SYN that is not answered is not sent again.
        with socket.socket(family, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            s.bind((source, 0))
            s.connect_ex((target, port))
