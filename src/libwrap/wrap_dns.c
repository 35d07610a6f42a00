/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_dns.h"

#include "base/byte_cursor.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <strings.h>

enum {
	ALIASES_MAX = 8,     /* CNAMEs that are followed */
	RECORDS_MAX = 4096,  /* a message of 64 kB holds no more than 5461 */
	MESSAGE_MAX = 4096,  /* bytes; more than the C library asks for over UDP (1200) */
	FULL_NAME_MAX = 1025 /* NS_MAXDNAME: a name with every byte escaped */
};

bool wrap_dns_is_host_name(const char *name)
{
	if (name[0] == '\0' || name[0] == '-')
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0';
}

void wrap_dns_question(const struct addr *a, char question[WRAP_DNS_QUESTION_SIZE])
{
	if (addr_is_v4(a)) {
		snprintf(question, WRAP_DNS_QUESTION_SIZE, "%u.%u.%u.%u.in-addr.arpa", a->bytes[15], a->bytes[14],
			a->bytes[13], a->bytes[12]);
		return;
	}
	static const char digits[] = "0123456789abcdef";
	char *to = question;
	for (unsigned i = 16; i-- > 0;) {
		*to++ = digits[a->bytes[i] & 0xf];
		*to++ = '.';
		*to++ = digits[a->bytes[i] >> 4];
		*to++ = '.';
	}
	memcpy(to, "ip6.arpa", sizeof "ip6.arpa");
}

/* ---- an answer ------------------------------------------------------------------------------------------ */

struct answer {
	const uint8_t *message;
	const uint8_t *end;
	struct byte_cursor at; /* the next record */
	unsigned left;         /* records of the answer section */
};

struct record {
	char owner[FULL_NAME_MAX];
	unsigned type;
	unsigned class;
	const uint8_t *data;
	size_t size;
};

/* A name at the cursor, which may lean on earlier parts of the message. */
static bool take_name(struct answer *m, char name[FULL_NAME_MAX])
{
	const int used = dn_expand(m->message, m->end, m->at.at, name, FULL_NAME_MAX);
	if (used < 0) {
		m->at.failed = true;
		return false;
	}
	byte_cursor_skip(&m->at, (size_t)used);
	return !m->at.failed;
}

/* Reads the header; false for what is no answer, or says that there is none. */
static bool begin_answer(struct answer *m, const uint8_t *message, size_t size)
{
	char name[FULL_NAME_MAX];
	*m = (struct answer){message, message + size, byte_cursor_over(message, size), 0};
	byte_cursor_skip(&m->at, 2);
	const unsigned flags = byte_cursor_u16(&m->at);
	const unsigned questions = byte_cursor_u16(&m->at);
	m->left = byte_cursor_u16(&m->at);
	byte_cursor_skip(&m->at, 4);
	if (m->at.failed || (flags & 0x8000) == 0 || (flags & 0xf) != ns_r_noerror || questions != 1)
		return false;
	if (!take_name(m, name))
		return false;
	byte_cursor_skip(&m->at, 4);
	return !m->at.failed;
}

/* The next record of the answer section; false at its end, or where the message is cut off. */
static bool next_record(struct answer *m, struct record *r)
{
	if (m->left == 0 || !take_name(m, r->owner))
		return false;
	m->left--;
	r->type = byte_cursor_u16(&m->at);
	r->class = byte_cursor_u16(&m->at);
	byte_cursor_skip(&m->at, 4);
	r->size = byte_cursor_u16(&m->at);
	r->data = byte_cursor_take(&m->at, r->size);
	return r->data != NULL;
}

static bool expand(const struct answer *m, const uint8_t *at, char name[FULL_NAME_MAX])
{
	return dn_expand(m->message, m->end, at, name, FULL_NAME_MAX) >= 0;
}

/* The first record of this type and owner. */
static bool find_record(const struct answer *begin, const char *owner, unsigned type, struct record *r)
{
	struct answer m = *begin;
	for (unsigned i = 0; i < RECORDS_MAX && next_record(&m, r); i++) {
		if (r->class == ns_c_in && r->type == type && strcasecmp(r->owner, owner) == 0)
			return true;
	}
	return false;
}

