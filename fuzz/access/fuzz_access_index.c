/* SPDX-License-Identifier: ISC */
/*
 * A hostile index of a table that is as it should be. Header fields that every index has are put right, so that the rest is
 * looked at. Whatever it says: a line that is given as an answer stands in the table and matches.
 */
#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_image.h"
#include "access/access_index.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char table[] = "sshd: 10.1.2.3, 10.1. [2001:db8::]/32\n"
			    "# ALL: ALL\n"
			    "ALL: .example, host.example mail.: allow\n"
			    "vsftpd sshd: 10.0.0.0/255.0.0.0\\\n [2001:db8::7] \n"
			    "ALL EXCEPT sshd: LOCAL\n"
			    "ALL: 192.0.2.0/24 EXCEPT 192.0.2.7\n"
			    "in.telnetd: unknown .7 PARANOID\n"
			    "ALL: 198.51.100.\n"
			    "sshd: 10.1.2.3 203.0.113.9: expires 20200101T000000Z\n"
			    "x: ALL\n";

static char path[64];
static struct access_image_table state;

static void make_table(void)
{
	struct stat s;
	int fd = memfd_create("hosts.deny", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, table, sizeof table - 1) == (ssize_t)(sizeof table - 1));
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	assert(fstat(fd, &s) == 0);
	state = access_image_table_of(&s);
}

static void put_header_right(char *image, size_t size)
{
	static const struct access_image_header usual = {.magic = "kwaccid", .version = 2, .byte_order = 0x01020304};
	struct access_image_header h;
	if (size < sizeof h)
		return;
	memcpy(&h, image, sizeof h);
	memcpy(h.magic, usual.magic, sizeof h.magic);
	h.version = usual.version;
	h.byte_order = usual.byte_order;
	h.size = size;
	h.table = state;
	h.check = access_image_header_check(&h);
	memcpy(image, &h, sizeof h);
}

static void check_match(const struct access_line *got, const struct access_request *q, const struct access_place *at)
{
	assert(got->offset < sizeof table && got->text.length <= sizeof table - got->offset);
	assert(got->offset == 0 || table[got->offset - 1] == '\n');
	assert(access_fit_line_matches(got->text, q, at));
}

static void ask(struct access_index *x, const char *daemon, const char *address, const char *name)
{
	struct access_known known = {.port = {-1, -1}, .now_s = 1790000000};
	struct access_line line;
	snprintf(known.address[ACCESS_CLIENT], sizeof known.address[0], "%s", address);
	snprintf(known.name[ACCESS_CLIENT], sizeof known.name[0], "%s", name);
	const struct access_request q = access_request_known(daemon, &known);
	const struct access_place at = {.file = path, .denies = true};
	struct access_asker asker = access_asker_of(&q);
	if (access_index_find(x, &asker, &at, &line) == ACCESS_INDEX_MATCH)
		check_match(&line, &q, &at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why;
	if (path[0] == '\0')
		make_table();
	char *image = malloc(size + 1);
	assert(image != NULL);
	memcpy(image, data, size);
	put_header_right(image, size);
	struct access_index *x = access_index_over(path, image, size, &why);
	if (x == NULL)
		return 0;
	ask(x, "sshd", "10.1.2.3", "");
	ask(x, "SSHD", "2001:db8::7", "Host.Example");
	ask(x, "vsftpd", "10.9.9.9", "a.b.example");
	ask(x, "vsftpd", "::ffff:192.0.2.7", "mail.example.org");
	ask(x, "in.telnetd", "203.0.113.7", "paranoid");
	ask(x, "in.telnetd", "unknown", "local");
	ask(x, "other", "198.51.100.255", "unknown");
	ask(x, "other", "ffff::", "x.7");
	access_index_close(x);
	return 0;
}
