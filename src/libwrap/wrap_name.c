/* SPDX-License-Identifier: ISC */
/*
 * Why not simply getnameinfo() and getaddrinfo(): they cannot be interrupted, and wait as long as resolv.conf says, 10 s
 * a question where it says nothing. A thread left behind would live on in somebody else's daemon, a child
 * would be reaped by that daemon's own wait(). So the two sources that matter are asked here, within a budget.
 */
#include "libwrap/wrap_name.h"

#include "base/clock_now.h"
#include "libwrap/wrap_hosts_file.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

const struct wrap_name_sources wrap_name_system = {
	"/etc/nsswitch.conf", "/etc/hosts", wrap_dns_name_of, wrap_dns_has};

/* ---- nsswitch.conf -------------------------------------------------------------------------------------- */

static const char blanks[] = " \t\r\n";

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list && strcasecmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

static void add_source(struct wrap_name_order *order, enum wrap_name_source source)
{
	for (unsigned i = 0; i < order->count; i++) {
		if (order->sources[i] == source)
			return;
	}
	if (order->count < WRAP_NAME_ORDER_MAX)
		order->sources[order->count++] = source;
}

/* What stands behind "hosts:". */
static struct wrap_name_order read_list(char *list)
{
	static const char *const dns[] = {"dns", "resolve", NULL};
	static const char *const passed_over[] = {"myhostname", "mymachines", "mdns", "mdns4", "mdns6", "mdns_minimal",
		"mdns4_minimal", "mdns6_minimal", NULL};
	struct wrap_name_order order = {.count = 0};
	bool asked = false; /* the source before a "[NOTFOUND=return]" is one that we ask */
	char *rest = list;
	for (char *word; (word = strtok_r(rest, blanks, &rest)) != NULL;) {
		if (*word == '[') {
			if (asked && strcasecmp(word, "[NOTFOUND=return]") == 0)
				break;
			continue;
		}
		asked = true;
		if (strcasecmp(word, "files") == 0)
			add_source(&order, WRAP_NAME_FILES);
		else if (is_one_of(word, dns))
			add_source(&order, WRAP_NAME_DNS);
		else if (is_one_of(word, passed_over))
			asked = false;
		else
			return (struct wrap_name_order){{WRAP_NAME_LIBC}, 1};
	}
	return order;
}

struct wrap_name_order wrap_name_read_order(const char *nsswitch_path)
{
	struct wrap_name_order order = {{WRAP_NAME_FILES, WRAP_NAME_DNS}, 2}; /* where nothing is said */
	char line[1024];
	FILE *f = fopen(nsswitch_path, "re");
	if (!f)
		return order;
	while (fgets(line, sizeof line, f)) {
		line[strcspn(line, "#")] = '\0';
		char *at = line + strspn(line, blanks);
		if (strncasecmp(at, "hosts:", 6) == 0) {
			order = read_list(at + 6);
			break;
		}
	}
	fclose(f);
	return order;
}

/* ---- verdicts ------------------------------------------------------------------------------------------- */

static void set(struct wrap_name *out, enum wrap_name_result result, const char *text)
{
	out->result = result;
	snprintf(out->text, sizeof out->text, "%s", text);
}

static void __attribute__((format(printf, 2, 3))) doubt(struct wrap_name *out, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(out->why, sizeof out->why, format, args);
	va_end(args);
	set(out, WRAP_NAME_PARANOID, "paranoid");
}

/* "10.1.2.3", "127.1", "0x7f000001": a name that would be taken for an address. */
static bool looks_like_address(const char *name)
{
	struct in_addr v4;
	struct in6_addr v6;
	return inet_aton(name, &v4) != 0 || inet_pton(AF_INET6, name, &v6) == 1;
}

static void doubt_failed(struct wrap_name *out, const char *name, const struct addr *a)
{
	doubt(out, "can't verify hostname: getaddrinfo(%s, %s) failed", name, addr_is_v4(a) ? "AF_INET" : "AF_INET6");
}

static void set_unanswered(struct wrap_name *out, const struct addr *a)
{
	snprintf(out->why, sizeof out->why, "can't look up the name of %s: no name server answered", addr_to_text(a).text);
	set(out, WRAP_NAME_UNKNOWN, "unknown");
	out->unanswered = true;
}

static void doubt_mismatch(struct wrap_name *out, const char *name, const struct addr *a)
{
	doubt(out, "host name/address mismatch: %s != %s", addr_to_text(a).text, name);
}

/* ---- our own way ---------------------------------------------------------------------------------------- */

/* Does the DNS, or a file before it, give the address to the name? */
static void verify(const struct wrap_name_sources *s, const struct wrap_name_order *order, const char *name,
	const struct addr *a, unsigned seconds, struct wrap_name *out)
{
	if (looks_like_address(name)) {
		doubt(out, "host name/name mismatch: reverse lookup results in non-FQDN %s", name);
		return;
	}
	bool others_have_it = false, failed = false;
	for (unsigned i = 0; i < order->count; i++) {
		if (order->sources[i] == WRAP_NAME_FILES) {
			const enum wrap_hosts_file_answer answer = wrap_hosts_file_has(s->hosts, name, a);
			if (answer == WRAP_HOSTS_FILE_OTHER)
				doubt_mismatch(out, name, a);
			else if (answer == WRAP_HOSTS_FILE_HAS)
				set(out, WRAP_NAME_KNOWN, name);
			out->unanswered = answer == WRAP_HOSTS_FILE_OTHER && failed;
			if (answer != WRAP_HOSTS_FILE_NOBODY)
				return;
			continue;
		}
		switch (s->has(name, a, seconds)) {
		case WRAP_DNS_YES:
			set(out, WRAP_NAME_KNOWN, name);
			return;
		case WRAP_DNS_NO:
			others_have_it = true;
			break;
		case WRAP_DNS_FAILED:
			failed = true;
			break;
		case WRAP_DNS_BAD:
			break;
		}
	}
	if (others_have_it)
		doubt_mismatch(out, name, a);
	else
		doubt_failed(out, name, a);
	out->unanswered = failed;
}

