#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Everything that a syslog receiver should not be sent: garbage, half lines, lies, one endless line, and more
connections than it can have. Ends when all of it was sent, or refused."""

import random
import socket
import sys

HOST = "127.0.0.1"
CONNECTIONS = 10000


def connect(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.settimeout(5)
    s.connect((HOST, port))
    return s


def say(port, data):
    """One connection with these bytes; who closes it early is right to."""
    try:
        with connect(port) as s:
            s.sendall(data)
    except OSError:
        pass


def send_datagrams(port, seed):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    dice = random.Random(seed)
    for length in (0, 1, 3, 512, 8191, 8192, 8193, 60000):
        for _ in range(20):
            s.sendto(dice.randbytes(length), (HOST, port))
    s.sendto(b"<4>kernel: IN=eth0 OUT= SRC=", (HOST, port))


def lie(port):
    say(port, b"9999999 <4>kernel: short\n")
    say(port, b"1 <4>kernel: long\n" * 1000)
    say(port, b"99999999999999999999 <4>\n")
    say(port, b"500 <4>kernel: not whole")
    say(port, b"<4>kernel: half a line")
    say(port, b"\0\0\0\n\n\n\r\n" * 5000)
    say(port, b"x" * (64 << 20))  # one line


def crowd(port):
    held = []
    for number in range(CONNECTIONS):
        try:
            s = connect(port)
            s.sendall(b"<4>kernel: I")
            held.append(s)
        except OSError:
            pass
        if len(held) > 400:
            held.pop(0).close()
    for s in held:
        s.close()


def main():
    datagrams, stream = int(sys.argv[1]), int(sys.argv[2])
    send_datagrams(datagrams, 20261128)
    dice = random.Random(7)
    for _ in range(200):
        say(stream, dice.randbytes(dice.randrange(1, 20000)))
    lie(stream)
    crowd(stream)


main()
