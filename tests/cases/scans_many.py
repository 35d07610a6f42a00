# SPDX-License-Identifier: ISC
"""scans_many - scans by many sources, over weeks, among other traffic, as a gateway sees them, and what follows them."""
from book import row
from scene import MSS, linux_options, tcp, udp
from scans_nmap import TCP_PORTS, UDP_PORTS, nmap_tcp

HOUR, DAY = 3600, 86400


def plain_syn(s, who, dst, port, n=0):
	return tcp(who, s.port(), dst, port, "S", seq=s.number(), window=29200, options=linux_options(n * 7), df=True, ttl=48, ip_id=s.number(16))


def scatter_ports(s, count):
	return s.random.sample(range(1, 10000), count)


def shared(s, sources=30, each=2, gap=0.5, same_port=False, first=0, proto=6):
	"""One host, its ports shared out among many sources; nobody repeats another's."""
	ports = scatter_ports(s, sources * each)
	members = [s.culprit(s.crowd(100 + first + 37 * n)) for n in range(sources)] * each
	s.random.shuffle(members)
	sport = s.port()
	for number, (who, port) in enumerate(zip(members, ports)):
		if proto == 17:
			packet = udp(who, s.port(), s.me, port, b"\0" * 8, ttl=48, ip_id=s.number(16))
		elif same_port:
			packet = tcp(who, sport, s.me, port, "S", seq=s.number(), window=1024, options=MSS, ttl=48, ip_id=s.number(16))
		else:
			packet = plain_syn(s, who, s.me, port, number)
		s.probe(number * gap, packet)


def shared_sweep(s, sources=30, each=8, port=445, gap=0.3):
	"""One port of our network, its hosts shared out among many sources."""
	hosts = s.random.sample(range(1, 255), min(254, sources * each))
	for number, host in enumerate(hosts):
		who = s.crowd(3000 + 41 * (number % sources))
		if who not in s.sources:
			s.culprit(who)
		s.probe(number * gap, plain_syn(s, who, s.ours(host), port, number))


def one_prefix(s, count=60, bits=64, gap=0.5, hosts=(5,), port=None):
	"""An IPv6 scanner that takes a new address for each probe, out of its /64 or its /48."""
	ports = scatter_ports(s, count)
	for number in range(count):
		subnet = number % 20 if bits == 48 else 1
		who = s.culprit("2001:db8:77:%x:%x:%x::%x" % (subnet, s.number(16), s.number(16), s.number(16) | 1))
		s.probe(number * gap, plain_syn(s, who, s.ours(hosts[number % len(hosts)]), port or ports[number], number))


def slow(s, count=30, gap=6 * HOUR, jitter=0.2, proto=6, hosts=False):
	who = s.culprit(s.peer(70))
	ports = scatter_ports(s, count)
	for number, port in enumerate(ports):
		at = number * gap + s.random.random() * jitter * gap
		dst = s.ours(1 + number * 8 % 250) if hosts else s.me
		dport = 3389 if hosts else port
		if proto == 17:
			s.probe(at, udp(who, s.port(), dst, 5060 if hosts else port, b"\0" * 8, ttl=48, ip_id=s.number(16)))
		else:
			s.probe(at, plain_syn(s, who, dst, dport, number))


def slow_in_a_crowd(s, count=25, gap=8 * HOUR, others=150):
	"""As slow, with strangers who each knock once or twice a day, as everywhere."""
	slow(s, count, gap)
	for number in range(others):
		who = s.crowd(9000 + 13 * number)
		s.probe(s.random.random() * count * gap, plain_syn(s, who, s.me, s.random.choice((23, 445, 22, 3389, 8080)), number))


def scan_then_login(s, wait=600):
	"""Finds ssh open, comes back to it with a whole connection."""
	nmap_tcp(s, ports=TCP_PORTS[:40], source=71)
	who = s.peer(71)
	for number in range(3):
		s.session(wait + number * 20, who, s.port(), s.me, 22, say=1200, hear=2200)


def scan_then_login_elsewhere(s):
	"""The scan finds a port; the visit to it is a day later."""
	scan_then_login(s, DAY)


