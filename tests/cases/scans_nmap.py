# SPDX-License-Identifier: ISC
"""scans_nmap - what nmap sends: every technique of its manual, with its handwriting.

Facts: nmap -sS has window 1024 and a maximum segment size as only option, a random TTL of 37 to 59, and two source
ports two apart (probe and retry); -sF, -sN, -sX, -sA, -sW and -sM the same without options. nmap repeats an unanswered
probe once. OS detection: https://nmap.org/book/osdetect-methods.html.
"""
import struct

from book import row
from scene import ICMP, MSS, SCTP, Packet, echo, tcp, udp

TCP_PORTS = (80, 23, 443, 21, 22, 25, 3389, 110, 445, 139, 143, 53, 135, 3306, 8080, 1723, 111, 995, 993, 5900, 1025, 587, 8888,
	199, 1720, 465, 548, 113, 81, 6001, 10000, 514, 5060, 179, 1026, 2000, 8443, 8000, 32768, 554, 26, 1433, 49152, 2001, 515,
	8008, 49154, 1027, 5666, 646, 5000, 5631, 631, 49153, 8081, 2049, 88, 79, 5800, 106)
UDP_PORTS = (631, 161, 137, 123, 138, 1434, 445, 135, 67, 53, 139, 500, 68, 520, 1900, 4500, 514, 49152, 162, 69, 5353, 111,
	49154, 1701, 998, 996, 997, 999, 3283, 49153, 1812, 136, 2222, 2049, 32768, 5060, 1025, 1433, 3456, 80)
PAYLOADS = {53: b"\0\0\x10\0\0\0\0\0\0\0\0\0", 161: bytes.fromhex("302602010104067075626c6963a019020104020100020100300e300c06082b060102010105000500"),
	123: b"\xe3" + b"\0" * 47, 137: bytes.fromhex("80f00010000100000000000020434b4141") + b"A" * 28 + b"\0\0\x21\0\x01"}


def answered(s, dst, port):
	return dst in s.alive and (s.policy == "reset" or (dst, 6, port) in s.offers)


def nmap_tcp(s, flags="S", ports=TCP_PORTS, gap=0.01, hosts=(5,), sport=0, pieces=0, offers=(), source=20, window=1024, retry=True):
	s.offer(*offers)
	who = s.culprit(s.peer(source))
	port, seq, at = sport or s.random.randint(33000, 65000), s.number(), 0
	ack = s.number() if "A" in flags else 0
	order = [(host, p) for host in hosts for p in ports]
	s.random.shuffle(order)
	for number, (host, dport) in enumerate(order):
		at = number * gap
		for turn in (0, 1):
			if turn and (not retry or answered(s, s.ours(host), dport)):
				break
			s.probe(at + turn * max(1, gap / 2), tcp(who, port if sport else port + 2 * turn, s.ours(host), dport, flags, seq=seq, ack=ack,
				window=window, options=MSS if flags == "S" else b"", ttl=s.random.randint(37, 59), ip_id=s.number(16), pieces=pieces))


def nmap_connect(s, ports=TCP_PORTS, gap=0.02):
	who = s.culprit(s.peer(21))
	for number, dport in enumerate(ports):
		cport = s.port()
		if (s.me, 6, dport) in s.offers:
			s.session(number * gap, who, cport, s.me, dport, say=0, hear=0, close="rst")
			continue
		s.syn(number * gap, who, cport, s.me, dport)
		if s.policy == "drop":
			s.syn(number * gap + 1.1, who, s.port(), s.me, dport)


def nmap_udp(s, ports=UDP_PORTS, gap=0.05, sport=0, source=22):
	who, port = s.culprit(s.peer(source)), sport or s.random.randint(33000, 65000)
	for number, dport in enumerate(ports):
		for turn in (0, 1):
			s.probe(number * gap + turn * 1.2, udp(who, port if sport else port + turn, s.me, dport, PAYLOADS.get(dport, b""),
				ttl=s.random.randint(37, 59), ip_id=s.number(16)))


