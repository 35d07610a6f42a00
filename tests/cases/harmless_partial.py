# SPDX-License-Identifier: ISC
"""harmless_partial - honest traffic of which a part is seen, and more of those who ask for good reasons."""
from book import row
from harmless_clients import all_services, busy_client, dns_server, ftp_active, knocks, mail_in, mail_out
from harmless_echoes import busy_clients, late_dns, own_questions
from scene import BEGIN, ICMP, Packet, echo, icmp_error, tcp, udp
from wire import linux_options

MINUTE, HOUR, DAY = 60, 3600, 86400


def midstream(s, ports=(443,), count=60, clients=30):
	"""The capture begins in the middle: connections go on, and end, that were never seen to begin."""
	for number in range(count):
		who, cport, port = s.crowd(16000 + number % clients), s.port(), ports[number % len(ports)]
		one, two = s.number(), s.number()
		for turn in range(6):
			at = number * 0.3 + turn * 0.05
			s.add(at, tcp(who, cport, s.me, port, "PA", seq=one + turn * 100, ack=two + turn * 1000, window=501, payload=b"q" * 100, df=True, ttl=52))
			s.add(at + 0.01, tcp(s.me, port, who, cport, "PA", seq=two + turn * 1000, ack=one + (turn + 1) * 100, window=501, payload=b"r" * 1000, df=True))
		if number % 3:
			s.add(at + 0.05, tcp(who, cport, s.me, port, "FA", seq=one + 600, ack=two + 6000, window=501, df=True, ttl=52))
			s.add(at + 0.06, tcp(s.me, port, who, cport, "FA", seq=two + 6000, ack=one + 601, window=501, df=True))
			s.add(at + 0.07, tcp(who, cport, s.me, port, "A", seq=one + 601, ack=two + 6001, window=501, df=True, ttl=52))


def midstream_ours(s, count=60):
	"""The same of connections that we made."""
	for number in range(count):
		server, cport, one, two = s.crowd(16200 + number % 25), s.port(), s.number(), s.number()
		for turn in range(5):
			at = number * 0.3 + turn * 0.05
			s.add(at, tcp(s.me, cport, server, 443, "A", seq=one, ack=two + turn * 1400, window=501, df=True))
			s.add(at + 0.01, tcp(server, 443, s.me, cport, "PA", seq=two + turn * 1400, ack=one, window=501, payload=b"r" * 1400, df=True, ttl=55))
		s.add(at + 0.05, tcp(server, 443, s.me, cport, "FA", seq=two + 7000, ack=one, window=501, df=True, ttl=55))


def foreign(s, count=120):
	"""A mirror port shows what strangers say to strangers; none of it is for us."""
	for number in range(count):
		a, b = s.crowd(16500 + number % 40), s.crowd(17500 + number % 60)
		s.session(number * 0.3, a, s.port(), b, (443, 80, 22, 25, 8080, 3306)[number % 6])
		if number % 5 == 0:
			s.dns(number * 0.3, a, s.peer(250))


def atlas(s, rounds=8):
	"""A measuring network: pings, traceroutes, a certificate, a name, each from a few addresses."""
	for number in range(rounds):
		for place in range(4):
			who, at, number16 = s.crowd(18000 + 50 * place), number * 15 * MINUTE + place * 37, s.number(16)
			for turn in range(3):
				s.probe(at + turn, echo(who, s.me, number16, turn, ttl=50, ip_id=s.number(16)))
			s.session(at + 5, who, s.port(), s.me, 443, say=200, hear=3000)
			if place % 2:
				for hop in range(1, 4):
					s.probe(at + 8 + hop, echo(who, s.me, number16 + 1, hop, ttl=hop, ip_id=s.number(16)))


def browsers(s, people=40):
	"""Browsers try http, then https, then QUIC to a server that has only https."""
	for number in range(people):
		who, at = s.crowd(18300 + 13 * number), number * 20
		s.session(at, who, s.port(), s.me, 443)
		for turn in range(3):
			s.probe(at + 0.3 + turn * 0.4, udp(who, 50000 + number, s.me, 443, b"\xc3\0\0\0\1" + b"\1" * 1195, ttl=52, ip_id=s.number(16)))
		knocks(s, at + 1, who, 8443 if number % 10 == 0 else 8080, 2) if number % 4 == 0 else None


