# SPDX-License-Identifier: ISC
"""harmless_clients - those who mean well: clients, monitors, load balancers, tunnels, calls, mail, and their mistakes."""
import re
import struct

from book import row
from firewall import netfilter_text, short_stamp
from scene import Packet, echo, tcp, udp
from wire import ESP, GRE, linux_options

MINUTE, HOUR, DAY = 60, 3600, 86400
SYN_AGAIN = (0, 1, 3, 7, 15, 31) # Linux repeats a SYN after 1, 2, 4, ... seconds


def knocks(s, at, who, port, turns=6, host=None):
	"""One connect() to a port that does not answer, with the kernel's repeats; to one that is closed, once."""
	cport, seq = s.port(), s.number()
	for turn in SYN_AGAIN[:turns]:
		s.probe(at + turn, tcp(who, cport, host or s.me, port, "S", seq=seq, window=64240, options=linux_options(int((at + turn) * 1000)), df=True,
			ttl=52, ip_id=s.number(16)))
		if s.policy == "reset":
			break


def retry(s, ports=(8080,), every=MINUTE, count=15, turns=4, host=None):
	"""A client that does not give up."""
	who = s.peer(100)
	for number in range(count):
		knocks(s, number * every, who, ports[number % len(ports)], turns, host)


def retry_udp(s, port=514, every=30, count=60, sport=0, payload=b"<13>May  6 08:00:00 printer out of paper"):
	who, fixed = s.peer(101), sport or s.port()
	for number in range(count):
		s.probe(number * every, udp(who, fixed if number % 3 or sport else s.port(), s.me, port, payload, ttl=52, ip_id=s.number(16)))


def many_clients_one_port(s, count=150, port=5222, turns=3):
	"""A service has moved; everybody still asks here."""
	for number in range(count):
		knocks(s, number * 4, s.crowd(10000 + 11 * number), port, turns)


def service_restarts(s, count=80):
	"""The web server is away for a minute: its clients are refused, come again, and are served."""
	for number in range(count):
		who = s.crowd(10500 + 11 * number)
		syn = tcp(who, s.port(), s.me, 443, "S", seq=s.number(), window=64240, options=linux_options(number), df=True, ttl=52)
		s.add(number * 0.7, syn)
		s.add(number * 0.7 + 0.001, tcp(s.me, 443, who, syn.sport, "RA", ack=syn.seq + 1))
		s.session(70 + number * 0.5, who, s.port(), s.me, 443)


def health_check(s, ports=(8080,), sources=2, every=5, count=80, kind="connect"):
	for number in range(count):
		for place in range(sources):
			who, at = s.peer(102 + place), number * every + place
			for port in ports:
				if (s.me, 6, port) in s.offers and kind == "connect":
					s.session(at, who, s.port(), s.me, port, say=60, hear=120)
				else:
					s.syn(at, who, s.port(), s.me, port)


def monitoring_pings(s, every=60, count=60, hosts=(5,), sources=1):
	for number in range(count):
		for host in hosts:
			s.probe(number * every, echo(s.peer(105 + number % sources), s.ours(host), 4242, number & 0xFFFF, ttl=52, ip_id=s.number(16)))


def traceroute(s, way="udp", hops=6, port=None, payload=32):
	"""A route to our host is traced: what reaches it has a TTL of one and more."""
	who, sport, number = s.peer(108), s.port(), s.number(16)
	for hop in range(hops):
		for turn in range(3):
			place, at = 24 + hop * 3 + turn, hop * 0.9 + turn * 0.05
			more = dict(ttl=1 + hop, ip_id=s.number(16))
			if way == "udp":
				packet = udp(who, sport + turn, s.me, 33434 + place, b"@" * payload, **more)
			elif way == "paris":
				packet = udp(who, sport, s.me, port or 33457, struct.pack(">H", place) + b"@" * payload, **more)
			elif way == "icmp":
				packet = echo(who, s.me, number, place, **more)
			else:
				packet = tcp(who, sport + turn, s.me, port or 80, "S", seq=s.number(), window=5840, options=linux_options(place), **more)
			s.probe(at, packet)


