#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A DNS server that tells the truth, lies, stalls or babbles, as the last byte of the address asked for says.

usage: name_server.py ADDRESS      (port 53, UDP; "ready" on standard output when it listens)
192.0.2.N has the behaviour N below; 2001:db8::1 is six.example.
"""
import os
import socket
import struct
import sys
import time

A, CNAME, PTR, AAAA = 1, 5, 12, 28


def name(text):
    return b"".join(bytes([len(l)]) + l.encode() for l in text.split(".") if l) + b"\0"


def address(n):
    return bytes([192, 0, 2, n])


LONG = ".".join(["x" * 60] * 3) + ".example"
SIX = bytes.fromhex("20010db8000000000000000000000001")

# address: what is said of its name. A list of (owner or None for the question, type, data).
POINTERS = {
    1: [(None, PTR, name("good.example"))],
    2: [(None, PTR, name("liar.example"))],
    3: "stall",
    4: [(None, PTR, name("stalls.example"))],
    5: [(None, PTR, name("good5.example"))] + [(None, PTR, name(f"n{i}.example")) for i in range(60)],
    6: [(None, PTR, name("thousand.example"))],
    7: [(None, PTR, name("192.0.2.7"))],
    8: "nxdomain",
    9: "servfail",
    10: [(None, PTR, name("alias.example"))],
    11: "garbage",
    12: "wrong",
    13: [(None, CNAME, name("13.0-63.2.0.192.in-addr.arpa")),
         ("13.0-63.2.0.192.in-addr.arpa", PTR, name("classless.example"))],
    14: [(None, PTR, name("taken.lan"))],
    15: [(None, PTR, name("localhost"))],
    16: [(None, PTR, name(LONG))],
    17: [(None, PTR, name("a b.good.example"))],
    18: [(None, PTR, name("slow.example"))],
    19: [("1.2.0.192.in-addr.arpa", PTR, name("good.example"))],
    20: "empty",
    21: [(None, PTR, name("servfail.example"))],
    22: [(None, PTR, name("unknown"))],
}
NAMES = {
    "good.example": [address(1)],
    "good5.example": [address(99), address(5)],
    "liar.example": [address(77)],
    "thousand.example": [address(i % 5 + 100) for i in range(60)],
    "classless.example": [address(13)],
    "slow.example": [address(18)],
    "taken.lan": [address(14)],
    LONG: [address(16)],
    "real.example": [address(10)],
}


def answer(query, flags, question, records):
    out = query[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question
    for owner, kind, data in records:
        out += (name(owner) if owner else b"\xc0\x0c") + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
    return out


def say(what, query, question):
    """Bytes to send, or None."""
    if what == "stall":
        return None
    if what == "garbage":
        return query[:2] + b"\x81\x80" + os.urandom(60)
    if what == "wrong":
        return b"\0\0" + answer(query, 0x8180, question, [(None, PTR, name("good.example"))])[2:]
    if what == "nxdomain":
        return answer(query, 0x8183, question, [])
    if what == "servfail":
        return answer(query, 0x8182, question, [])
    if what == "empty":
        return answer(query, 0x8180, question, [])
    cut = len(what) > 50
    return answer(query, 0x8380 if cut else 0x8180, question, what)


def labels_of(query):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += 1 + query[at]
    return labels, query[12:at + 5]


def reply_to(query):
    labels, question = labels_of(query)
    asked, kind = ".".join(labels), struct.unpack(">H", question[-4:-2])[0]
    if asked.endswith("2.0.192.in-addr.arpa"):
        n = int(labels[0])
        if n == 18:
            time.sleep(1.5)
        return say(POINTERS.get(n, "nxdomain"), query, question)
    if asked.endswith("ip6.arpa"):
        return say([(None, PTR, name("six.example"))], query, question)
    if asked == "stalls.example":
        return None
    if asked == "servfail.example":
        return say("servfail", query, question)
    if asked == "alias.example":
        return say([(None, CNAME, name("real.example")), ("real.example", A, address(10))], query, question)
    if asked == "six.example":
        return say([(None, AAAA, SIX)] if kind == AAAA else "empty", query, question)
    if asked in NAMES:
        if asked == "slow.example":
            time.sleep(1.0)
        return say([(None, A, a) for a in NAMES[asked]] if kind == A else "empty", query, question)
    return say("nxdomain", query, question)


def main():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((sys.argv[1], 53))
    print("ready", flush=True)
    while True:
        query, sender = s.recvfrom(4096)
        if os.fork() == 0:
            reply = reply_to(query)
            if reply is not None:
                s.sendto(reply, sender)
            os._exit(0)
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                break


main()
