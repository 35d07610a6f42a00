/* SPDX-License-Identifier: ISC */
/*
 * access_wire - what a wrapper tells the daemon of a decision: one datagram, as both sides write and read it.
 *
 *     byte  0   "KWA" and the version, '1'
 *           4   1 = granted, 0 = refused
 *           5   why: enum access_wire_why
 *           6   protocol: 6 = TCP, 17 = UDP
 *           7   0
 *           8   line of the table, 0 = none; 4 bytes, numbers are big-endian
 *          12   decisions of this process before it that could not be told, 4 bytes
 *          16   port of the client, of the server; 2 bytes each, 0 = not known
 *          20   address of the client, of the server; 16 bytes each as net/addr has them, all zero = not known
 *          52   a text for each enum access_wire_text, in that order, behind 2 bytes of its length
 *
 * Nothing follows. Who tells it, which process that is and when it was are not in here: the kernel says so to who
 * receives it. Plain data of the host that is read once; a reader knows one version, and refuses all others.
 *
 * Lives in other people's daemons: no allocation, no system call.
 *
 * Tests: tests/unit/access/test_access_wire.c   Fuzz: fuzz/access/fuzz_access_wire.c
 */
#ifndef KW_ACCESS_ACCESS_WIRE_H
#define KW_ACCESS_ACCESS_WIRE_H

#include "base/text_slice.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the daemon listens: for everybody, and for root alone, whose decisions so find room whatever others send. Only
 * root, or the user of the sensor, can put something there. */
#define ACCESS_WIRE_DIRECTORY "/run/knockwatch/sensor"
#define ACCESS_WIRE_PATH ACCESS_WIRE_DIRECTORY "/access.sock"
#define ACCESS_WIRE_ROOT_PATH ACCESS_WIRE_DIRECTORY "/root.sock"

enum access_wire_why {
	ACCESS_WIRE_RULE,       /* a rule of a table */
	ACCESS_WIRE_DEFAULT,    /* no rule matched */
	ACCESS_WIRE_FAULT,      /* a rule matched whose options cannot be carried out */
	ACCESS_WIRE_UNREADABLE, /* a table that refuses cannot be read */
	ACCESS_WIRE_MEMORY,     /* there was none left to decide with */
	ACCESS_WIRE_LIMIT,      /* too many at once, or too often */
	ACCESS_WIRE_IP_OPTIONS, /* before any rule: the client told the route */
	ACCESS_WIRE_NAME_UNANSWERED, /* a rule, for nobody could say the client's name */
	ACCESS_WIRE_WHYS
};

enum access_wire_text {
	ACCESS_WIRE_SERVICE, /* never empty */
	ACCESS_WIRE_USER,    /* empty where it was not looked up, or is not known; as all that follow */
	ACCESS_WIRE_NAME,    /* of the client's host */
	ACCESS_WIRE_FILE,
	ACCESS_WIRE_LINE_TEXT, /* the rule as it stands there */
	ACCESS_WIRE_OPTIONS,   /* of that rule */
	ACCESS_WIRE_TEXTS
};

enum {
	ACCESS_WIRE_NAME_MAX = 63, /* bytes of a service; longer texts are cut when they are written */
	ACCESS_WIRE_HOST_MAX = 127, /* of a user or a name */
	ACCESS_WIRE_RULE_MAX = 255, /* of a path, a rule, its options */
	ACCESS_WIRE_MAX = 52 + 6 * 2 + ACCESS_WIRE_NAME_MAX + 2 * ACCESS_WIRE_HOST_MAX + 3 * ACCESS_WIRE_RULE_MAX,
};

struct access_wire {
	struct addr client, server; /* none = not known */
	uint16_t client_port, server_port;
	uint32_t line;
	uint32_t missed;
	bool granted;
	uint8_t why;   /* enum access_wire_why */
	uint8_t proto; /* 6 or 17 */
	struct text_slice texts[ACCESS_WIRE_TEXTS]; /* borrowed */
};

/* Writes it; returns how many bytes. A text ends at its first NUL, or where it is too long; a service that is empty
 * becomes "unknown". */
size_t access_wire_write(const struct access_wire *w, uint8_t out[ACCESS_WIRE_MAX]);

/* False for what is no such datagram, or is not in good order; `out` is then undefined. The texts lie in `bytes`, hold no
 * NUL, and may hold any other byte. */
bool access_wire_read(const void *bytes, size_t size, struct access_wire *out);

#endif