def nmap_protocols(s, count=256):
	who = s.culprit(s.peer(23))
	order = list(range(count))
	s.random.shuffle(order)
	for number, proto in enumerate(order):
		at, more = number * 0.4, dict(ttl=s.random.randint(37, 59), ip_id=s.number(16))
		if proto == 6:
			s.probe(at, tcp(who, 50000, s.me, 80, "A", ack=s.number(), window=1024, **more))
		elif proto == 17:
			s.probe(at, udp(who, 50000, s.me, 40125, **more))
		elif proto == 1:
			s.probe(at, echo(who, s.me, payload=b"", **more))
		elif proto == SCTP:
			s.probe(at, sctp_init(who, 50000, s.me, 80, s.number(), **more))
		else:
			s.probe(at, Packet(who, s.me, proto, **more))


def sctp_init(src, sport, dst, dport, tag, **more):
	chunk = struct.pack(">BBHIIHHI", 1, 0, 20, tag, 32768, 10, 2048, tag)
	return Packet(src, dst, SCTP, sport, dport, payload=chunk, **more)


def nmap_sctp(s):
	who = s.culprit(s.peer(24))
	for number, dport in enumerate((7, 9, 20, 21, 22, 80, 179, 443, 1167, 2904, 2905, 2944, 2945, 3565, 3863, 4739, 5060, 9899, 36412)):
		s.probe(number * 0.1, sctp_init(who, 40001, s.me, dport, s.number(), ttl=s.random.randint(37, 59), ip_id=s.number(16)))


def nmap_os(s, closed=81, udp_port=40125, rounds=1):
	"""A port scan of a few ports, then the sixteen packets of -O."""
	nmap_tcp(s, ports=(21, 22, 23, 25, 80, 81, 110, 443), source=25)
	who = s.peer(25)
	layouts = (("03030a01020405b4080affffffff000000000402", 1), ("020405780303000402080affffffff0000000000", 63),
		("080affffffff00000000010103030501" "02040280", 4), ("0402080affffffff0000000003030a00", 4),
		("020402180402080affffffff0000000003030a00", 16), ("020401090402080affffffff00000000", 512))
	for turn in range(rounds):
		at = 3 + turn * 4
		for number, (options, window) in enumerate(layouts):
			s.probe(at + number * 0.1, tcp(who, 52000 + number, s.me, 22, "S", seq=s.number(), window=window, options=bytes.fromhex(options),
				ttl=s.random.randint(37, 59), ip_id=s.number(16)))
		for number, (tos, code, size) in enumerate(((0, 9, 120), (4, 0, 150))):
			s.probe(at + 0.7 + number * 0.03, echo(who, s.me, 4711 + number, 295 + number, b"\0" * size, code=code, tos=tos, df=not number,
				ttl=s.random.randint(37, 59), ip_id=s.number(16)))
		s.probe(at + 0.8, udp(who, 52010, s.me, udp_port, b"C" * 300, ttl=s.random.randint(37, 59), ip_id=0x1042))
		s.probe(at + 0.9, tcp(who, 52011, s.me, 22, "SEC", seq=s.number(), window=3, options=bytes.fromhex("03030a01020405b404020101"),
			ttl=s.random.randint(37, 59), ip_id=s.number(16)))
		long = bytes.fromhex("03030a0102040109080affffffff000000000402")
		last = bytes.fromhex("03030f0102040109080affffffff000000000402")
		for number, (flags, port, window, df) in enumerate((("", 22, 128, True), ("SFUP", 22, 256, False), ("A", 22, 1024, True),
				("S", closed, 31337, False), ("A", closed, 32768, True), ("FPU", closed, 65535, False))):
			s.probe(at + 1 + number * 0.1, tcp(who, 52020 + number, s.me, port, flags, seq=s.number(), ack=s.number(), window=window, df=df,
				options=last if number == 5 else long, ttl=s.random.randint(37, 59), ip_id=s.number(16)))


def nmap_decoys(s, count=5, ports=TCP_PORTS[:40]):
	members = [s.culprit(s.peer(30 + number)) for number in range(count)]
	seq, sport = s.number(), s.random.randint(33000, 60000)
	for number, dport in enumerate(ports):
		for turn in (0, 1):
			if turn and answered(s, s.me, dport):
				break
			s.random.shuffle(members)
			ip_id = s.number(16)
			for place, who in enumerate(members):
				s.probe(number * 0.02 + turn + place * 2e-5, tcp(who, sport + 2 * turn, s.me, dport, "S", seq=seq, window=1024, options=MSS,
					ttl=s.random.randint(37, 59), ip_id=ip_id))


