/* SPDX-License-Identifier: ISC */
#include "word_maker.h"

#include "case_world.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* --- dice -------------------------------------------------------------------------------------------- */

unsigned word_maker_below(struct word_maker *m, unsigned limit)
{
	return (unsigned)seeded_random_below(&m->random, limit);
}

bool word_maker_chance(struct word_maker *m, unsigned percent)
{
	return word_maker_below(m, 100) < percent;
}

const char *word_maker_pick(struct word_maker *m, const char *const *table, size_t count)
{
	return table[word_maker_below(m, (unsigned)count)];
}

void word_maker_shake_case(struct word_maker *m, char *text)
{
	for (; *text; text++) {
		if (word_maker_chance(m, 50))
			*text = (char)(isupper((unsigned char)*text) ? tolower((unsigned char)*text)
								      : toupper((unsigned char)*text));
	}
}

static void set(struct word_maker *m, const char *text)
{
	snprintf(m->word, sizeof m->word, "%s", text);
}

#define SET(m, ...) ((void)snprintf((m)->word, sizeof(m)->word, __VA_ARGS__))

/* --- whom a word is about -------------------------------------------------------------------------- */

static const char *some_address(struct word_maker *m)
{
	if (word_maker_chance(m, 70) && m->aim.address[0])
		return m->aim.address;
	return world_hosts[word_maker_below(m, (unsigned)world_host_count)].address;
}

static const char *some_name(struct word_maker *m)
{
	if (word_maker_chance(m, 70) && m->aim.name[0])
		return m->aim.name;
	return world_hosts[word_maker_below(m, (unsigned)world_host_count)].name;
}

/* An IPv4 address in host order: the aim's if it has one. */
static uint32_t some_four(struct word_maker *m)
{
	static const char *const other[] = {"198.51.100.7", "10.1.2.3", "203.0.113.9", "198.51.100.70", "127.0.0.1"};
	struct in_addr a;
	const char *text = some_address(m);
	if (strncmp(text, "::ffff:", 7) == 0)
		text += 7;
	if (inet_pton(AF_INET, text, &a) != 1)
		inet_pton(AF_INET, WORD_MAKER_PICK(m, other), &a);
	return ntohl(a.s_addr);
}

static void some_six(struct word_maker *m, struct in6_addr *a)
{
	static const char *const other[] = {"2001:db8::1", "2001:db8:0:1::25", "::1", "fe80::7", "::ffff:198.51.100.7"};
	char text[CASE_WORD_SIZE];
	snprintf(text, sizeof text, "%s", some_address(m));
	text[strcspn(text, "%")] = '\0';
	if (inet_pton(AF_INET6, text, a) != 1)
		inet_pton(AF_INET6, WORD_MAKER_PICK(m, other), a);
}

