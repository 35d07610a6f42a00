/* SPDX-License-Identifier: ISC */
#include "sensor/exec_audit.h"

#include "base/memory.h"
#include "sensor/audit_join.h"
#include "sensor/netlink_stream.h"
#include "sensor/proc_facts.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 500,
	BUFFER_BYTES = 8 << 20, /* seven records a start: two thousand starts, about */
};

struct exec_audit {
	struct audit_join join;
	struct netlink_stream stream;
};

static bool asks_for(const struct audit_rule_data *r, unsigned call)
{
	return r->mask[AUDIT_WORD(call)] & AUDIT_BIT(call);
}

static bool is_about_us(uint32_t arch)
{
	return ((arch & __AUDIT_ARCH_64BIT) != 0) == (sizeof(long) == 8);
}

enum exec_audit_cover exec_audit_rule_cover(const void *rule, size_t size)
{
	struct audit_rule_data r;
	bool all = true;
	if (size < sizeof r)
		return EXEC_AUDIT_NOTHING;
	memcpy(&r, rule, sizeof r);
	if ((r.flags & ~(uint32_t)AUDIT_FILTER_PREPEND) != AUDIT_FILTER_EXIT ||
		r.action != AUDIT_ALWAYS || !asks_for(&r, SYS_execve) ||
		r.field_count > AUDIT_MAX_FIELDS)
		return EXEC_AUDIT_NOTHING;
	for (uint32_t i = 0; i < r.field_count; i++) {
		switch (r.fields[i]) {
		case AUDIT_ARCH:
			if (!is_about_us(r.values[i]))
				return EXEC_AUDIT_NOTHING;
			break;
		case AUDIT_EUID:
			all &= r.values[i] == 0 && r.fieldflags[i] == AUDIT_EQUAL;
			break;
		case AUDIT_FILTERKEY:
			break;
		default:
			all = false;
		}
	}
	return all && asks_for(&r, SYS_execveat) ? EXEC_AUDIT_ALL : EXEC_AUDIT_SOME;
}

static bool is_enabled(struct netlink_stream *s)
{
	struct netlink_answer a;
	struct audit_status status = {0};
	if (!netlink_stream_send(s, AUDIT_GET, NULL, 0))
		return false;
	while (netlink_stream_wait(s, PATIENCE_MS, &a)) {
		if (a.type == NLMSG_ERROR)
			return false;
		if (a.type != AUDIT_GET)
			continue;
		memcpy(&status, a.bytes, a.size < sizeof status ? a.size : sizeof status);
		return status.enabled != 0;
	}
	return false;
}

static enum exec_audit_cover look_at_rules(struct netlink_stream *s)
{
	struct netlink_answer a;
	enum exec_audit_cover best = EXEC_AUDIT_NOTHING;
	if (!netlink_stream_send(s, AUDIT_LIST_RULES, NULL, 0))
		return best;
	while (netlink_stream_wait(s, PATIENCE_MS, &a) && a.type != NLMSG_DONE &&
		a.type != NLMSG_ERROR) {
		enum exec_audit_cover cover = a.type == AUDIT_LIST_RULES
						      ? exec_audit_rule_cover(a.bytes, a.size)
						      : EXEC_AUDIT_NOTHING;
		if (cover > best)
			best = cover;
	}
	return best;
}

static bool read_record(void *self, struct exec_event *out, bool *is_start)
{
	struct exec_audit *x = self;
	struct netlink_answer a;
	if (!netlink_stream_next(&x->stream, &a))
		return false;
	*is_start = audit_join_take(&x->join, a.type, (const char *)a.bytes, a.size, out);
	if (*is_start)
		proc_facts_read_origin(out);
	return true;
}

static int fd(const void *self)
{
	return ((const struct exec_audit *)self)->stream.fd;
}

static struct ear_counts counts(void *self)
{
	const struct exec_audit *x = self;
	return (struct ear_counts){
		.lost = x->stream.overruns + x->join.incomplete, .broken = x->join.broken};
}

static void close_audit(void *self)
{
	struct exec_audit *x = self;
	netlink_stream_close(&x->stream);
	free(x);
}

static const struct exec_ear_ops ops = {
	.close = close_audit, .fd = fd, .read = read_record, .counts = counts};

/* What the rules say, asked over a socket that is in no group. */
static enum exec_audit_cover look(struct exec_audit *x, char *error, size_t error_size)
{
	enum exec_audit_cover cover = EXEC_AUDIT_NOTHING;
	if (!netlink_stream_open(&x->stream, NETLINK_AUDIT, 0, BUFFER_BYTES)) {
		snprintf(error, error_size, "the audit system: %s", strerror(errno));
		return cover;
	}
	if (!is_enabled(&x->stream))
		snprintf(error, error_size, "the audit system is off");
	else if ((cover = look_at_rules(&x->stream)) == EXEC_AUDIT_NOTHING)
		snprintf(error, error_size, "no rule of the audit system asks for execve");
	netlink_stream_close(&x->stream);
	return cover;
}

/* The kernel tells readers of other namespaces nothing, and does not say so. Settings of the whole machine are to be
 * seen in the first one alone. */
static bool is_first_namespace(void)
{
	return access("/proc/sys/net/core", F_OK) != 0 ||
	       access("/proc/sys/net/core/netdev_budget", F_OK) == 0;
}

struct exec_ear exec_audit_open(char *error, size_t error_size)
{
	if (!is_first_namespace()) {
		snprintf(error, error_size,
			"records of the audit system are told in the first network namespace alone");
		return (struct exec_ear){0};
	}
	struct exec_audit *x = memory_calloc(1, sizeof *x);
	enum exec_audit_cover cover = look(x, error, error_size);
	if (cover == EXEC_AUDIT_NOTHING) {
		free(x);
		return (struct exec_ear){0};
	}
	if (!netlink_stream_open(&x->stream, NETLINK_AUDIT, AUDIT_NLGRP_READLOG, BUFFER_BYTES)) {
		snprintf(error, error_size, "records of the audit system cannot be read: %s",
			strerror(errno));
		free(x);
		return (struct exec_ear){0};
	}
	return (struct exec_ear){.ops = &ops,
		.self = x,
		.via = EXEC_VIA_AUDIT,
		.needs_proc = true,
		.limits =
			cover == EXEC_AUDIT_ALL
				? "every start, while its rule stays; parents and units only of what still runs"
				: "only what its rules ask for; parents and units only of what still runs"};
}