enum wrap_dns_result wrap_dns_read_name(
	const uint8_t *message, size_t size, const char *question, char name[WRAP_DNS_NAME_SIZE])
{
	struct answer m;
	struct record r;
	char owner[FULL_NAME_MAX], found[FULL_NAME_MAX];
	if (!begin_answer(&m, message, size))
		return WRAP_DNS_FAILED;
	snprintf(owner, sizeof owner, "%s", question);
	for (unsigned i = 0; !find_record(&m, owner, ns_t_ptr, &r); i++) {
		if (i == ALIASES_MAX || !find_record(&m, owner, ns_t_cname, &r) || !expand(&m, r.data, owner))
			return WRAP_DNS_NO;
	}
	if (!expand(&m, r.data, found) || strlen(found) >= WRAP_DNS_NAME_SIZE || !wrap_dns_is_host_name(found))
		return WRAP_DNS_BAD;
	memcpy(name, found, strlen(found) + 1);
	return WRAP_DNS_YES;
}

enum wrap_dns_result wrap_dns_read_address(const uint8_t *message, size_t size, const char *name, const struct addr *a)
{
	struct answer m;
	struct record r;
	const bool v4 = addr_is_v4(a);
	const unsigned type = v4 ? ns_t_a : ns_t_aaaa;
	const uint8_t *wanted = v4 ? a->bytes + 12 : a->bytes;
	const size_t wanted_size = v4 ? 4 : 16;
	if (!begin_answer(&m, message, size))
		return WRAP_DNS_FAILED;
	for (unsigned i = 0; i < RECORDS_MAX && next_record(&m, &r); i++) {
		if (r.class == ns_c_in && r.type == type && r.size == wanted_size &&
			strcasecmp(r.owner, name) == 0 && memcmp(r.data, wanted, wanted_size) == 0)
			return WRAP_DNS_YES;
	}
	return WRAP_DNS_NO;
}

/* ---- a question ----------------------------------------------------------------------------------------- */

/*
 * Each server is tried for a second at a time, all of them `retry` times over (res_send.c: retrans << server,
 * divided by their number from the second one on, at least 1). What resolv.conf says may be less, not more.
 */
static void set_limits(struct __res_state *state, unsigned seconds)
{
	if (state->nscount < 1)
		state->nscount = 1;
	if ((unsigned)state->nscount > seconds)
		state->nscount = (int)seconds;
	const unsigned rounds = seconds / (unsigned)state->nscount;
	const unsigned said = (unsigned)state->retrans * (unsigned)state->retry; /* 5 * 2, where nothing is said */
	state->retrans = 1;
	state->retry = (int)(said < rounds ? said : rounds);
	if (state->retry < 1)
		state->retry = 1;
	state->options &= ~(unsigned long)RES_USEVC;
	state->options |= RES_IGNTC | RES_USE_EDNS0;
}

/* The length of the answer; 0 without one, with the reason in `why`. */
static size_t ask(const char *name, int type, unsigned seconds, uint8_t *message, enum wrap_dns_result *why)
{
	struct __res_state state;
	memset(&state, 0, sizeof state);
	*why = WRAP_DNS_FAILED;
	if (res_ninit(&state) < 0)
		return 0;
	set_limits(&state, seconds > 0 ? seconds : 1);
	const int size = res_nquery(&state, name, ns_c_in, type, message, MESSAGE_MAX);
	if (size < 0 && (state.res_h_errno == HOST_NOT_FOUND || state.res_h_errno == NO_DATA))
		*why = WRAP_DNS_NO;
	res_nclose(&state);
	if (size < 0)
		return 0;
	return size < MESSAGE_MAX ? (size_t)size : MESSAGE_MAX;
}

enum wrap_dns_result wrap_dns_name_of(const struct addr *a, unsigned seconds, char name[WRAP_DNS_NAME_SIZE])
{
	uint8_t message[MESSAGE_MAX];
	char question[WRAP_DNS_QUESTION_SIZE];
	enum wrap_dns_result why;
	wrap_dns_question(a, question);
	const size_t size = ask(question, ns_t_ptr, seconds, message, &why);
	return size > 0 ? wrap_dns_read_name(message, size, question, name) : why;
}

enum wrap_dns_result wrap_dns_has(const char *name, const struct addr *a, unsigned seconds)
{
	uint8_t message[MESSAGE_MAX];
	enum wrap_dns_result why;
	const size_t size = ask(name, addr_is_v4(a) ? ns_t_a : ns_t_aaaa, seconds, message, &why);
	return size > 0 ? wrap_dns_read_address(message, size, name, a) : why;
}
