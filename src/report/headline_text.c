/* SPDX-License-Identifier: ISC */
#include "report/headline_text.h"

#include "base/number_text.h"
#include "event/ip_misuse.h"

/* P stands for the ports, H for the hosts. */
static const char *const deeds[INCIDENT_KINDS] = {
	[INCIDENT_KIND_VERTICAL] = "scanned P on H",
	[INCIDENT_KIND_HORIZONTAL] = "looked for P on H",
	[INCIDENT_KIND_BLOCK] = "scanned P on H",
	[INCIDENT_KIND_PROTOCOL] = "tried which IP protocols H speaks",
	[INCIDENT_KIND_DISTRIBUTED] = "together scanned P on H",
	[INCIDENT_KIND_FINGERPRINT] = "tested which system H runs",
	[INCIDENT_KIND_SERVICE_PROBE] = "asked which services H runs",
	[INCIDENT_KIND_BRUTEFORCE] = "tried passwords on P of H",
	[INCIDENT_KIND_TRAP] = "opened a trap (P) on H",
	[INCIDENT_KIND_SPOOF] = "is the forged sender of packets to H",
	[INCIDENT_KIND_REDIRECT] = "sent ICMP redirects to H",
	[INCIDENT_KIND_SOURCE_ROUTE] = "sent source-routed packets to H",
	[INCIDENT_KIND_IDLE_ZOMBIE] = "used H for an idle scan",
	[INCIDENT_KIND_EXPLOIT] = "sent a known attack to H",
	[INCIDENT_KIND_SYN_FLOOD] = "flooded H with SYN packets",
	[INCIDENT_KIND_UDP_FLOOD] = "flooded H with UDP packets",
	[INCIDENT_KIND_ICMP_FLOOD] = "flooded H with ICMP packets",
	[INCIDENT_KIND_REFLECTION] = "sent reflected answers to H",
	[INCIDENT_KIND_BACKSCATTER] = "answered packets that H never sent",
	[INCIDENT_KIND_LATE_REPLY] = "answered H too late",
	[INCIDENT_KIND_LEFTOVER] = "sent leftovers of old connections to H",
	[INCIDENT_KIND_RETRY] = "kept trying P on H",
	[INCIDENT_KIND_HEALTH_CHECK] = "checked P on H again and again",
	[INCIDENT_KIND_LAN_NOISE] = "chattered on the local network",
	[INCIDENT_KIND_TRACEROUTE] = "traced the route to H",
	[INCIDENT_KIND_PORT_KNOCK] = "knocked a row of ports on H",
	[INCIDENT_KIND_MISDIRECTED] = "knocked at P on H by mistake",
	[INCIDENT_KIND_RESEARCH] = "scanned P on H for research",
	[INCIDENT_KIND_REFUSED] = "was refused at P on H",
};

void headline_text_add_source(struct text_buffer *b, const struct incident *in)
{
	bool block = !addr_is_none(&in->src_prefix.base) && in->src_prefix.length_bits < 128;
	if (addr_is_none(&in->src))
		text_buffer_add(b, number_text_about_with(in->sources_count, "source").text);
	else if (block)
		text_buffer_add(b, prefix_to_text(&in->src_prefix).text);
	else
		text_buffer_add(b, addr_to_text(&in->src).text);
}

static void add_ports(struct text_buffer *b, const struct incident *in)
{
	bool one = in->port_ranges == 1 && in->ports[0].first == in->ports[0].last;
	if (one && in->ports_count <= 1)
		text_buffer_add(b, port_range_to_text(&in->ports[0]).text);
	else if (in->ports_count > 0)
		text_buffer_add(b, number_text_with(in->ports_count, "port").text);
	else
		text_buffer_add(b, "something");
}

static void add_hosts(struct text_buffer *b, const struct incident *in, bool at_most)
{
	if (!addr_is_none(&in->dst))
		text_buffer_add(b, addr_to_text(&in->dst).text);
	else if (in->hosts_count > 1)
		text_buffer_printf(b, "%s%s", at_most ? "up to " : "",
			number_text_with(in->hosts_count, "host").text);
	else
		text_buffer_add(b, at_most ? "one host each" : "this host");
}

static void add_deed(struct text_buffer *b, const struct incident *in, bool of_many)
{
	const char *deed = incident_is_ping(in) ? "pinged H" : deeds[in->kind];
	if (in->kind == INCIDENT_KIND_EXPLOIT && in->misuses != 0)
		deed = in->misuses & IP_MISUSE_FRAGMENTS ? "sent broken fragments to H"
		       : in->misuses & IP_MISUSE_OPTIONS ? "sent odd IP options to H"
							 : "sent impossible TCP flags to H";
	for (const char *p = deed; *p; p++) {
		bool alone = (p == deed || p[-1] == ' ' || p[-1] == '(') &&
			     (p[1] == '\0' || p[1] == ' ' || p[1] == ')');
		if (alone && *p == 'P')
			add_ports(b, in);
		else if (alone && *p == 'H')
			add_hosts(b, in, of_many);
		else
			text_buffer_add_bytes(b, p, 1);
	}
}

void headline_text_add_deed(struct text_buffer *b, const struct incident *in)
{
	add_deed(b, in, false);
}

void headline_text_add_deed_of_many(struct text_buffer *b, const struct incident *in)
{
	add_deed(b, in, true);
}
