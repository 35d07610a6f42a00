/* SPDX-License-Identifier: ISC */
#include "base/system_journal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define IDENTIFIER "knockwatch"

static int journal = -1;

static bool is_standard_error(const char *stream)
{
	uintmax_t device, inode;
	struct stat facts;
	return sscanf(stream, "%ju:%ju", &device, &inode) == 2 &&
	       fstat(STDERR_FILENO, &facts) == 0 && facts.st_dev == device && facts.st_ino == inode;
}

bool system_journal_open(const char *stream, const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	system_journal_close();
	if (stream == NULL || !is_standard_error(stream) || length >= sizeof address.sun_path)
		return false;
	memcpy(address.sun_path, path, length);
	journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (journal >= 0 && connect(journal, (struct sockaddr *)&address, sizeof address) < 0)
		system_journal_close();
	return journal >= 0;
}

void system_journal_close(void)
{
	if (journal >= 0)
		close(journal);
	journal = -1;
}

bool system_journal_is_open(void)
{
	return journal >= 0;
}

struct datagram {
	unsigned char bytes[SYSTEM_JOURNAL_BYTES];
	size_t used;
	bool cut;
};

static void add(struct datagram *d, const void *bytes, size_t length)
{
	if (d->cut || length > sizeof d->bytes - d->used) {
		d->cut = true;
		return;
	}
	memcpy(d->bytes + d->used, bytes, length);
	d->used += length;
}

/* Name, length in 8 bytes (lowest first), value: that way a value may hold line ends. */
static void add_field(struct datagram *d, const char *name, const char *value)
{
	unsigned char size[8];
	size_t length = strlen(value);
	for (unsigned i = 0; i < sizeof size; i++)
		size[i] = (unsigned char)((uint64_t)length >> (8 * i));
	add(d, name, strlen(name));
	add(d, "\n", 1);
	add(d, size, sizeof size);
	add(d, value, length);
	add(d, "\n", 1);
}

bool system_journal_send(const struct system_journal_message *m)
{
	struct datagram d = {.used = 0};
	const char weight[] = {(char)('0' + m->weight), '\0'};
	if (journal < 0)
		return false;
	add_field(&d, "MESSAGE", m->text);
	add_field(&d, "PRIORITY", weight);
	add_field(&d, "SYSLOG_IDENTIFIER", IDENTIFIER);
	if (m->id != NULL)
		add_field(&d, "MESSAGE_ID", m->id);
	for (size_t i = 0; i < m->fields_count; i++)
		add_field(&d, m->fields[i].name, m->fields[i].value);
	struct iovec part = {d.bytes, d.used};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	int kept = errno;
	bool sent = !d.cut && sendmsg(journal, &message, MSG_NOSIGNAL) == (ssize_t)d.used;
	errno = kept;
	return sent;
}
