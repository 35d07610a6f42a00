/* SPDX-License-Identifier: ISC */
#include "detect/tool_mark.h"

#include "base/text_buffer.h"
#include "event/technique.h"
#include "net/ip_proto.h"

#include <string.h>

/* TCP option layouts: kind + 1 in 4-bit steps, first option lowest. */
#define LAYOUT_NONE UINT64_C(0)
#define LAYOUT_MSS UINT64_C(0x3)

enum { OPTION_MSS = 2, OPTION_TIMESTAMP = 8 };

static bool has_all(const struct event *e, unsigned facts)
{
	return (e->has & facts) == facts;
}

static bool is_bare(const struct event *e)
{
	return has_all(e, EVENT_HAS_TCP_OPTIONS) ? e->tcp_option_layout == LAYOUT_NONE
						 : has_all(e, EVENT_HAS_LENGTH) && e->length == 40;
}

static bool is_mss_alone(const struct event *e)
{
	return has_all(e, EVENT_HAS_TCP_OPTIONS) ? e->tcp_option_layout == LAYOUT_MSS
						 : has_all(e, EVENT_HAS_LENGTH) && e->length == 44;
}

static bool is_zmap_old(const struct event *e)
{
	return has_all(e, EVENT_HAS_IP_ID | EVENT_HAS_TCP_WINDOW) && e->ip_id == 54321 &&
	       e->window == 65535 && is_bare(e);
}

static bool is_6000(const struct event *e)
{
	return has_all(e, EVENT_HAS_IP_ID | EVENT_HAS_TCP_WINDOW) && e->src_port == 6000 &&
	       e->ip_id == 256 && e->window == 16384;
}

/* zmap 3 and later: MSS, SACK permitted, timestamp, NOP, window scale as Linux, window 65535, a
 * random id and no DF; an ordinary Linux sets DF and window 64240 or less. */
static bool is_zmap_new(const struct event *e)
{
	const uint64_t linux_layout = UINT64_C(0x42953);    /* mss sok ts nop ws */
	const uint64_t windows_layout = UINT64_C(0x522423); /* mss nop ws nop nop sok */
	if (!has_all(e, EVENT_HAS_TCP_OPTIONS | EVENT_HAS_TCP_WINDOW) || e->window != 65535 ||
		(e->marks & EVENT_MARK_DF))
		return false;
	return e->tcp_option_layout == linux_layout || e->tcp_option_layout == windows_layout ||
	       e->tcp_option_layout == LAYOUT_MSS;
}

static bool is_nmap_syn(const struct event *e)
{
	return is_mss_alone(e) && (!(e->has & EVENT_HAS_TCP_OPTIONS) || e->tcp_mss == 1460);
}

/* unicornscan in the dress it falls back to, that of Cisco IOS 12.1 (src/scan_progs/init_packet.c,
 * fingerprint 0): window 4128, MSS alone, no DF, hop count from 255. Read in its source, not measured; its
 * other dresses are those of systems. A router that connects looks the same, so it takes a scan to say so. */
static bool is_unicorn(const struct event *e)
{
	return has_all(e, EVENT_HAS_TCP_OPTIONS | EVENT_HAS_TTL) && is_mss_alone(e) &&
	       e->tcp_mss == 1460 && e->ttl > 128 && !(e->marks & EVENT_MARK_DF);
}

#define BIT(mark) (UINT32_C(1) << (mark))

/* The tools whose mark hangs on the sequence number. Of IPv6 they mark nothing that we know of. */
static uint32_t marks_of_sequence(const struct event *e)
{
	if (!(e->has & EVENT_HAS_TCP_SEQ) || e->seq == 0 || !addr_is_v4(&e->dst))
		return 0;
	const uint32_t dst = addr_v4(&e->dst);
	uint32_t marks = e->seq == dst ? BIT(DOSSIER_MARK_MIRAI) : 0;
	if ((e->has & EVENT_HAS_IP_ID) && e->ip_id == (uint16_t)(dst ^ e->dst_port ^ e->seq))
		marks |= BIT(DOSSIER_MARK_MASSCAN);
	return marks;
}

/* The tools whose mark hangs on the window: one comparison rules out nearly all of them. masscan and Mirai
 * may have the window of nmap, too. */
static uint32_t marks_of_window(const struct event *e, uint32_t of_sequence)
{
	switch (e->window) {
	case 512:
		return is_bare(e) ? BIT(DOSSIER_MARK_HPING) : 0;
	case 1024:
		return of_sequence == 0 && is_nmap_syn(e) ? BIT(DOSSIER_MARK_NMAP) : 0;
	case 4128:
		return is_unicorn(e) ? BIT(DOSSIER_MARK_UNICORN) : 0;
	case 16384:
		return is_6000(e) ? BIT(DOSSIER_MARK_6000) : 0;
	case 65535:
		return (is_zmap_old(e) ? BIT(DOSSIER_MARK_ZMAP_OLD) : 0) |
		       (is_zmap_new(e) ? BIT(DOSSIER_MARK_ZMAP_NEW) : 0);
	default:
		return 0;
	}
}