def certificate_checks(s, times=3):
	"""Somebody checks one closed port from five places at once, as certificate authorities do."""
	for number in range(times):
		for place in range(5):
			knocks(s, number * DAY + place * 0.2, s.crowd(18900 + 61 * place), 8880, 4)


def scraper(s, port=9100, every=15, count=200):
	"""A metrics server asks an exporter that is not there."""
	for number in range(count):
		knocks(s, number * every, s.peer(143), port, 2)


def pollers(s, count=60):
	"""A monitoring server asks for SNMP, the agent and a ping: none of them is offered."""
	for number in range(count):
		who, at = s.peer(144), number * MINUTE
		s.probe(at, echo(who, s.me, 900, number, ttl=60))
		s.probe(at + 1, udp(who, s.port(), s.me, 161, b"\x30\x26\2\1\1\4\6public" + b"\0" * 26, ttl=60, ip_id=s.number(16)))
		knocks(s, at + 2, who, 10050, 2)


def bgp_peer(s, count=60):
	"""A router that was told our address as its neighbour's."""
	for number in range(count):
		knocks(s, number * 120, s.peer(145), 179, 4)


def crawlers(s, count=200):
	"""A search engine reads our pages from a whole network of its own."""
	for number in range(count):
		who = "2001:db8:55:%x::7" % (number % 40) if s.v6 else "192.0.2.%d" % (10 + number % 40)
		s.session(number * 1.5, who, s.port(), s.me, (443, 443, 443, 80)[number % 4])


def crawlers_meet_closed_port(s, count=200):
	"""The same, and a link on our pages that leads to a port that is closed."""
	crawlers(s, count)
	for number in range(12):
		who = "2001:db8:55:%x::7" % number if s.v6 else "192.0.2.%d" % (10 + number)
		knocks(s, 20 + number * 20, who, 8090, 3)


def errors_about_answers(s, count=40):
	"""Our answers to visitors that have vanished come back as errors."""
	for number in range(count):
		who, cport = s.crowd(19500 + 7 * number), s.port()
		s.session(number * 3, who, cport, s.me, 443, close="none")
		about = tcp(s.me, 443, who, cport, "PA", seq=s.number(), ack=s.number(), window=501, payload=b"z" * 200)
		s.add(number * 3 + 1, about)
		s.add(number * 3 + 1.2, icmp_error(s.peer(213), about, "host", ttl=240))


def ntp_server(s, count=300):
	s.offer(123, proto=17)
	for number in range(count):
		who = s.crowd(19800 + 3 * number)
		s.probe(number * 2, udp(who, 123 if number % 2 else s.port(), s.me, 123, b"\x23" + b"\0" * 47, ttl=50, ip_id=s.number(16)))


def wake_on_lan(s, count=10):
	for number in range(count):
		s.packets.append((BEGIN + number * HOUR, udp("203.0.113.70", 40000 + number, "203.0.113.255", 9, b"\xff" * 6 + b"\2\0\x5e\0\x53\1" * 16), False))


def timestamp_monitor(s, count=60):
	"""Somebody measures our clock by ICMP timestamps, one a minute."""
	for number in range(count):
		s.probe(number * MINUTE, Packet(s.peer(146), s.me, ICMP, kind=13, rest=b"\0\7" + number.to_bytes(2, "big"), payload=b"\0" * 12, ttl=50))


def happy_eyeballs(s, people=30):
	"""Clients that give up on a slow handshake and come again at once."""
	for number in range(people):
		who, at = s.crowd(20500 + 3 * number), number * 11
		first = s.syn(at, who, s.port(), s.me, 443, give_up=False)
		s.add(at + 0.25, tcp(who, first.sport, s.me, 443, "R", seq=first.seq + 1, ttl=52))
		s.session(at + 0.3, who, s.port(), s.me, 443)


