# SPDX-License-Identifier: ISC
"""scans_tools - sweeps and scans of other tools than nmap, by their published handwriting.

masscan: IP id = low 16 bits of (destination xor port xor sequence), TTL 255, window 1024, one source port. zmap 2: id
54321, window 65535, no options; newer ones have random ids and the options of Windows. Mirai: sequence = destination,
23 and 2323 at nine to one. hping3: window 512, source port up by one a packet. A nameless one: source port 6000, id
256, window 16384.
"""
import struct

from book import row
from scene import ICMP, MSS, Packet, echo, linux_options, tcp, udp
from scans_nmap import PAYLOADS, TCP_PORTS, UDP_PORTS, sctp_init
from wire import WINDOWS_OPTIONS, raw

SIP = (b"OPTIONS sip:100@203.0.113.5 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK-1;rport\r\nFrom: \"x\"<sip:100@1.1.1.1>;tag=1\r\n"
	b"To: \"x\"<sip:100@1.1.1.1>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n")
QUESTIONS = dict(PAYLOADS)
QUESTIONS.update({5060: SIP, 11211: b"\0\1\0\0\0\1\0\0stats\r\n", 1900: b"M-SEARCH * HTTP/1.1\r\nHOST:239.255.255.250:1900\r\nMAN:\"ssdp:discover\"\r\nMX:1\r\nST:ssdp:all\r\n\r\n",
	389: bytes.fromhex("30250201016320040004000a01000a0100020100020100010100870b6f626a656374636c6173733000"), 19: b"\n",
	123: b"\x17\0\3\x2a" + b"\0" * 4})


def last_word(address):
	return int.from_bytes(raw(address)[-4:], "big")


def populate(s, count=6, ports=()):
	"""Some hosts of our network exist; the rest of it is dark."""
	for number in (5, 9, 17, 33, 80, 120)[:count]:
		s.exists(number)
		s.offer(*ports, host=s.ours(number))


def targets(s, hosts, ports):
	order = [(host, port) for host in hosts for port in ports]
	s.random.shuffle(order)
	return order


def masscan(s, hosts=(5,), ports=TCP_PORTS, gap=0.01, offered=()):
	populate(s, ports=offered)
	who, sport = s.culprit(s.peer(50)), s.port()
	for number, (host, port) in enumerate(targets(s, hosts, ports)):
		dst, seq = s.ours(host), s.number()
		s.probe(number * gap, tcp(who, sport, dst, port, "S", seq=seq, window=1024, ttl=238,
			ip_id=(last_word(dst) ^ port ^ seq) & 0xFFFF))


def zmap(s, port=443, hosts=range(1, 255), new=False, offered=(), gap=0.01, all_alive=False):
	populate(s, ports=offered)
	for host in hosts if all_alive else ():
		s.offer(*offered, host=s.ours(host))
	who = s.culprit(s.peer(51))
	for number, (host, dport) in enumerate(targets(s, hosts, (port,))):
		s.probe(number * gap, tcp(who, s.port(), s.ours(host), dport, "S", seq=s.number(), window=65535, ttl=242,
			ip_id=s.number(16) if new else 54321, options=WINDOWS_OPTIONS if new else b""))


def zmap_udp(s, port=53, hosts=range(1, 255)):
	populate(s)
	who = s.culprit(s.peer(52))
	for number, (host, dport) in enumerate(targets(s, hosts, (port,))):
		s.probe(number * 0.01, udp(who, s.port(), s.ours(host), dport, QUESTIONS[port], ttl=242, ip_id=54321))


def zmap_echo(s):
	populate(s)
	who = s.culprit(s.peer(53))
	for number, (host, _) in enumerate(targets(s, range(1, 255), (0,))):
		s.probe(number * 0.01, echo(who, s.ours(host), s.number(16), s.number(16), b"", ttl=242, ip_id=54321))


def mirai(s, count=1, each=60, hosts=range(1, 255)):
	populate(s, 3)
	for member in range(count):
		who = s.culprit(s.crowd(500 + 71 * member))
		for number in range(each):
			dst = s.ours(s.random.choice(hosts))
			s.probe(number * 0.7 + member * 0.1, tcp(who, s.port(), dst, 2323 if number % 10 == 9 else 23, "S", seq=last_word(dst),
				window=s.number(16) | 1024, ttl=47, ip_id=s.number(16)))


def hping(s, flags="S", ports=range(1, 101), gap=0.01, proto=6, fixed_port=None):
	who, sport = s.culprit(s.peer(54)), s.random.randint(1024, 3000)
	for number, port in enumerate(ports):
		more = dict(ttl=55, ip_id=s.number(16))
		if proto == 17:
			s.probe(number * gap, udp(who, sport + number, s.me, port, **more))
		else:
			s.probe(number * gap, tcp(who, fixed_port or sport + number, s.me, port, flags, seq=s.number(), ack=s.number(), window=512, **more))


