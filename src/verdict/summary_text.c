/* SPDX-License-Identifier: ISC */
#include "verdict/summary_text.h"

#include "base/number_text.h"
#include "event/ip_misuse.h"
#include "event/technique.h"
#include "net/ip_proto.h"

#include <ctype.h>

static const char *const technique_words[TECHNIQUES] = {
	[TECHNIQUE_SYN] = "SYN",
	[TECHNIQUE_CONNECT] = "connect",
	[TECHNIQUE_FIN] = "FIN",
	[TECHNIQUE_NULL] = "NULL",
	[TECHNIQUE_XMAS] = "XMAS",
	[TECHNIQUE_ACK] = "ACK",
	[TECHNIQUE_WINDOW] = "window",
	[TECHNIQUE_MAIMON] = "Maimon",
	[TECHNIQUE_SYN_FIN] = "SYN+FIN",
	[TECHNIQUE_ALL_FLAGS] = "all-flags",
	[TECHNIQUE_UDP] = "UDP",
	[TECHNIQUE_ICMP_ECHO] = "ping",
	[TECHNIQUE_ICMP_TIMESTAMP] = "ICMP timestamp",
	[TECHNIQUE_ICMP_MASK] = "ICMP mask",
	[TECHNIQUE_ICMP] = "ICMP",
	[TECHNIQUE_SCTP_INIT] = "SCTP",
	[TECHNIQUE_IP_PROTOCOL] = "IP protocol",
};

/* "SYN", "SYN and UDP", "Mixed": the first words of a scan's sentence. */
static void add_techniques(struct text_buffer *b, uint32_t techniques)
{
	/* A connect() is a SYN, a window scan is an ACK scan: one word is enough. */
	if (techniques & technique_bit(TECHNIQUE_CONNECT))
		techniques &= ~technique_bit(TECHNIQUE_SYN);
	if (techniques & technique_bit(TECHNIQUE_ACK))
		techniques &= ~technique_bit(TECHNIQUE_WINDOW);
	int count = __builtin_popcount(techniques);
	if (count == 0 || count > 2) {
		text_buffer_add(b, count ? "Mixed" : "Odd-packet");
		return;
	}
	size_t start = b->used;
	for (int i = 0, written = 0; i < TECHNIQUES; i++) {
		if (techniques & technique_bit((enum technique)i)) {
			text_buffer_add(b, written++ ? " and " : "");
			text_buffer_add(b, technique_words[i]);
		}
	}
	if (b->used > start)
		b->text[start] = (char)toupper((unsigned char)b->text[start]);
}

static void add_hosts(struct text_buffer *b, const struct incident *in)
{
	text_buffer_add(b,
		in->hosts_count <= 1 ? "one host" : number_text_with(in->hosts_count, "host").text);
}

static void add_first_port(struct text_buffer *b, const struct incident *in)
{
	for (unsigned i = 0; i < in->port_ranges && i < 2; i++) {
		text_buffer_add(b, i ? " and " : " for ");
		text_buffer_add(b, port_range_to_text(&in->ports[i]).text);
	}
}

/* "12 ports on one host". */
static void add_what(struct text_buffer *b, const struct incident *in)
{
	bool ports = in->ports_count > 0;
	text_buffer_add(b, number_text_with(ports ? in->ports_count : in->targets_count,
				   ports ? "port" : "target")
				   .text);
	text_buffer_add(b, " on ");
	add_hosts(b, in);
}

/* What it asked matters more than what it tried before. */
static void add_questions(struct text_buffer *b, const struct incident *in)
{
	text_buffer_add(b, "Questions to the services it found");
	for (unsigned i = 0; i < in->answered_ranges && i < 3; i++)
		text_buffer_printf(
			b, "%s%s", i ? ", " : " on ", port_range_to_text(&in->answered[i]).text);
	text_buffer_add(
		b, in->answered_ranges > 3 ? " and more, in a scan of " : ", in a scan of ");
	add_what(b, in);
}

static void add_nmap(struct text_buffer *b, const char *options)
{
	text_buffer_add(b, ", with the packets nmap ");
	text_buffer_add(b, options);
	text_buffer_add(b, " sends");
}

static void add_scan(
	struct text_buffer *b, const struct incident *in, const struct summary_facts *facts)
{
	if (in->slow)
		text_buffer_add(b, "Slow ");
	add_techniques(b, in->techniques);
	if (in->kind == INCIDENT_KIND_HORIZONTAL) {
		text_buffer_add(b, " sweep of ");
		add_hosts(b, in);
		add_first_port(b, in);
	} else {
		text_buffer_add(b, " scan of ");
		add_what(b, in);
	}
	if (facts->decoys)
		text_buffer_printf(b, " by one of %s; the others are decoys",
			number_text_about_with(in->sources_count, "source").text);
	else if (in->kind == INCIDENT_KIND_DISTRIBUTED)
		text_buffer_printf(b, ", shared by %s",
			number_text_about_with(in->sources_count, "source").text);
	else if (in->tool != NULL)
		text_buffer_printf(b, ", made with %s", in->tool);
	else if (in->nmap != NULL)
		add_nmap(b, in->nmap);
}