def lost_answers(s, count=30):
	"""Our SYN-ACKs get lost: clients repeat, and are served in the end."""
	for number in range(count):
		who, cport, seq, at = s.crowd(20700 + 3 * number), s.port(), s.number(), number * 12
		for turn in (0, 1, 3):
			s.add(at + turn, tcp(who, cport, s.me, 443, "S", seq=seq, window=64240, options=linux_options(int(at)), df=True, ttl=52))
			s.add(at + turn + 0.001, tcp(s.me, 443, who, cport, "SA", seq=77, ack=seq + 1, window=65160, df=True))
		s.add(at + 3.1, tcp(who, cport, s.me, 443, "A", seq=seq + 1, ack=78, window=502, df=True, ttl=52))
		s.add(at + 3.11, tcp(who, cport, s.me, 443, "PA", seq=seq + 1, ack=78, window=502, payload=b"q" * 200, df=True, ttl=52))
		s.add(at + 3.2, tcp(s.me, 443, who, cport, "PA", seq=78, ack=seq + 201, window=502, payload=b"r" * 900, df=True))


def cases():
	return sum((
		row("midstream", "harmless", midstream, "drop reset in drop6 cooked"),
		row("midstream_five_ports", "harmless", midstream, "drop reset", ports=(22, 25, 80, 443, 993), clients=6),
		row("midstream_ours", "harmless", midstream_ours, "drop reset in drop6 out"),
		row("foreign", "harmless", foreign, "drop in drop6"),
		row("out_busy_client", "harmless", busy_client, "out"),
		row("out_all_services", "harmless", all_services, "out"),
		row("out_dns_server", "harmless", dns_server, "out"),
		row("out_mail_out", "harmless", mail_out, "out"),
		row("in_mail_out", "harmless", mail_out, "in in6"),
		row("in_mail_in", "harmless", mail_in, "in6"),
		row("out_busy_clients", "harmless", busy_clients, "out"),
		row("out_own_questions", "harmless", own_questions, "out"),
		row("in_ftp_active", "harmless", ftp_active, "in"),
		row("odd_wire_clients", "harmless", busy_clients, "vlan pppoe nano big short ng loop"),
		row("odd_wire_services", "harmless", all_services, "vlan pppoe nano big short ng loop"),
		row("odd_wire_late_dns", "harmless", late_dns, "vlan short ng"),
		row("atlas", "harmless", atlas, "drop reset drop6 netfilter"),
		row("browsers", "harmless", browsers, "drop reset in drop6 netfilter ufw"),
		row("certificate_checks", "harmless", certificate_checks, "drop reset netfilter"),
		row("scraper", "harmless", scraper, "drop reset netfilter limited", "retry health-check"),
		row("pollers", "harmless", pollers, "drop netfilter", "retry health-check misdirected"),
		row("bgp_peer", "harmless", bgp_peer, "drop drop6 netfilter", "retry health-check"),
		row("crawlers", "harmless", crawlers, "drop reset in drop6 netfilter"),
		row("crawlers_meet_closed_port", "harmless", crawlers_meet_closed_port, "drop reset drop6 netfilter"),
		row("errors_about_answers", "harmless", errors_about_answers, "drop reset drop6 netfilter"),
		row("ntp_server", "harmless", ntp_server, "drop reset in netfilter"),
		row("wake_on_lan", "harmless", wake_on_lan, "drop netfilter"),
		row("timestamp_monitor", "harmless", timestamp_monitor, "drop reset netfilter"),
		row("happy_eyeballs", "harmless", happy_eyeballs, "drop reset drop6 in"),
		row("lost_answers", "harmless", lost_answers, "drop reset in"),
		row("no_home_services", "harmless", all_services, "drop reset", home=False),
		row("no_home_midstream", "harmless", midstream, "drop reset", home=False),
		row("no_home_dns_server", "harmless", dns_server, "drop reset", home=False),
		row("no_home_mail", "harmless", mail_out, "drop reset", home=False),
	), [])