static void four_text(uint32_t a, char text[20])
{
	snprintf(text, 20, "%u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

/* --- addresses and names ------------------------------------------------------------------------------- */

static void address(struct word_maker *m)
{
	set(m, some_address(m));
}

static void address_nearby(struct word_maker *m)
{
	char text[20];
	four_text(some_four(m) ^ (1U << word_maker_below(m, 9)), text);
	set(m, text);
}

static void address_with_zeros(struct word_maker *m)
{
	uint32_t a = some_four(m);
	SET(m, word_maker_chance(m, 50) ? "%u.%u.%u.%03u" : "%03u.%u.%u.%u", a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255);
}

static void name(struct word_maker *m)
{
	set(m, some_name(m));
	if (word_maker_chance(m, 30))
		word_maker_shake_case(m, m->word);
}

static void name_longer_or_shorter(struct word_maker *m)
{
	const char *text = some_name(m);
	if (word_maker_chance(m, 50))
		SET(m, "%sx", text);
	else
		SET(m, "%.*s", (int)strlen(text) - 1, text);
}

static void suffix(struct word_maker *m)
{
	const char *text = word_maker_chance(m, 75) ? some_name(m) : some_address(m);
	const char *dot = strchr(text, '.');
	for (const char *next; dot && word_maker_chance(m, 40) && (next = strchr(dot + 1, '.')); dot = next)
		;
	SET(m, dot ? "%s" : ".%s", dot ? dot : text);
	if (word_maker_chance(m, 15))
		SET(m, ".%s", text); /* no longer than the name itself */
	if (word_maker_chance(m, 20))
		word_maker_shake_case(m, m->word);
}

static void prefix(struct word_maker *m)
{
	const char *text = word_maker_chance(m, 80) ? some_address(m) : some_name(m);
	char *dot;
	set(m, text);
	while ((dot = strrchr(m->word, '.')) != NULL) {
		dot[word_maker_chance(m, 85) ? 1 : 0] = '\0'; /* with its dot, or by mistake without */
		if (word_maker_chance(m, 60) || dot[0] == '\0')
			return;
		dot[0] = '\0';
	}
	if (word_maker_chance(m, 50))
		SET(m, "%s.", text);
}

static void glob(struct word_maker *m)
{
	char from[CASE_WORD_SIZE];
	snprintf(from, sizeof from, "%s", word_maker_chance(m, 50) ? some_name(m) : some_address(m));
	size_t n = strlen(from), used = 0;
	for (size_t i = 0; i < n && used + 2 < sizeof m->word; i++) {
		unsigned d = word_maker_below(m, 12);
		if (d == 0) {
			m->word[used++] = '*';
			i += word_maker_below(m, (unsigned)n);
		} else if (d == 1) {
			m->word[used++] = '?';
		} else if (d == 2 && word_maker_chance(m, 30)) {
			m->word[used++] = '*';
			i--; /* a star for nothing */
		} else {
			m->word[used++] = from[i];
		}
	}
	m->word[used] = '\0';
	if (!strpbrk(m->word, "*?"))
		SET(m, "%.*s*", (int)word_maker_below(m, (unsigned)used + 1), from);
}

static void glob_at_large(struct word_maker *m)
{
	static const char *const globs[] = {"*", "?*", "*.*", "*.*.*.*", "????????", "*?", "**", "*.net", ".*", "*.", "10.*",
		"198.51.*", "*:*", "2001:*", "*.example.*", "?", "*.*.*.*.*", "?.?.?.?", "*[*", "[*]", "*/*", "*@*", "1*.7"};
	set(m, WORD_MAKER_PICK(m, globs));
}

/* --- networks ------------------------------------------------------------------------------------------ */

static void network(struct word_maker *m)
{
	char net[20], quad[20];
	unsigned bits = word_maker_below(m, 33);
	uint32_t mask = bits ? ~UINT32_C(0) << (32 - bits) : 0, a = some_four(m);
	if (word_maker_chance(m, 80))
		a &= mask; /* else bits of the host may be set */
	four_text(a, net);
	four_text(mask, quad);
	if (word_maker_chance(m, 60))
		SET(m, "%s/%u", net, bits);
	else
		SET(m, "%s/%s", net, quad);
}

static void network_with_odd_mask(struct word_maker *m)
{
	static const char *const masks[] = {"0", "0.0.0.0", "00", "32", "33", "-1", "", "24junk", "24.0", "024", "+24", "0x18",
		"255.255.255.255", "255.255.255", "255.255", "255.255.255.0.0", "255.0.255.0", "0.255.255.255", "0.0.0.255",
		"255.255.255.0x0", "0377.0377.0377.0", "0xff.0xff.0xff.0", "256.0.0.0", "a.b.c.d", "4294967295", "99999999999",
		"/24", "24/24", "255.255.255.128", "8.", ".8", "*", "16?", "1", "31", "30", "255..0.0", "255.255.255.0,"};
	char net[20];
	uint32_t a = some_four(m);
	unsigned bits = word_maker_below(m, 5) * 8;
	if (word_maker_chance(m, 85))
		a &= bits ? ~UINT32_C(0) << (32 - bits) : 0;
	four_text(a, net);
	SET(m, "%s/%s", net, WORD_MAKER_PICK(m, masks));
}

static void odd_network(struct word_maker *m)
{
	static const char *const masks[] = {"24", "255.255.255.0", "8", "255.0.0.0", "32", "0.0.0.0", "16"};
	uint32_t a = some_four(m);
	const char *mask = WORD_MAKER_PICK(m, masks);
	switch (word_maker_below(m, 10)) {
	case 0:
		SET(m, "0x%x.%u.%u.0/%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	case 1:
		SET(m, "%u.0%o.%u.0/%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	case 2:
		SET(m, "%u.%u.%u/%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	case 3:
		SET(m, "%u/%s", a >> 24, mask);
		break;
	case 4:
		SET(m, "%u.%u.%u.0.0/%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	case 5:
		SET(m, "%s/%s", some_name(m), mask);
		break;
	case 6:
		SET(m, "%u.%u.%u./%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	case 7:
		SET(m, "%u.%u.%u.*/%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	case 8:
		SET(m, "255.255.255.255/%s", mask);
		break;
	default:
		SET(m, "%u.%u.%u.300/%s", a >> 24, a >> 16 & 255, a >> 8 & 255, mask);
		break;
	}
}

/* --- IPv6 ---------------------------------------------------------------------------------------------- */

static void six_text(struct word_maker *m, const struct in6_addr *a, char *text, size_t size)
{
	if (word_maker_chance(m, 70)) {
		inet_ntop(AF_INET6, a, text, (socklen_t)size);
	} else {
		size_t used = 0;
		for (unsigned i = 0; i < 8; i++)
			used += (size_t)snprintf(text + used, size - used, i ? ":%x" : "%04x",
				(unsigned)(a->s6_addr[2 * i] << 8 | a->s6_addr[2 * i + 1]));
	}
	if (word_maker_chance(m, 30))
		word_maker_shake_case(m, text);
}

static void six(struct word_maker *m)
{
	struct in6_addr a;
	char text[64];
	some_six(m, &a);
	if (word_maker_chance(m, 20))
		a.s6_addr[15] ^= 1;
	six_text(m, &a, text, sizeof text);
	SET(m, word_maker_chance(m, 85) ? "[%s]" : "%s", text);
}

static void six_network(struct word_maker *m)
{
	static const char *const lengths[] = {"", "junk", "-1", "129", "128", "0", "064", "64x", "+32", "48.0", "0x40", "/64", "1e2",
		"ffff::", "300"};
	struct in6_addr a;
	char text[64];
	unsigned bits = word_maker_chance(m, 60) ? word_maker_below(m, 17) * 8 : word_maker_below(m, 129);
	some_six(m, &a);
	for (unsigned i = 0; word_maker_chance(m, 95) && i < 16; i++) {
		if (i * 8 >= bits)
			a.s6_addr[i] = word_maker_chance(m, 95) ? 0 : a.s6_addr[i];
	}
	if (word_maker_chance(m, 15))
		a.s6_addr[word_maker_below(m, 16)] ^= (uint8_t)(1U << word_maker_below(m, 8));
	six_text(m, &a, text, sizeof text);
	if (word_maker_chance(m, 75))
		SET(m, "[%s]/%u", text, bits);
	else
		SET(m, "[%s]/%s", text, WORD_MAKER_PICK(m, lengths));
}

static void six_nearly(struct word_maker *m)
{
	static const char *const words[] = {"[2001:db8::1", "2001:db8::1]", "[]", "[", "]", "[]/0", "[::]/0", "[::]", "[::1]", "[::1%lo]",
		"[fe80::7%lo]", "[fe80::7%1]", "[fe80::]/10", "[fe80::%lo]/10", "[198.51.100.7]", "[198.51.100.0]/24",
		"[::ffff:198.51.100.7]", "[::ffff:198.51.100.0]/120", "[::ffff:0:0]/96", "[ws7.example.net]", "[2001:db8::1]x",
		"[2001:db8::1].", ".[2001:db8::1]", "[[2001:db8::1]]", "[2001:db8::1]/", "[2001:db8:::1]", "[1:2:3:4:5:6:7:8:9]",
		"[2001:db8::/32]", "[2001:db8::]:32", "[*]", "[2001:db8::*]", "2001:db8:*", "2001:db8::/32", "::/0", "[::7]/0"};
	set(m, WORD_MAKER_PICK(m, words));
}

/* --- key words, files, groups, nonsense --------------------------------------------------------------- */

static const char *const keywords[] = {"ALL", "ALL", "KNOWN", "LOCAL", "UNKNOWN", "PARANOID"};

static void keyword(struct word_maker *m)
{
	set(m, WORD_MAKER_PICK(m, keywords));
	if (word_maker_chance(m, 25))
		word_maker_shake_case(m, m->word);
	else if (word_maker_chance(m, 5))
		SET(m, "%s.", WORD_MAKER_PICK(m, keywords));
}

static void list_file(struct word_maker *m)
{
	static const char *const paths[] = {CASE_PLACE "/f0", CASE_PLACE "/f0", CASE_PLACE "/f1", CASE_PLACE "/f1", CASE_PLACE "/f2",
		CASE_PLACE "/none", CASE_PLACE "/F0", "/", CASE_PLACE "/f0/", "//mnt/f0", CASE_PLACE "/f*", CASE_PLACE "/plain/x"};
	set(m, WORD_MAKER_PICK(m, paths));
}

static void netgroup(struct word_maker *m)
{
	static const char *const groups[] = {"@friends", "@strangers", "@circle", "@elsewhere", "@everyone", "@none", "@", "@Friends",
		"@@friends", "@friends@friends"};
	set(m, WORD_MAKER_PICK(m, groups));
}

const char *word_maker_junk(struct word_maker *m)
{
	static const char *const words[] = {"#", "..", ".", "-", "()", "a..b", "\"ALL\"", "'ALL'", "ALL;", "!ALL", "~", "%a", "$HOME", "ALL/",
		"1.2.3.4.5", "0", "4294967295", "3325256711", "0xc6336407", "\\", "\\\\", "A\\LL", "{ALL}", "|", "<", "\357\273\277ALL",
		"\303\244.example", "\xff\xfe", "\x01", "\x7f", "ALL\x01", "ALL\v", "\fALL", "E", "EXCEPTALL", "EXCEP"};
	if (word_maker_chance(m, 60)) {
		set(m, WORD_MAKER_PICK(m, words));
		return m->word;
	}
	unsigned n = word_maker_chance(m, 5) ? 100 + word_maker_below(m, 400) : 1 + word_maker_below(m, 12);
	for (unsigned i = 0; i < n; i++) {
		unsigned b;
		do
			b = 1 + word_maker_below(m, word_maker_chance(m, 80) ? 126 : 255);
		while (b == '\n' || b == '/'); /* no path outside of this place */
		m->word[i] = (char)b;
	}
	m->word[n] = '\0';
	return m->word;
}

static void junk(struct word_maker *m)
{
	word_maker_junk(m);
}

static void long_name(struct word_maker *m)
{
	unsigned n = 120 + word_maker_below(m, 20);
	if (strlen(m->aim.name) > 100 && word_maker_chance(m, 70)) {
		SET(m, "%.*s", (int)(word_maker_chance(m, 50) ? 127 : n), m->aim.name);
		return;
	}
	memset(m->word, 'n', n);
	m->word[n] = '\0';
}

struct way {
	unsigned weight;
	void (*make)(struct word_maker *m);
};

static void take_a_way(struct word_maker *m, const struct way *ways, size_t count)
{
	unsigned sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += ways[i].weight;
	unsigned d = word_maker_below(m, sum);
	for (size_t i = 0; i < count; i++) {
		if (d < ways[i].weight) {
			ways[i].make(m);
			return;
		}
		d -= ways[i].weight;
	}
}

const char *word_maker_host(struct word_maker *m)
{
	static const struct way ways[] = {{9, address}, {6, address_nearby}, {2, address_with_zeros}, {9, name},
		{3, name_longer_or_shorter}, {9, suffix}, {9, prefix}, {6, glob}, {4, glob_at_large}, {9, network},
		{6, network_with_odd_mask}, {3, odd_network}, {5, six}, {6, six_network}, {3, six_nearly}, {10, keyword},
		{4, list_file}, {4, netgroup}, {3, junk}, {1, long_name}};
	take_a_way(m, ways, COUNT(ways));
	return m->word;
}

const char *word_maker_client(struct word_maker *m)
{
	static const char *const users[] = {"joe", "JOE", "root", "ALL", "KNOWN", "UNKNOWN", "unknown", "mallory", "jo*", "j?e", ".oe", "j.",
		"@friends", "", "LOCAL", "joe@joe", "/mnt/f0", "PARANOID"};
	char host[sizeof m->word];
	word_maker_host(m);
	if (!word_maker_chance(m, 15))
		return m->word;
	memcpy(host, m->word, sizeof host);
	SET(m, "%s@%.1500s", WORD_MAKER_PICK(m, users), host);
	return m->word;
}

static void daemon_with_host(struct word_maker *m)
{
	char host[sizeof m->word];
	struct case_caller client = m->aim;
	memcpy(m->aim.address, client.server_address, sizeof m->aim.address);
	memcpy(m->aim.name, client.server_name, sizeof m->aim.name);
	word_maker_host(m);
	m->aim = client;
	memcpy(host, m->word, sizeof host);
	SET(m, "%s@%.1500s", word_maker_chance(m, 50) ? client.daemon : word_maker_chance(m, 60) ? "ALL" : "sshd", host);
}

static void port(struct word_maker *m)
{
	static const char *const ports[] = {"21", "22", "+22", "022", "0", "65535", "65536", "-1", "22x", "0x16", " 22", "1000000000000", "25",
		"22.", ".22", "22/tcp", "+", "ssh", "021"};
	if (word_maker_chance(m, 50))
		SET(m, "%d", m->aim.server_port);
	else
		set(m, WORD_MAKER_PICK(m, ports));
}

static void daemon_odd(struct word_maker *m)
{
	static const char *const words[] = {"in.", ".ftpd", "in.*", "*d", "?shd", "*", "KNOWN", "UNKNOWN", "LOCAL", "PARANOID", "/mnt/f0",
		"@friends", "in.ftp", "in.ftpdx", "/usr/sbin/in.ftpd", "198.51.100.0/24", "[::1]", "@", "sshd@", "@sshd", "ALL@ALL",
		"ALL@", "sshd@sshd@ALL", "22@192.0.2.10", "22@ALL", "*@ALL", "in.ftpd@[2001:db8:5::10]", "ALL@www.example.org",
		"ALL@192.0.2.", "ALL@.example.org", "ALL@LOCAL", "ALL@KNOWN", "ALL@UNKNOWN", "ALL@[2001:db8:5::]/48", "ALL@192.0.2.0/24",
		"sshd.", ".sshd"};
	set(m, WORD_MAKER_PICK(m, words));
}

static void daemon_name(struct word_maker *m)
{
	set(m, word_maker_chance(m, 70) ? m->aim.daemon : word_maker_pick(m, world_daemons, world_daemon_count));
	if (word_maker_chance(m, 20))
		word_maker_shake_case(m, m->word);
}

static void daemon_all(struct word_maker *m)
{
	set(m, "ALL");
	if (word_maker_chance(m, 15))
		word_maker_shake_case(m, m->word);
}

const char *word_maker_daemon(struct word_maker *m)
{
	static const struct way ways[] = {{40, daemon_name}, {30, daemon_all}, {8, daemon_odd}, {6, port}, {6, daemon_with_host}, {2, junk}};
	take_a_way(m, ways, COUNT(ways));
	return m->word;
}
