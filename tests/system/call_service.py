#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Calls a service and tells what it says until it closes, or until the time is over.

usage: call_service.py [option]... HOST PORT

  --from ADDRESS   our own address
  --udp            send a datagram, tell the answer
  --send TEXT      what is sent; \\r and \\n as escapes (datagrams: "x" where nothing is said)
  --ip-options HEX IP options of the connection
  --times N        so many calls at once; tells how many got nothing, and the longest time
  --seconds S      how long we wait (5)

Prints the answer, and "MS ms" on a line of its own to standard error: how long it took to the end.
"""
import argparse
import socket
import sys
import time


def options():
    p = argparse.ArgumentParser()
    p.add_argument("--from", dest="source")
    p.add_argument("--udp", action="store_true")
    p.add_argument("--send", default="")
    p.add_argument("--ip-options")
    p.add_argument("--times", type=int, default=1)
    p.add_argument("--seconds", type=float, default=5)
    p.add_argument("host")
    p.add_argument("port", type=int)
    return p.parse_args()


def call(o):
    family = socket.AF_INET6 if ":" in o.host else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM if o.udp else socket.SOCK_STREAM)
    s.settimeout(o.seconds)
    if o.source:
        s.bind((o.source, 0))
    if o.ip_options:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes.fromhex(o.ip_options))
    s.connect((o.host, o.port))
    words = o.send.encode().decode("unicode_escape").encode("latin-1")
    if words or o.udp:
        s.send(words or b"x")
    return s


def answer(o, s):
    said = b""
    try:
        while piece := s.recv(65536):
            said += piece
            if o.udp:
                break
    except (ConnectionResetError, ConnectionRefusedError, BrokenPipeError):
        pass
    except socket.timeout:
        said += b"(nothing more in time)"
    s.close()
    return said


o = options()
begin = time.monotonic()
if o.times > 1:
    calls = [call(o) for _ in range(o.times)]
    empty = sum(answer(o, s) == b"" for s in calls)
    print(empty)
else:
    sys.stdout.buffer.write(answer(o, call(o)))
print(f"{(time.monotonic() - begin) * 1000:.0f} ms", file=sys.stderr)
