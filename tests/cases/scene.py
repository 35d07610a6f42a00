# SPDX-License-Identifier: ISC
"""scene - who is there, what they send, and how our hosts answer.

Our networks are 203.0.113.0/24 and 2001:db8:b::/64. A host of ours offers the ports in `offers`; everything else is
dropped (policy "drop") or answered as a kernel without a firewall does (policy "reset"). Time is in seconds since
the scene began.
"""
import random
import struct

from wire import (ICMP, ICMP6, MSS, SCTP, TCP, UDP, Packet, echo, icmp_error, is_v6, linux_options, tcp, udp)

BEGIN = 1714982400  # 2024-05-06 08:00:00 UTC, a Monday
HOMES = ("203.0.113.0/24", "2001:db8:b::/64")


class Scene:
	def __init__(self, name, v6=False, policy="drop", offers=(22, 80, 443)):
		self.random = random.Random(name)
		self.v6, self.policy = v6, policy
		self.offers = set()       # (address, protocol, port)
		self.packets = []         # (seconds, Packet, outgoing)
		self.lines = []           # (seconds, text) for logs only
		self.seen = []            # (seconds, packet) that the file tells of
		self.sources = []         # who did it, for a scan
		self.alive = {}           # our hosts that exist: address -> False
		self.unreachables = {}    # source -> (tokens, when): a kernel sends few errors a second
		self.me = self.ours(5)
		self.offer(*offers)

	# Addresses.

	def ours(self, number):
		"""A host of ours; it exists once it was asked for by `exists` or offers something."""
		return "2001:db8:b::%x" % number if self.v6 else "203.0.113.%d" % number

	def peer(self, number):
		"""Somebody outside, each in a network of its own."""
		return "2001:db8:%x::%x" % (0x1000 + number, number + 1) if self.v6 else "198.51.100.%d" % number

	def crowd(self, number):
		"""One of many outside."""
		return "2001:db8:%x:%x::9" % (0x4000 + number % 32768, number // 32768) if self.v6 else "198.%d.%d.%d" % (
			18 + (number >> 16), number >> 8 & 255, number & 255)

	def culprit(self, address):
		self.sources.append(address)
		return address

	def exists(self, *numbers):
		for number in numbers:
			self.alive[self.ours(number)] = False

	def offer(self, *ports, host=None, proto=TCP):
		host = host or self.me
		self.alive[host] = False
		self.offers.update((host, proto, port) for port in ports)

	def is_ours(self, address):
		return address.startswith("203.0.113.") or address.startswith("2001:db8:b:")

	def touched(self):
		"""The distinct targets of those who did it, as far as the file shows them."""
		who = set(self.sources)
		return {(p.dst, p.proto, p.kind if p.proto in (ICMP, ICMP6) else p.dport) for _, p in self.seen if p.src in who}

	def span(self):
		"""When they began and ended, as far as the file shows it."""
		who = set(self.sources)
		times = [when for when, p in self.seen if p.src in who]
		return (min(times), max(times)) if times else (0, 0)

	def answered(self):
		"""The ports that were open to them, where the file shows it."""
		who = set(self.sources)
		answers = {"%s/%d" % ("tcp" if p.proto == TCP else "udp", p.sport) for _, p in self.seen
			if p.dst in who and (p.proto == UDP or p.proto == TCP and p.flags == "SA")}
		return answers or self.went_on(who)

	def went_on(self, who):
		"""Where our side is not in the file: the ports at which somebody goes on where the SYN ended, as only who was answered does."""
		if any(self.is_ours(p.src) for _, p in self.seen):
			return set()
		asked = {(p.src, p.sport, p.dst, p.dport): p.seq for _, p in self.seen if p.proto == TCP and p.src in who and p.flags == "S"}
		return {"tcp/%d" % p.dport for _, p in self.seen if p.proto == TCP and p.src in who and p.flags in ("A", "R", "PA", "FA")
			and asked.get((p.src, p.sport, p.dst, p.dport), -2) == p.seq - 1}

	def offered_to_them(self):
		"""The ports they touched that are open, whether the file shows it or not."""
		who = set(self.sources)
		return {"%s/%d" % ("tcp" if p.proto == TCP else "udp", p.dport) for _, p, _ in self.packets
			if p.src in who and (p.dst, p.proto, p.dport) in self.offers}

	# Packets.

	def add(self, when, packet):
		self.packets.append((BEGIN + when, packet, self.is_ours(packet.src)))

	def twice(self, delay=2e-5):
		"""Every packet is seen on two interfaces."""
		self.packets += [(when + delay, packet, outgoing) for when, packet, outgoing in self.packets]

	def say(self, when, text):
		"""A line for logs, without its stamp's place: `text` gets the seconds since 1970."""
		self.lines.append((BEGIN + when, text(BEGIN + when)))

	def port(self):
		return self.random.randint(32768, 60999)

	def number(self, bits=32):
		return self.random.getrandbits(bits)

	def probe(self, when, packet, rtt=0.03, give_up=True):
		"""A packet from outside, and what our host answers. `give_up`: the sender resets what it half opened."""
		self.add(when, packet)
		if packet.dst not in self.alive:
			return
		soon = when + 0.0003
		if (packet.dst, packet.proto, packet.dport) in self.offers:
			self._answer_open(soon, packet, rtt, give_up)
		elif self.policy == "reset":
			self._answer_closed(soon, packet)

	def _answer_open(self, soon, packet, rtt, give_up):
		me, them = (packet.dst, packet.dport), (packet.src, packet.sport)
		if packet.proto == UDP:
			self.add(soon, udp(*me, *them, payload=packet.payload[:12].ljust(48, b"\x01"), ip_id=self.number(16)))
		elif packet.proto == TCP and set(packet.flags) - set("EC") == {"S"}:
			self.add(soon, tcp(*me, *them, "SA", seq=self.number(), ack=packet.seq + 1, window=65160,
				options=MSS, df=True))
			if give_up:
				self.add(soon + rtt, tcp(*them, *me, "R", seq=packet.seq + 1, ttl=packet.ttl, ip_id=0, df=True))
		elif packet.proto == TCP and "A" in packet.flags and self.policy == "reset":
			self.add(soon, tcp(*me, *them, "R", seq=packet.ack, df=True))

	def _answer_closed(self, soon, packet):
		if packet.proto == TCP:
			if "R" in packet.flags:
				return
			if "A" in packet.flags:
				answer = tcp(packet.dst, packet.dport, packet.src, packet.sport, "R", seq=packet.ack, df=True)
			else:
				size = sum(flag in packet.flags for flag in "SF") + len(packet.payload)
				answer = tcp(packet.dst, packet.dport, packet.src, packet.sport, "RA", ack=packet.seq + size, df=True)
			self.add(soon, answer)
		elif packet.proto in (ICMP, ICMP6):
			if packet.kind in (8, 128):
				self.add(soon, Packet(packet.dst, packet.src, packet.proto, kind=129 if self.v6 else 0, rest=packet.rest,
					payload=packet.payload, ip_id=self.number(16)))
			elif packet.kind == 13 and packet.proto == ICMP:
				self.add(soon, Packet(packet.dst, packet.src, ICMP, kind=14, rest=packet.rest, payload=b"\1" * 12))
		elif self._may_complain(packet.src, soon):
			self.add(soon, icmp_error(packet.dst, packet, "port" if packet.proto == UDP else "protocol", tos=0xC0))

	def _may_complain(self, source, when):
		tokens, last = self.unreachables.get(source, (6, when))
		tokens = min(6, tokens + (when - last))
		good = tokens >= 1
		self.unreachables[source] = (tokens - good, when)
		return good

	def syn(self, when, client, cport, server, sport, **more):
		"""The SYN of an ordinary Linux client, answered."""
		packet = tcp(client, cport, server, sport, "S", seq=self.number(), window=64240,
			options=linux_options(int(when * 1000) + 77000), df=True, ip_id=self.number(16), ttl=more.pop("ttl", 52))
		self.probe(when, packet, **more) if self.is_ours(server) else self.add(when, packet)
		return packet

	def session(self, when, client, cport, server, sport, say=300, hear=3000, close="fin", rtt=0.03):
		"""A whole connection, either way round; returns when it ended. close: fin, rst or none."""
		one, two = self.number(), self.number()
		c, s = (client, cport), (server, sport)
		self.add(when, tcp(*c, *s, "S", seq=one, window=64240, options=linux_options(int(when * 1000)), df=True, ip_id=self.number(16), ttl=53))
		self.add(when + rtt, tcp(*s, *c, "SA", seq=two, ack=one + 1, window=65160, options=linux_options(9), df=True, ttl=57))
		at = when + 2 * rtt
		one, two = one + 1, two + 1
		self.add(at, tcp(*c, *s, "A", seq=one, ack=two, window=502, df=True, ttl=53))
		self.add(at + 0.001, tcp(*c, *s, "PA", seq=one, ack=two, window=502, payload=b"q" * say, df=True, ttl=53))
		one += say
		for part in range(0, hear, 1400):
			size = min(1400, hear - part)
			self.add(at + rtt + part / 1e6, tcp(*s, *c, "PA", seq=two, ack=one, window=501, payload=b"r" * size, df=True, ttl=57))
			two += size
			self.add(at + 2 * rtt + part / 1e6, tcp(*c, *s, "A", seq=one, ack=two, window=501, df=True, ttl=53))
		at += 3 * rtt
		if close == "fin":
			self.add(at, tcp(*c, *s, "FA", seq=one, ack=two, window=501, df=True, ttl=53))
			self.add(at + rtt, tcp(*s, *c, "FA", seq=two, ack=one + 1, window=501, df=True, ttl=57))
			self.add(at + 2 * rtt, tcp(*c, *s, "A", seq=one + 1, ack=two + 1, window=501, df=True, ttl=53))
		elif close == "rst":
			self.add(at, tcp(*c, *s, "R", seq=one, df=True, ttl=53))
		return at + 2 * rtt

	def dns(self, when, client, server, delay=0.02, answer=True, cport=None):
		"""A question over UDP and, `delay` later, its answer; returns the client's port."""
		cport, number = cport or self.port(), self.number(16)
		name = b"\7example\3com\0\0\1\0\1"
		question = struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + name
		reply = struct.pack(">HHHHHH", number, 0x8180, 1, 1, 0, 0) + name + b"\xc0\x0c\0\1\0\1\0\0\1\0\0\4" + b"\xc0\0\2\1"
		self.add(when, udp(client, cport, server, 53, question, ip_id=self.number(16)))
		if answer:
			self.add(when + delay, udp(server, 53, client, cport, reply, ip_id=self.number(16), ttl=57))
		return cport

	def honest_crowd(self, since, until, count=40):
		"""Ordinary visitors and ordinary doings of our own, to stand around."""
		step = (until - since) / count
		for number in range(count):
			at = since + number * step + self.random.random() * step / 2
			if number % 4 == 3:
				self.dns(at, self.me, self.peer(253))
			elif number % 4 == 2:
				self.session(at, self.me, self.port(), self.crowd(60000 + number), 443)
			else:
				self.session(at, self.crowd(61000 + number % 17), self.port(), self.me, (443, 80)[number % 2])


__all__ = ["BEGIN", "HOMES", "Scene", "ICMP", "ICMP6", "MSS", "SCTP", "TCP", "UDP", "Packet", "echo", "icmp_error",
	"is_v6", "linux_options", "tcp", "udp"]
