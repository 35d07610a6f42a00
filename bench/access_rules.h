/* SPDX-License-Identifier: ISC */
/*
 * access_rules - tables of so many rules, and the clients that they are about.
 *
 * Rule number i is the same in every table of its kind, so that its client can be made again without reading the table.
 */
#ifndef KW_BENCH_ACCESS_RULES_H
#define KW_BENCH_ACCESS_RULES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum access_rules_kind {
	ACCESS_RULES_IPV4,  /* half addresses, half /24 */
	ACCESS_RULES_IPV6,  /* half addresses, half /48 */
	ACCESS_RULES_NAMES, /* half names, half ".suffix" */
	ACCESS_RULES_MIXED, /* all of these, a quarter for one daemon, and two rules of other forms */
};

/* "ipv4", ...; false for another word. */
bool access_rules_kind_of(const char *word, enum access_rules_kind *out);

/* Writes `count` rules, one a line. */
void access_rules_write(FILE *out, enum access_rules_kind kind, uint64_t count);

struct access_rules_client {
	char address[64];
	char name[64];
};

/* Who matches rule `i`, and perhaps one before it; each `variant` is another of them. */
struct access_rules_client access_rules_matching(enum access_rules_kind kind, uint64_t i, uint64_t variant);
/* Who matches none. */
struct access_rules_client access_rules_stranger(enum access_rules_kind kind, uint64_t variant);

#endif
