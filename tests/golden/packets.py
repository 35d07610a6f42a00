# SPDX-License-Identifier: ISC
"""Writes classic capture files of bare IP packets; what the `make` scripts here share."""
import struct
import sys

HEAD = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)  # LINKTYPE_RAW
BEGIN = 1_571_486_400  # 2019-10-19 12:00:00 UTC
SYN, RST, ACK = 0x02, 0x04, 0x10
NMAP_OPTIONS = bytes((2, 4, 0x05, 0xB4))  # a maximum segment size and nothing else


def address(text):
	return bytes(int(part) for part in text.split("."))


def ip(source, target, proto, payload, number=0, ttl=54):
	head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), number & 0xFFFF, 0, ttl, proto, 0)
	return head + address(source) + address(target) + payload


def tcp(source, target, flags, window=1024, options=b"", sequence=1, **rest):
	"""source and target are (address, port)."""
	words = (5 + len(options) // 4) << 4
	head = struct.pack(">HHIIBBHHH", source[1], target[1], sequence, 0, words, flags, window, 0, 0)
	return ip(source[0], target[0], 6, head + options, **rest)


def udp(source, target, payload=b"", **rest):
	head = struct.pack(">HHHH", source[1], target[1], 8 + len(payload), 0)
	return ip(source[0], target[0], 17, head + payload, **rest)


def icmp(source, target, kind, code=0, payload=b"\0" * 4, **rest):
	return ip(source, target, 1, struct.pack(">BBH", kind, code, 0) + payload, **rest)


def write(packets):
	"""packets: pairs of (milliseconds since 12:00, bytes)."""
	out = sys.stdout.buffer
	out.write(HEAD)
	for when, packet in packets:
		seconds, millis = divmod(when, 1000)
		out.write(struct.pack("<IIII", BEGIN + seconds, millis * 1000, len(packet), len(packet)) + packet)