static void find(const struct wrap_name_sources *s, const struct wrap_name_order *order, const struct addr *a,
	struct wrap_name *out)
{
	const int64_t begin_ms = clock_now_monotonic_ms();
	char name[WRAP_NAME_SIZE];
	bool failed = false;
	for (unsigned i = 0; i < order->count; i++) {
		if (order->sources[i] == WRAP_NAME_FILES) {
			if (!wrap_hosts_file_name_of(s->hosts, a, name, sizeof name))
				continue;
			verify(s, order, name, a, WRAP_NAME_SECONDS - WRAP_NAME_FIRST_SECONDS, out);
			return;
		}
		switch (s->name_of(a, WRAP_NAME_FIRST_SECONDS, name)) {
		case WRAP_DNS_YES: {
			const int64_t spent = (clock_now_monotonic_ms() - begin_ms + 999) / 1000;
			const int64_t left = WRAP_NAME_SECONDS - spent;
			verify(s, order, name, a, left > 1 ? (unsigned)left : 1, out);
			return;
		}
		case WRAP_DNS_BAD:
			doubt(out, "can't verify hostname: the name of %s is too long or no host's name", addr_to_text(a).text);
			return;
		case WRAP_DNS_FAILED:
			failed = true;
			break;
		case WRAP_DNS_NO:
			break;
		}
	}
	if (failed)
		set_unanswered(out, a);
	else
		set(out, WRAP_NAME_UNKNOWN, "unknown");
}

/* ---- the C library's way -------------------------------------------------------------------------------- */

static socklen_t to_sockaddr(const struct addr *a, struct sockaddr_storage *out)
{
	memset(out, 0, sizeof *out);
	if (addr_is_v4(a)) {
		struct sockaddr_in *in = (void *)out;
		in->sin_family = AF_INET;
		memcpy(&in->sin_addr, a->bytes + 12, 4);
		return sizeof *in;
	}
	struct sockaddr_in6 *in6 = (void *)out;
	in6->sin6_family = AF_INET6;
	memcpy(&in6->sin6_addr, a->bytes, 16);
	return sizeof *in6;
}

static bool has_address(const struct addrinfo *list, const struct addr *a)
{
	for (; list; list = list->ai_next) {
		const void *bytes = list->ai_family == AF_INET
			? (const void *)&((const struct sockaddr_in *)(const void *)list->ai_addr)->sin_addr
			: (const void *)&((const struct sockaddr_in6 *)(const void *)list->ai_addr)->sin6_addr;
		const struct addr b = list->ai_family == AF_INET ? addr_from_v4_bytes(bytes) : *(const struct addr *)bytes;
		if (addr_equal(&b, a))
			return true;
	}
	return false;
}

/* Somebody has said that there is none; any other fault is want of an answer. */
static bool says_no(int fault)
{
	return fault == EAI_NONAME || fault == EAI_NODATA || fault == EAI_ADDRFAMILY;
}

static void verify_by_libc(const char *name, const struct addr *a, struct wrap_name *out)
{
	const struct addrinfo hints = {.ai_family = addr_is_v4(a) ? AF_INET : AF_INET6, .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_CANONNAME};
	struct addrinfo *list = NULL;
	int fault = 0;
	if (looks_like_address(name)) {
		doubt(out, "host name/name mismatch: reverse lookup results in non-FQDN %s", name);
	} else if ((fault = getaddrinfo(name, NULL, &hints, &list)) != 0) {
		doubt_failed(out, name, a);
		out->unanswered = !says_no(fault);
	} else if (!list->ai_canonname ||
		   (strcasecmp(list->ai_canonname, name) != 0 && strcasecmp(name, "localhost") != 0)) {
		doubt(out, "host name/name mismatch: %s != %.127s", name, list->ai_canonname ? list->ai_canonname : "");
	} else if (!has_address(list, a)) {
		doubt_mismatch(out, name, a);
	} else {
		set(out, WRAP_NAME_KNOWN, name);
	}
	if (list)
		freeaddrinfo(list);
}

static void find_by_libc(const struct addr *a, struct wrap_name *out)
{
	struct sockaddr_storage socket_address;
	char name[NI_MAXHOST];
	const socklen_t size = to_sockaddr(a, &socket_address);
	const int fault = getnameinfo((const void *)&socket_address, size, name, sizeof name, NULL, 0, NI_NAMEREQD);
	if (fault != 0 && !says_no(fault))
		set_unanswered(out, a);
	else if (fault != 0)
		set(out, WRAP_NAME_UNKNOWN, "unknown");
	else if (strlen(name) >= WRAP_NAME_SIZE)
		doubt(out, "can't verify hostname: the name of %s is too long", addr_to_text(a).text);
	else
		verify_by_libc(name, a, out);
}

void wrap_name_find(const struct wrap_name_sources *sources, const struct addr *a, struct wrap_name *out)
{
	const struct wrap_name_order order = wrap_name_read_order(sources->nsswitch);
	out->why[0] = '\0';
	out->unanswered = false;
	if (order.count > 0 && order.sources[0] == WRAP_NAME_LIBC)
		find_by_libc(a, out);
	else
		find(sources, &order, a, out);
}
