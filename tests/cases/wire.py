# SPDX-License-Identifier: ISC
"""wire - packets as values, and as the bytes that a capture holds.

Addresses are text. Checksums are right, so that nothing but what a case means is odd about a packet.
"""
import functools
import ipaddress
import struct

ICMP, IGMP, TCP, UDP, GRE, ESP, ICMP6, SCTP = 1, 2, 6, 17, 47, 50, 58, 132
FLAG_BITS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32, "E": 64, "C": 128}
MSS = bytes.fromhex("020405b4")
WINDOWS_OPTIONS = bytes.fromhex("020405b40103030801010402")
ETHER_US, ETHER_THEM = bytes.fromhex("02005e005301"), bytes.fromhex("02005e005302")


@functools.lru_cache(maxsize=None)
def raw(address):
	return ipaddress.ip_address(address).packed


def is_v6(address):
	return ":" in address


def linux_options(stamp):
	"""What Linux puts into a SYN."""
	return MSS + bytes.fromhex("0402080a") + struct.pack(">II", stamp & 0xFFFFFFFF, 0) + bytes.fromhex("01030307")


def checksum(data):
	if len(data) & 1:
		data += b"\0"
	total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
	while total >> 16:
		total = (total & 0xFFFF) + (total >> 16)
	return ~total & 0xFFFF


