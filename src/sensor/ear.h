/* SPDX-License-Identifier: ISC */
/*
 * ear - one live source of events, whatever it listens to: interfaces, a log, a hook in the kernel.
 *
 * Every live source of this room ends in such a value, made from what its own `..._open` gave. It is
 * opened with rights and used without: after opening nothing here opens a file outside `read_paths`,
 * makes a socket, waits, or allocates for an event. Who reads a list of ears knows none of their kinds.
 *
 * Plain data, copied freely; it owns `self` and is done with by one ear_close.
 */
#ifndef KW_SENSOR_EAR_H
#define KW_SENSOR_EAR_H

#include "event/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Since opening. */
struct ear_counts {
	uint64_t lost;   /* packets or lines that came and could not be taken */
	uint64_t broken; /* what came and could not be read: of those meant for us */
};

/* Who is behind the lines that an ear hears: a host that sends syslog, a file, a journal. */
struct ear_sender {
	char name[64]; /* not escaped; a longer one is cut */
	uint64_t lines, events, lost;
};

/* What only some can tell may be null. */
struct ear_ops {
	void (*close)(void *self);
	/* "eth0", "all interfaces", "/var/log/kern.log": as people are told. */
	const char *(*name)(const void *self);
	/* For poll: readable when there is something to read. -1: read it every 200 ms. */
	int (*fd)(const void *self);
	/* Writes up to `max` events and never waits; `more` is set where something is left. To be called
	 * every 200 ms at least, readable or not. */
	size_t (*read)(void *self, struct event *out, size_t max, bool *more);
	/* Once a second: is what we listen to still there? Says what changed. Null = nothing to look at. */
	void (*look_around)(void *self);
	struct ear_counts (*counts)(void *self);
	/* The group that may read on after root is given up; false if none is needed. May be null. */
	bool (*group)(const void *self, gid_t *out);
	/* Directories or files that must stay readable; returns how many. Borrowed. May be null. */
	unsigned (*read_paths)(const void *self, const char **out, unsigned max);
	/* Of an ear that can go on where one before it stood: what `position` told of that, or "" for
	 * nothing. It reads nothing before this is called, and calls that follow change nothing. May be null. */
	void (*resume)(void *self, const char *position);
	/* Behind the last that was read: a text shorter than EAR_POSITION_MAX, "" = not known. May be null. */
	const char *(*position)(const void *self);
	/* Writes those that brought most, `max` at most; returns how many. Null = it hears no lines. */
	unsigned (*senders)(const void *self, struct ear_sender *out, unsigned max);
};

#define EAR_SENDERS_MAX 16   /* told of all ears together */
#define EAR_POSITION_MAX 512 /* a cursor of systemd 252 has some 200 characters */

struct ear {
	const struct ear_ops *ops; /* null = no ear */
	void *self;
	/* It hears packets that the doors of this host decide on: who reads it first looks whether a door
	 * has opened meanwhile. A hook where the kernel itself has decided, or a firewall's log, needs none. */
	bool needs_doors;
};

static inline void ear_close(struct ear *e)
{
	if (e->ops != NULL)
		e->ops->close(e->self);
	e->ops = NULL;
}

static inline const char *ear_name(const struct ear *e)
{
	return e->ops->name(e->self);
}

static inline int ear_fd(const struct ear *e)
{
	return e->ops->fd(e->self);
}

static inline size_t ear_read(const struct ear *e, struct event *out, size_t max, bool *more)
{
	return e->ops->read(e->self, out, max, more);
}

static inline void ear_look_around(const struct ear *e)
{
	if (e->ops->look_around != NULL)
		e->ops->look_around(e->self);
}

static inline struct ear_counts ear_counts(const struct ear *e)
{
	return e->ops->counts(e->self);
}

static inline bool ear_group(const struct ear *e, gid_t *out)
{
	return e->ops->group != NULL && e->ops->group(e->self, out);
}

static inline unsigned ear_read_paths(const struct ear *e, const char **out, unsigned max)
{
	return e->ops->read_paths != NULL ? e->ops->read_paths(e->self, out, max) : 0;
}

#endif
