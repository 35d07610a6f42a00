#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Sends packets that abuse IP, or honest ones that look alike, from an interface of this namespace.

usage: broken_packets.py INTERFACE MAC WHAT     MAC is the receiver's; WHAT is a function below
Addresses are those of lib.sh. Every run sends the same.
"""
import logging
import random
import sys
import time

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.all import (ESP, GRE, ICMP, IP, TCP, UDP, Ether, ICMPv6EchoRequest, ICMPv6ND_RA, IPOption, IPv6,  # noqa: E402
    IPv6ExtHdrFragment, IPv6ExtHdrRouting, Raw, conf, fragment)

OURS, OURS6, OTHER = "203.0.113.5", "2001:db8:2::5", "203.0.113.6"


def piece(src, number, offset, more, body, proto=17, dst=OURS):
    return IP(src=src, dst=dst, id=number, frag=offset // 8, flags="MF" if more else 0, proto=proto, ttl=52) / Raw(body)


def piece6(src, number, offset, more, body):
    return IPv6(src=src, dst=OURS6, hlim=52) / IPv6ExtHdrFragment(id=number, offset=offset // 8, m=more, nh=17) / Raw(body)


def teardrop():
    yield piece("198.51.100.30", 242, 0, True, bytes(UDP(sport=4000, dport=7, len=36)) + b"a" * 28)
    yield piece("198.51.100.30", 242, 24, False, b"bbbb")


def overlap6():
    yield piece6("2001:db8:1:30::9", 242, 0, 1, bytes(UDP(sport=4000, dport=7, len=80)) + b"a" * 32)
    yield piece6("2001:db8:1:30::9", 242, 24, 0, b"b" * 40)


def ping_of_death():
    yield piece("198.51.100.31", 7, 0, True, bytes(ICMP()) + b"a" * 1472, proto=1)
    yield piece("198.51.100.31", 7, 65120, False, b"b" * 1000, proto=1)


def tiny():
    for number in range(6):
        whole = IP(src="198.51.100.32", dst=OURS, id=900 + number, ttl=52) / TCP(sport=40000 + number, dport=22, flags="S")
        yield from fragment(whole, 8)


def syn_fin():
    for number in range(4):
        yield IP(src="198.51.100.44", dst=OURS, ttl=52) / TCP(sport=40000 + number, dport=22, flags="SF")


def options():
    for src, option in (("198.51.100.33", b"\x82\x0b" + b"\0" * 9), ("198.51.100.34", b"\x5e\x04ab"),
            ("198.51.100.35", b"\x94\x04\0\0")):
        yield IP(src=src, dst=OURS, ttl=52, options=IPOption(option)) / UDP(sport=4000, dport=2049) / Raw(b"x")


def martians():
    for number in range(5):
        yield IP(src="127.0.0.1", dst=OURS, ttl=52) / TCP(sport=4000 + number, dport=445, flags="S")
        yield IPv6(src="::1", dst=OURS6, hlim=52) / TCP(sport=4000 + number, dport=445, flags="S")


def own():
    yield IP(src=OTHER, dst=OURS, ttl=64) / TCP(sport=4000, dport=22, flags="S")


def advertisement():
    yield IPv6(src="fe80::66", dst=OURS6, hlim=64) / ICMPv6ND_RA()


def routing_header():
    yield (IPv6(src="2001:db8:1:36::9", dst=OURS6, hlim=52) / IPv6ExtHdrRouting(type=0, addresses=["2001:db8:1::20"]) /
        TCP(dport=23, sport=4000, flags="S"))


def redirect():
    """From our router, as far as anybody can see: what we send to 192.0.2.9 shall go by another."""
    yield (IP(src="203.0.113.1", dst=OURS, ttl=64) / ICMP(type=5, code=1, gw="203.0.113.2") / IP(src=OURS, dst="192.0.2.9") /
        ICMP(type=0, id=5, seq=1)) # the kernel looks up routes for quoted echo replies, without a socket


def shaken(pieces, dice):
    """Some lost, some twice, neighbours in the wrong order."""
    pieces = list(pieces)
    for i in range(len(pieces) - 1):
        if dice.random() < 0.3:
            pieces[i], pieces[i + 1] = pieces[i + 1], pieces[i]
    for p in pieces:
        if dice.random() < 0.05:
            continue
        yield p
        if dice.random() < 0.1:
            yield p


def honest():
    """What an NFS server, a resolver, a tunnel and IPsec get on a bad line."""
    dice = random.Random(4711)
    for number in range(300):
        body = dice.randbytes(8192 - 50 * (number % 7))
        yield from shaken(fragment(IP(src="198.51.100.40", dst=OURS, id=number % 64 * 1000 + number) / UDP(sport=800, dport=2049) / Raw(body), 1480), dice)
    for number in range(60):
        tunnelled = IP(src="198.51.100.41", dst=OURS, id=number) / GRE() / IP(src="10.0.0.1", dst="10.0.0.2") / UDP() / Raw(dice.randbytes(1600))
        yield from shaken(fragment(tunnelled, 1400), dice)
        sealed = IP(src="198.51.100.42", dst=OURS, id=number) / ESP(spi=7, seq=number, data=dice.randbytes(1800))
        yield from shaken(fragment(sealed, 1400), dice)
    for number in range(60):
        body = bytes(UDP(sport=800, dport=2049, len=3008)) + dice.randbytes(3000)
        parts = [piece6("2001:db8:1:40::9", 5000 + number, at, int(at + 1448 < len(body)), body[at:at + 1448]) for at in range(0, len(body), 1448)]
        yield from shaken(parts, dice)


def main():
    interface, mac, what = sys.argv[1:]
    link = conf.L2socket(iface=interface)
    for packet in globals()[what]():
        link.send(Ether(dst=mac) / packet)
        time.sleep(0.002) # or it would be a flood


main()
