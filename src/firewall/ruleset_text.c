/* SPDX-License-Identifier: ISC */
/*
 * The logging is limited as a whole and not by source: a flood from forged addresses has no sources. The
 * limits let the burst of a fast scan through (nmap's first thousand ports within the second) and bound what a
 * flood costs: a packet to a log group costs the kernel about a microsecond, a line of text a hundred times
 * that and the disk.
 */
#include "firewall/ruleset_text.h"

#include <inttypes.h>
#include <string.h>

/* A run of ports that are alike. */
struct run {
	uint16_t first, last;
	unsigned families; /* bits 1 << enum door_family */
	const char *owner;
};

static void write_trial(FILE *out)
{
	fputs("#\n"
	      "# How to try it without locking yourself out (as root, with this text in FILE):\n"
	      "#   nft -c -f FILE        # only checks it; nothing changes\n"
	      "#   nohup sh -c 'sleep 120; nft delete table inet " RULESET_TABLE "' & undo=$!\n"
	      "#   nft -f FILE           # now it is in force, for two minutes\n"
	      "# Open a NEW connection from outside, for example a second ssh. If that works, keep it:\n"
	      "#   kill $undo            # and put its text into /etc/nftables.conf\n"
	      "# If it does not, do nothing: after two minutes all is as before.\n"
	      "# Connections that are open now go on.\n",
		out);
}

static void write_head(const struct ruleset_plan *p, FILE *out)
{
	fputs("#!/usr/sbin/nft -f\n"
	      "#\n"
	      "# Accepts what this host offers, drops the rest, and tells knockwatch what it dropped.\n"
	      "# Made by `knockwatch ruleset` from the ports in use. Read it before you load it: a service\n"
	      "# that was not running when it was made is not in it (say --allow tcp/PORT).\n",
		out);
	write_trial(out);
	if (p->log == RULESET_LOG_NFLOG)
		fprintf(out, "#\n# Then listen: knockwatch watch --nflog %u\n", p->group);
	else
		fputs("#\n# Then listen: knockwatch watch --log /var/log/kern.log (or to the journal)\n",
			out);
	if (p->forwards)
		fputs("#\n# This host forwards packets for others (a router, containers). Those are not\n"
		      "# touched here: what containers publish stays as it is.\n",
			out);
	fputs("\n"
	      "# The first two lines make loading it again replace what was loaded before.\n"
	      "table inet " RULESET_TABLE "\n"
	      "delete table inet " RULESET_TABLE "\n"
	      "table inet " RULESET_TABLE " {\n",
		out);
}

static void write_basics(FILE *out)
{
	fputs("\tchain input {\n"
	      "\t\t# What no line below accepts is dropped.\n"
	      "\t\ttype filter hook input priority filter; policy drop;\n"
	      "\n"
	      "\t\t# Programs of this host talk to each other.\n"
	      "\t\tiif \"lo\" accept\n"
	      "\t\t# Connections that exist, answers to what we asked, and errors about them.\n"
	      "\t\tct state established,related accept\n"
	      "\t\t# Packets that begin nothing and belong to nothing: FIN, NULL and XMAS scans.\n"
	      "\t\tct state invalid goto refuse\n"
	      "\n"
	      "\t\t# Being pinged, and learning the largest packet that fits a path.\n"
	      "\t\ticmp type echo-request accept\n"
	      "\t\ticmp type destination-unreachable icmp code frag-needed accept\n"
	      "\t\t# The same over IPv6, which does not work without its errors (RFC 4890).\n"
	      "\t\ticmpv6 type { destination-unreachable, packet-too-big, time-exceeded, "
	      "parameter-problem, echo-request } accept\n"
	      "\t\t# Finding neighbours and routers on the link. The hop limit proves the link.\n"
	      "\t\ticmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, "
	      "nd-neighbor-advert, ind-neighbor-solicit, ind-neighbor-advert } ip6 hoplimit 255 accept\n"
	      "\t\t# Which multicast groups are listened to on the link (IGMP, MLD).\n"
	      "\t\tip protocol igmp accept\n"
	      "\t\ticmpv6 type { mld-listener-query, mld-listener-report, mld-listener-done, "
	      "mld2-listener-report } ip6 saddr { fe80::/10, :: } accept\n"
	      "\t\t# Answers to our own DHCP client, which come from nobody in particular.\n"
	      "\t\tudp sport 67 udp dport 68 accept\n"
	      "\t\tip6 saddr fe80::/10 udp sport 547 udp dport 546 accept\n"
	      "\n",
		out);
}

static void write_ports(FILE *out, const char *proto, const struct run *r)
{
	if (r->first == r->last)
		fprintf(out, "%s dport %u", proto, r->first);
	else
		fprintf(out, "%s dport %u-%u", proto, r->first, r->last);
}

static void write_owner(FILE *out, const char *owner)
{
	if (owner[0] != '\0')
		fprintf(out, " comment \"%s\"", owner);
	fputc('\n', out);
}

