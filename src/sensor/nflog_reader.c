/* SPDX-License-Identifier: ISC */
/*
 * The kernel collects packets of a group in a buffer and sends it when it is full, when QUEUE packets are
 * in it, or after LATENCY. A buffer is charged to the socket with the memory it takes, not with what
 * is in it: one that just fits into 32 KiB wastes least, and holds about 80 packets.
 *
 * A socket that overflows makes recv fail with ENOBUFS once, without a number. The number comes from
 * the kernel's numbering of the packets (NFULNL_CFG_F_SEQ): what is missing in it was lost.
 */
#include "sensor/nflog_reader.h"

#include "base/clock_now.h"
#include "base/memory.h"
#include "base/text_buffer.h"
#include "sensor/iface_lookup.h"
#include "sensor/nflog_groups.h"
#include "sensor/nflog_message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_BYTES (32768 - 1024) /* and the kernel's own book-keeping about it */
#define DATAGRAM_BYTES 65536        /* larger than BUFFER_BYTES: a single packet may exceed it */
#define QUEUE 100
#define ANSWER_WAIT_MS 2000 /* the kernel answers at once; this is for a broken one */
#define MESSAGES_MOST 20000 /* of one read, whatever they are */

struct nflog_reader {
	int fd;
	struct iface_lookup *ifaces;
	char name[32];
	struct nflog_reader_counts counts;
	uint32_t expected; /* number of the next packet */
	bool behind;
	size_t at, size; /* of the datagram: read so far, and in all */
	uint8_t datagram[DATAGRAM_BYTES];
};

/* A question to the kernel: its head, then attributes. Small enough never to overflow. */
struct question {
	struct nlmsghdr header;
	struct nfgenmsg group;
	uint8_t attributes[96];
};

static void add_attribute(struct question *q, uint16_t type, const void *value, uint16_t size)
{
	struct nlattr a = {(uint16_t)(sizeof a + size), type};
	uint8_t *end = (uint8_t *)q + q->header.nlmsg_len;
	memcpy(end, &a, sizeof a);
	memcpy(end + sizeof a, value, size);
	q->header.nlmsg_len += (a.nla_len + 3u) & ~3u;
}

static void add_number(struct question *q, uint16_t type, uint32_t value)
{
	uint32_t wire = htonl(value);
	add_attribute(q, type, &wire, sizeof wire);
}

static void write_question(struct question *q, uint16_t group)
{
	*q = (struct question){
		.header = {.nlmsg_len = offsetof(struct question, attributes),
			.nlmsg_type = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
			.nlmsg_seq = 1},
		.group = {.nfgen_family = AF_UNSPEC,
			.version = NFNETLINK_V0,
			.res_id = htons(group)},
	};
	struct nfulnl_msg_config_cmd bind_group = {NFULNL_CFG_CMD_BIND};
	struct nfulnl_msg_config_mode mode = {htonl(NFLOG_READER_COPY), NFULNL_COPY_PACKET, 0};
	uint16_t flags = htons(NFULNL_CFG_F_SEQ);
	add_attribute(q, NFULA_CFG_CMD, &bind_group, sizeof bind_group);
	add_attribute(q, NFULA_CFG_MODE, &mode, sizeof mode);
	add_number(q, NFULA_CFG_NLBUFSIZ, BUFFER_BYTES);
	add_number(q, NFULA_CFG_TIMEOUT, NFLOG_READER_LATENCY_MS / 10);
	add_number(q, NFULA_CFG_QTHRESH, QUEUE);
	add_attribute(q, NFULA_CFG_FLAGS, &flags, sizeof flags);
}

/* 0 if the datagram holds the kernel's yes, a negative errno if its no, 1 if packets came before it
 * (they are not lost: their numbers tell, and the group was not ours before). */
static int read_answer(const uint8_t *bytes, size_t size)
{
	struct nlmsghdr header;
	int32_t status;
	if (size < sizeof header + sizeof status)
		return 1;
	memcpy(&header, bytes, sizeof header);
	if (header.nlmsg_type != NLMSG_ERROR)
		return 1;
	memcpy(&status, bytes + sizeof header, sizeof status);
	return status;
}

