#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Makes connections to a service of an inetd and tells what each cost that inetd and all it started.

usage: connections.py PID PORT COUNT AT_ONCE

Prints: CPU microseconds a connection (user and system, of PID and its ended children), bytes that came back in all,
the milliseconds from the first connection to the end of the last one, the children that are left 100 ms later, and the
most there were at a time.
"""
import os
import select
import socket
import sys
import time

pid, port, count, at_once = (int(a) for a in sys.argv[1:5])
tick = os.sysconf("SC_CLK_TCK")


def cpu():
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return sum(int(n) for n in fields[11:15]) / tick


def children():
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return len(f.read().split())


before, begin, left, got, most = cpu(), time.monotonic(), count, 0, 0
waiting = []
while left or waiting:
    while left and len(waiting) < at_once:
        waiting.append(socket.create_connection(("127.0.0.1", port)))
        left -= 1
    most = max(most, children())
    for s in select.select(waiting, [], [])[0]:
        said = b""
        try:
            said = s.recv(100)
        except ConnectionResetError:
            pass
        if said:
            got += len(said)
        else:
            s.close()
            waiting.remove(s)
end = time.monotonic()
time.sleep(0.1)
remaining = children()
while children():
    time.sleep(0.002)
print(f"{(cpu() - before) / count * 1e6:.0f} {got} {(end - begin) * 1e3:.0f} {remaining} {most}")