static void write_run(FILE *out, enum port_set_proto proto, const struct run *r)
{
	fputs("\t\t", out);
	if (r->families == 1u << DOOR_FAMILY_V4)
		fputs("meta nfproto ipv4 ", out);
	else if (r->families == 1u << DOOR_FAMILY_V6)
		fputs("meta nfproto ipv6 ", out);
	write_ports(out, port_set_proto_name(proto), r);
	fputs(" accept", out);
	write_owner(out, r->owner);
}

static const char *owner_of(const struct ruleset_plan *p, enum port_set_proto proto, unsigned port)
{
	return p->owner ? p->owner(p->context, proto, (uint16_t)port) : "";
}

/* DHCP has lines of its own. */
static bool is_dhcp(enum port_set_proto proto, unsigned port)
{
	return proto == PORT_SET_UDP && (port == 68 || port == 546);
}

static struct run look_at(const struct ruleset_plan *p, enum port_set_proto proto, unsigned port)
{
	struct run r = {(uint16_t)port, (uint16_t)port, 0, ""};
	for (unsigned f = 0; f < DOOR_FAMILIES; f++) {
		bool open = port_set_holds(&p->offered->all[f], proto, (uint16_t)port) ||
			    port_set_holds(p->allowed, proto, (uint16_t)port);
		if (open && !is_dhcp(proto, port))
			r.families |= 1u << f;
	}
	if (r.families != 0)
		r.owner = owner_of(p, proto, port);
	return r;
}

static unsigned write_all_addresses(
	const struct ruleset_plan *p, enum port_set_proto proto, FILE *out)
{
	struct run now = {0, 0, 0, ""};
	unsigned written = 0;
	for (unsigned port = 1; port <= 65536; port++) {
		struct run next =
			port <= 65535 ? look_at(p, proto, port) : (struct run){0, 0, 0, ""};
		if (next.families == now.families && strcmp(next.owner, now.owner) == 0) {
			now.last = (uint16_t)port;
			continue;
		}
		if (now.families != 0) {
			write_run(out, proto, &now);
			written++;
		}
		now = next;
	}
	return written;
}

static unsigned write_narrow(const struct ruleset_plan *p, FILE *out)
{
	unsigned written = 0;
	for (unsigned i = 0; i < p->offered->narrow_count; i++) {
		const struct door *d = &p->offered->narrow[i];
		enum port_set_proto proto = (enum port_set_proto)d->proto;
		struct run r = {d->port, d->port, 0, owner_of(p, proto, d->port)};
		if (is_dhcp(proto, d->port))
			continue;
		fprintf(out, "\t\t%s daddr %s ", addr_is_v4(&d->addr) ? "ip" : "ip6",
			addr_to_text(&d->addr).text);
		write_ports(out, port_set_proto_name(proto), &r);
		fputs(" accept", out);
		write_owner(out, r.owner);
		written++;
	}
	return written;
}

static void write_doors(const struct ruleset_plan *p, FILE *out)
{
	unsigned written = 0;
	fputs("\t\t# What this host offers. Take out what is not for everybody.\n", out);
	for (unsigned proto = 0; proto < PORT_SET_PROTOS; proto++)
		written += write_all_addresses(p, (enum port_set_proto)proto, out);
	written += write_narrow(p, out);
	if (written == 0)
		fputs("\t\t# (Nothing: no program waits for connections from outside.)\n", out);
}

static void write_doubts(const struct ruleset_plan *p, FILE *out)
{
	uint32_t cursor = 0;
	struct port_range range;
	bool any = false;
	while (port_set_next_range(p->doubtful, &cursor, &range)) {
		for (unsigned port = range.first; port <= range.last; port++) {
			if (!any)
				fputs("\t\t# UDP ports in use, whether for asking or for serving cannot "
				      "be seen. Uncomment those of servers.\n",
					out);
			any = true;
			fprintf(out, "\t\t# udp dport %u accept", port);
			write_owner(out, owner_of(p, PORT_SET_UDP, port));
		}
	}
}

static void write_refusal(const struct ruleset_plan *p, FILE *out)
{
	fputs("\n"
	      "\t\t# Everything else.\n"
	      "\t\tgoto refuse\n"
	      "\t}\n"
	      "\n"
	      "\tchain refuse {\n",
		out);
	if (p->log == RULESET_LOG_NFLOG)
		fprintf(out,
			"\t\t# Told to knockwatch, a whole scan of any speed; of a flood enough to know it.\n"
			"\t\t" RULESET_LOG_LIMIT " log prefix \"" RULESET_LOG_PREFIX
			"\" group %u\n",
			p->group);
	else
		fputs("\t\t# Into the kernel's log, a whole scan of a thousand ports; a flood must not fill "
		      "the disk.\n"
		      "\t\tlimit rate 100/second burst 3000 packets log prefix \"" RULESET_LOG_PREFIX
		      "\" flags tcp sequence,options\n",
			out);
	fputs("\t\tcounter drop\n"
	      "\t}\n"
	      "}\n",
		out);
}

void ruleset_text_write(const struct ruleset_plan *plan, FILE *out)
{
	write_head(plan, out);
	write_basics(out);
	write_doors(plan, out);
	write_doubts(plan, out);
	write_refusal(plan, out);
}
