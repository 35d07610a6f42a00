# SPDX-License-Identifier: ISC
"""firewall - what a firewall that drops by default would have logged of the packets of a scene.

It follows connections as the kernel does (with the kernel's times), lets in what is offered and what belongs
to a connection, and writes one line for each packet it drops, in the words of several makes.
"""
import ipaddress
import json
import time

from wire import ESP, ETHER_THEM, ICMP, ICMP6, TCP, UDP, is_v6, link_target

# Seconds that the kernel remembers a connection (nf_conntrack sysctls, defaults).
UDP_ONCE, UDP_STREAM, ICMP_ASKED, SYN_SENT, ESTABLISHED, TIME_WAIT, CLOSED = 30, 120, 30, 120, 432000, 120, 10
AH, UDPLITE = 51, 136
# The protocols that the kernel's LOG target knows by name; of all others, SCTP too, it gives the number and no port.
NAMES_V4 = {TCP: "TCP", UDP: "UDP", ICMP: "ICMP", AH: "AH", ESP: "ESP", UDPLITE: "UDPLITE"}
NAMES_V6 = {TCP: "TCP", UDP: "UDP", ICMP6: "ICMPv6", AH: "AH", ESP: "ESP", UDPLITE: "UDPLITE"}
FLAG_WORDS = (("C", "CWR"), ("E", "ECE"), ("U", "URG"), ("A", "ACK"), ("P", "PSH"), ("R", "RST"), ("S", "SYN"), ("F", "FIN"))


class Connections:
	def __init__(self, offers):
		self.offers, self.known = offers, {}

	def dropped(self, when, packet, outgoing):
		"""Follows one packet; says whether the firewall drops and logs it."""
		if outgoing:
			self._touch(when, packet, True)
			return False
		about = packet.quoted
		if about is not None:
			entry = self.known.get(self._key(about))
			return not (entry and entry[0] > when)
		entry = self.known.get(self._key(packet))
		if entry and entry[0] > when and not (packet.proto == TCP and packet.flags == "S"):
			self._touch(when, packet, False)
			return False
		if (packet.dst, packet.proto, packet.dport) in self.offers and (packet.proto != TCP or packet.flags == "S"):
			self._touch(when, packet, False)
			return False
		return True

	@staticmethod
	def _key(packet):
		number = packet.rest[:2] if packet.proto in (ICMP, ICMP6) else b""
		return (packet.proto, number, frozenset(((packet.src, packet.sport), (packet.dst, packet.dport))))

	def _touch(self, when, packet, outgoing):
		key = self._key(packet)
		entry = self.known.get(key)
		if packet.proto == TCP:
			if packet.flags == "S":
				stay, state = SYN_SENT, "new"
			elif entry is None:
				return # an answer of ours to what was no connection makes none
			elif "R" in packet.flags:
				stay, state = CLOSED, "over"
			elif "F" in packet.flags or entry[2] == "over":
				stay, state = TIME_WAIT, "over"
			else:
				stay, state = ESTABLISHED, "open"
		elif packet.proto in (ICMP, ICMP6):
			if packet.quoted is not None:
				return
			stay, state = ICMP_ASKED, "new"
		else:
			both = entry is not None and entry[0] > when and (entry[1] != outgoing or entry[2] == "open")
			stay, state = (UDP_STREAM, "open") if both else (UDP_ONCE, "new")
		self.known[key] = (when + stay, outgoing, state)


def dropped_packets(packets, offers):
	connections = Connections(offers)
	return [(when, packet) for when, packet, outgoing in packets if connections.dropped(when, packet, outgoing)]


def full(address):
	return ipaddress.ip_address(address).exploded if is_v6(address) else address


def short_stamp(when):
	moment = time.gmtime(when)
	return time.strftime("%b ", moment) + "%2d" % moment.tm_mday + time.strftime(" %H:%M:%S", moment)