def many_trace(s, count=12):
	"""A dozen users trace a route, once each."""
	for number in range(count):
		who, sport = s.crowd(10800 + 31 * number), s.port()
		for place in range(9):
			s.probe(number * HOUR + place * 0.3, udp(who, sport, s.me, 33440 + place, b"@" * 32, ttl=1 + place // 3, ip_id=s.number(16)))


def geo_probes(s, sources=5, times=4):
	"""A load balancer in several cities measures its way to our resolver: pings, and questions to port 53."""
	for number in range(times):
		for place in range(sources):
			who, at = s.peer(110 + place), number * 20 * MINUTE + place * 0.02
			for turn in range(3):
				s.probe(at + turn, echo(who, s.me, 1 + place, turn, ttl=48, ip_id=s.number(16)))
			s.probe(at + 4, udp(who, s.port(), s.me, 53, b"\0\1\0\0\0\1\0\0\0\0\0\0\0\0\2\0\1", ttl=48, ip_id=s.number(16)))
			s.probe(at + 5, tcp(who, s.port(), s.me, 53, "S", seq=s.number(), window=2048, ttl=48, ip_id=s.number(16)))


def typos(s, ports=(8082, 8880, 2222), people=5):
	"""Somebody mistypes a port, three times in all."""
	for number in range(people):
		who = s.peer(115 + number)
		for place, port in enumerate(ports):
			knocks(s, number * HOUR + place * 40, who, port, 4)
		s.session(number * HOUR + 150, who, s.port(), s.me, 443)


def vpn(s, what="esp", every=20, count=90):
	"""The other end of a tunnel that we no longer have keeps it alive."""
	who, spi = s.peer(120), s.number()
	for number in range(count):
		at, more = number * every, dict(ttl=52, ip_id=s.number(16))
		if what == "esp":
			packet = Packet(who, s.me, ESP, payload=struct.pack(">II", spi, number + 1) + b"x" * 84, **more)
		elif what == "gre":
			packet = Packet(who, s.me, GRE, payload=b"\0\0\x08\0" + b"E" * 48, **more)
		elif what == "nat-t":
			packet = udp(who, 4500, s.me, 4500, b"\xff", **more)
		elif what == "ike":
			packet = udp(who, 500, s.me, 500, struct.pack(">QQ", spi, 0) + b"\x21\x20\x22\x08" + b"\0" * 300, **more)
		elif what == "wireguard":
			packet = udp(who, 51820, s.me, 51820, b"\1\0\0\0" + b"w" * 144, **more)
		elif what == "6in4":
			packet = Packet(who, s.me, 41, payload=b"\x60\0\0\0\0\x08\x3a\x40" + b"\x20" * 40, **more)
		else:
			packet = udp(who, 1194, s.me, 1194, b"\x38" + b"o" * 13, **more)
		s.probe(at, packet)


def rtp(s, calls=2, seconds=6, both=True, late=False):
	"""Calls: voice goes to one even port of ours and its reports to the next."""
	for call in range(calls):
		who, theirs, mine, sync = s.peer(122), s.random.randrange(10000, 20000, 2), s.random.randrange(16384, 32766, 2), s.number()
		for number in range(seconds * 50):
			at = call * HOUR + number * 0.02
			voice = struct.pack(">BBHII", 0x80, 0, number, number * 160, sync) + b"\xd5" * 160
			if both:
				s.add(at, udp(s.me, mine, who, theirs, voice, tos=0xB8))
			s.probe(at + 0.005, udp(who, theirs, s.me, mine, voice, ttl=52, tos=0xB8, ip_id=number)) if not both else s.add(
				at + 0.005, udp(who, theirs, s.me, mine, voice, ttl=52, tos=0xB8, ip_id=number))
			if number % 250 == 0:
				s.add(at + 0.007, udp(who, theirs + 1, s.me, mine + 1, b"\x81\xc8\0\x0c" + b"\0" * 48, ttl=52, ip_id=number))


def ftp_active(s, files=12):
	"""We fetch files: the server opens a connection from port 20 to us for each."""
	server, control = s.peer(124), s.port()
	s.session(0, s.me, control, server, 21, say=40, hear=200, close="none")
	for number in range(files):
		at, mine, seq = 2 + number * 5, s.port(), s.number()
		s.add(at - 0.1, tcp(s.me, control, server, 21, "PA", seq=100 + number, ack=900, payload=b"PORT 203,0,113,5,%d,%d\r\n" % (mine >> 8, mine & 255), window=500))
		s.session(at, server, 20, s.me, mine, say=3000, hear=0)


def ftp_passive(s, files=14):
	"""Somebody fetches files from our server: each over a connection to another high port of ours."""
	who, control = s.peer(125), s.port()
	s.offer(21)
	s.session(0, who, control, s.me, 21, say=40, hear=200, close="none")
	for number in range(files):
		s.session(2 + number * 5, who, s.port(), s.me, s.random.randint(50000, 51000), say=10, hear=4000)


def busy_client(s, count=300, ports=(443, 80)):
	"""Many people behind one address use our site."""
	for number in range(count):
		s.session(number * 0.15, s.peer(126), s.port(), s.me, ports[number % len(ports)], close=("fin", "rst")[number % 7 == 0])


def all_services(s, people=6):
	"""Users of everything that a small server offers: nine ports, all open."""
	ports = (21, 22, 25, 80, 143, 443, 587, 993, 8443)
	s.offer(*ports)
	for number in range(people):
		for place, port in enumerate(ports):
			s.session(number * 60 + place * 4, s.peer(127 + number), s.port(), s.me, port)


def mail_out(s, count=120):
	"""We send mail to many; some servers ask who we are (ident, closed) or call back to our port 25."""
	s.offer(25)
	for number in range(count):
		server = s.crowd(11000 + 23 * number)
		s.session(number * 2, s.me, s.port(), server, 25, say=2000, hear=300)
		if number % 4 == 0:
			knocks(s, number * 2 + 0.1, server, 113, 3)
		if number % 5 == 0:
			s.session(number * 2 + 0.5, server, s.port(), s.me, 25, say=60, hear=200)


def mail_in(s, count=150):
	s.offer(25)
	for number in range(count):
		who = s.crowd(11500 + 23 * number)
		s.session(number, who, s.port(), s.me, 25, say=3000, hear=300)
		if number % 3 == 0:
			s.dns(number, s.me, s.peer(250))


def dns_server(s, count=250):
	"""We are a name server: questions from everywhere, some over TCP."""
	s.offer(53)
	s.offer(53, proto=17)
	for number in range(count):
		s.dns(number * 0.2, s.crowd(12000 + number % 90), s.me, delay=0.001)
		if number % 20 == 0:
			s.session(number * 0.2, s.crowd(12000 + number % 90), s.port(), s.me, 53, say=40, hear=600)


def port_knock(s, ports=(7000, 8000, 9000), times=5, login=True):
	"""Three closed ports in the agreed order, then ssh."""
	who = s.peer(135)
	for number in range(times):
		for place, port in enumerate(ports):
			s.syn(number * DAY + place * 0.4, who, s.port(), s.me, port)
		if login:
			s.session(number * DAY + 2, who, s.port(), s.me, 22, say=2000, hear=4000)


def single_packet_knock(s, times=30):
	"""One packet of authorization before each ssh session."""
	who = s.peer(136)
	for number in range(times):
		s.probe(number * HOUR, udp(who, s.port(), s.me, 62201, b"q" * 180, ttl=52, ip_id=s.number(16)))
		s.session(number * HOUR + 2, who, s.port(), s.me, 22)


def strangers_once(s, count=400, ports=(23, 22, 445, 3389, 8080, 5900, 6379, 1433)):
	"""What every address gets: each source knocks once, at one door."""
	for number in range(count):
		who = s.crowd(13000 + 29 * number)
		s.probe(s.random.random() * DAY, tcp(who, s.port(), s.me, s.random.choice(ports), "S", seq=s.number(), window=s.random.choice((1024, 65535, 29200)),
			ttl=s.random.randint(40, 120), ip_id=s.number(16)))


def wrong_mail_server(s):
	"""A mail program that is told the wrong server: three ports, again and again."""
	who = s.peer(137)
	for number in range(20):
		for place, port in enumerate((993, 143, 587)):
			knocks(s, number * 5 * MINUTE + place * 20, who, port, 3)


def tcp_half_checks(s, count=100):
	"""A load balancer that opens halfway and resets, at two offered ports."""
	for number in range(count):
		for place, port in enumerate((80, 443)):
			s.syn(number * 5 + place, s.peer(138), s.port(), s.me, port)


def webrtc(s, peers=6):
	"""A call between browsers: both ends try each other's addresses from one port."""
	mine = s.port()
	for number in range(peers):
		who, theirs = s.crowd(14000 + 41 * number), s.random.randint(1025, 65000)
		for turn in range(8):
			at = number * 20 + turn * 0.5
			s.add(at + 0.2, udp(s.me, mine, who, theirs, b"\0\1\0\0\x21\x12\xa4\x42" + b"i" * 12))
			s.add(at, udp(who, theirs, s.me, mine, b"\0\1\0\0\x21\x12\xa4\x42" + b"j" * 12, ttl=52))


def file_share_asks(s, port=445, count=25):
	"""A laptop that remembers a share on this address."""
	for number in range(count):
		knocks(s, number * 10 * MINUTE, s.peer(139), port, 3)
		if number % 4 == 0:
			knocks(s, number * 10 * MINUTE + 30, s.peer(139), 139, 3)


def resets_by_clients(s, count=100):
	"""Clients that break off in all the usual ways."""
	for number in range(count):
		who, cport = s.crowd(14500 + 7 * number), s.port()
		end = s.session(number, who, cport, s.me, 443, close="none")
		s.add(end, tcp(who, cport, s.me, 443, ("R", "RA", "FA")[number % 3], seq=s.number(), ack=s.number(), ttl=52))
		s.add(end + 130, tcp(who, cport, s.me, 443, "RA", seq=s.number(), ack=s.number(), ttl=52))


def game_list(s, count=150):
	"""Players ask a game server that was here once."""
	for number in range(count):
		for turn in range(3):
			s.probe(number * 5 + turn * 2, udp(s.crowd(15000 + 7 * number), 27005 + number % 9, s.me, 27015, b"\xff\xff\xff\xffTSource Engine Query\0", ttl=52, ip_id=s.number(16)))


def line_about(packet, prefix):
	return lambda now: "%s gate kernel: [%5d.000000] %s %s" % (short_stamp(now), now % 90000, prefix, netfilter_text(packet, False))


def allowed_lines(s, prefix="[UFW ALLOW]", count=60):
	"""A log that also tells of what was let in."""
	for number in range(count):
		port = (22, 25, 80, 143, 443, 587, 993, 8443, 53)[number % 9]
		packet = tcp(s.peer(140), s.port(), s.me, port, "S", seq=s.number(), window=64240, df=True, ttl=52, ip_id=s.number(16))
		s.say(number * 5, line_about(packet, prefix))


def outgoing_lines(s, count=60):
	"""Our own host is not allowed out: lines of what it tried."""
	for number in range(count):
		packet = tcp(s.me, s.port(), s.crowd(15500 + number % 30), 1000 + 7 * number, "S", seq=s.number(), window=64240, df=True, ip_id=s.number(16))
		text = line_about(packet, "[UFW BLOCK]")
		s.say(number * 5, lambda now, text=text: re.sub("IN=eth0 OUT= MAC=[^ ]* ", "IN= OUT=eth0 ", text(now)))


def asa_built(s, count=60):
	"""Connections that a Cisco ASA let in and took down again."""
	for number in range(count):
		port = (22, 25, 80, 143, 443, 587, 993, 8443, 53)[number % 9]
		head = "outside:%s/%d" % (s.peer(141), s.port())
		s.say(number * 5, lambda now, head=head, port=port, n=number: "%s asa %%ASA-6-302013: Built inbound TCP connection %d for %s (%s) to inside:%s/%d (%s/%d)" % (
			short_stamp(now), 1000 + n, head, head[8:], s.me, port, s.me, port))
		s.say(number * 5 + 2, lambda now, head=head, port=port, n=number: "%s asa %%ASA-6-302014: Teardown TCP connection %d for %s to inside:%s/%d duration 0:00:02 bytes 420 TCP FINs" % (
			short_stamp(now), 1000 + n, head, s.me, port))


def ios_permitted(s, count=60):
	for number in range(count):
		port = (22, 25, 80, 143, 443, 587, 993, 8443, 53)[number % 9]
		sport = s.port()
		s.say(number * 5, lambda now, port=port, sport=sport, n=number: "%s router %d: %%SEC-6-IPACCESSLOGP: list 101 permitted tcp %s(%d) -> %s(%d), 1 packet" % (
			short_stamp(now), n, s.peer(142), sport, s.me, port))


def cases():
	both = "drop reset in drop6 netfilter netfilter6 plain ufw asa ios"
	return sum((
		row("retry_8080", "harmless", retry, both, "retry health-check"),
		row("retry_two_ports", "harmless", retry, "drop reset netfilter ufw", "retry health-check", ports=(5432, 6432)),
		row("retry_daily", "harmless", retry, "drop netfilter", "retry health-check", every=DAY, count=12),
		row("retry_once", "harmless", retry, "drop reset netfilter", count=1),
		row("retry_for_weeks", "harmless", retry, "drop netfilter", "retry health-check", every=HOUR, count=300, turns=1),
		row("retry_syslog", "harmless", retry_udp, both, "retry health-check misdirected"),
		row("retry_trap", "harmless", retry_udp, "drop reset netfilter", "retry health-check misdirected", port=162, every=120),
		row("retry_statsd", "harmless", retry_udp, "drop netfilter", "retry health-check misdirected", port=8125, every=1, count=300),
		row("retry_dns", "harmless", retry_udp, "drop reset netfilter ios", "retry health-check misdirected", port=53, every=3, count=200),
		row("retry_sip_register", "harmless", retry_udp, "drop netfilter", "retry health-check misdirected late-reply", port=5060, sport=5060, every=60),
		row("moved_service", "harmless", many_clients_one_port, "drop reset drop6 netfilter ufw ios", "leftover retry misdirected"),
		row("service_restarts", "harmless", service_restarts, "drop reset in"),
		row("health_check_closed", "harmless", health_check, both, "health-check retry"),
		row("health_check_two_closed", "harmless", health_check, "drop reset netfilter plain", "health-check retry", ports=(8080, 8443)),
		row("health_check_open", "harmless", health_check, "drop in drop6 netfilter", ports=(80, 443)),
		row("health_check_slow", "harmless", health_check, "drop netfilter", "health-check retry", every=300, count=40, sources=1),
		row("tcp_half_checks", "harmless", tcp_half_checks, "drop reset drop6 in"),
		row("monitoring_pings", "harmless", monitoring_pings, "in netfilter netfilter6 plain ufw ios asa", "health-check retry"),
		row("monitoring_pings_answered", "harmless", monitoring_pings, "reset reset6 cooked"),
		row("monitoring_pings_two", "harmless", monitoring_pings, "drop netfilter", "health-check retry", hosts=(5, 6), every=10, count=200),
		row("traceroute_udp", "harmless", traceroute, "drop reset in drop6 netfilter netfilter6 plain ufw", "traceroute"),
		row("traceroute_udp_long", "harmless", traceroute, "drop netfilter", "traceroute", hops=20),
		row("traceroute_icmp", "harmless", traceroute, "drop reset drop6 netfilter ufw", "traceroute health-check retry", way="icmp"),
		row("traceroute_tcp_open", "harmless", traceroute, "drop reset drop6", way="tcp"),
		row("traceroute_tcp_closed", "harmless", traceroute, "drop netfilter plain", "traceroute retry", way="tcp", port=8081),
		row("traceroute_paris", "harmless", traceroute, "drop reset netfilter", "traceroute retry", way="paris"),
		row("traceroute_many", "harmless", many_trace, "drop in netfilter", "traceroute"),
		row("geo_probes", "harmless", geo_probes, "drop reset netfilter ufw"),
		row("geo_probes_16", "harmless", geo_probes, "drop netfilter", sources=16, times=6),
		row("typos", "harmless", typos, both),
		row("vpn_esp", "harmless", vpn, "drop in drop6 netfilter plain", "leftover retry health-check"),
		row("vpn_gre", "harmless", vpn, "drop reset netfilter ios", "leftover retry health-check", what="gre"),
		row("vpn_nat_t", "harmless", vpn, "drop drop6 netfilter asa", "leftover retry health-check late-reply", what="nat-t"),
		row("vpn_ike", "harmless", vpn, "drop netfilter", "leftover retry health-check late-reply", what="ike"),
		row("vpn_wireguard", "harmless", vpn, "drop reset netfilter", "leftover retry health-check late-reply", what="wireguard", every=5),
		row("vpn_6in4", "harmless", vpn, "drop netfilter", "leftover retry health-check", what="6in4"),
		row("vpn_openvpn", "harmless", vpn, "drop netfilter ufw", "leftover retry health-check late-reply", what="openvpn"),
		row("rtp_call", "harmless", rtp, "drop drop6 cooked"),
		row("rtp_one_way", "harmless", rtp, "in in6 netfilter plain", both=False, calls=1),
		row("ftp_active", "harmless", ftp_active, "drop reset cooked"),
		row("ftp_passive", "harmless", ftp_passive, "drop reset cooked drop6"),
		row("busy_client", "harmless", busy_client, "drop reset in drop6 netfilter"),
		row("all_services", "harmless", all_services, "drop reset in drop6"),
		row("mail_out", "harmless", mail_out, "drop reset drop6 netfilter"),
		row("mail_in", "harmless", mail_in, "drop in drop6 netfilter"),
		row("dns_server", "harmless", dns_server, "drop reset in drop6 netfilter"),
		row("port_knock", "harmless", port_knock, "drop reset", "port-knock"),
		row("port_knock_logged", "harmless", port_knock, "netfilter ufw"),
		row("single_packet_knock", "harmless", single_packet_knock, "drop netfilter", "port-knock retry health-check"),
		row("strangers_once", "harmless", strangers_once, "drop reset netfilter plain"),
		row("wrong_mail_server", "harmless", wrong_mail_server, "drop reset drop6 netfilter ufw", "retry health-check misdirected"),
		row("webrtc", "harmless", webrtc, "drop in drop6 netfilter"),
		row("file_share", "harmless", file_share_asks, "drop reset netfilter", "retry health-check"),
		row("resets_by_clients", "harmless", resets_by_clients, "drop reset in netfilter"),
		row("game_list", "harmless", game_list, "drop reset netfilter ufw", "leftover retry misdirected"),
		row("ufw_allowed", "harmless", allowed_lines, "ufw"),
		row("ufw_audit", "harmless", allowed_lines, "ufw", prefix="[UFW AUDIT]"),
		row("netfilter_accepted", "harmless", allowed_lines, "netfilter", prefix="ACCEPT"),
		row("ufw_outgoing", "harmless", outgoing_lines, "ufw"),
		row("asa_built", "harmless", asa_built, "asa"),
		row("ios_permitted", "harmless", ios_permitted, "ios"),
		row("no_home_retry", "harmless", retry, "drop netfilter ufw", "retry health-check", home=False),
		row("no_home_busy_client", "harmless", busy_client, "drop reset in", home=False),
	), [])
