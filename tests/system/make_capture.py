#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Makes captures for the tests, good and bad ones.

usage: make_capture.py KIND FILE [SEED]

good        a SYN scan: 198.51.100.20 to ports 1-30 of 203.0.113.5, 10 ms apart, and the refusals
backwards   the same with time running backwards, a second a packet
mad-times   the same with stamps of 1970, 2106 and impossible microseconds
lying       the same; packet 41 claims to hold 4 GB
short       the same; every packet is cut to 30 bytes and says so
cut         the same, ending in the middle of packet 41
loop        pcapng: the good one, then a block that says it is 0 bytes long
random      a megabyte of noise
mutated     the good one with 20 bytes changed, by SEED
flood       2,000,000 SYNs from as many addresses to 65,536 ports, by SEED
storm       900,000 packets that want every kind of memory at once: many scanners with many targets
            each, decoys, floods at many hosts, unasked answers, IPv6 from everywhere, fragments; by SEED
"""
import random
import struct
import sys

BEGIN = 1_790_000_000
FILE_HEAD = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)  # LINKTYPE_RAW
ATTACKER, OURS = bytes((198, 51, 100, 20)), bytes((203, 0, 113, 5))


def tcp_packet(source, target, source_port, port, flags, number):
	tcp = struct.pack(">HHIIBBHHH", source_port, port, 7 * number, 0, 5 << 4, flags, 1024, 0, 0)
	ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, number & 0xFFFF, 0, 54, 6, 0)
	return ip + source + target + tcp


def record(seconds, micros, packet, claimed=None):
	held = len(packet) if claimed is None else claimed
	return struct.pack("<IIII", seconds, micros, held, max(held, len(packet))) + packet


def scan_packets():
	for port in range(1, 31):
		yield tcp_packet(ATTACKER, OURS, 40000, port, 0x02, port)
		yield tcp_packet(OURS, ATTACKER, port, 40000, 0x14, port)


def good():
	return FILE_HEAD + b"".join(record(BEGIN, i * 10_000, p) for i, p in enumerate(scan_packets()))


def backwards():
	return FILE_HEAD + b"".join(record(BEGIN - i, 0, p) for i, p in enumerate(scan_packets()))


def mad_times():
	stamps = [(0, 0), (0xFFFFFFFF, 999_999), (BEGIN, 0xFFFFFFFF), (BEGIN, 5)]
	return FILE_HEAD + b"".join(record(*stamps[i % 4], p) for i, p in enumerate(scan_packets()))


def lying():
	records = [record(BEGIN, i * 10_000, p) for i, p in enumerate(scan_packets())]
	records[40] = struct.pack("<IIII", BEGIN, 400_000, 0xFFFFFFF0, 0xFFFFFFF0) + records[40][16:]
	return FILE_HEAD + b"".join(records)


def short():
	return FILE_HEAD + b"".join(record(BEGIN, i, p[:30]) for i, p in enumerate(scan_packets()))


def cut():
	return good()[: 24 + 40 * 56 + 30]


def block(packet):
	micros, length = BEGIN * 1_000_000, 32 + len(packet)
	head = struct.pack("<IIIIIII", 6, length, 0, micros >> 32, micros & 0xFFFFFFFF, len(packet), len(packet))
	return head + packet + struct.pack("<I", length)


def loop():
	head = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
	head += struct.pack("<IIHHII", 1, 20, 101, 0, 65535, 20)
	return head + b"".join(map(block, scan_packets())) + struct.pack("<II", 6, 0) * 1000


def noise():
	return random.Random(1).randbytes(1 << 20)


def mutated(seed):
	data, dice = bytearray(good()), random.Random(seed)
	for _ in range(20):
		data[dice.randrange(len(data))] = dice.randrange(256)
	return bytes(data)


def flood(seed):
	dice, packets = random.Random(seed), bytearray(FILE_HEAD)
	for i in range(2_000_000):
		source = dice.getrandbits(32).to_bytes(4, "big")
		packet = tcp_packet(source, OURS, 1024 + i % 60000, i & 0xFFFF, 0x02, i)
		packets += record(BEGIN + i // 100_000, i % 100_000 * 10, packet)
	return packets


def ipv6_packet(source, target, port, number):
	tcp = struct.pack(">HHIIBBHHH", 40000, port, number, 0, 5 << 4, 0x02, 1024, 0, 0)
	return struct.pack(">IHBB", 6 << 28, len(tcp), 6, 54) + source + target + tcp


def fragment(source, target, number, offset):
	more = 0x2000 if number & 1 else 0
	return struct.pack(">BBHHHBBH", 0x45, 0, 44, number & 0xFFFF, more | offset, 54, 17, 0) + source + target + bytes(24)


def storm_packet(i, dice):
	random_source = dice.getrandbits(32).to_bytes(4, "big")
	host = bytes((203, 0, i >> 3 & 3, dice.getrandbits(8)))
	match i % 9:
		case 0 | 1:  # 12,000 scanners, a door of somebody each time they come
			source = struct.pack(">I", 0xC6120000 + i * 7919 % 12_000)
			return tcp_packet(source, host, 41000, dice.getrandbits(16), 0x02, i * 3)
		case 2 | 3:  # 40 scanners with thousands of targets each
			source = struct.pack(">I", 0xC0000200 + i % 40)
			return tcp_packet(source, host, 42000, dice.getrandbits(16), 0x02, i * 5)
		case 4:  # a probe among twenty decoys
			source = struct.pack(">I", 0xC6330000 + i // 9 % 20 + 256 * (i // 180 % 250))
			return tcp_packet(source, OURS, 43000, i // 180 & 0xFFFF, 0x02, i // 180)
		case 5:  # floods at the doors of many hosts
			return tcp_packet(random_source, host, 1024 + i % 60000, 80, 0x02, i)
		case 6:  # answers that nobody asked for
			return tcp_packet(random_source, host, 80, 1024 + i % 60000, 0x12, i)
		case 7:
			source = bytes((0x20, 0x01, 0x0D, 0xB8)) + dice.getrandbits(14).to_bytes(4, "big") + dice.randbytes(8)
			return ipv6_packet(source, bytes.fromhex("20010db8000200000000000000000005"), dice.getrandbits(16), i)
		case _:
			return fragment(random_source, host, i, dice.getrandbits(13))


def storm(seed):
	dice, packets = random.Random(seed), bytearray(FILE_HEAD)
	for i in range(900_000):
		packets += record(BEGIN + i // 15_000, i % 15_000 * 66, storm_packet(i, dice))
	return packets


KINDS = {
	"good": good, "backwards": backwards, "mad-times": mad_times, "lying": lying, "short": short,
	"cut": cut, "loop": loop, "random": noise, "mutated": mutated, "flood": flood,
	"storm": storm,
}
kind, path = sys.argv[1], sys.argv[2]
with open(path, "wb") as out:
	out.write(KINDS[kind](*(int(s) for s in sys.argv[3:])))