/* The servers are real: it is our address that was forged, in the questions they answer. */
static void add_reflectors(
	struct text_buffer *b, const struct incident *in, const struct summary_facts *facts)
{
	if (facts->answers_from != 0)
		text_buffer_printf(b, " from udp/%u", facts->answers_from);
	if (in->sources_count > 1)
		text_buffer_printf(
			b, " of %s", number_text_about_with(in->sources_count, "server").text);
}

static void add_flood(
	struct text_buffer *b, const struct incident *in, const struct summary_facts *facts)
{
	static const char *const words[INCIDENT_KINDS] = {[INCIDENT_KIND_SYN_FLOOD] = "SYN flood",
		[INCIDENT_KIND_UDP_FLOOD] = "UDP flood",
		[INCIDENT_KIND_ICMP_FLOOD] = "Ping flood",
		[INCIDENT_KIND_REFLECTION] = "Reflected flood"};
	text_buffer_add(b, words[in->kind] ? words[in->kind] : "Flood");
	text_buffer_printf(b, ": up to %s packets a second", number_text_of(facts->peak_rate).text);
	if (in->kind == INCIDENT_KIND_REFLECTION)
		add_reflectors(b, in, facts);
	else if (in->port_ranges == 1)
		text_buffer_printf(b, " at %s", port_range_to_text(&in->ports[0]).text);
	if (in->kind != INCIDENT_KIND_REFLECTION && in->sources_count > 1)
		text_buffer_printf(b, " from %s, most likely forged",
			number_text_about_with(in->sources_count, "source").text);
}

/* "Refused 57 times at sshd, by line 3 of /etc/hosts.deny". */
static void add_refusals(struct text_buffer *b, const struct incident *in)
{
	text_buffer_printf(b, "Refused %s%s%s", number_text_with(in->refused, "time").text,
		in->refused_at != NULL ? " at " : " by the access tables",
		in->refused_at != NULL ? in->refused_at : "");
	if (in->refused_by != NULL)
		text_buffer_printf(b, ", by %s", in->refused_by);
	if (in->granted > 0)
		text_buffer_printf(b, "; let in %s", number_text_with(in->granted, "time").text);
}

/* Everything that needs no numbers. */
static const char *const fixed_words[INCIDENT_KINDS] = {
	[INCIDENT_KIND_FINGERPRINT] =
		"Fingerprinting of the operating system, with the packets nmap -O sends",
	[INCIDENT_KIND_BRUTEFORCE] = "Password guessing",
	[INCIDENT_KIND_TRAP] = "A trap was touched",
	[INCIDENT_KIND_REDIRECT] = "ICMP redirects that would change our routes",
	[INCIDENT_KIND_SOURCE_ROUTE] = "Packets that choose their own route",
	[INCIDENT_KIND_IDLE_ZOMBIE] =
		"Somebody reads our IP ids with SYN-ACKs: this host serves as the zombie of an idle scan",
	[INCIDENT_KIND_EXPLOIT] = "A packet of a known attack",
	[INCIDENT_KIND_BACKSCATTER] =
		"Answers to packets that somebody sent with our address: backscatter",
	[INCIDENT_KIND_LATE_REPLY] = "Late answers to our own questions, or answers to forged ones",
	[INCIDENT_KIND_LEFTOVER] = "Leftovers of connections that are over",
	[INCIDENT_KIND_RETRY] = "One client that keeps trying a closed port",
	[INCIDENT_KIND_HEALTH_CHECK] = "A regular check of a port that nobody serves",
	[INCIDENT_KIND_LAN_NOISE] = "Broadcast and multicast of the local network",
	[INCIDENT_KIND_TRACEROUTE] = "A traceroute to this host",
	[INCIDENT_KIND_PORT_KNOCK] = "A row of closed ports, then a connection: port knocking",
	[INCIDENT_KIND_MISDIRECTED] =
		"Reports for a collector that is not here: meant for somebody else",
};

