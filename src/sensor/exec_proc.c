/* SPDX-License-Identifier: ISC */
#include "sensor/exec_proc.h"

#include "base/clock_now.h"
#include "base/byte_cursor.h"
#include "base/memory.h"
#include "sensor/netlink_stream.h"
#include "sensor/proc_facts.h"

#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum {
	PATIENCE_MS = 200,
	BUFFER_BYTES = 4 << 20,
	EVENT_EXEC = 2, /* PROC_EVENT_EXEC, an enumerator whose name moved between kernels */
};

/* Since Linux 6.6; not in the headers of Debian 12. */
struct proc_mask_input {
	uint32_t operation; /* PROC_CN_MCAST_LISTEN */
	uint32_t events;    /* of which kinds */
};

struct exec_proc {
	struct netlink_stream stream;
	uint64_t gone; /* starts of which nothing was left to read */
};

/* As proc_event lies in the message: what, processor, time, then the two numbers of the process. */
uint32_t exec_proc_message_pid(const void *message, size_t size)
{
	struct cn_msg head;
	struct {
		uint32_t what, cpu;
		uint64_t time_ns;
		uint32_t pid, tgid;
	} event;
	if (size < sizeof head + sizeof event)
		return 0;
	memcpy(&head, message, sizeof head);
	memcpy(&event, (const uint8_t *)message + sizeof head, sizeof event);
	if (head.id.idx != CN_IDX_PROC || head.id.val != CN_VAL_PROC || event.what != EVENT_EXEC ||
		event.tgid > INT32_MAX)
		return 0;
	return event.tgid;
}

static bool send_wish(struct netlink_stream *s, const void *wish, uint16_t size)
{
	uint8_t body[sizeof(struct cn_msg) + sizeof(struct proc_mask_input)];
	struct cn_msg head = {.id = {.idx = CN_IDX_PROC, .val = CN_VAL_PROC}, .len = size};
	memcpy(body, &head, sizeof head);
	memcpy(body + sizeof head, wish, size);
	return netlink_stream_send(s, NLMSG_DONE, body, sizeof head + size);
}

/* A kernel that knows the mask answers; an older one is silent, for it wants the operation alone. */
static bool ask_to_listen(struct netlink_stream *s)
{
	struct proc_mask_input wish = {PROC_CN_MCAST_LISTEN, EVENT_EXEC};
	struct netlink_answer a;
	if (!send_wish(s, &wish, sizeof wish))
		return false;
	if (netlink_stream_wait(s, PATIENCE_MS, &a))
		return true;
	return send_wish(s, &wish.operation, sizeof wish.operation) &&
	       netlink_stream_wait(s, PATIENCE_MS, &a);
}

static bool describe(struct exec_proc *x, uint32_t pid, struct exec_event *out)
{
	memset(out, 0, offsetof(struct exec_event, args));
	if (!proc_facts_read_ids(pid, out)) {
		x->gone++;
		return false;
	}
	if (out->euid != 0)
		return false;
	out->time = clock_now();
	out->via = EXEC_VIA_PROC;
	proc_facts_read_program(out);
	proc_facts_read_origin(out);
	return true;
}

static bool read_record(void *self, struct exec_event *out, bool *is_start)
{
	struct exec_proc *x = self;
	struct netlink_answer a;
	if (!netlink_stream_next(&x->stream, &a))
		return false;
	uint32_t pid = exec_proc_message_pid(a.bytes, a.size);
	*is_start = pid != 0 && describe(x, pid, out);
	return true;
}

static int fd(const void *self)
{
	return ((const struct exec_proc *)self)->stream.fd;
}

static struct ear_counts counts(void *self)
{
	const struct exec_proc *x = self;
	return (struct ear_counts){.lost = x->stream.overruns + x->gone};
}

static void close_proc(void *self)
{
	struct exec_proc *x = self;
	uint32_t ignore = PROC_CN_MCAST_IGNORE;
	(void)send_wish(&x->stream, &ignore, sizeof ignore);
	netlink_stream_close(&x->stream);
	free(x);
}

static const struct exec_ear_ops ops = {
	.close = close_proc, .fd = fd, .read = read_record, .counts = counts};

struct exec_ear exec_proc_open(char *error, size_t error_size)
{
	struct exec_proc *x = memory_calloc(1, sizeof *x);
	if (netlink_stream_open(&x->stream, NETLINK_CONNECTOR, CN_IDX_PROC, BUFFER_BYTES)) {
		if (ask_to_listen(&x->stream))
			return (struct exec_ear){.ops = &ops,
				.self = x,
				.via = EXEC_VIA_PROC,
				.needs_proc = true,
				.limits = "only programs that run long enough to be looked at, "
					  "and what they say of themselves then"};
		errno = EOPNOTSUPP;
		netlink_stream_close(&x->stream);
	}
	snprintf(error, error_size, "no process connector: %s", strerror(errno));
	free(x);
	return (struct exec_ear){0};
}