def hidden_in_flood(s, flood=3000, ports=TCP_PORTS[:50], offered=True):
	nmap_tcp(s, ports=ports, gap=0.5, source=72)
	for number in range(flood):
		who = s.crowd(s.number(16))
		s.probe(number * 25 / flood, tcp(who, s.random.randint(1024, 65535), s.me, 80 if offered else 8081, "S", seq=s.number(), window=512,
			ttl=s.random.randint(40, 120), ip_id=s.number(16)), give_up=False)


def hidden_in_backscatter(s, count=2000):
	nmap_tcp(s, ports=TCP_PORTS[:40], gap=0.5, source=73)
	for number in range(count):
		victim = s.peer(150 + number % 7)
		s.add(number * 20 / count, tcp(victim, 80, s.me, s.random.randint(1024, 65535), "SA" if number % 3 else "RA", seq=s.number(), ack=s.number(),
			window=14600 if number % 3 else 0, ttl=51))


def among_visitors(s, kind="syn"):
	s.honest_crowd(0, 60, 80)
	if kind == "syn":
		nmap_tcp(s, ports=TCP_PORTS[:40], gap=1.1, source=74)
		return
	who = s.culprit(s.peer(75))
	for number, port in enumerate(UDP_PORTS[:30]):
		s.probe(number * 1.7, udp(who, s.port(), s.me, port, b"\0" * 8, ttl=48, ip_id=s.number(16)))


def visitor_turns_scanner(s):
	"""Uses the site like everybody, then tries other doors."""
	who = s.culprit(s.peer(76))
	for number in range(12):
		s.session(number * 3, who, s.port(), s.me, 443)
	for number, port in enumerate(TCP_PORTS[:40]):
		if (s.me, 6, port) not in s.offers:
			s.probe(60 + number * 2, plain_syn(s, who, s.me, port, number))


def at_a_gateway(s):
	"""Our whole network with its servers, its clients and one scan through it all."""
	for number in (5, 20, 21, 22):
		s.offer(80, 443, host=s.ours(number))
	s.offer(25, host=s.ours(22))
	for number in range(150):
		client = s.ours(100 + number % 50)
		s.exists(100 + number % 50)
		if number % 3:
			s.session(number * 0.4, client, s.port(), s.crowd(20000 + number * 3), (443, 80, 993)[number % 3])
		else:
			s.dns(number * 0.4, client, s.peer(250))
		s.session(number * 0.4 + 0.1, s.crowd(22000 + number), s.port(), s.ours((5, 20, 21, 22)[number % 4]), 443)
	nmap_tcp(s, hosts=(5, 20, 21, 22, 60, 61, 100, 101), ports=TCP_PORTS[:12], gap=0.5, source=77)


def slow_in_a_storm(s, others=30000, count=24, gap=6 * HOUR):
	"""As slow, while a storm of forged sources goes over our network, one packet each."""
	slow(s, count, gap)
	for number in range(others):
		s.add(s.random.random() * count * gap, tcp(s.crowd(4 * number), s.port(), s.ours(1 + number % 254), s.random.choice((23, 80, 443, 8080, 5555)),
			"S", seq=s.number(), window=1024, ttl=50, ip_id=s.number(16)))


def two_at_once(s):
	"""Two who know nothing of each other."""
	nmap_tcp(s, ports=TCP_PORTS[:30], gap=0.4, source=78)
	who = s.culprit(s.peer(79))
	for number in range(40):
		s.probe(number * 0.3, udp(who, s.port(), s.ours(1 + 5 * number), 161, b"\x30" * 20, ttl=48, ip_id=s.number(16)))


