# SPDX-License-Identifier: ISC
"""attacks - single packets that mean harm whatever else happens, and views of a scan through odd wires and logs."""
import struct

from book import row
from scans_nmap import TCP_PORTS, nmap_decoys, nmap_tcp, nmap_udp
from scans_many import plain_syn, shared, slow
from scans_tools import connect_sweep, masscan, nameless, populate, udp_sweep, zmap
from harmless_clients import retry, typos
from harmless_echoes import backscatter, closing_servers, late_dns, p2p_leftovers
from harmless_lan import mdns
from scene import BEGIN, ICMP, MSS, Packet, tcp, udp
from wire import ICMP6

ROUTE = bytes.fromhex("830b04") + bytes((192, 0, 2, 1)) + bytes((192, 0, 2, 2)) + b"\0" # loose source route by two routers


def source_routed(s, ports=(23, 445, 3389)):
	"""The kernel throws such packets away unanswered, before the firewall unless that looks early."""
	who = s.culprit(s.peer(90))
	for number, port in enumerate(ports):
		s.add(number, tcp(who, s.port(), s.me, port, "S", seq=s.number(), window=512, ttl=50, ip_options=ROUTE))


def redirects(s, count=3):
	"""A stranger tells us to send our traffic by another router."""
	who = s.culprit(s.peer(91))
	for number in range(count):
		about = tcp(s.me, s.port(), s.peer(92), 443, "S", seq=s.number(), window=64240, df=True)
		if s.v6:
			packet = Packet(who, s.me, ICMP6, kind=137, rest=b"\0" * 4, payload=b"\xfe\x80" + b"\0" * 13 + b"\x66" + b"\x20\1\x0d\xb8" + b"\0" * 12, ttl=255)
		else:
			packet = Packet(who, s.me, ICMP, kind=5, code=1, rest=bytes((198, 51, 100, 66)), quoted=about, ttl=64)
		s.probe(number * 5, packet)


def land(s, port=139):
	"""From our own address and port, to it: nothing on a wire does that."""
	s.culprit(s.me)
	for number in range(3):
		s.packets.append((BEGIN + number, tcp(s.me, port, s.me, port, "S", seq=s.number(), window=2048, ttl=50), False))


def own_address(s):
	"""From our own address, over a dozen routers."""
	s.culprit(s.me)
	for number in range(5):
		s.packets.append((BEGIN + number, tcp(s.me, s.port(), s.me, 3389, "S", seq=s.number(), window=512, ttl=52), False))


def impossible_sender(s, address="127.0.0.1"):
	"""The same sender again and again, that no wire knows."""
	s.culprit(address)
	for number in range(6):
		s.packets.append((BEGIN + number, tcp(address, s.port(), s.me, 3389, "S", seq=s.number(), window=512, ttl=52), False))


def routing_header(s, kind=0, count=4):
	"""The list of routers of IPv6: type 0 is forbidden (RFC 5095), type 2 belongs to mobile hosts (RFC 6275)."""
	who = s.culprit(s.peer(90)) if kind == 0 else s.peer(90)
	for number in range(count):
		header = bytes((kind, 1)) + b"\0" * 4 + b"\x20\1\x0d\xb8" + b"\0" * 11 + b"\7"
		s.add(number, tcp(who, s.port(), s.me, 3389, "S", seq=s.number(), window=512, ttl=50, extensions=((43, header),)))


def router_redirects(s, count=9):
	"""Our own router knows a shorter way."""
	for number in range(count):
		about = tcp(s.me, s.port(), s.peer(92), 443, "S", seq=s.number(), window=64240, df=True)
		s.add(number * 60, about)
		s.packets.append((BEGIN + number * 60 + 0.001, Packet("203.0.113.1", s.me, ICMP, kind=5, code=1,
			rest=bytes((203, 0, 113, 2)), quoted=about, ttl=64), False))


