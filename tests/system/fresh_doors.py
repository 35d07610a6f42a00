#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Doors whose first client comes within a millisecond.

  fresh_doors.py open FIRST COUNT     opens COUNT TCP ports one after another; prints each once it is open
  fresh_doors.py visit FROM TO        connects to each port that standard input names
"""
import socket
import sys
import time

GAP_S = 0.1  # between doors: several in the time for which a set of doors counts as new


def open_doors(first, count):
    doors = []
    for port in range(first, first + count):
        doors.append(socket.create_server(("", port)))
        print(port, flush=True)
        time.sleep(GAP_S)
    time.sleep(1)  # the last ones are still there when they are judged


def visit(source, target):
    for line in sys.stdin:
        client = socket.create_connection((target, int(line)), 5, (source, 0))
        client.close()


if sys.argv[1] == "open":
    open_doors(int(sys.argv[2]), int(sys.argv[3]))
else:
    visit(sys.argv[2], sys.argv[3])