/* What its packets did, as the end of "Packets ...". The forms of one group read well beside each other. */
static const char *const misuse_words[IP_MISUSES] = {
	[IP_MISUSE_ADVERTISEMENT] = "that announce a router from beyond the link",
	[IP_MISUSE_LOOSE_ROUTE] = "that choose their own route (loose source route)",
	[IP_MISUSE_STRICT_ROUTE] = "that dictate every step of their route (strict source route)",
	[IP_MISUSE_ROUTING_HEADER] = "that choose their own route (IPv6 routing header of type 0)",
	[IP_MISUSE_RECORD_ROUTE] = "that record the routers on their way",
	[IP_MISUSE_TIMESTAMP] = "that ask every router for the time",
	[IP_MISUSE_SECURITY] = "with the IP option of military security labels",
	[IP_MISUSE_OPTION] = "with an IP option that nobody uses",
	[IP_MISUSE_TINY] = "cut so small that a filter cannot see what they ask",
	[IP_MISUSE_SHREDDED] = "cut into more pieces than any link makes",
	[IP_MISUSE_OVERLAP] = "in pieces that contradict each other",
	[IP_MISUSE_SYN_FIN] = "that open and close a connection at once (SYN+FIN)",
	[IP_MISUSE_OVERSIZED] = "whose pieces make more than a packet may hold",
};

/* "Packets that record the routers on their way, and with ..."; false where nothing is to be said of them. */
static bool add_misuses(struct text_buffer *b, uint32_t misuses)
{
	unsigned written = 0;
	for (int i = 0; i < IP_MISUSES && written < 2; i++) {
		if (!(misuses & ip_misuse_bit((enum ip_misuse)i)) || misuse_words[i] == NULL)
			continue;
		text_buffer_printf(
			b, "%s%s", written++ > 0 ? ", and " : "Packets ", misuse_words[i]);
	}
	return written > 0;
}

static bool is_misuse_alone(const struct incident *in)
{
	return in->kind == INCIDENT_KIND_SOURCE_ROUTE || in->kind == INCIDENT_KIND_EXPLOIT ||
	       (in->kind == INCIDENT_KIND_REDIRECT &&
		       !(in->misuses & ip_misuse_bit(IP_MISUSE_REDIRECT)));
}

/* Whether this host would follow a redirect is worth knowing at once. */
static void add_redirect(
	struct text_buffer *b, const struct incident *in, const struct summary_facts *facts)
{
	text_buffer_add(b, fixed_words[in->kind]);
	if (facts->redirects == SUMMARY_REDIRECTS_IGNORED)
		text_buffer_add(b, "; this host takes none");
	else if (facts->redirects == SUMMARY_REDIRECTS_TAKEN)
		text_buffer_add(
			b, "; this host takes some ('knockwatch doctor' tells how to end that)");
}

void summary_text_add(
	struct text_buffer *b, const struct incident *in, const struct summary_facts *facts)
{
	if (in->into != NULL) {
		text_buffer_add(b, "Part of a larger story");
	} else if (in->kind == INCIDENT_KIND_PROTOCOL) {
		text_buffer_printf(b, "IP protocol scan: %u protocols tried", facts->protocols);
	} else if (in->kind == INCIDENT_KIND_SPOOF) {
		const bool ours = in->misuses == 0 ? addr_equal(&in->src, &in->dst)
						   : in->misuses & ip_misuse_bit(IP_MISUSE_SELF);
		text_buffer_add(b, ours ? "Packets in our own name, come from outside"
					: "Packets from an address that no host can have");
	} else if (in->kind == INCIDENT_KIND_SERVICE_PROBE) {
		add_questions(b, in);
	} else if (in->kind == INCIDENT_KIND_RESEARCH) {
		text_buffer_add(b, facts->researcher ? facts->researcher : "A research scanner");
		text_buffer_add(b, " measures the Internet and asked ");
		add_what(b, in);
	} else if (in->kind == INCIDENT_KIND_REFUSED) {
		add_refusals(b, in);
	} else if (in->kind == INCIDENT_KIND_LEFTOVER && in->sources_count > 1) {
		text_buffer_printf(b, "%s keep calling",
			number_text_about_with(in->sources_count, "old peer").text);
		if (in->port_ranges > 0)
			text_buffer_printf(b, " %s", port_range_to_text(&in->ports[0]).text);
		text_buffer_add(b, ", which nobody serves any more");
	} else if (in->class == INCIDENT_CLASS_FLOOD) {
		add_flood(b, in, facts);
	} else if (in->signature != NULL && in->kind == INCIDENT_KIND_EXPLOIT) {
		text_buffer_add(b, in->signature);
	} else if (is_misuse_alone(in) && add_misuses(b, in->misuses)) {
		return;
	} else if (in->kind == INCIDENT_KIND_REDIRECT) {
		add_redirect(b, in, facts);
	} else if (fixed_words[in->kind] != NULL) {
		text_buffer_add(b, fixed_words[in->kind]);
	} else {
		add_scan(b, in, facts);
	}
}
