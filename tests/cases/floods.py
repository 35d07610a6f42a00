# SPDX-License-Identifier: ISC
"""floods - many packets that want to be many: no scan, whatever their sources and ports.

Reflectors answer questions that were forged in our name: DNS (53), NTP monlist (123), memcached (11211), SSDP (1900),
CLDAP (389), chargen (19), with large packets; smurf is the same with echo replies.
"""
from book import row
from scene import echo, tcp, udp
from wire import MSS


def syn_flood(s, count=4000, port=80, seconds=8, hosts=(5,), ports=None, options=b""):
	"""Every SYN from another forged address."""
	for number in range(count):
		who = s.crowd(s.number(16))
		s.probe(number * seconds / count, tcp(who, s.random.randint(1024, 65535), s.ours(hosts[number % len(hosts)]), port if not ports else s.random.choice(ports),
			"S", seq=s.number(), window=s.random.choice((512, 8192, 64240)), options=options, ttl=s.random.randint(40, 120), ip_id=s.number(16)), give_up=False)


def syn_flood_one(s, count=5000, port=80, seconds=5):
	"""One source sends SYN after SYN to one port."""
	who, sport = s.peer(230), 1024
	for number in range(count):
		s.probe(number * seconds / count, tcp(who, sport + number, s.me, port, "S", seq=s.number(), window=512, ttl=50, ip_id=s.number(16)), give_up=False)


def udp_flood(s, count=5000, port=27015, seconds=4, size=900, sources=1, random_sport=True):
	for number in range(count):
		who = s.crowd(100 + s.random.randrange(sources)) if sources > 1 else s.peer(231)
		s.probe(number * seconds / count, udp(who, s.random.randint(1024, 65535) if random_sport else 4444, s.me, port, b"\0" * size, ttl=50, ip_id=s.number(16)))


def icmp_flood(s, count=5000, seconds=5, sources=1, size=1000):
	for number in range(count):
		who = s.crowd(200 + s.random.randrange(sources)) if sources > 1 else s.peer(232)
		s.probe(number * seconds / count, echo(who, s.me, 1, number & 0xFFFF, b"\0" * size, ttl=50, ip_id=s.number(16)))


def reflection(s, port=53, servers=200, count=5000, seconds=5, size=1200, one_port=False):
	to = s.random.randint(1024, 65535)
	for number in range(count):
		s.add(number * seconds / count, udp(s.crowd(300 + 7 * s.random.randrange(servers)), port, s.me, to if one_port else s.random.randint(1024, 65535),
			b"\x81\x80" + b"\1" * (size - 2), ttl=55, ip_id=s.number(16)))


def smurf(s, count=5000, hosts=250, seconds=5):
	for number in range(count):
		s.add(number * seconds / count, echo("2001:db8:99:%x::2" % (number % hosts) if s.v6 else "192.0.2.%d" % (1 + number % hosts), s.me, 7, number & 0xFFFF,
			b"\0" * 900, answer=True, ttl=55))


def ack_flood(s, count=4000, seconds=5):
	"""ACKs of no connection from forged addresses to one port."""
	for number in range(count):
		s.probe(number * seconds / count, tcp(s.crowd(s.number(16)), s.random.randint(1024, 65535), s.me, 80, "A", seq=s.number(), ack=s.number(), window=512, ttl=50,
			ip_id=s.number(16)))


def syn_ack_reflection(s, servers=300, count=4000, seconds=5):
	"""Web servers answer a flood of SYNs forged in our name: it is we who are meant."""
	for number in range(count):
		s.add(number * seconds / count, tcp(s.crowd(300 + 7 * s.random.randrange(servers)), s.random.choice((80, 443)), s.me, s.random.randint(1024, 65535), "SA",
			seq=s.number(), ack=s.number(), window=65535, options=MSS, ttl=55))


def visitors_come_at_once(s, count=1500):
	"""No flood at all: a page that everybody reads at once."""
	for number in range(count):
		s.session(number * 0.02, s.crowd(30000 + number % 900), s.port(), s.me, 443, hear=1000)


def cases():
	return sum((
		row("syn_flood", "flood", syn_flood, "drop reset in drop6", "syn-flood"),
		row("syn_flood_closed", "flood", syn_flood, "drop reset netfilter netfilter6 plain ufw ios asa", "syn-flood", port=8081),
		row("syn_flood_slow", "flood", syn_flood, "drop netfilter", port=8081, count=3000, seconds=60),
		row("syn_flood_random_ports", "flood", syn_flood, "drop netfilter", "syn-flood", ports=range(1, 65536)),
		row("syn_flood_few_ports", "flood", syn_flood, "drop netfilter", "syn-flood", ports=(53, 8081, 8082, 25, 3306)),
		row("syn_flood_net", "flood", syn_flood, "drop netfilter", port=8081, hosts=range(1, 255)),
		row("syn_flood_one_source", "flood", syn_flood_one, "drop reset in drop6", "syn-flood"),
		row("syn_flood_one_source_closed", "flood", syn_flood_one, "drop netfilter ufw", "syn-flood", port=8081),
		row("udp_flood", "flood", udp_flood, "drop reset in drop6 netfilter plain asa", "udp-flood"),
		row("udp_flood_small", "flood", udp_flood, "drop netfilter", "udp-flood", size=20),
		row("udp_flood_forged", "flood", udp_flood, "drop netfilter ufw", "udp-flood", sources=3000),
		row("udp_flood_one_pair", "flood", udp_flood, "drop netfilter", "udp-flood", random_sport=False),
		row("icmp_flood", "flood", icmp_flood, "drop reset in drop6 netfilter ios", "icmp-flood"),
		row("icmp_flood_forged", "flood", icmp_flood, "drop netfilter", "icmp-flood", sources=3000),
		row("reflection_dns", "flood", reflection, "drop reset in drop6 netfilter plain ufw asa", "reflection"),
		row("reflection_ntp", "flood", reflection, "drop netfilter ufw", "reflection", port=123, size=468),
		row("reflection_memcached", "flood", reflection, "drop netfilter", "reflection", port=11211, size=1400, servers=60),
		row("reflection_ssdp", "flood", reflection, "drop netfilter", "reflection", port=1900, size=300),
		row("reflection_cldap", "flood", reflection, "drop netfilter", "reflection", port=389, size=1400),
		row("reflection_chargen", "flood", reflection, "drop netfilter", "reflection", port=19, size=1000),
		row("reflection_one_port", "flood", reflection, "drop netfilter", "reflection", one_port=True),
		row("reflection_few_servers", "flood", reflection, "drop netfilter", "reflection", servers=5),
		row("reflection_syn_ack", "flood", syn_ack_reflection, "drop netfilter", "reflection backscatter"),
		row("smurf", "flood", smurf, "drop in drop6 netfilter", "icmp-flood reflection"),
		row("ack_flood", "flood", ack_flood, "drop reset netfilter"),
		row("visitors_at_once", "harmless", visitors_come_at_once, "drop in netfilter"),
	), [])
