# SPDX-License-Identifier: ISC
"""harmless_echoes - answers: to packets forged in our name, to what we asked long ago, to who had our address before.

Facts: backscatter has a fixed service source port, SYN-ACK or RST, random high destination ports (CAIDA's telescope); a
SYN-ACK is repeated five times (Linux, tcp_synack_retries); the kernel forgets UDP after 30 s, an ended connection
after 120 s; ICMP errors quote the packet they are about (RFC 792, RFC 4443).
"""
from book import row
from scene import echo, icmp_error, tcp, udp
from wire import TCP, UDP, linux_options

DNS_ANSWER = b"\x12\x34\x81\x80\0\1\0\1\0\0\0\0\7example\3com\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\1\0\0\4\xc0\0\2\1"
HIGH = (1024, 65535)
EPHEMERAL = (32768, 60999)


def our_targets(s, net):
	"""One host of ours, or any."""
	return lambda: s.ours(s.random.randint(1, 254)) if net else s.me


def backscatter(s, what="SA", port=80, victims=3, each=40, net=False, repeats=0, gap=0.05, since=0):
	"""Hosts under a flood forged in our name answer us."""
	to = our_targets(s, net)
	for number in range(victims * each):
		victim, dst, dport, seq = s.peer(150 + number % victims), to(), s.random.randint(*HIGH), s.number()
		for turn in range(1 + repeats):
			flags = {"SA": "SA", "RA": "RA", "R": "R"}[what]
			s.add(since + number * gap + (2 ** turn - 1), tcp(victim, port, dst, dport, flags, seq=seq if "S" in flags else 0, ack=s.number(),
				window=14600 if flags == "SA" else 0, ttl=49, df=True))


def forged(s, victim, dport=80, proto=TCP, net=False):
	"""What somebody sent in our name."""
	src = our_targets(s, net)()
	if proto == UDP:
		return udp(src, s.random.randint(*HIGH), victim, dport, b"\0" * 20, ttl=60, ip_id=s.number(16))
	return tcp(src, s.random.randint(*HIGH), victim, dport, "S", seq=s.number(), window=512, ttl=60, ip_id=s.number(16))


def icmp_backscatter(s, what="port", count=120, net=False, proto=UDP, reporters=3, gap=0.1):
	"""Routers and hosts complain to us about packets that we never sent."""
	for number in range(count):
		victim = s.peer(150 + number % 3)
		reporter = victim if what in ("port", "quench") else s.peer(160 + number % reporters)
		s.add(number * gap, icmp_error(reporter, forged(s, victim, 80 if proto == TCP else 53, proto, net), what, ttl=240))


def echo_backscatter(s, count=90, net=True):
	to = our_targets(s, net)
	for number in range(count):
		s.add(number * 0.1, echo(s.peer(150 + number % 3), to(), s.number(16), number, answer=True, ttl=49))


def dns_backscatter(s, count=120, servers=4, net=True, gap=0.1):
	"""Resolvers answer questions that were forged in our name, a few each: no flood."""
	to = our_targets(s, net)
	for number in range(count):
		s.add(number * gap, udp(s.peer(170 + number % servers), 53, to(), s.random.randint(*HIGH), DNS_ANSWER, ttl=55, ip_id=s.number(16)))


def one_answer_each(s, count=200):
	"""Backscatter of one packet for each of many victims."""
	for number in range(count):
		port = s.random.choice((80, 443, 22, 25565, 30120, 53))
		s.add(number * 2, tcp(s.crowd(700 + 7 * number), port, s.ours(s.random.randint(1, 254)), s.random.randint(*HIGH), s.random.choice(("SA", "RA", "R")),
			seq=s.number(), ack=s.number(), window=0, ttl=50))


def late_dns(s, count=60, delay=40, servers=1, gap=45):
	"""Our questions go out; the answers come after the kernel forgot them."""
	for number in range(count):
		s.dns(number * gap, s.me, s.peer(180 + number % servers), delay=delay)


def late_answers(s, port=123, count=30, size=48, gap=64, servers=2):
	"""Answers of which the question is not seen: as a log or a capture of one direction shows them."""
	for number in range(count):
		s.add(number * gap, udp(s.peer(182 + number % servers), port, s.me, s.random.randint(*EPHEMERAL), b"\x24" + b"\0" * (size - 1), ttl=55))


