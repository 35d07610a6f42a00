/* SPDX-License-Identifier: ISC */
/*
 * access_twins - recognises a decision that was heard before by another way.
 *
 * tcpd logs what it decides, and our own libwrap tells it to the sensor as well; a line of syslog may stand in a file
 * and in the journal. Each is heard once by each way: two by the same way are two decisions. Compared are service,
 * client, verdict, the process where both tell it, and the host where both do (its first label: some write more);
 * the times may be ACCESS_TWINS_US apart.
 *
 * Fixed size: of more decisions than ACCESS_TWINS_MOST within that time the oldest are forgotten, and a late twin of
 * one is told again. Pure; times are those of the decisions.
 *
 * Tests: tests/unit/daemon/test_access_twins.c
 */
#ifndef KW_DAEMON_ACCESS_TWINS_H
#define KW_DAEMON_ACCESS_TWINS_H

#include "event/access_event.h"

#define ACCESS_TWINS_MOST 1024 /* as many as the journal keeps of them in that time (store_sink) */
#define ACCESS_TWINS_US (5 * CLOCK_US_PER_S) /* a syslog that is busy; a stamp of whole seconds */

struct access_twin {
	struct wall_time time;
	struct addr client;
	uint32_t words;   /* hash of service and name */
	uint32_t host;    /* hash; 0 = not told */
	uint32_t pid;     /* 0 = not told */
	uint8_t access;   /* enum event_access */
	uint16_t ways;    /* bits of enum event_origin: by which it was heard; 0 = no entry */
};

struct access_twins {
	struct access_twin list[ACCESS_TWINS_MOST]; /* a ring */
	unsigned next;
};

/* True if it was heard before; else it is remembered. All zero memory has heard nothing. */
bool access_twins_knows(struct access_twins *t, const struct access_event *a);

/* The two halves, where one of the tellers may have made it up: true if the same process, told by both, has told it
 * by another way. For what another process says of it is another decision then. */
bool access_twins_finds(struct access_twins *t, const struct access_event *a);
void access_twins_add(struct access_twins *t, const struct access_event *a);

#endif