def nameless(s, ports=(1433,), hosts=range(1, 255, 3)):
	populate(s)
	who = s.culprit(s.peer(55))
	for number, (host, port) in enumerate(targets(s, hosts, ports)):
		s.probe(number * 0.1, tcp(who, 6000, s.ours(host), port, "S", seq=s.number(), window=16384, ttl=108, ip_id=256))


def unicornscan(s, ports=TCP_PORTS):
	"""-mT of one host: source port and sequence of their own for each packet, dressed as another system."""
	who = s.culprit(s.peer(56))
	for number, port in enumerate(ports):
		s.probe(number / 300, tcp(who, s.random.randint(2000, 65000), s.me, port, "S", seq=s.number(), window=65535, ttl=120, df=True,
			ip_id=s.number(16), options=MSS + bytes.fromhex("01030300") + bytes.fromhex("01010402")))


def unicornscan_udp(s, ports=UDP_PORTS):
	who = s.culprit(s.peer(56))
	for number, port in enumerate(ports):
		s.probe(number / 300, udp(who, s.random.randint(2000, 65000), s.me, port, QUESTIONS.get(port, b""), ttl=120, ip_id=s.number(16)))


def connect_sweep(s, port=22, hosts=range(1, 255), gap=0.05, offered=(), retry=True):
	"""An ordinary program that connects to one port of everybody."""
	populate(s, ports=offered)
	who = s.culprit(s.peer(57))
	for number, (host, dport) in enumerate(targets(s, hosts, (port,))):
		dst, cport = s.ours(host), s.port()
		if (dst, 6, dport) in s.offers:
			s.session(number * gap, who, cport, dst, dport, say=20, hear=60, close="rst")
			continue
		seq = s.number()
		for turn in range(2 if retry and (dst not in s.alive or s.policy == "drop") else 1):
			s.probe(number * gap + turn * 1.02, tcp(who, cport, dst, dport, "S", seq=seq, window=64240, options=linux_options(number * 50),
				df=True, ttl=50, ip_id=s.number(16)))


def udp_sweep(s, port=161, hosts=range(1, 255), gap=0.02, sport=0, offered=False):
	populate(s)
	if offered:
		s.offer(port, proto=17)
	who, sport = s.culprit(s.peer(58)), sport or s.port()
	for number, (host, dport) in enumerate(targets(s, hosts, (port,))):
		s.probe(number * gap, udp(who, sport, s.ours(host), dport, QUESTIONS[port], ttl=50, ip_id=s.number(16)))


def ping_sweep(s, kind=8, hosts=range(1, 255), gap=0.02, order="up"):
	populate(s)
	who, number = s.culprit(s.peer(59)), s.number(16)
	for place, host in enumerate(hosts):
		dst = s.ours(host)
		if kind == 8:
			packet = echo(who, dst, number, place, ttl=50, ip_id=s.number(16))
		else:
			packet = Packet(who, dst, ICMP, kind=kind, rest=struct.pack(">HH", number, place), payload=b"\0" * (12 if kind == 13 else 4), ttl=50)
		s.probe(place * gap, packet)


def block(s, hosts=range(1, 17), ports=TCP_PORTS[:12], gap=0.02):
	populate(s, 4)
	who = s.culprit(s.peer(60))
	for number, (host, port) in enumerate(targets(s, hosts, ports)):
		s.probe(number * gap, tcp(who, s.port(), s.ours(host), port, "S", seq=s.number(), window=29200, options=linux_options(number), df=True,
			ttl=49, ip_id=s.number(16)))


def sctp_sweep(s):
	populate(s)
	who = s.culprit(s.peer(61))
	for number in range(1, 100):
		s.probe(number * 0.05, sctp_init(who, 40000 + number, s.ours(number), 36412, s.number(), ttl=50, ip_id=s.number(16)))