def nmap_versions(s, ports=(22, 25, 80, 443, 993)):
	"""-sV on open ports: half-open scan first, then a few connections to each with different questions."""
	s.offer(*ports)
	nmap_tcp(s, ports=ports, source=26)
	who = s.peer(26)
	for number, port in enumerate(ports):
		for question in range(4):
			s.session(2 + number * 0.5 + question * 5.1, who, s.port(), s.me, port, say=(0, 18, 42, 110)[question], hear=90, close="rst")


def nmap_ping_sweep(s, count=254):
	"""-sn of our network: echo, SYN to 443, ACK to 80, timestamp."""
	who = s.culprit(s.peer(27))
	s.exists(5, 6, 7)
	for number in range(1, count + 1):
		at, dst, more = number * 0.01, s.ours(number), dict(ttl=s.random.randint(37, 59), ip_id=s.number(16))
		s.probe(at, echo(who, dst, s.number(16), 0, b"", **more))
		s.probe(at + 0.001, tcp(who, 44001, dst, 443, "S", seq=s.number(), window=1024, options=MSS, **more))
		s.probe(at + 0.002, tcp(who, 44001, dst, 80, "A", ack=s.number(), window=1024, **more))
		if not s.v6:
			s.probe(at + 0.003, Packet(who, dst, ICMP, kind=13, payload=b"\0" * 12, **more))