uint32_t tool_mark_of_syn(const struct event *e)
{
	if (!(e->has & EVENT_HAS_TCP_FLAGS))
		return BIT(DOSSIER_MARK_FLAGLESS);
	uint32_t marks = marks_of_sequence(e);
	if (e->has & EVENT_HAS_TCP_WINDOW)
		marks |= marks_of_window(e, marks);
	return marks | BIT(DOSSIER_MARK_SYNS);
}

static bool is_raw_nmap(const struct event *e)
{
	return has_all(e, EVENT_HAS_TTL | EVENT_HAS_TCP_WINDOW) && e->window == 1024 &&
	       is_bare(e) && e->ttl <= 60 && e->ttl > 20;
}

uint32_t tool_mark_of(const struct event *e)
{
	if (e->proto != IP_PROTO_TCP)
		return 0;
	if (e->probe == EVENT_PROBE_SYN)
		return tool_mark_of_syn(e);
	return is_raw_nmap(e) ? BIT(DOSSIER_MARK_NMAP_OTHER) : 0;
}

bool tool_mark_is_certain(uint32_t marks)
{
	return marks & (BIT(DOSSIER_MARK_MASSCAN) | BIT(DOSSIER_MARK_MIRAI) |
			       BIT(DOSSIER_MARK_ZMAP_OLD) | BIT(DOSSIER_MARK_6000));
}

static uint32_t os_probe_of_syn(const struct event *e)
{
	switch (e->window) {
	case 31337:
		return DOSSIER_OS_T5;
	case 3:
		return e->tcp_flags & EVENT_TCP_ECE ? DOSSIER_OS_ECN : 0;
	case 1:
	case 4:
	case 16:
	case 63:
		return is_bare(e) ? 0 : DOSSIER_OS_SEQ;
	default:
		return 0;
	}
}

static uint32_t os_probe_of(const struct event *e)
{
	if (e->proto == IP_PROTO_UDP)
		return has_all(e, EVENT_HAS_IP_ID) && e->ip_id == 0x1042 && e->payload_length == 300
			       ? DOSSIER_OS_U1
			       : 0;
	if (e->proto == IP_PROTO_ICMP)
		return e->icmp_type == 8 && e->icmp_code == 9 ? DOSSIER_OS_IE : 0;
	if (e->proto != IP_PROTO_TCP || !has_all(e, EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW))
		return 0;
	if (e->probe == EVENT_PROBE_SYN)
		return os_probe_of_syn(e);
	bool bare = is_bare(e);
	switch ((enum event_probe)e->probe) {
	case EVENT_PROBE_NULL:
		return e->window == 128 && !bare ? DOSSIER_OS_T2 : 0;
	case EVENT_PROBE_SYN_FIN:
		return e->window == 256 && !bare ? DOSSIER_OS_T3 : 0;
	case EVENT_PROBE_ACK:
		return bare                 ? 0
		       : e->window == 1024  ? DOSSIER_OS_T4
		       : e->window == 32768 ? DOSSIER_OS_T6
					    : 0;
	case EVENT_PROBE_XMAS:
		return e->window == 65535 && !bare ? DOSSIER_OS_T7 : 0;
	case EVENT_PROBE_SYN:
	case EVENT_PROBE_SYN_ACK:
	case EVENT_PROBE_FIN:
	case EVENT_PROBE_MAIMON:
	case EVENT_PROBE_ALL_FLAGS:
	case EVENT_PROBE_RST:
	case EVENT_PROBE_UDP:
	case EVENT_PROBE_ICMP:
	case EVENT_PROBE_SCTP_INIT:
	case EVENT_PROBE_IP_PROTOCOL:
	case EVENT_PROBE_INVALID:
	case EVENT_PROBES:
		break;
	}
	return 0;
}

void tool_mark_count(struct dossier *d, const struct event *e, uint32_t marks)
{
	/* hping3's header is only its hand if the source ports climb. */
	if (marks & BIT(DOSSIER_MARK_HPING)) {
		uint16_t step = (uint16_t)(e->src_port - d->last_src_port);
		if (step < 1 || step > 16)
			marks &= ~BIT(DOSSIER_MARK_HPING);
	}
	if (marks & BIT(DOSSIER_MARK_SYNS))
		d->last_src_port = e->src_port;
	for (; marks != 0; marks &= marks - 1)
		d->marks[__builtin_ctz(marks)]++;
	d->os_probes |= os_probe_of(e);
}

