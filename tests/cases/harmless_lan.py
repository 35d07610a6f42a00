# SPDX-License-Identifier: ISC
"""harmless_lan - what neighbours on the same wire say to everybody: discovery, leases, routing, group membership."""
import struct

from book import row
from scene import BEGIN, Packet, echo, icmp_error, tcp, udp
from wire import ICMP6, IGMP

LAN, ALL = "203.0.113.%d", "203.0.113.255"
MDNS = b"\0\0\0\0\0\1\0\0\0\0\0\0\5_http\4_tcp\5local\0\0\x0c\0\1"
SSDP = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNTS: ssdp:alive\r\n\r\n"
SEARCH = b"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: ssdp:all\r\n\r\n"


def neighbour(s, number, inside=True):
	"""A host on our wire: of our network, or of another that shares it."""
	if s.v6:
		return "fe80::%x" % (0x200 + number)
	return LAN % (60 + number) if inside else s.peer(60 + number)


def shout(s, dst, port, payload, sport=None, hosts=6, count=20, gap=20, inside=True, ttl=1):
	for number in range(count):
		for host in range(hosts):
			src = neighbour(s, host, inside)
			packet = udp(src, sport or s.port(), dst, port, payload, ttl=ttl, ip_id=s.number(16))
			s.packets.append((BEGIN + number * gap + host * 0.7, packet, False))


def mdns(s, **more):
	shout(s, "ff02::fb" if s.v6 else "224.0.0.251", 5353, MDNS, 5353, ttl=255, **more)


def ssdp(s, payload=SSDP, **more):
	shout(s, "ff02::c" if s.v6 else "239.255.255.250", 1900, payload, **more)


def llmnr(s, **more):
	shout(s, "ff02::1:3" if s.v6 else "224.0.0.252", 5355, b"\1\2\0\0\0\1\0\0\0\0\0\0\4wpad\0\0\1\0\1", **more)


def ws_discovery(s, **more):
	shout(s, "ff02::c" if s.v6 else "239.255.255.250", 3702, b"<?xml version=\"1.0\"?><Probe/>", **more)


def netbios(s, to=ALL, **more):
	shout(s, to, 137, b"\x80\1\1\x10\0\1\0\0\0\0\0\0 " + b"CA" * 16 + b"\0\0\x20\0\1", 137, ttl=128, **more)
	shout(s, to, 138, b"\x11\x02" + b"\0" * 180, 138, ttl=128, **more)


def broadcasts(s):
	"""A dozen programs that look for their like."""
	for place, (port, payload) in enumerate(((17500, b"{\"host_int\": 1}"), (57621, b"SpotUdp0"), (5678, b"\0\0\0\0"), (10001, b"\1\0\0\0"),
			(3289, b"EPSONP"), (8612, b"BJNP\2\1"), (6646, b"mcafee"), (32412, b"M-SEARCH * HTTP/1.0"), (27036, b"\xff\xff\xff\xff\x21\x4c\x5f\xa0"),
			(1947, b"sentinel"), (22222, b"\0"), (9956, b"wow"))):
		shout(s, ("255.255.255.255", ALL)[place % 2], port, payload, hosts=2, count=5, gap=60, ttl=64)


def dhcp(s, hosts=12, renew=True):
	"""Leases are asked for, offered, renewed."""
	router = LAN % 1
	for number in range(hosts):
		at, body = BEGIN + number * 90, b"\1\1\6\0" + struct.pack(">I", s.number()) + b"\0" * 300
		for turn, kind in enumerate((b"\1", b"\3")):
			s.packets.append((at + turn, udp("0.0.0.0", 68, "255.255.255.255", 67, body + kind, ttl=64), False))
			s.packets.append((at + turn + 0.3, udp(router, 67, "255.255.255.255", 68, b"\2" + body[1:] + kind, ttl=64), False))
		if renew:
			s.packets.append((at + 40, udp(LAN % (100 + number), 68, s.me, 67, body, ttl=64), False))


def dhcp_v6(s):
	for number in range(15):
		for turn in (0, 1, 3):
			s.packets.append((BEGIN + number * 60 + turn, udp(neighbour(s, number), 546, "ff02::1:2", 547, b"\1abc" + b"\0" * 60, ttl=1), False))


def neighbours_v6(s):
	"""Router advertisements, neighbour solicitations, group reports."""
	def icmp6(at, src, dst, kind, payload, ttl=255):
		s.packets.append((BEGIN + at, Packet(src, dst, ICMP6, kind=kind, payload=payload, ttl=ttl), False))
	for number in range(60):
		host = neighbour(s, number % 10)
		icmp6(number * 10, "fe80::1", "ff02::1", 134, b"\0" * 48)
		icmp6(number * 10 + 1, host, "ff02::1:ff00:5", 135, b"\0" * 24)
		icmp6(number * 10 + 2, host, s.me, 136, b"\0" * 24)
		icmp6(number * 10 + 3, host, "ff02::2", 133, b"\0" * 8)
		icmp6(number * 10 + 4, host, "ff02::16", 143, b"\0" * 24, 1)


