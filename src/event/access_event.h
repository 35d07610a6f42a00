/* SPDX-License-Identifier: ISC */
/*
 * access_event - what a TCP wrapper decided on one connection, and why: the whole of it.
 *
 * Plain data of fixed size. All text is from outside and not escaped; it ends in a NUL, also where it was cut. What
 * was not told is zero or empty. From a log line little more is known than who came to which service and what was
 * decided; our own libwrap tells all of it.
 *
 * The detector takes the short form, an event with EVENT_HAS_ACCESS; the journal keeps this one.
 *
 * Tests: tests/unit/event/test_access_event.c
 */
#ifndef KW_EVENT_ACCESS_EVENT_H
#define KW_EVENT_ACCESS_EVENT_H

#include "event/event.h"
#include "event/name_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ACCESS_EVENT_NAME_MAX 64  /* of a service or a host */
#define ACCESS_EVENT_TEXT_MAX 128 /* of a user or a client: as the classic library has them */
#define ACCESS_EVENT_RULE_MAX 256 /* of a rule or a path; a longer one is cut */

/* Why it was decided so: the words of the field `reason`. */
enum access_why {
	ACCESS_WHY_UNTOLD,     /* a log line does not say */
	ACCESS_WHY_RULE,       /* a rule of a table */
	ACCESS_WHY_DEFAULT,    /* no rule matched */
	ACCESS_WHY_FAULT,      /* a rule matched whose options cannot be carried out */
	ACCESS_WHY_UNREADABLE, /* a table that refuses cannot be read */
	ACCESS_WHY_MEMORY,     /* there was none left to decide with */
	ACCESS_WHY_LIMIT,      /* too many at once, or too often */
	ACCESS_WHY_IP_OPTIONS, /* the client told the route; no rule was asked */
	ACCESS_WHY_NAME_UNANSWERED, /* a rule by name, while nobody answers what the client's is */
	ACCESS_WHYS
};

struct access_event {
	struct wall_time time;
	struct addr client, server;
	uint32_t pid;  /* of the process that decided */
	uint32_t uid;  /* of that process, as the kernel says, where `has_uid` */
	uint32_t line; /* of `table` */
	uint16_t client_port, server_port;
	uint8_t proto;  /* IP protocol number */
	uint8_t access; /* enum event_access */
	uint8_t why;    /* enum access_why */
	uint8_t origin; /* enum event_origin: log, journal, wrapper */
	uint8_t has_uid;
	/* 1 = told by a program of a user whose word is kept, but is no evidence against or for anybody: it may have made
	 * it up. */
	uint8_t unvouched;
	char host[ACCESS_EVENT_NAME_MAX];     /* where it was decided; empty = this one */
	char service[ACCESS_EVENT_NAME_MAX];  /* "sshd"; never empty */
	char user[ACCESS_EVENT_TEXT_MAX];     /* as the client's ident service says */
	char name[ACCESS_EVENT_TEXT_MAX];     /* of the client's host, where it was looked up */
	char table[ACCESS_EVENT_RULE_MAX];    /* the file that decided */
	char rule[ACCESS_EVENT_RULE_MAX];     /* its line */
	char options[ACCESS_EVENT_RULE_MAX];  /* the rule's options */
};

/* Every byte zero, and then what all of them have. */
void access_event_clear(struct access_event *a);

/* Copies a text into a field of so many bytes, cut at a NUL or at its end. */
void access_event_set(char *field, size_t size, const char *text, size_t length);
#define ACCESS_EVENT_SET(a, member, slice)                                                         \
	access_event_set((a)->member, sizeof(a)->member, (slice).start, (slice).length)

/* The short form. Services and tables get numbers from `names`; the host gets one where it is not this one. False
 * where no address is known: a source without one is nobody's. False where nobody vouches for it: the detector is
 * told nothing that any user of this host can make up. */
bool access_event_to_event(
	const struct access_event *a, struct name_table *names, struct event *out);

/* The whole of which this is the short form, as far as that goes. */
void access_event_from_event(
	const struct event *e, const struct name_table *names, struct access_event *out);

/* True for one in good order: for those that come from another process. */
bool access_event_is_sound(const struct access_event *a);

/* "user@name", "name", or the address: as the wrappers' own log lines name a client. Written to `out`. */
void access_event_name_client(const struct access_event *a, char *out, size_t size);

/* "rule", "default", ...; null for what a line does not say. */
const char *access_why_name(enum access_why why);
/* "refused", "granted". */
const char *event_access_name(enum event_access access);

#endif