class Packet:
	"""One IP packet. `rest` is what follows the first four bytes of an ICMP message up to its payload, `body`
	what a protocol without a shape here carries; `quoted` is the packet that an ICMP error tells of; `pieces` is the
	number of bytes in each fragment, where it is sent in fragments; `extensions` are IPv6 headers in between, (number, bytes
	behind the first two)."""

	__slots__ = ("src", "dst", "proto", "sport", "dport", "flags", "seq", "ack", "window", "options", "payload",
		"ttl", "ip_id", "df", "tos", "kind", "code", "rest", "quoted", "pieces", "ip_options", "extensions")

	def __init__(self, src, dst, proto, sport=0, dport=0, flags="", seq=0, ack=0, window=0, options=b"", payload=b"",
			ttl=64, ip_id=0, df=False, tos=0, kind=0, code=0, rest=b"\0" * 4, quoted=None, pieces=0, ip_options=b"", extensions=()):
		self.src, self.dst, self.proto, self.sport, self.dport = src, dst, proto, sport, dport
		self.flags, self.seq, self.ack, self.window = flags, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, window
		self.options, self.payload, self.ttl, self.ip_id, self.df, self.tos = options, payload, ttl, ip_id & 0xFFFF, df, tos
		self.kind, self.code, self.rest, self.quoted, self.pieces = kind, code, rest, quoted, pieces
		self.ip_options, self.extensions = ip_options, extensions

	def body(self):
		"""All that follows the IP header, its checksum in it."""
		if self.proto == TCP:
			options = self.options + b"\0" * (-len(self.options) % 4)
			bits = sum(FLAG_BITS[f] for f in self.flags)
			data = struct.pack(">HHIIBBHHH", self.sport, self.dport, self.seq, self.ack, (5 + len(options) // 4) << 4,
				bits, self.window, 0, 0) + options + self.payload
			return self._sum_into(data, 16, True)
		if self.proto == UDP:
			data = struct.pack(">HHHH", self.sport, self.dport, 8 + len(self.payload), 0) + self.payload
			return self._sum_into(data, 6, True)
		if self.proto == (ICMP6 if is_v6(self.dst) else ICMP):
			payload = self.payload if self.quoted is None else self.quoted.to_bytes()[:528]
			data = struct.pack(">BBH", self.kind, self.code, 0) + self.rest + payload
			return self._sum_into(data, 2, self.proto == ICMP6)
		if self.proto == SCTP:
			return struct.pack(">HHII", self.sport, self.dport, 0, self.seq) + self.payload
		return self.payload

	def _sum_into(self, data, place, pseudo):
		head = b""
		if pseudo:
			head = raw(self.src) + raw(self.dst) + struct.pack(">IHBB", len(data), 0, 0, self.proto)
		return data[:place] + struct.pack(">H", checksum(head + data)) + data[place + 2:]

	def header(self, length, offset=0, more=False, v6_id=0):
		if is_v6(self.dst):
			if not self.pieces:
				return struct.pack(">IHBB", 6 << 28 | self.tos << 20, length, self.proto, self.ttl) + raw(self.src) + raw(self.dst)
			return (struct.pack(">IHBB", 6 << 28, length + 8, 44, self.ttl) + raw(self.src) + raw(self.dst)
				+ struct.pack(">BBHI", self.proto, 0, offset | more, v6_id))
		fragment = (0x4000 if self.df else 0) | (0x2000 if more else 0) | offset // 8
		size = 20 + len(self.ip_options)
		head = struct.pack(">BBHHHBBH", 0x40 | size // 4, self.tos, size + length, self.ip_id, fragment, self.ttl,
			self.proto, 0) + raw(self.src) + raw(self.dst) + self.ip_options
		return head[:10] + struct.pack(">H", checksum(head)) + head[12:]

	def to_bytes(self):
		body = self.body()
		if not self.extensions:
			return self.header(len(body)) + body
		chain, after = b"", self.proto
		for number, content in reversed(self.extensions):
			chain = struct.pack(">BB", after, (len(content) + 2) // 8 - 1) + content + chain
			after = number
		head = self.header(len(chain) + len(body))
		return head[:6] + bytes((after,)) + head[7:] + chain + body

	def length(self):
		head = 40 if is_v6(self.dst) else 20 + len(self.ip_options)
		return head + len(self.body())

	def frames(self):
		"""The IP packets that really travel: one, or its fragments."""
		if not self.pieces:
			return [self.to_bytes()]
		body, out = self.body(), []
		for at in range(0, len(body), self.pieces):
			part = body[at:at + self.pieces]
			out.append(self.header(len(part), at, at + self.pieces < len(body), self.seq or 7) + part)
		return out


def udp(src, sport, dst, dport, payload=b"", **more):
	return Packet(src, dst, UDP, sport, dport, payload=payload, **more)


def tcp(src, sport, dst, dport, flags, **more):
	return Packet(src, dst, TCP, sport, dport, flags, **more)


def echo(src, dst, number=1, sequence=1, payload=b"\0" * 56, answer=False, **more):
	if is_v6(dst):
		return Packet(src, dst, ICMP6, kind=129 if answer else 128, rest=struct.pack(">HH", number, sequence), payload=payload, **more)
	return Packet(src, dst, ICMP, kind=0 if answer else 8, rest=struct.pack(">HH", number, sequence), payload=payload, **more)


# What went wrong: (type, code) in ICMP and in ICMPv6.
ERRORS = {"port": ((3, 3), (1, 4)), "host": ((3, 1), (1, 3)), "net": ((3, 0), (1, 0)), "admin": ((3, 13), (1, 1)),
	"protocol": ((3, 2), (4, 1)), "ttl": ((11, 0), (3, 0)), "big": ((3, 4), (2, 0)), "quench": ((4, 0), (1, 0))}


def icmp_error(src, about, what, mtu=0, **more):
	"""An error that src sends to the sender of `about`."""
	v6 = is_v6(about.dst)
	kind, code = ERRORS[what][v6]
	rest = struct.pack(">I", mtu) if what == "big" else b"\0" * 4
	return Packet(src, about.src, ICMP6 if v6 else ICMP, kind=kind, code=code, rest=rest, quoted=about, **more)


def link_target(address, outgoing):
	"""The Ethernet address that a packet to `address` goes to."""
	target = raw(address)
	if len(target) == 4 and target[0] & 0xF0 == 0xE0:
		return b"\x01\x00\x5e" + bytes((target[1] & 0x7F,)) + target[2:]
	if len(target) == 16 and target[0] == 0xFF:
		return b"\x33\x33" + target[12:]
	if len(target) == 4 and target[3] == 255:
		return b"\xff" * 6
	return ETHER_THEM if outgoing else ETHER_US


def _ether(packet, frame, outgoing):
	kind = 0x86DD if is_v6(packet.dst) else 0x0800
	return link_target(packet.dst, outgoing) + (ETHER_US if outgoing else ETHER_THEM) + struct.pack(">H", kind) + frame


def _cooked(packet, frame, outgoing):
	kind = 0x86DD if is_v6(packet.dst) else 0x0800
	return struct.pack(">HHH8sH", 4 if outgoing else 0, 1, 6, (ETHER_US if outgoing else ETHER_THEM) + b"\0\0", kind) + frame


def _vlan(packet, frame, outgoing):
	"""Two tags, as a provider's switch hands it over (802.1ad)."""
	data = _ether(packet, frame, outgoing)
	return data[:12] + b"\x88\xa8\0\7\x81\0\0\x2a" + data[12:]


def _pppoe(packet, frame, outgoing):
	data = _ether(packet, frame, outgoing)
	kind = 0x0057 if is_v6(packet.dst) else 0x0021
	return data[:12] + struct.pack(">HBBHHH", 0x8864, 0x11, 0, 9, len(frame) + 2, kind) + frame


def _loop(packet, frame, outgoing):
	return struct.pack("<I", 30 if is_v6(packet.dst) else 2) + frame


# name: (link type, wrapping, byte order, units in a second, snap length)
LINKS = {"ether": (1, _ether, "<", 10 ** 6, 65535), "cooked": (113, _cooked, "<", 10 ** 6, 65535),
	"raw": (101, lambda packet, frame, outgoing: frame, "<", 10 ** 6, 65535), "vlan": (1, _vlan, "<", 10 ** 6, 65535),
	"pppoe": (1, _pppoe, "<", 10 ** 6, 65535), "null": (0, _loop, "<", 10 ** 6, 65535), "nano": (1, _ether, "<", 10 ** 9, 65535),
	"big": (1, _ether, ">", 10 ** 6, 65535), "short": (1, _ether, "<", 10 ** 6, 68), "ng": (1, _ether, "<", 10 ** 6, 65535)}


def write_capture(path, packets, link):
	"""packets: sorted (seconds, Packet, outgoing)."""
	number, wrap, order, units, snap = LINKS[link]
	if link == "ng":
		head = struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28) + struct.pack("<IIHHII", 1, 20, number, 0, snap, 20)
	else:
		head = struct.pack(order + "IHHiIII", 0xA1B23C4D if units == 10 ** 9 else 0xA1B2C3D4, 2, 4, 0, 0, snap, number)
	with open(path, "wb") as out:
		out.write(head)
		for when, packet, outgoing in packets:
			stamp = round(when * 10 ** 6) * (units // 10 ** 6)
			for frame in packet.frames():
				data = wrap(packet, frame, outgoing)
				kept = data[:snap]
				if link == "ng":
					size = 32 + (len(kept) + 3) // 4 * 4
					out.write(struct.pack("<IIIIIII", 6, size, 0, stamp >> 32, stamp & 0xFFFFFFFF, len(kept), len(data))
						+ kept + b"\0" * (-len(kept) % 4) + struct.pack("<I", size))
				else:
					out.write(struct.pack(order + "IIII", stamp // units, stamp % units, len(kept), len(data)) + kept)