def groups(s):
	"""IGMP queries and reports, each with the router alert option."""
	for number in range(30):
		at = BEGIN + number * 125
		s.packets.append((at, Packet(LAN % 1, "224.0.0.1", IGMP, payload=b"\x11\x64\0\0\0\0\0\0", ttl=1, ip_options=b"\x94\4\0\0"), False))
		for host in range(5):
			s.packets.append((at + 1 + host, Packet(LAN % (60 + host), "224.0.0.22", IGMP, payload=b"\x22\0\0\0\0\0\0\1\4\0\0\0\xef\xff\xff\xfa", ttl=1,
				ip_options=b"\x94\4\0\0"), False))


def routers(s):
	"""VRRP, OSPF, EIGRP, PIM, RIP and HSRP hellos."""
	for number in range(120):
		at, src = BEGIN + number * 5, LAN % (1 + number % 2)
		for proto, dst in ((112, "224.0.0.18"), (89, "224.0.0.5"), (88, "224.0.0.10"), (103, "224.0.0.13")):
			s.packets.append((at, Packet(src, dst, proto, payload=b"\x21" + b"\0" * 31, ttl=255 if proto == 112 else 1), False))
		s.packets.append((at + 1, udp(src, 520, "224.0.0.9", 520, b"\2\2\0\0" + b"\0" * 20, ttl=1), False))
		s.packets.append((at + 1, udp(src, 1985, "224.0.0.2", 1985, b"\0" * 20, ttl=1), False))


def broadcast_pings(s, dst=ALL):
	"""A neighbour pings everybody at once."""
	for number in range(30):
		s.packets.append((BEGIN + number, echo(LAN % 77, dst, 99, number, ttl=64), False))


def gateway_tells(s):
	"""Our own router corrects us: a redirect, and a host that is gone."""
	for number in range(12):
		about = tcp(s.me, s.port(), s.peer(63), 443, "S", seq=s.number(), window=64240, df=True)
		s.add(number * 60, about)
		s.add(number * 60 + 0.01, icmp_error(LAN % 1, about, "host", ttl=64))


def cases():
	"""What a capture holds of neighbours inside our own network is ours, and needs no explanation."""
	own, logs = "drop reset in", "netfilter plain ufw"
	return sum((
		row("lan_mdns", "harmless", mdns, logs + " drop6 netfilter6 plain6", "lan-noise"),
		row("lan_mdns_own", "harmless", mdns, own),
		row("lan_mdns_other_net", "harmless", mdns, "drop in cooked netfilter ufw asa", "lan-noise", inside=False),
		row("lan_ssdp", "harmless", ssdp, logs + " drop6 ufw6", "lan-noise"),
		row("lan_ssdp_own", "harmless", ssdp, own),
		row("lan_ssdp_search", "harmless", ssdp, "drop netfilter", "lan-noise", payload=SEARCH, inside=False),
		row("lan_llmnr", "harmless", llmnr, "drop6 netfilter netfilter6", "lan-noise"),
		row("lan_llmnr_other_net", "harmless", llmnr, "drop plain", "lan-noise", inside=False),
		row("lan_ws_discovery", "harmless", ws_discovery, "drop6 netfilter", "lan-noise"),
		row("lan_ws_discovery_other_net", "harmless", ws_discovery, "drop ufw", "lan-noise", inside=False),
		row("lan_netbios", "harmless", netbios, own + " netfilter plain ufw ios", "lan-noise"),
		row("lan_netbios_other_net", "harmless", netbios, "drop netfilter", "lan-noise", to="255.255.255.255", inside=False),
		row("lan_broadcasts", "harmless", broadcasts, logs, "lan-noise"),
		row("lan_broadcasts_own", "harmless", broadcasts, "drop in asa"),
		row("lan_dhcp", "harmless", dhcp, "drop in netfilter ufw", "lan-noise", renew=False),
		row("lan_dhcp_renewals", "harmless", dhcp, "drop netfilter", "lan-noise"),
		row("lan_dhcp_v6", "harmless", dhcp_v6, "drop6 netfilter6", "lan-noise"),
		row("lan_neighbours_v6", "harmless", neighbours_v6, "drop6 netfilter6 ufw6", "lan-noise"),
		row("lan_groups", "harmless", groups, logs, "lan-noise"),
		row("lan_groups_own", "harmless", groups, own),
		row("lan_routers", "harmless", routers, "netfilter plain", "lan-noise"),
		row("lan_routers_own", "harmless", routers, "drop in ios"),
		row("lan_broadcast_pings", "harmless", broadcast_pings, "netfilter plain", "lan-noise"),
		row("lan_broadcast_pings_own", "harmless", broadcast_pings, "drop reset in ios"),
		row("lan_limited_broadcast_pings", "harmless", broadcast_pings, "netfilter", "lan-noise", dst="255.255.255.255"),
		row("lan_gateway_tells", "harmless", gateway_tells, "drop netfilter"),
		row("no_home_lan", "harmless", netbios, "drop netfilter", "lan-noise", home=False),
	), [])