def research(s, ports=TCP_PORTS):
	"""Censys, from a block that it publishes."""
	for number, port in enumerate(ports):
		s.probe(number * 90, plain_syn(s, "162.142.125.%d" % (10 + number // 20), s.me, port, number))


def slammer(s):
	who = s.culprit(s.peer(93))
	s.probe(0, udp(who, 1042, s.me, 1434, b"\4" + b"\1" * 375, ttl=110, ip_id=s.number(16)))


def slammer_served(s):
	"""To a server that does offer the port, and answers others there."""
	s.offer(1434, proto=17)
	for number in range(10):
		s.probe(number, udp(s.peer(80 + number), s.port(), s.me, 1434, b"\2", ttl=52))
	who = s.culprit(s.peer(93))
	s.add(20, udp(who, 1042, s.me, 1434, b"\4" + b"\1" * 375, ttl=110, ip_id=s.number(16)))


def source_routed_served(s):
	"""To an open port of a host that still accepts such packets and answers."""
	who = s.culprit(s.peer(90))
	s.probe(0, tcp(who, s.port(), s.me, 22, "S", seq=s.number(), window=512, ttl=50, ip_options=ROUTE))


def v6_extensions(s, kind=60, count=40):
	"""An IPv6 scan whose packets carry a header of options before TCP; seven and more is topera's habit."""
	who = s.culprit(s.peer(94))
	for number in range(count):
		s.probe(number * 0.1, tcp(who, 40000 + number, s.me, TCP_PORTS[number], "S", seq=s.number(), window=1024, options=MSS, ttl=50,
			extensions=((kind, b"\1\4\0\0\0\0"),) * (9 if kind == 60 else 1)))


def seen_twice(s):
	nmap_tcp(s, ports=TCP_PORTS[:40], source=95)
	s.twice()


def retry_seen_twice(s):
	retry(s)
	s.twice()


def typos_seen_twice(s):
	typos(s)
	s.twice()


def clock_steps_back(s):
	"""The clock is put back by half a minute in the middle."""
	nmap_tcp(s, ports=TCP_PORTS[:40], gap=1, source=96)
	middle = s.packets[len(s.packets) // 2][0]
	s.packets = [(when if when < middle else when - 0.5, packet, outgoing) for when, packet, outgoing in s.packets]


def ike_sweep(s, port=500):
	"""ike-scan through our network: source port and destination port are the same."""
	populate(s)
	who = s.culprit(s.peer(97))
	for number in range(1, 100):
		s.probe(number * 0.05, udp(who, port, s.ours(number), port, struct.pack(">QQ", s.number(64), 0) + b"\1\x10\2\0" + b"\0" * 300, ttl=50, ip_id=s.number(16)))


def three_hosts_log(s):
	"""A scan of three hosts whose firewalls write into one log."""
	who = s.culprit(s.peer(98))
	for number, port in enumerate(TCP_PORTS[:36]):
		s.probe(number * 0.5, plain_syn(s, who, s.ours((5, 6, 7)[number % 3]), port, number))


def cases():
	wires = "vlan pppoe loop nano big short ng journal bridge limited"
	return sum((
		row("source_route", "attack", source_routed, "drop reset in netfilter bridge", "source-route", counted=False),
		row("source_route_one", "attack", source_routed, "drop netfilter", "source-route", counted=False, ports=(23,)),
		row("source_route_offered", "attack", source_routed, "drop in", "source-route", counted=False, ports=(443,)),
		row("redirect", "attack", redirects, "drop reset drop6 in netfilter", "redirect", counted=False),
		row("land", "attack", land, "drop in netfilter ufw", "spoof exploit", counted=False),
		row("land_offered", "attack", land, "drop in", "spoof exploit", counted=False, port=80),
		row("own_address", "attack", own_address, "drop in netfilter", "spoof", counted=False),
		row("impossible_sender", "attack", impossible_sender, "drop in netfilter", "spoof", counted=False),
		row("routing_header", "attack", routing_header, "drop6 in6", "source-route", counted=False),
		row("routing_header_mobile", "harmless", routing_header, "drop6", kind=2),
		row("router_redirects", "harmless", router_redirects, "drop reset in"),
		row("research", "harmless", research, "drop reset netfilter ufw", "research"),
		row("slammer", "attack", slammer, "drop reset in netfilter plain ufw", "exploit", counted=False),
		row("slammer_served", "attack", slammer_served, "drop reset in", "exploit", counted=False),
		row("source_route_served", "attack", source_routed_served, "drop in", "source-route", counted=False),
		row("v6_topera", "scan", v6_extensions, "drop6 in6 reset6", "vertical", "syn"),
		row("v6_hop_by_hop", "scan", v6_extensions, "drop6 in6", "vertical", "syn", kind=0),
		row("wire_syn", "scan", nmap_tcp, wires + " pppoe6 ng6", "vertical", "syn", tool="nmap"),
		row("wire_fin", "scan", nmap_tcp, wires, "vertical", "fin", flags="F"),
		row("wire_udp", "scan", nmap_udp, wires, "vertical", "udp"),
		row("wire_decoys", "scan", nmap_decoys, "vlan pppoe nano short ng journal bridge", "vertical", "syn"),
		row("wire_masscan", "scan", masscan, "vlan short big bridge", "vertical", "syn", tool="masscan"),
		row("wire_zmap", "scan", zmap, wires, "horizontal", "syn", tool="zmap", port=8080),
		row("wire_nameless", "scan", nameless, wires, "horizontal", "syn", tool="6000-256"),
		row("wire_sweep_22", "scan", connect_sweep, wires, "horizontal", "syn connect"),
		row("wire_snmp", "scan", udp_sweep, wires, "horizontal", "udp"),
		row("wire_shared", "scan", shared, "vlan pppoe nano big short ng journal bridge", "distributed", "syn"),
		row("wire_slow", "scan", slow, wires, "vertical", "syn", also={"slow": True}),
		row("wire_backscatter", "harmless", backscatter, wires, "backscatter"),
		row("wire_closing", "harmless", closing_servers, wires, "leftover late-reply"),
		row("wire_p2p", "harmless", p2p_leftovers, "vlan pppoe nano big short ng journal bridge", "leftover"),
		row("wire_retry", "harmless", retry, wires, "retry health-check"),
		row("wire_typos", "harmless", typos, wires),
		row("wire_late_dns", "harmless", late_dns, "journal bridge limited", "late-reply"),
		row("wire_mdns", "harmless", mdns, "journal bridge", "lan-noise", inside=False),
		row("seen_twice", "scan", seen_twice, "drop reset netfilter", "vertical", "syn"),
		row("retry_seen_twice", "harmless", retry_seen_twice, "drop reset netfilter", "retry health-check"),
		row("typos_seen_twice", "harmless", typos_seen_twice, "drop reset netfilter"),
		row("clock_steps_back", "scan", clock_steps_back, "drop reset netfilter", "vertical", "syn"),
		row("ike_sweep", "scan", ike_sweep, "drop reset netfilter ufw", "horizontal", "udp"),
		row("ike_sweep_4500", "scan", ike_sweep, "drop netfilter", "horizontal", "udp", port=4500),
		row("three_hosts_log", "scan", three_hosts_log, "netfilter bridge", "block vertical", "syn"),
	), [])