/* -1 with errno. */
static int ask_for_group(struct nflog_reader *r, uint16_t group)
{
	struct question q;
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	write_question(&q, group);
	if (sendto(r->fd, &q, q.header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0)
		return -1;
	int answer = 1;
	while (answer > 0) {
		ssize_t got = recv(r->fd, r->datagram, sizeof r->datagram, 0);
		if (got < 0 && errno != EINTR && errno != ENOBUFS)
			return -1;
		if (got > 0)
			answer = read_answer(r->datagram, (size_t)got);
	}
	errno = -answer;
	return answer == 0 ? 0 : -1;
}

static int open_socket(struct nflog_reader *r)
{
	struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	struct timeval patience = {ANSWER_WAIT_MS / 1000, ANSWER_WAIT_MS % 1000 * 1000};
	int bytes = NFLOG_READER_SOCKET_BYTES;
	r->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
	if (r->fd < 0)
		return -1;
	/* Beyond net.core.rmem_max only for who may; the other way gets as much as there is. */
	if (setsockopt(r->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0 &&
		setsockopt(r->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes) < 0)
		return -1;
	if (setsockopt(r->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) < 0)
		return -1;
	return bind(r->fd, (struct sockaddr *)&self, sizeof self);
}

/* The kernel says EPERM to who may not, and to who comes second. */
static int tell_apart(int error_number, uint16_t group, uint32_t *reader)
{
	struct nflog_groups groups;
	if (error_number != EPERM || !nflog_groups_read(&groups))
		return error_number;
	const struct nflog_group *found = nflog_groups_find(&groups, group);
	if (found == NULL)
		return error_number;
	*reader = found->port_id;
	return EBUSY;
}

static struct nflog_reader *give_up(
	struct nflog_reader *r, uint16_t group, char *error, size_t error_size)
{
	uint32_t reader = 0;
	int kept = tell_apart(errno, group, &reader);
	struct text_buffer message = text_buffer_over(error, error_size);
	text_buffer_printf(&message, "%s: ", r->name);
	if (kept == EBUSY)
		text_buffer_printf(
			&message, "another program reads it, probably process %u", reader);
	else if (kept == EPERM)
		text_buffer_add(&message, "only root may read it");
	else if (kept == EPROTONOSUPPORT || kept == EOPNOTSUPP || kept == EINVAL)
		text_buffer_add(&message, "this kernel has no NFLOG (module nfnetlink_log)");
	else
		text_buffer_printf(&message, "cannot be read: %s", strerror(kept));
	nflog_reader_close(r);
	/* To the caller EINVAL is a wrong name. */
	errno = kept == EINVAL ? EOPNOTSUPP : kept;
	return NULL;
}

struct nflog_reader *nflog_reader_open(
	const struct nflog_reader_options *options, char *error, size_t error_size)
{
	struct nflog_reader *r = memory_calloc(1, sizeof *r);
	struct text_buffer name = text_buffer_over(r->name, sizeof r->name);
	text_buffer_printf(&name, "nflog group %u", options->group);
	r->fd = -1;
	r->ifaces = iface_lookup_open(options->names);
	if (r->ifaces == NULL || open_socket(r) < 0 || ask_for_group(r, options->group) < 0)
		return give_up(r, options->group, error, error_size);
	return r;
}

void nflog_reader_close(struct nflog_reader *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	iface_lookup_close(r->ifaces);
	free(r);
}

int nflog_reader_fd(const struct nflog_reader *r)
{
	return r->fd;
}

/* Numbers run on over 2^32. One that goes back is no loss. */
static void count_gap(struct nflog_reader *r, uint32_t sequence)
{
	uint32_t gap = sequence - r->expected;
	if (gap <= INT32_MAX)
		r->counts.lost += gap;
	r->expected = sequence + 1;
}

/* True if `out` was written. */
static bool take_message(struct nflog_reader *r, struct nflog_message *m, enum nflog_result result,
	struct event *out)
{
	r->counts.received += result != NFLOG_NO_PACKET;
	if (m->has_sequence)
		count_gap(r, m->sequence);
	switch (result) {
	case NFLOG_EVENT:
		break;
	case NFLOG_LET_IN:
		r->counts.let_in++;
		return false;
	case NFLOG_NO_PACKET:
		return false;
	case NFLOG_OTHER:
		r->counts.other++;
		return false;
	case NFLOG_BROKEN:
		r->counts.broken++;
		return false;
	}
	*out = m->event;
	if (m->iface != 0)
		out->iface = iface_lookup_find(r->ifaces, (int)m->iface)->number;
	if (out->time.us == 0)
		out->time = clock_now();
	r->counts.events++;
	return true;
}

/* False if there is none now. Only the kernel sends to this socket: others may not (NL_CFG_F_NONROOT_SEND
 * is not set for netfilter), but who may is asked all the same. */
static bool receive(struct nflog_reader *r)
{
	struct sockaddr_nl sender;
	for (int try = 0; try < 16; try++) {
		socklen_t length = sizeof sender;
		memset(&sender, 0, sizeof sender);
		ssize_t got = recvfrom(r->fd, r->datagram, sizeof r->datagram, MSG_DONTWAIT,
			(struct sockaddr *)&sender, &length);
		if (got < 0 && errno != EINTR && errno != ENOBUFS)
			return false;
		if (got <= 0 || sender.nl_pid != 0)
			continue;
		r->at = 0;
		r->size = (size_t)got;
		return true;
	}
	return false;
}

size_t nflog_reader_read(struct nflog_reader *r, struct event *out, size_t max)
{
	struct nflog_message message;
	enum nflog_result result;
	size_t written = 0;
	r->behind = true;
	for (unsigned seen = 0; written < max && seen < MESSAGES_MOST; seen++) {
		if (!nflog_message_next(r->datagram, r->size, &r->at, &message, &result)) {
			r->behind = receive(r);
			if (!r->behind)
				break;
			continue;
		}
		written += take_message(r, &message, result, &out[written]);
	}
	return written;
}

bool nflog_reader_is_behind(const struct nflog_reader *r)
{
	return r->behind;
}

const struct nflog_reader_counts *nflog_reader_read_counts(const struct nflog_reader *r)
{
	return &r->counts;
}

const char *nflog_reader_name(const struct nflog_reader *r)
{
	return r->name;
}