def ntp_client(s, asked=True, count=40):
	"""Our clock asks four servers from port 123, as ntpd does."""
	for number in range(count):
		for server in range(4):
			at, peer = number * 64 + server, s.peer(184 + server)
			if asked:
				s.add(at, udp(s.me, 123, peer, 123, b"\x23" + b"\0" * 47))
			s.add(at + 0.03, udp(peer, 123, s.me, 123, b"\x24" + b"\0" * 47, ttl=55))


def closing_servers(s, count=60, servers=3, port=443, how="FA", repeats=2, gap=20):
	"""Web servers close connections that our side forgot long ago."""
	for number in range(count):
		server, dport, seq, ack = s.peer(190 + number % servers), s.random.randint(*EPHEMERAL), s.number(), s.number()
		for turn in range(1 + repeats):
			s.add(number * gap + turn * 3, tcp(server, port, s.me, dport, how, seq=seq, ack=ack, window=501, ttl=55, df=True))


def real_late_close(s, count=25):
	"""The same with the connections in the capture: closed by us, and once more by the server 200 s later."""
	for number in range(count):
		cport, server = s.port(), s.peer(190 + number % 3)
		s.session(number * 10, s.me, cport, server, 443)
		s.add(number * 10 + 200, tcp(server, 443, s.me, cport, "RA", seq=s.number(), ack=s.number(), ttl=55, df=True))


def reset_storm(s, count=400, ports=1, gap=0.02):
	"""A broken host sends reset after reset for one old connection, or for several."""
	dports = [s.random.randint(*EPHEMERAL) for _ in range(ports)]
	seq = s.number()
	for number in range(count):
		s.add(number * gap, tcp(s.peer(195), 443, s.me, dports[number % ports], "R", seq=seq + number, ttl=55))


def quic_leftovers(s, servers=3, count=50):
	"""Connection closes and keepalives of QUIC, after ours were forgotten."""
	for number in range(count):
		server, dport = s.peer(196 + number % servers), s.random.randint(*EPHEMERAL)
		for turn in range(3):
			s.add(number * 15 + turn * turn, udp(server, 443, s.me, dport, b"\x40" + b"\1" * 40, ttl=55))


def p2p_leftovers(s, peers=90, port=51413, each=4, proto="both", gap=9):
	"""Former peers of who had our address look for it at its one port."""
	for number in range(peers):
		who, cport = s.crowd(1200 + 17 * number), s.port()
		for turn in range(each):
			at = number * gap + turn * (3, 6, 12, 24)[turn % 4]
			if proto == "udp" or proto == "both" and number % 2:
				s.probe(at, udp(who, s.random.choice((6881, 51413, cport)) if not turn else cport, s.me, port, b"d1:ad2:id20:" + b"x" * 20 + b"e1:q4:ping1:t2:aa1:y1:qe", ttl=47, ip_id=s.number(16)))
			else:
				s.syn(at, who, cport, s.me, port)


def dht_node(s, peers=80):
	"""We take part in a DHT: we ask, are answered, and are asked."""
	for number in range(peers):
		who, wport = s.crowd(1500 + 19 * number), s.random.randint(1025, 65000)
		at = number * 2
		s.add(at, udp(s.me, 6881, who, wport, b"d1:ad2:id20:" + b"y" * 20 + b"e1:q9:find_node1:t2:bb1:y1:qe"))
		if number % 5:
			s.add(at + 0.1, udp(who, wport, s.me, 6881, b"d1:rd2:id20:" + b"x" * 20 + b"e1:t2:bb1:y1:re", ttl=47))
		else:
			s.add(at + 0.1, icmp_error(who, s.packets[-1][1], "port", ttl=47))
		if number % 3 == 0:
			other = s.crowd(1500 + 19 * number + 7)
			s.add(at + 1, udp(other, s.random.randint(1025, 65000), s.me, 6881, b"d1:ad2:id20:" + b"z" * 20 + b"e1:q4:ping1:t2:cc1:y1:qe", ttl=47))
			s.add(at + 1.001, udp(s.me, 6881, other, s.packets[-1][1].sport, b"d1:rd2:id20:" + b"y" * 20 + b"e1:t2:cc1:y1:re"))


def path_mtu(s, count=30):
	"""Routers on the way of our own connections say that a packet is too big."""
	for number in range(count):
		server, cport = s.crowd(1800 + number), s.port()
		end = s.session(number * 5, s.me, cport, server, 443, close="none")
		about = tcp(s.me, cport, server, 443, "PA", seq=s.number(), ack=s.number(), payload=b"x" * 1400, window=501, df=True)
		s.add(end, about)
		s.add(end + 0.01, icmp_error(s.peer(210 + number % 4), about, "big", mtu=1400, ttl=250))