def returning(s, days=6):
	"""Four other ports each day."""
	who = s.culprit(s.peer(80))
	ports = scatter_ports(s, 4 * days)
	for number, port in enumerate(ports):
		s.probe(number // 4 * DAY + number % 4 * 2, plain_syn(s, who, s.me, port, number))


def cases():
	return sum((
		row("shared_30x2", "scan", shared, "drop reset in netfilter plain ufw", "distributed", "syn"),
		row("shared_60x1", "scan", shared, "drop reset netfilter", "distributed", "syn", sources=60, each=1),
		row("shared_30x2_v6", "scan", shared, "drop6 netfilter6", "distributed", "syn"),
		row("shared_100x1_slowly", "scan", shared, "drop netfilter", "distributed", "syn", sources=100, each=1, gap=5),
		row("shared_30x10", "scan", shared, "drop in netfilter ufw ios", "distributed", "syn", each=10, gap=0.1),
		row("shared_30x10_slowly", "scan", shared, "drop", "distributed", "syn", each=10, gap=3),
		row("shared_same_hand", "scan", shared, "drop netfilter", "distributed", "syn", same_port=True),
		row("shared_udp", "scan", shared, "drop netfilter asa", "distributed", "udp", proto=17),
		row("shared_sweep_30x8", "scan", shared_sweep, "drop in netfilter ufw", "distributed horizontal", "syn"),
		row("shared_sweep_100x2", "scan", shared_sweep, "drop netfilter", "distributed horizontal", "syn", sources=100, each=2),
		row("v6_one_64", "scan", one_prefix, "drop6 reset6 in6 netfilter6 plain6 ufw6", "vertical", "syn"),
		row("v6_one_64_sweep", "scan", one_prefix, "drop6 netfilter6", "horizontal", "syn", hosts=range(1, 61), port=443 + 8000),
		row("v6_one_48", "scan", one_prefix, "drop6 netfilter6", "vertical distributed", "syn", bits=48),
		row("slow_6h", "scan", slow, "drop drop6 in netfilter plain ufw asa", "vertical", "syn", also={"slow": True}),
		row("slow_daily", "scan", slow, "drop reset netfilter", "vertical", "syn", also={"slow": True}, gap=DAY, count=20),
		row("slow_three_days", "scan", slow, "drop netfilter", "vertical", "syn", also={"slow": True}, gap=3 * DAY, count=12, jitter=0.05),
		row("slow_udp", "scan", slow, "drop netfilter", "vertical", "udp", also={"slow": True}, proto=17),
		row("slow_sweep", "scan", slow, "drop reset netfilter ufw", "horizontal", "syn", also={"slow": True}, hosts=True),
		row("slow_sweep_sip", "scan", slow, "drop netfilter", "horizontal", "udp", also={"slow": True}, hosts=True, proto=17),
		row("slow_in_a_crowd", "scan", slow_in_a_crowd, "drop netfilter ufw", "vertical", "syn", also={"slow": True}),
		row("slow_in_a_storm", "scan", slow_in_a_storm, "drop netfilter", "vertical", "syn", also={"slow": True}, memory="24M"),
		row("shared_little_memory", "scan", shared, "drop", "distributed", "syn", memory="24M"),
		row("hidden_little_memory", "scan", hidden_in_flood, "drop netfilter", "vertical", "syn", memory="24M", offered=False),
		row("returning", "scan", returning, "drop netfilter", "vertical", "syn"),
		row("scan_then_login", "scan", scan_then_login, "drop reset drop6", "vertical", "syn", also={"returned": True}),
		row("scan_then_login_next_day", "scan", scan_then_login_elsewhere, "drop reset", "vertical", "syn", also={"returned": True}),
		row("hidden_in_flood", "scan", hidden_in_flood, "drop reset in", "vertical", "syn"),
		row("hidden_in_closed_flood", "scan", hidden_in_flood, "drop netfilter ufw", "vertical", "syn", offered=False),
		row("hidden_in_backscatter", "scan", hidden_in_backscatter, "drop netfilter drop6", "vertical", "syn"),
		row("among_visitors", "scan", among_visitors, "drop reset in drop6 netfilter", "vertical", "syn"),
		row("among_visitors_udp", "scan", among_visitors, "drop reset netfilter", "vertical", "udp", kind="udp"),
		row("visitor_turns_scanner", "scan", visitor_turns_scanner, "drop reset netfilter", "vertical", "syn connect", counted=False),
		row("at_a_gateway", "scan", at_a_gateway, "drop reset in netfilter", "block", "syn"),
		row("two_at_once", "scan", two_at_once, "drop reset netfilter", "vertical horizontal", "syn udp", counted=False),
		row("no_home_syn", "scan", nmap_tcp, "drop reset netfilter ufw", "vertical", "syn", home=False),
		row("no_home_shared", "scan", shared, "drop netfilter", "distributed", "syn", home=False),
		row("no_home_visitors", "scan", among_visitors, "drop reset", "vertical", "syn", home=False),
	), [])