def iso_stamp(when):
	return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(when)) + ".%06d+00:00" % (round(when * 1e6) % 1000000)


def netfilter_text(packet, sequence, tail=""):
	"""What the LOG target says of a packet; `sequence` = with --log-tcp-sequence --log-tcp-options."""
	v6 = is_v6(packet.dst)
	text = "IN=eth0 OUT= MAC=%s:%s:%s " % (link_target(packet.dst, False).hex(":"), ETHER_THEM.hex(":"), "86:dd" if v6 else "08:00")
	text += "SRC=%s DST=%s LEN=%d " % (full(packet.src), full(packet.dst), packet.length())
	if v6:
		text += "TC=%d HOPLIMIT=%d FLOWLBL=0 " % (packet.tos, packet.ttl)
	else:
		text += "TOS=0x%02X PREC=0x00 TTL=%d ID=%d %s" % (packet.tos, packet.ttl, packet.ip_id, "DF " if packet.df else "")
		if packet.ip_options:
			text += "OPT (%s) " % packet.ip_options.hex().upper()
	text += "PROTO=%s " % (NAMES_V6 if v6 else NAMES_V4).get(packet.proto, packet.proto)
	if packet.proto in (AH, ESP, UDPLITE):
		if not packet.payload:
			return text + "INCOMPLETE [0 bytes] " + tail
		if packet.proto != UDPLITE:
			text += "SPI=0x%x " % int.from_bytes(packet.payload[:4], "big")
	if packet.proto in (TCP, UDP):
		text += "SPT=%d DPT=%d " % (packet.sport, packet.dport)
	if packet.proto == UDP:
		text += "LEN=%d " % (8 + len(packet.payload))
	elif packet.proto == TCP:
		if sequence:
			text += "SEQ=%d ACK=%d " % (packet.seq, packet.ack)
		words = "".join(word + " " for letter, word in FLAG_WORDS if letter in packet.flags)
		text += "WINDOW=%d RES=0x00 %sURGP=0 " % (packet.window, words)
		if sequence and packet.options:
			text += "OPT (%s) " % packet.options.hex().upper()
	elif packet.proto == (ICMP6 if v6 else ICMP):
		text += "TYPE=%d CODE=%d " % (packet.kind, packet.code)
		if packet.quoted is not None:
			about = packet.quoted
			inner = netfilter_text(about, False)
			text += "[%s] " % inner[inner.index("SRC="):].strip()
			if packet.code == 4 and packet.kind == 3:
				text += "MTU=%d " % int.from_bytes(packet.rest, "big")
		elif packet.kind in (0, 8, 128, 129):
			text += "ID=%d SEQ=%d " % (int.from_bytes(packet.rest[:2], "big"), int.from_bytes(packet.rest[2:], "big"))
	return text + tail


def netfilter_line(when, packet):
	return "%s gate kernel: [%5d.%06d] DROP %s" % (short_stamp(when), when % 90000, round(when * 1e6) % 1000000,
		netfilter_text(packet, True))


def plain_line(when, packet):
	return "%s gate kernel: nft-drop %s" % (iso_stamp(when), netfilter_text(packet, False))


def ufw_line(when, packet):
	return "%s gate kernel: [%5d.%06d] [UFW BLOCK] %s" % (short_stamp(when), when % 90000, round(when * 1e6) % 1000000,
		netfilter_text(packet, False))