def cases():
	usual = "drop reset in netfilter plain ufw asa ios"
	both = usual + " drop6 in6 netfilter6"
	return sum((
		row("masscan_host", "scan", masscan, "drop reset in netfilter plain", "vertical", "syn", tool="masscan"),
		row("masscan_net", "scan", masscan, "drop reset in netfilter ufw asa ios", "horizontal", "syn", tool="masscan", hosts=range(1, 255), ports=(3389,)),
		row("masscan_block", "scan", masscan, "drop reset netfilter", "block", "syn", tool="masscan", hosts=range(1, 65), ports=TCP_PORTS[:6]),
		row("masscan_offered", "scan", masscan, "drop reset", "vertical service-probe", "syn", tool="masscan", ports=(22, 80, 443, 25, 993, 8443),
			offered=(22, 80, 443, 25, 993, 8443)),
		row("zmap_443", "scan", zmap, usual, "horizontal", "syn", tool="zmap", offered=(443,)),
		row("zmap_8", "scan", zmap, "drop in netfilter", "horizontal", "syn", tool="zmap", port=8080, hosts=range(40, 48)),
		row("zmap_443_all_offered", "scan", zmap, "drop reset", "horizontal service-probe", "syn", tool="zmap", hosts=range(10, 30), offered=(443,), all_alive=True),
		row("zmap_new", "scan", zmap, usual, "horizontal", "syn", new=True, port=8443),
		row("zmap_new_all_offered", "scan", zmap, "drop reset", "horizontal service-probe", "syn", new=True, hosts=range(10, 60), offered=(443,), all_alive=True),
		row("zmap_udp_53", "scan", zmap_udp, "drop in netfilter ufw", "horizontal", "udp"),
		row("zmap_udp_11211", "scan", zmap_udp, "drop reset netfilter", "horizontal", "udp", port=11211),
		row("zmap_echo", "scan", zmap_echo, "drop reset netfilter", "horizontal", "icmp-echo"),
		row("mirai", "scan", mirai, "drop reset in netfilter plain", "horizontal block", "syn", tool="mirai"),
		row("mirai_20_bots", "scan", mirai, "drop netfilter ufw", "horizontal block distributed", "syn", tool="mirai", stories=20, counted=False, count=20, each=12),
		row("mirai_few", "scan", mirai, "drop netfilter", "horizontal block vertical", "syn", tool="mirai", each=6),
		row("hping_scan", "scan", hping, usual, "vertical", "syn"),
		row("hping_fixed_port", "scan", hping, "drop reset netfilter", "vertical", "syn", fixed_port=1030),
		row("hping_fin", "scan", hping, "drop netfilter", "vertical", "fin", flags="F"),
		row("hping_all_flags", "scan", hping, "drop reset netfilter asa", "vertical", "all-flags xmas", flags="FSRPAU"),
		row("hping_syn_fin", "scan", hping, "drop reset netfilter", "vertical", "syn-fin", flags="SF"),
		row("hping_push", "scan", hping, "drop netfilter", "vertical", "", flags="P"),
		row("hping_udp", "scan", hping, "drop reset in netfilter asa", "vertical", "udp", proto=17),
		row("nameless_1433", "scan", nameless, "drop reset in netfilter plain ufw", "horizontal", "syn", tool="6000-256"),
		row("nameless_ports", "scan", nameless, "drop netfilter", "block vertical", "syn", tool="6000-256", hosts=(5, 9), ports=(1433, 3306, 8080, 3128, 1080, 8088)),
		row("unicornscan", "scan", unicornscan, "drop reset netfilter", "vertical", "syn"),
		row("unicornscan_udp", "scan", unicornscan_udp, "drop reset netfilter", "vertical", "udp"),
		row("sweep_22", "scan", connect_sweep, both + " reset6", "horizontal", "syn connect", offered=(22,)),
		row("sweep_22_once", "scan", connect_sweep, "drop reset", "horizontal", "syn connect", also={"returned": False}, offered=(22,)),
		row("sweep_6379_slow", "scan", connect_sweep, "drop netfilter", "horizontal", "syn connect", port=6379, gap=30),
		row("sweep_8_hosts", "scan", connect_sweep, "drop in netfilter ufw asa", "horizontal", "syn connect", port=5900, hosts=(3, 5, 9, 40, 41, 77, 120, 200), gap=3),
		row("sweep_snmp", "scan", udp_sweep, both, "horizontal", "udp"),
		row("sweep_ntp", "scan", udp_sweep, "drop reset in netfilter", "horizontal", "udp", port=123),
		row("sweep_ntp_from_123", "scan", udp_sweep, "drop netfilter", "horizontal", "udp", port=123, sport=123),
		row("sweep_dns", "scan", udp_sweep, "drop reset netfilter ufw", "horizontal", "udp", port=53),
		row("sweep_dns_from_53", "scan", udp_sweep, "drop netfilter", "horizontal", "udp", port=53, sport=53),
		row("sweep_ssdp", "scan", udp_sweep, "drop in netfilter asa", "horizontal", "udp", port=1900),
		row("sweep_sip", "scan", udp_sweep, "drop reset netfilter", "horizontal", "udp", port=5060, sport=5060),
		row("sweep_cldap", "scan", udp_sweep, "drop netfilter", "horizontal", "udp", port=389),
		row("sweep_memcached", "scan", udp_sweep, "drop reset6", "horizontal", "udp", port=11211),
		row("sweep_chargen_9_hosts", "scan", udp_sweep, "drop plain", "horizontal", "udp", port=19, hosts=range(20, 29), gap=5),
		row("ping_sweep", "scan", ping_sweep, both + " reset6", "horizontal", "icmp-echo"),
		row("ping_sweep_10_slow", "scan", ping_sweep, "drop netfilter", "horizontal", "icmp-echo", hosts=range(60, 70), gap=60),
		row("timestamp_sweep", "scan", ping_sweep, "drop reset netfilter", "horizontal", "icmp-timestamp", kind=13),
		row("mask_sweep", "scan", ping_sweep, "drop netfilter", "horizontal", "icmp-mask", kind=17),
		row("block_16x12", "scan", block, both + " reset6", "block", "syn"),
		row("block_100x3", "scan", block, "drop reset netfilter", "block", "syn", hosts=range(1, 101), ports=(22, 3389, 5900)),
		row("sctp_sweep", "scan", sctp_sweep, "drop in", "horizontal", "sctp-init"),
	), [])
