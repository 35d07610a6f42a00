/* SPDX-License-Identifier: ISC */
/*
 * wrap_dns - two questions to the DNS: which name does an address have, and does a name have this address?
 *
 * The answers are judged here, for whoever owns the zone of a client's address writes them: only records of the
 * name that was asked for count (for the first question through at most 8 aliases, as classless delegation
 * makes them; for the second through none), only the first name of an address is looked at, and a name is letters,
 * digits, '-', '_' and '.', not longer than 127. Everything else is as if it were not there.
 *
 * The queries are the C library's (res_nquery), to the servers of /etc/resolv.conf, with own state for each call: from
 * threads at once. UDP only: a long answer is read as far as it came, and a name whose address is not in that
 * part does not have it. No question takes longer than it is given, rounded up to a second for each server tried.
 *
 * Tests: tests/unit/libwrap/test_wrap_dns.c (judging); tests/abi/run.sh (asking a server that lies and stalls)
 * Fuzzed: fuzz/libwrap/fuzz_wrap_dns.c
 */
#ifndef KW_LIBWRAP_WRAP_DNS_H
#define KW_LIBWRAP_WRAP_DNS_H

#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	WRAP_DNS_NAME_SIZE = 128,     /* of a name, with its NUL */
	WRAP_DNS_QUESTION_SIZE = 128, /* of "1.0.2.192.in-addr.arpa"; 73 are needed */
};

enum wrap_dns_result {
	WRAP_DNS_YES,     /* the name is known; it has the address */
	WRAP_DNS_NO,      /* there is no name; the name has no such address */
	WRAP_DNS_BAD,     /* there is a name, which we do not write down: too long, odd letters */
	WRAP_DNS_FAILED,  /* no answer in time, or none that tells */
};

/* The name that is asked for: "1.0.2.192.in-addr.arpa", or of ip6.arpa. */
void wrap_dns_question(const struct addr *a, char question[WRAP_DNS_QUESTION_SIZE]);

/* Judge an answer of the DNS, a whole message of `size` bytes. */
enum wrap_dns_result wrap_dns_read_name(
	const uint8_t *message, size_t size, const char *question, char name[WRAP_DNS_NAME_SIZE]);
enum wrap_dns_result wrap_dns_read_address(const uint8_t *message, size_t size, const char *name, const struct addr *a);

/* Ask. */
enum wrap_dns_result wrap_dns_name_of(const struct addr *a, unsigned seconds, char name[WRAP_DNS_NAME_SIZE]);
enum wrap_dns_result wrap_dns_has(const char *name, const struct addr *a, unsigned seconds);

/* Could this be a host's name: letters, digits, '-', '_' and '.', not empty, no '-' first? */
bool wrap_dns_is_host_name(const char *name);

#endif