def ios_line(when, packet):
	"""An access list with `log` behind `permit tcp any any established`: None where that lets the packet pass."""
	if packet.proto == TCP and set(packet.flags) & set("AR"):
		return None
	v6 = is_v6(packet.dst)
	head = "%s router %d: %%%s" % (short_stamp(when), when % 100000, "IPV6_ACL-6-ACCESSLOG" if v6 else "SEC-6-IPACCESSLOG")
	name = "OUTSIDE/90" if v6 else "101"
	src, dst = packet.src.upper(), packet.dst.upper()
	if packet.proto in (TCP, UDP):
		return "%sP: list %s denied %s %s(%d) -> %s(%d), 1 packet" % (head, name, "tcp" if packet.proto == TCP else "udp",
			src, packet.sport, dst, packet.dport)
	if packet.proto in (ICMP, ICMP6):
		return "%sDP: list %s denied icmp%s %s -> %s (%d/%d), 1 packet" % (head, name, "v6" if v6 else "", src, dst,
			packet.kind, packet.code)
	return "%sNP: list %s denied %d %s -> %s, 1 packet" % (head, name, packet.proto, src, dst)


def asa_line(when, packet):
	head = "%s asa %%ASA-" % short_stamp(when)
	if packet.proto == TCP and packet.flags != "S":
		words = " ".join(word for letter, word in reversed(FLAG_WORDS) if letter in packet.flags)
		return "%s6-106015: Deny TCP (no connection) from %s/%d to %s/%d flags %s  on interface outside" % (head,
			packet.src, packet.sport, packet.dst, packet.dport, words)
	name = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMP6: "icmp6"}.get(packet.proto, "protocol %d" % packet.proto)
	if packet.proto in (TCP, UDP):
		what = "%s src outside:%s/%d dst inside:%s/%d" % (name, packet.src, packet.sport, packet.dst, packet.dport)
	elif packet.proto in (ICMP, ICMP6):
		what = "%s src outside:%s dst inside:%s (type %d, code %d)" % (name, packet.src, packet.dst, packet.kind, packet.code)
	else:
		what = "%s src outside:%s dst inside:%s" % (name, packet.src, packet.dst)
	return '%s4-106023: Deny %s by access-group "outside_in" [0x0, 0x0]' % (head, what)


def journal_line(when, packet):
	"""What journalctl -o json gives."""
	return json.dumps({"__REALTIME_TIMESTAMP": str(round(when * 1e6)), "_HOSTNAME": "gate", "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel",
		"PRIORITY": "4", "MESSAGE": "FINAL_REJECT: " + netfilter_text(packet, False)})


def bridge_line(when, packet):
	"""RFC 5424, of a bridge, with a prefix that has words and a colon in it."""
	text = netfilter_text(packet, True).replace("IN=eth0 OUT= ", "IN=br0 OUT=br0 PHYSIN=eth0 PHYSOUT=vnet3 ")
	return "<4>1 %s gate kernel - - - [%5d.%06d] Shorewall:net2loc:DROP:%s" % (iso_stamp(when), when % 90000, round(when * 1e6) % 1000000, text)


def limited(entries, seconds=20, burst=10):
	"""What the limit match lets through: ufw logs three a minute, after a burst of ten."""
	tokens, last, kept = float(burst), 0, []
	for when, packet in entries:
		tokens = min(float(burst), tokens + (when - last) / seconds)
		last = when
		if tokens >= 1:
			tokens -= 1
			kept.append((when, packet))
	return kept


MAKES = {"journal": journal_line, "bridge": bridge_line, "limited": ufw_line, "netfilter": netfilter_line, "plain": plain_line, "ufw": ufw_line, "ios": ios_line, "asa": asa_line}


def write_log(path, packets, offers, make, extra=()):
	"""Returns the (seconds, packet) it tells of; `extra` are (seconds, text) that stand between the lines of the firewall."""
	dropped = dropped_packets(packets, offers)
	if make == "limited":
		dropped = limited(dropped)
	dropped = [(when, packet, MAKES[make](when, packet)) for when, packet in dropped]
	dropped = [entry for entry in dropped if entry[2]]
	lines = sorted([(when, text) for when, _, text in dropped] + list(extra), key=lambda line: line[0])
	with open(path, "w", encoding="ascii") as out:
		out.writelines(text.rstrip() + "\n" for _, text in lines)
	return [(when, packet) for when, packet, _ in dropped]
