/* SPDX-License-Identifier: ISC */
#include "logline/netfilter_usual.h"

#include "net/ip_proto.h"

/* Where the key must be known to the compiler, which then makes numbers of it. */
#define IN_PLACE static inline __attribute__((always_inline))

/* Four to twenty-four characters, in pieces that may overlap. Not memcmp: the compiler takes what stands
 * behind so many tests for rare, and would call it. */
IN_PLACE bool same_text(const char *a, const char *b, size_t length)
{
	if (length < 8)
		return text_slice_same_four(a, b) &&
		       text_slice_same_four(a + length - 4, b + length - 4);
	return text_slice_same_eight(a, b) &&
	       (length <= 16 || text_slice_same_eight(a + 8, b + 8)) &&
	       text_slice_same_eight(a + length - 8, b + length - 8);
}

/* Takes a constant text, if it stands here with a whole look of field_scan behind it. */
IN_PLACE bool take_key(struct field_scan *s, const char *key)
{
	size_t length = strlen(key);
	if (field_scan_left(s) < length + FIELD_SCAN_STEP || !same_text(s->at, key, length))
		return false;
	s->at += length;
	return true;
}

/* The greatest value, one digit a byte: so they compare like numbers. */
#define DIGITS_U16 UINT64_C(0x0605050305)

/* A constant text that may be the last one. */
IN_PLACE bool take_text(struct field_scan *s, const char *text)
{
	size_t length = strlen(text);
	if (field_scan_left(s) < length || !same_text(s->at, text, length))
		return false;
	s->at += length;
	return true;
}

/* A key and a number of few digits, mostly as many as on the line before, which is then the quickest
 * way to read it. */
IN_PLACE bool take_small_field(struct field_scan *s, const char *key, unsigned most, unsigned *out)
{
	struct field_scan look = *s;
	if (!take_key(&look, key) || !field_scan_is_digit(*look.at))
		return false;
	unsigned value = 0;
	const char *p = look.at, *limit = p + FIELD_SCAN_STEP - 1; /* so many are there */
	while (p < limit && field_scan_is_digit(*p))
		value = value * 10 + (unsigned)(*p++ - '0');
	if (*p != ' ' || value > most)
		return false;
	s->at = p;
	*out = value;
	return true;
}

