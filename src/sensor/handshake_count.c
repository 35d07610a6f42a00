/* SPDX-License-Identifier: ISC */
#include "sensor/handshake_count.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT_MAX 16384 /* netstat has about 5 KiB */

struct handshake_count {
	int snmp_fd, netstat_fd;
	uint64_t last;
	char text[TEXT_MAX];
};

/* The line of `group`, the first or the second, behind its colon; null if there is none. */
static const char *find_line(const char *text, const char *group, unsigned number)
{
	size_t length = strlen(group);
	for (const char *line = text; line != NULL && *line != '\0';) {
		if (strncmp(line, group, length) == 0 && line[length] == ':' && number-- == 0)
			return line + length + 1;
		line = strchr(line, '\n');
		line += line != NULL;
	}
	return NULL;
}

/* The word at *p, which then stands behind it; its length, 0 at the end of the line. */
static size_t next_word(const char **p, const char **word)
{
	while (**p == ' ')
		(*p)++;
	*word = *p;
	while (**p != ' ' && **p != '\n' && **p != '\0')
		(*p)++;
	return (size_t)(*p - *word);
}

bool handshake_count_find(const char *text, const char *group, const char *name, uint64_t *out)
{
	const char *names = find_line(text, group, 0), *numbers = find_line(text, group, 1);
	const char *word, *number;
	if (names == NULL || numbers == NULL)
		return false;
	for (size_t length; (length = next_word(&names, &word)) > 0;) {
		if (next_word(&numbers, &number) == 0)
			return false;
		if (length != strlen(name) || strncmp(word, name, length) != 0)
			continue;
		char *end;
		errno = 0;
		uint64_t value = strtoull(number, &end, 10);
		if (errno != 0 || end != numbers || *number == '-')
			return false;
		*out = value;
		return true;
	}
	return false;
}

static bool read_number(
	struct handshake_count *h, int fd, const char *group, const char *name, uint64_t *out)
{
	size_t used = 0;
	ssize_t got;
	while (used < TEXT_MAX - 1 &&
		(got = pread(fd, h->text + used, TEXT_MAX - 1 - used, (off_t)used)) > 0)
		used += (size_t)got;
	h->text[used] = '\0';
	return handshake_count_find(h->text, group, name, out);
}

bool handshake_count_read(struct handshake_count *h, uint32_t *out)
{
	uint64_t opened, overflowed;
	if (!read_number(h, h->snmp_fd, "Tcp", "PassiveOpens", &opened) ||
		!read_number(h, h->netstat_fd, "TcpExt", "ListenOverflows", &overflowed))
		return false;
	uint64_t now = opened + overflowed;
	uint64_t more = now > h->last ? now - h->last : 0;
	h->last = now;
	*out = more > UINT32_MAX ? UINT32_MAX : (uint32_t)more;
	return true;
}

struct handshake_count *handshake_count_open(void)
{
	struct handshake_count *h = memory_calloc(1, sizeof *h);
	uint32_t before;
	h->snmp_fd = open("/proc/net/snmp", O_RDONLY | O_CLOEXEC);
	h->netstat_fd = open("/proc/net/netstat", O_RDONLY | O_CLOEXEC);
	if (h->snmp_fd >= 0 && h->netstat_fd >= 0 && handshake_count_read(h, &before))
		return h;
	int kept = errno;
	handshake_count_close(h);
	errno = kept;
	return NULL;
}

void handshake_count_close(struct handshake_count *h)
{
	if (h == NULL)
		return;
	if (h->snmp_fd >= 0)
		close(h->snmp_fd);
	if (h->netstat_fd >= 0)
		close(h->netstat_fd);
	free(h);
}
