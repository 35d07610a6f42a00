#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Hands a connection to a program the way inetd does, and says what the client gets.

usage: connect.py [--source ADDRESS] [--port PORT] [--udp] [--send TEXT] ARGV0 PROGRAM [ARG]...
PROGRAM runs as ARGV0 with a connected socket (with --udp one with a datagram waiting) as descriptors 0, 1 and 2.
Prints three lines: what the client received, the exit code, and the milliseconds until both were over. Then, for --udp,
whether the datagram is still waiting.
"""
import argparse
import os
import select
import signal
import socket
import sys
import time


def pair_of(options):
    kind = socket.SOCK_DGRAM if options.udp else socket.SOCK_STREAM
    listener = socket.socket(socket.AF_INET, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", options.port))
    client = socket.socket(socket.AF_INET, kind)
    if options.source:
        client.bind((options.source, 0))
    if options.udp:
        client.sendto(options.send.encode() or b"x", listener.getsockname())
        return listener, client
    listener.listen(1)
    client.connect(listener.getsockname())
    server = listener.accept()[0]
    listener.close()
    if options.send:
        client.send(options.send.encode())
    return server, client


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--source")
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--udp", action="store_true")
    p.add_argument("--send", default="")
    p.add_argument("argv0")
    p.add_argument("program")
    p.add_argument("args", nargs=argparse.REMAINDER)
    options = p.parse_args()
    server, client = pair_of(options)
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        for fd in (0, 1, 2):
            os.dup2(server.fileno(), fd)
        os.execv(options.program, [options.argv0] + options.args)
    if not options.udp:
        server.close()
        client.shutdown(socket.SHUT_WR) if options.send else None
    got = b""
    client.settimeout(15)
    try:
        while not options.udp:
            piece = client.recv(4096)
            if not piece:
                break
            got += piece
    except (TimeoutError, ConnectionError) as fault:
        got += b"<" + type(fault).__name__.encode() + b">"
    signal.alarm(20)
    status = os.waitpid(child, 0)[1]
    took = time.monotonic() - begin
    print(repr(got.decode("latin-1")))
    print(os.waitstatus_to_exitcode(status))
    print(int(took * 1000))
    if options.udp:
        print("waiting" if select.select([server], [], [], 0)[0] else "taken")
    return 0


sys.exit(main())