def idle_zombie(s, ports=30):
	"""Our host is the zombie: its id is polled by SYN-ACKs, and the target's answers come to it in between."""
	who, target = s.culprit(s.peer(28)), s.peer(200)
	ip_id = 9000
	def reset(at, packet):
		nonlocal ip_id
		ip_id += 1
		s.add(at + 0.0002, tcp(s.me, packet.dport, packet.src, packet.sport, "R", seq=packet.ack, ip_id=ip_id))
	for number in range(6 + 2 * ports):
		at = number * 0.2
		poll = tcp(who, 51000 + number, s.me, 80 if number % 2 else 443, "SA", seq=s.number(), ack=s.number(), window=1024, options=MSS,
			ttl=s.random.randint(37, 59), ip_id=s.number(16))
		s.add(at, poll)
		reset(at, poll)
		if number >= 6 and number % 2 == 0:
			port = TCP_PORTS[(number - 6) // 2 % len(TCP_PORTS)]
			flags = "SA" if port in (22, 80, 443) else "RA"
			answer = tcp(target, port, s.me, 80, flags, seq=s.number(), ack=s.number(), window=65160 if flags == "SA" else 0)
			s.add(at + 0.1, answer)
			if flags == "SA":
				reset(at + 0.1, answer)


def idle_target(s):
	"""Our host is scanned through a zombie: what arrives are SYNs of the zombie, one a port, and its RSTs."""
	who = s.culprit(s.peer(29))
	for number, dport in enumerate(TCP_PORTS[:40]):
		s.probe(number * 0.4, tcp(who, 80, s.me, dport, "S", seq=s.number(), window=1024, options=MSS, ttl=s.random.randint(37, 59),
			ip_id=s.number(16)))


def cases():
	every = "drop reset in drop6 reset6 netfilter netfilter6 plain ufw asa ios"
	stealth = "drop reset in drop6 reset6 netfilter netfilter6 ufw asa"
	low = tuple(range(1, 61))
	return sum((
		row("nmap_syn", "scan", nmap_tcp, every + " cooked", "vertical", "syn", tool="nmap"),
		row("nmap_connect", "scan", nmap_connect, every, "vertical", "syn connect"),
		row("nmap_fin", "scan", nmap_tcp, stealth, "vertical", "fin", flags="F"),
		row("nmap_null", "scan", nmap_tcp, "drop reset drop6 netfilter ufw", "vertical", "null", flags=""),
		row("nmap_xmas", "scan", nmap_tcp, stealth, "vertical", "xmas", flags="FPU"),
		row("nmap_ack", "scan", nmap_tcp, stealth, "vertical", "ack window", flags="A"),
		row("nmap_ack_1_60", "scan", nmap_tcp, "drop reset netfilter asa", "vertical", "ack window", flags="A", ports=low),
		row("nmap_maimon", "scan", nmap_tcp, stealth, "vertical", "maimon", flags="FA"),
		row("nmap_syn_fin", "scan", nmap_tcp, "drop reset netfilter asa", "vertical", "syn-fin", flags="SF"),
		row("nmap_udp", "scan", nmap_udp, every, "vertical", "udp"),
		row("nmap_protocols", "scan", nmap_protocols, "drop reset in drop6 netfilter plain", "protocol", "ip-protocol"),
		row("nmap_protocols_40", "scan", nmap_protocols, "drop netfilter", "protocol", "ip-protocol", count=40),
		row("nmap_sctp", "scan", nmap_sctp, "drop reset in drop6", "vertical", "sctp-init"),
		row("nmap_os", "scan", nmap_os, "drop reset in netfilter", "fingerprint vertical", tool="nmap"),
		row("nmap_os_rounds", "scan", nmap_os, "drop reset", "fingerprint vertical", tool="nmap", rounds=5),
		row("nmap_decoys", "scan", nmap_decoys, "drop reset in drop6 netfilter plain ufw", "vertical", "syn"),
		row("nmap_decoys_20", "scan", nmap_decoys, "drop reset netfilter", "vertical", "syn", count=20),
		row("nmap_fragments", "scan", nmap_tcp, "drop in drop6 reset", "vertical", "syn", pieces=8),
		row("nmap_fragments_16", "scan", nmap_tcp, "drop reset", "vertical", "syn", pieces=16),
		row("nmap_fin_fragments", "scan", nmap_tcp, "drop", "vertical", "fin", flags="F", pieces=8),
		row("nmap_polite", "scan", nmap_tcp, "drop netfilter", "vertical", "syn", gap=0.4),
		row("nmap_sneaky", "scan", nmap_tcp, "drop reset netfilter ufw", "vertical", "syn", gap=15),
		row("nmap_scan_delay", "scan", nmap_tcp, "reset in asa", "vertical", "syn", gap=60, retry=False),
		row("nmap_paranoid", "scan", nmap_tcp, "drop drop6 netfilter ufw", "vertical", "syn", also={"slow": True}, gap=301,
			ports=tuple(range(1, 401)), retry=False),
		row("nmap_paranoid_udp", "scan", nmap_udp, "drop plain", "vertical", "udp", also={"slow": True}, gap=301),
		row("nmap_source_port_53", "scan", nmap_tcp, "drop reset netfilter ios", "vertical", "syn", sport=53),
		row("nmap_source_port_20", "scan", nmap_tcp, "drop netfilter6", "vertical", "syn", sport=20),
		row("nmap_udp_from_53", "scan", nmap_udp, "drop reset netfilter ios", "vertical", "udp", sport=53, ports=low),
		row("nmap_udp_from_123", "scan", nmap_udp, "drop drop6 ufw", "vertical", "udp", sport=123, ports=low),
		row("nmap_ack_from_80", "scan", nmap_tcp, "drop netfilter", "vertical", "ack window", flags="A", sport=80, ports=low),
		row("nmap_fin_from_443", "scan", nmap_tcp, "drop netfilter", "vertical", "fin", flags="F", sport=443, ports=low),
		row("nmap_three_hosts", "scan", nmap_tcp, "drop reset netfilter", "block vertical", "syn", hosts=(5, 6, 7), ports=TCP_PORTS[:20]),
		row("nmap_offered_only", "scan", nmap_tcp, "drop reset drop6", "vertical service-probe", "syn", offers=(25, 993, 8080),
			ports=(22, 25, 80, 443, 993, 8080)),
		row("nmap_versions", "scan", nmap_versions, "drop reset drop6", "service-probe vertical"),
		row("nmap_ping_sweep", "scan", nmap_ping_sweep, "drop reset netfilter ufw", "horizontal block", "icmp-echo syn ack"),
		row("nmap_ping_sweep_12", "scan", nmap_ping_sweep, "drop drop6 in netfilter", "horizontal block", "icmp-echo syn ack", count=12),
		row("idle_zombie", "attack", idle_zombie, "reset cooked", "idle-zombie"),
		row("idle_target", "scan", idle_target, "drop reset netfilter asa", "vertical", "syn"),
	), [])
