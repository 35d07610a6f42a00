/* SPDX-License-Identifier: ISC */
#include "sensor/nflog_groups.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define LIST_FILE "/proc/net/netfilter/nfnetlink_log"
#define LIST_BYTES 16384 /* NFLOG_GROUPS_MAX lines of about 40 */

/* The next number in the line, behind spaces; false where there is none. */
static bool take_number(const char **at, const char *end, uint64_t most, uint64_t *out)
{
	uint64_t n = 0;
	while (*at < end && **at == ' ')
		++*at;
	const char *start = *at;
	while (*at < end && **at >= '0' && **at <= '9' && n <= most)
		n = n * 10 + (uint64_t)(*(*at)++ - '0');
	*out = n;
	return *at > start && n <= most;
}

void nflog_groups_parse(const char *text, size_t size, struct nflog_groups *out)
{
	const char *at = text, *end = text + size;
	out->count = 0;
	while (at < end && out->count < NFLOG_GROUPS_MAX) {
		uint64_t group, port_id;
		if (take_number(&at, end, UINT16_MAX, &group) &&
			take_number(&at, end, UINT32_MAX, &port_id))
			out->items[out->count++] =
				(struct nflog_group){(uint16_t)group, (uint32_t)port_id};
		while (at < end && *at++ != '\n')
			;
	}
}

bool nflog_groups_read(struct nflog_groups *out)
{
	char text[LIST_BYTES];
	size_t used = 0;
	out->count = 0;
	int fd = open(LIST_FILE, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT;
	ssize_t got = 1;
	while (got > 0 && used < sizeof text) {
		got = read(fd, text + used, sizeof text - used);
		used += got > 0 ? (size_t)got : 0;
	}
	int kept = errno;
	close(fd);
	errno = kept;
	if (got >= 0)
		nflog_groups_parse(text, used, out);
	return got >= 0;
}

const struct nflog_group *nflog_groups_find(const struct nflog_groups *g, uint16_t group)
{
	for (unsigned i = 0; i < g->count; i++) {
		if (g->items[i].group == group)
			return &g->items[i];
	}
	return NULL;
}