unsigned tool_mark_os_probes(const struct dossier *d)
{
	return (unsigned)__builtin_popcount(d->os_probes & ~(uint32_t)DOSSIER_OS_XPROBE);
}

/* A tool is named when most of the SYNs that could show its mark do. */
static const struct {
	enum dossier_mark mark;
	uint32_t percent; /* of all SYNs */
	uint32_t least;   /* packets */
	const char *name;
} tools[] = {
	{DOSSIER_MARK_MASSCAN, 60, 3, "masscan"},
	{DOSSIER_MARK_MIRAI, 60, 3, "mirai"},
	{DOSSIER_MARK_ZMAP_OLD, 60, 2, "zmap"},
	{DOSSIER_MARK_6000, 60, 2, "6000-256"},
	{DOSSIER_MARK_UNICORN, 60, 3, "unicornscan"},
	{DOSSIER_MARK_HPING, 50, 4, "hping"},
	{DOSSIER_MARK_NMAP, 50, 3, "nmap"},
	{DOSSIER_MARK_ZMAP_NEW, 90, 4, "zmap"},
};

const char *tool_mark_name(const struct dossier *d)
{
	if (tool_mark_os_probes(d) >= 2)
		return "nmap";
	uint64_t syns = d->marks[DOSSIER_MARK_SYNS];
	for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
		uint64_t seen = d->marks[tools[i].mark];
		if (seen >= tools[i].least && seen * 100 >= syns * tools[i].percent)
			return tools[i].name;
	}
	return d->marks[DOSSIER_MARK_NMAP_OTHER] >= 5 ? "nmap" : NULL;
}

static const struct {
	enum technique technique;
	const char *option;
} options[] = {
	{TECHNIQUE_CONNECT, "-sT"},
	{TECHNIQUE_SYN, "-sS"},
	{TECHNIQUE_FIN, "-sF"},
	{TECHNIQUE_NULL, "-sN"},
	{TECHNIQUE_XMAS, "-sX"},
	{TECHNIQUE_ACK, "-sA"},
	{TECHNIQUE_WINDOW, "-sW"},
	{TECHNIQUE_MAIMON, "-sM"},
	{TECHNIQUE_SYN_FIN, "--scanflags SYNFIN"},
	{TECHNIQUE_ALL_FLAGS, "--scanflags ALL"},
	{TECHNIQUE_UDP, "-sU"},
	{TECHNIQUE_ICMP_ECHO, "-PE"},
	{TECHNIQUE_ICMP_TIMESTAMP, "-PP"},
	{TECHNIQUE_ICMP_MASK, "-PM"},
	{TECHNIQUE_SCTP_INIT, "-sY"},
	{TECHNIQUE_IP_PROTOCOL, "-sO"},
};

/* One more option, whole or not at all. */
static void add_option(struct text_buffer *b, const char *option)
{
	if (b->used + strlen(option) + 2 >= b->size)
		return;
	text_buffer_add(b, b->used > 0 ? " " : "");
	text_buffer_add(b, option);
}

struct nmap_options tool_mark_nmap_options(const struct dossier *d)
{
	struct nmap_options out = {""};
	uint32_t seen = d->techniques;
	/* The fingerprint's own odd packets are explained by -O alone. */
	if (tool_mark_os_probes(d) >= 2 && d->new_targets < 50)
		seen &= technique_bit(TECHNIQUE_SYN) | technique_bit(TECHNIQUE_CONNECT);
	/* Lines that tell no flags show that somebody asked, not how. */
	if (d->marks[DOSSIER_MARK_FLAGLESS] > 0 && d->marks[DOSSIER_MARK_SYNS] == 0)
		seen &= ~technique_bit(TECHNIQUE_SYN);
	/* Of a connection that only a wrapper tells of, nobody saw the packets. */
	if (!(d->techniques & technique_bit(TECHNIQUE_SYN)))
		seen &= ~technique_bit(TECHNIQUE_CONNECT);
	/* A connect() is a SYN; it is -sS only if bare SYNs came too, which the marks tell. */
	if ((seen & technique_bit(TECHNIQUE_CONNECT)) && d->marks[DOSSIER_MARK_NMAP] == 0)
		seen &= ~technique_bit(TECHNIQUE_SYN);
	/* An ACK and a window scan send the same packets; the common one is named. */
	if (seen & technique_bit(TECHNIQUE_ACK))
		seen &= ~technique_bit(TECHNIQUE_WINDOW);
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (seen & technique_bit(options[i].technique))
			add_option(&b, options[i].option);
	}
	if (tool_mark_os_probes(d) >= 2)
		add_option(&b, "-O");
	return out;
}
