/* SPDX-License-Identifier: ISC */
/*
 * exec_ear - programs started as root, by whatever path this kernel offers.
 *
 * As ear.h for packets: opened with rights, used without; reading never waits and allocates nothing. Plain data,
 * copied freely; it owns `self` and is done with by one exec_ear_close. `exec_ear_open` tries the paths from the
 * best on: the hook in exec (exec_ring), the records of the audit system where a rule asks for them already
 * (exec_audit), the process connector (exec_proc).
 */
#ifndef KW_SENSOR_EXEC_EAR_H
#define KW_SENSOR_EXEC_EAR_H

#include "event/exec_event.h"
#include "sensor/ear.h"

struct exec_ear_ops {
	void (*close)(void *self);
	/* For poll: readable when there is something to read. */
	int (*fd)(const void *self);
	/* Takes one record, so that who calls bounds its turn whatever comes; false if there is none now. Most
	 * records may be no start by root: `is_start` says whether `out` holds one. To be called every 200 ms at
	 * least. */
	bool (*read)(void *self, struct exec_event *out, bool *is_start);
	struct ear_counts (*counts)(void *self);
};

struct exec_ear {
	const struct exec_ear_ops *ops; /* null = no ear */
	void *self;
	enum exec_via via;
	bool needs_proc;    /* /proc must stay readable */
	const char *limits; /* what this path cannot tell, as a clause; constant */
};

/* What may be opened. */
enum exec_ear_wish {
	EXEC_EAR_BEST, /* the first that works */
	EXEC_EAR_HOOK,
	EXEC_EAR_AUDIT,
	EXEC_EAR_PROC,
	EXEC_EAR_OFF, /* none of them */
	EXEC_EAR_WISHES
};

#define EXEC_EAR_WISH_HELP "auto, hook, audit, proc or off"

/* One of those words; false if it is none of them. */
bool exec_ear_parse_wish(const char *text, enum exec_ear_wish *out);

/* Where none of them works, ops is null and `error` says of each why not, in one sentence. `error` also says why
 * a better one was passed over; it is empty if none was. */
struct exec_ear exec_ear_open(enum exec_ear_wish wish, char *error, size_t error_size);

static inline void exec_ear_close(struct exec_ear *e)
{
	if (e->ops != NULL)
		e->ops->close(e->self);
	e->ops = NULL;
}

static inline int exec_ear_fd(const struct exec_ear *e)
{
	return e->ops->fd(e->self);
}

static inline bool exec_ear_read(const struct exec_ear *e, struct exec_event *out, bool *is_start)
{
	return e->ops->read(e->self, out, is_start);
}

static inline struct ear_counts exec_ear_counts(const struct exec_ear *e)
{
	return e->ops->counts(e->self);
}

#endif