/* A key and a number of 16 bits that ends on a space; nothing is taken otherwise. */
IN_PLACE bool take_field(struct field_scan *s, const char *key, uint64_t *out)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	struct field_scan look = *s;
	if (!take_key(&look, key))
		return false;
	uint64_t n = field_scan_load(look.at) ^ ones * '0'; /* a digit becomes 0 to 9 */
	uint64_t others = ((n + ones * (0x80 - 10)) | n) & (ones << 7);
	if (others == 0)
		return false;
	unsigned place = (unsigned)__builtin_ctzll(others), count = place / 8;
	uint64_t digits = n << 8 << (place ^ 63); /* the last digit becomes the top byte */
	if (count == 0 || __builtin_bswap64(digits) > DIGITS_U16 || look.at[count] != ' ')
		return false;
	/* neighbours are joined: four pairs, of which the lowest is 0 in so small a number */
	uint64_t pairs = (digits * 10 + (digits >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	*out = pairs * (UINT64_C(10000) << 32 | 100 << 16 | 1) >> 48;
	s->at = look.at + count;
	return true;
}

/* The same of a number that may stand at the line's end. */
IN_PLACE bool take_last_field(struct field_scan *s, const char *key, uint64_t max, uint64_t *out)
{
	struct field_scan look = *s;
	if (!take_text(&look, key) || !field_scan_number(&look, max, out) ||
		(look.at < look.end && *look.at != ' '))
		return false;
	*s = look;
	return true;
}

/* A key and a byte that tells us nothing, "0x00". */
IN_PLACE bool take_unused(struct field_scan *s, const char *key)
{
	struct field_scan look = *s;
	if (!take_key(&look, key) || look.at[0] == ' ' || look.at[1] == ' ' || look.at[2] != ' ')
		return false;
	s->at = look.at + 2;
	return true;
}

IN_PLACE bool take_addr(struct field_scan *s, const char *key, struct addr *out)
{
	struct field_scan look = *s;
	struct addr a;
	if (!take_key(&look, key))
		return false;
	const char *behind = addr_read_v4(look.at, look.end, &a);
	if (behind == NULL || behind == look.end || *behind != ' ')
		return false;
	s->at = behind;
	*out = a;
	return true;
}

static inline bool take_ports(struct field_scan *s, struct netfilter_packet *p)
{
	uint64_t number;
	if (!take_field(s, " SPT=", &number))
		return false;
	p->event->src_port = (uint16_t)number;
	p->seen |= NETFILTER_SEEN_SPT;
	if (!take_field(s, " DPT=", &number))
		return false;
	p->event->dst_port = (uint16_t)number;
	p->seen |= NETFILTER_SEEN_DPT;
	return true;
}

/* " CWR ECE URG ACK PSH RST SYN FIN", those that are set; each is followed by a space. */
static inline void take_flags(struct field_scan *s, struct event *e)
{
	const size_t length = 4; /* of a flag with the space before it */
	while (field_scan_left(s) > length && s->at[length] == ' ') {
		unsigned flag = 0;
		uint32_t word;
		memcpy(&word, s->at, sizeof word);
		switch (be32toh(word)) {
		case FIELD_KEY4(' ', 'C', 'W', 'R'):
			flag = EVENT_TCP_CWR;
			break;
		case FIELD_KEY4(' ', 'E', 'C', 'E'):
			flag = EVENT_TCP_ECE;
			break;
		case FIELD_KEY4(' ', 'U', 'R', 'G'):
			flag = EVENT_TCP_URG;
			break;
		case FIELD_KEY4(' ', 'A', 'C', 'K'):
			flag = EVENT_TCP_ACK;
			break;
		case FIELD_KEY4(' ', 'P', 'S', 'H'):
			flag = EVENT_TCP_PSH;
			break;
		case FIELD_KEY4(' ', 'R', 'S', 'T'):
			flag = EVENT_TCP_RST;
			break;
		case FIELD_KEY4(' ', 'S', 'Y', 'N'):
			flag = EVENT_TCP_SYN;
			break;
		case FIELD_KEY4(' ', 'F', 'I', 'N'):
			flag = EVENT_TCP_FIN;
			break;
		default:
			return;
		}
		e->tcp_flags |= (uint8_t)flag;
		s->at += length;
	}
}

/* " SEQ=1 ACK=0", which a rule prints only if it is told to. */
static inline void take_sequence(struct field_scan *s, struct netfilter_packet *p)
{
	uint64_t number;
	if (!take_last_field(s, " SEQ=", UINT32_MAX, &number))
		return;
	p->event->seq = (uint32_t)number;
	p->seen |= NETFILTER_SEEN_SEQ;
	if (!take_last_field(s, " ACK=", UINT32_MAX, &number))
		return;
	p->event->ack = (uint32_t)number;
	p->seen |= NETFILTER_SEEN_ACK;
}

static inline void take_tcp(struct field_scan *s, struct netfilter_packet *p)
{
	uint64_t number;
	if (!take_ports(s, p))
		return;
	take_sequence(s, p);
	if (!take_field(s, " WINDOW=", &number))
		return;
	p->event->window = (uint16_t)number;
	p->event->has |= EVENT_HAS_TCP_WINDOW;
	if (take_text(s, " RES=0x00 SYN URGP=")) {
		p->event->tcp_flags |= EVENT_TCP_SYN;
	} else {
		if (!take_unused(s, " RES=0x"))
			return;
		take_flags(s, p->event);
		if (!take_text(s, " URGP="))
			return;
	}
	p->seen |= NETFILTER_SEEN_URGP;
	field_scan_skip_word(s);
}

static inline void take_udp(struct field_scan *s, struct netfilter_packet *p)
{
	uint64_t number;
	if (!take_ports(s, p) || !take_last_field(s, " LEN=", UINT16_MAX, &number))
		return;
	p->udp_length = (uint16_t)number;
	p->seen |= NETFILTER_SEEN_UDP_LENGTH;
}

/* "TYPE=8 CODE=0 ID=512 SEQ=62893"; the types that quote a packet have it in place of the last two. */
static inline void take_icmp(struct field_scan *s, struct netfilter_packet *p)
{
	struct event *e = p->event;
	uint64_t number;
	unsigned small;
	if (!take_small_field(s, " TYPE=", UINT8_MAX, &small))
		return;
	e->icmp_type = (uint8_t)small;
	p->seen |= NETFILTER_SEEN_TYPE;
	if (!take_small_field(s, " CODE=", UINT8_MAX, &small))
		return;
	e->icmp_code = (uint8_t)small;
	p->seen |= NETFILTER_SEEN_CODE;
	if (!take_last_field(s, " ID=", UINT16_MAX, &number))
		return;
	e->icmp_id = (uint16_t)number;
	if (take_last_field(s, " SEQ=", UINT16_MAX, &number))
		e->icmp_seq = (uint16_t)number;
}

static inline void take_transport(struct field_scan *s, struct netfilter_packet *p)
{
	struct field_scan look = *s;
	if (take_key(&look, " PROTO=TCP ")) {
		p->event->proto = IP_PROTO_TCP;
	} else if (take_key(&look, " PROTO=UDP ")) {
		p->event->proto = IP_PROTO_UDP;
	} else if (take_key(&look, " PROTO=ICMP ")) {
		p->event->proto = IP_PROTO_ICMP;
	} else {
		return;
	}
	s->at = look.at - 1; /* the space is the next word's */
	p->seen |= NETFILTER_SEEN_PROTO;
	if (p->event->proto == IP_PROTO_TCP)
		take_tcp(s, p);
	else if (p->event->proto == IP_PROTO_UDP)
		take_udp(s, p);
	else
		take_icmp(s, p);
}

/* "LEN=60 TOS=0x00 PREC=0x00 TTL=40 ID=6272": false where another word comes. */
static inline bool take_header(struct field_scan *s, struct netfilter_packet *p)
{
	struct event *e = p->event;
	uint64_t number;
	unsigned small;
	if (!take_small_field(s, " LEN=", UINT16_MAX, &small))
		return false;
	e->length = (uint16_t)small;
	e->has |= EVENT_HAS_LENGTH;
	p->seen |= NETFILTER_SEEN_LENGTH;
	if (take_key(s, " TOS=0x00 PREC=0x00 "))
		s->at--; /* the space is the next word's */
	else if (!take_unused(s, " TOS=0x") || !take_unused(s, " PREC=0x"))
		return false;
	if (!take_small_field(s, " TTL=", UINT8_MAX, &small))
		return false;
	e->ttl = (uint8_t)small;
	p->seen |= NETFILTER_SEEN_TTL;
	if (!take_field(s, " ID=", &number))
		return false;
	e->ip_id = (uint16_t)number;
	e->has |= EVENT_HAS_IP_ID;
	if (take_key(s, " DF ")) {
		s->at--;
		e->marks |= EVENT_MARK_DF;
	}
	return true;
}

void netfilter_usual_read_link(struct field_scan *s, struct netfilter_packet *packet)
{
	if (!field_scan_take_text(s, "IN="))
		return;
	packet->in = field_scan_word(s);
	if (!take_key(s, " OUT="))
		return;
	packet->out = field_scan_word(s);
	if (take_key(s, " MAC="))
		netfilter_packet_note_mac(packet, field_scan_word(s));
}

static inline void take_packet(struct field_scan *s, struct netfilter_packet *packet)
{
	if (!take_addr(s, "SRC=", &packet->event->src))
		return;
	packet->seen |= NETFILTER_SEEN_SRC;
	if (!take_addr(s, " DST=", &packet->event->dst))
		return;
	packet->seen |= NETFILTER_SEEN_DST;
	if (take_header(s, packet))
		take_transport(s, packet);
}

void netfilter_usual_read(struct field_scan *s, struct netfilter_packet *packet)
{
	struct field_scan own = *s; /* nobody else's, so that it can stay in registers */
	take_packet(&own, packet);
	s->at = own.at;
}