def own_questions(s, what="host", count=40):
	"""We call hosts that are gone, and are told so."""
	for number in range(count):
		about = tcp(s.me, s.port(), s.crowd(1900 + number), 443, "S", seq=s.number(), window=64240, options=linux_options(number), df=True)
		s.add(number * 3, about)
		s.add(number * 3 + 0.05, icmp_error(s.peer(214), about, what, ttl=250))


def own_traceroute(s, hops=20):
	"""We trace a route: time exceeded from every router on it."""
	target, sport = s.peer(220), s.port()
	for hop in range(1, hops + 1):
		for turn in range(3):
			number = (hop - 1) * 3 + turn
			about = udp(s.me, sport + number, target, 33434 + number, b"\0" * 32, ttl=hop)
			s.add(number * 0.05, about)
			s.add(number * 0.05 + 0.02, icmp_error(target if hop == hops else s.peer(221 + hop), about, "port" if hop == hops else "ttl", ttl=250))


def own_scan(s):
	"""We try a hundred ports of somebody else; the answers are ours."""
	for number in range(100):
		about = tcp(s.me, s.port(), s.peer(219), number + 1, "S", seq=s.number(), window=1024, options=b"\2\4\5\xb4")
		s.add(number * 0.05, about)
		s.add(number * 0.05 + 0.02, tcp(s.peer(219), number + 1, s.me, about.sport, "RA" if number != 21 else "SA", ack=about.seq + 1, ttl=55))


def busy_clients(s, count=200):
	"""A capture of one direction only: the answers of honest servers to our clients."""
	for number in range(count):
		s.session(number * 0.5, s.ours(100 + number % 20), s.port(), s.crowd(5000 + number % 60), (443, 443, 80, 993)[number % 4])
		if number % 3 == 0:
			s.dns(number * 0.5, s.ours(100 + number % 20), s.peer(250))


def ping_answers_late(s, count=40):
	"""We ping; each answer comes 35 s later, over a broken line."""
	for number in range(count):
		s.add(number * 10, echo(s.me, s.peer(223), 77, number))
		s.add(number * 10 + 35, echo(s.peer(223), s.me, 77, number, answer=True, ttl=50))


def cases():
	seen = "drop reset in drop6 netfilter netfilter6 plain asa"
	return sum((
		row("backscatter_syn_ack", "harmless", backscatter, seen, "backscatter"),
		row("backscatter_syn_ack_net", "harmless", backscatter, seen, "backscatter", net=True),
		row("backscatter_syn_ack_repeated", "harmless", backscatter, "drop in drop6 netfilter", "backscatter", repeats=5, each=12),
		row("backscatter_one_victim", "harmless", backscatter, "drop in netfilter ufw", "backscatter", victims=1, each=600, gap=0.01, net=True),
		row("backscatter_few", "harmless", backscatter, "drop netfilter", "backscatter", victims=1, each=6, gap=7),
		row("backscatter_reset", "harmless", backscatter, seen, "backscatter leftover late-reply", what="RA"),
		row("backscatter_reset_game", "harmless", backscatter, "drop in netfilter", "backscatter leftover late-reply", what="RA", port=25565, net=True),
		row("backscatter_bare_reset", "harmless", backscatter, "drop drop6 netfilter", "backscatter leftover late-reply", what="R", port=22),
		row("backscatter_high_port", "harmless", backscatter, "drop in netfilter plain", "backscatter", port=30120, victims=1, each=150),
		row("backscatter_days", "harmless", backscatter, "drop netfilter", "backscatter", each=60, gap=3000),
		row("backscatter_port_unreachable", "harmless", icmp_backscatter, seen, "backscatter"),
		row("backscatter_host_unreachable", "harmless", icmp_backscatter, "drop drop6 netfilter ios", "backscatter", what="host", proto=TCP),
		row("backscatter_admin", "harmless", icmp_backscatter, "drop in netfilter", "backscatter", what="admin", proto=TCP, net=True),
		row("backscatter_time_exceeded", "harmless", icmp_backscatter, "drop drop6 netfilter", "backscatter", what="ttl", proto=TCP, net=True, reporters=20),
		row("backscatter_source_quench", "harmless", icmp_backscatter, "drop netfilter", "backscatter", what="quench"),
		row("backscatter_too_big", "harmless", icmp_backscatter, "drop drop6", "backscatter", what="big", proto=TCP),
		row("backscatter_echo_reply", "harmless", echo_backscatter, seen, "backscatter"),
		row("backscatter_dns", "harmless", dns_backscatter, seen, "backscatter late-reply"),
		row("backscatter_one_each", "harmless", one_answer_each, "drop netfilter plain", ""),
		row("late_dns", "harmless", late_dns, "in in6 netfilter netfilter6 plain ufw asa", "late-reply"),
		row("late_dns_resolvers", "harmless", late_dns, "netfilter", "late-reply", servers=4),
		row("late_dns_both", "harmless", late_dns, "drop drop6"),
		row("late_dns_little", "harmless", late_dns, "drop reset", "", delay=3),
		row("late_ntp", "harmless", late_answers, "drop drop6 netfilter ufw ios", "late-reply"),
		row("late_dns_unasked", "harmless", late_answers, "drop reset netfilter ios asa", "late-reply", port=53, count=100, size=90, gap=20),
		row("late_snmp", "harmless", late_answers, "drop netfilter", "late-reply", port=161),
		row("late_radius", "harmless", late_answers, "drop netfilter", "late-reply", port=1812, servers=1),
		row("late_openvpn", "harmless", late_answers, "drop netfilter", "late-reply leftover", port=1194, servers=1),
		row("late_wireguard", "harmless", late_answers, "drop netfilter", "late-reply leftover", port=51820, servers=1, size=32, gap=25),
		row("late_stun", "harmless", late_answers, "drop netfilter", "late-reply leftover", port=3478, servers=2),
		row("late_sip", "harmless", late_answers, "drop netfilter", "late-reply leftover", port=5060, servers=1),
		row("ntp_daemon", "harmless", ntp_client, "drop reset drop6 in netfilter"),
		row("ntp_daemon_unasked", "harmless", ntp_client, "drop netfilter ios", "late-reply health-check retry", asked=False),
		row("closing_servers", "harmless", closing_servers, seen + " ufw", "leftover late-reply"),
		row("closing_servers_ack", "harmless", closing_servers, "drop netfilter asa", "leftover late-reply", how="A"),
		row("closing_servers_push", "harmless", closing_servers, "drop drop6 netfilter", "leftover late-reply", how="PA", port=993),
		row("closing_servers_reset", "harmless", closing_servers, "drop netfilter ufw", "leftover late-reply backscatter", how="R", repeats=0),
		row("closing_servers_8443", "harmless", closing_servers, "drop netfilter", "leftover late-reply", port=8443),
		row("closing_database", "harmless", closing_servers, "drop netfilter", "leftover late-reply", port=5432, servers=1, how="PA"),
		row("closing_days", "harmless", closing_servers, "drop netfilter", "leftover late-reply", gap=5000),
		row("real_late_close", "harmless", real_late_close, "drop reset drop6 cooked netfilter"),
		row("reset_storm", "harmless", reset_storm, "drop in drop6 netfilter", "leftover late-reply backscatter"),
		row("reset_storm_many", "harmless", reset_storm, "drop netfilter asa", "leftover late-reply backscatter", ports=100),
		row("quic_leftovers", "harmless", quic_leftovers, seen, "late-reply leftover"),
		row("p2p_leftovers", "harmless", p2p_leftovers, "drop reset in drop6 netfilter netfilter6 plain ufw asa ios", "leftover"),
		row("p2p_leftovers_udp", "harmless", p2p_leftovers, "drop reset netfilter", "leftover", proto="udp", port=6881),
		row("p2p_leftovers_few", "harmless", p2p_leftovers, "drop netfilter", peers=12, gap=120),
		row("p2p_leftovers_tcp", "harmless", p2p_leftovers, "drop reset netfilter", "leftover", proto="tcp", port=6346),
		row("dht_node", "harmless", dht_node, "drop in drop6 netfilter"),
		row("path_mtu", "harmless", path_mtu, "drop reset drop6 netfilter"),
		row("path_mtu_unasked", "harmless", path_mtu, "in in6"),
		row("own_questions", "harmless", own_questions, "drop drop6 netfilter"),
		row("own_questions_admin", "harmless", own_questions, "drop in", what="admin"),
		row("own_traceroute", "harmless", own_traceroute, "drop in drop6 in6 netfilter"),
		row("own_scan", "harmless", own_scan, "drop in netfilter"),
		row("busy_clients", "harmless", busy_clients, "drop in in6 drop6 netfilter"),
		row("no_home_busy_clients", "harmless", busy_clients, "drop", home=False),
		row("ping_answers_late", "harmless", ping_answers_late, "drop in netfilter"),
	), [])
