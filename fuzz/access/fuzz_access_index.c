/* SPDX-License-Identifier: ISC */
/*
 * A hostile index of tables that are as they should be, one of them strict. Header fields that every index has, and the sums, are
 * put right, so that the rest is looked at. Whatever it says: a line that is given as an answer stands in the table and matches.
 */
#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_image.h"
#include "access/access_index.h"
#include "access/access_strict.h"
#include "access/access_sum.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char plain[] = "sshd: 10.1.2.3, 10.1. [2001:db8::]/32\n"
			    "# ALL: ALL\n"
			    "ALL: .example, host.example mail.: allow\n"
			    "vsftpd sshd: 10.0.0.0/255.0.0.0\\\n [2001:db8::7] \n"
			    "ALL EXCEPT sshd: LOCAL\n"
			    "ALL: 192.0.2.0/24 EXCEPT 192.0.2.7\n"
			    "in.telnetd: unknown .7 PARANOID\n"
			    "ALL: 198.51.100.\n"
			    "sshd: 10.1.2.3 203.0.113.9: expires 20200101T000000Z\n"
			    "x: ALL\n";

/* IPv6 without brackets, a broken rule, and one without a colon. */
static const char strict[] = "# knockwatch: strict\n"
			     "sshd: 10.1.2.3, 10.1. 2001:db8:7::/48 [2001:db8::]/32\n"
			     "ALL: .example, host.example mail.: allow\n"
			     "vsftpd sshd: 10.0.0.0/255.0.0.0 2001:db8::7\n"
			     "in.telnetd: UNKNOWN .7 PARANOID\n"
			     "ftpd: 10.0.0.1/8\n"
			     "ALL: 198.51.100.\n"
			     "sshd 203.0.113.9\n";

struct table {
	const char *text;
	size_t size;
	char path[64];
	struct access_image_table state;
};
static struct table tables[2] = {{.text = plain, .size = sizeof plain - 1}, {.text = strict, .size = sizeof strict - 1}};

static void make_table(struct table *t)
{
	struct stat s;
	int fd = memfd_create("hosts.deny", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, t->text, t->size) == (ssize_t)t->size);
	snprintf(t->path, sizeof t->path, "/proc/self/fd/%d", fd);
	assert(fstat(fd, &s) == 0);
	t->state = access_image_table_of(&s);
}

static void put_sums_right(char *image, const struct access_image_header *h)
{
	for (uint64_t at = 0; at < h->summed; at += ACCESS_BYTES_PIECE) {
		const uint64_t left = h->summed - at, index = at / ACCESS_BYTES_PIECE;
		const uint64_t sum = access_sum_of(
			image + at, left < ACCESS_BYTES_PIECE ? left : ACCESS_BYTES_PIECE, h->seed, index);
		memcpy(image + h->summed + index * sizeof sum, &sum, sizeof sum);
	}
}

/* What was given, with zeros to a whole 64 bytes, is what the sums are of; they follow it. */
static size_t summed_of(size_t given)
{
	return (given + 63) / 64 * 64;
}

static size_t size_with_sums(size_t given)
{
	return summed_of(given) + access_bytes_sums(summed_of(given)) * sizeof(uint64_t);
}

static void put_right(const struct table *t, char *image, size_t given)
{
	static const struct access_image_header usual = {.magic = "kwaccid", .version = ACCESS_IMAGE_VERSION, .byte_order = 0x01020304};
	struct access_image_header h;
	if (summed_of(given) < sizeof h)
		return;
	memcpy(&h, image, sizeof h);
	memcpy(h.magic, usual.magic, sizeof h.magic);
	h.version = usual.version;
	h.byte_order = usual.byte_order;
	h.summed = summed_of(given);
	h.size = size_with_sums(given);
	h.table = t->state;
	h.check = access_image_header_check(&h);
	memcpy(image, &h, sizeof h);
	put_sums_right(image, &h);
}

static void check_match(
	const struct table *t, const struct access_line *got, const struct access_request *q, const struct access_place *table)
{
	struct access_place at = *table;
	at.strict = got->strict;
	assert(got->offset <= t->size && got->text.length <= t->size - got->offset);
	assert(got->offset == 0 || t->text[got->offset - 1] == '\n');
	assert(access_fit_line_matches(got->text, q, &at));
	assert(!at.strict || got->broken == access_strict_text_is_broken(got->text, NULL));
}

static void ask(const struct table *t, struct access_index *x, const char *daemon, const char *address, const char *name)
{
	struct access_known known = {.port = {-1, -1}, .now_s = 1790000000};
	struct access_found found;
	snprintf(known.address[ACCESS_CLIENT], sizeof known.address[0], "%s", address);
	snprintf(known.name[ACCESS_CLIENT], sizeof known.name[0], "%s", name);
	const struct access_request q = access_request_known(daemon, &known);
	const struct access_place at = {.file = t->path, .denies = true};
	struct access_asker asker = access_asker_of(&q);
	if (access_index_find(x, &asker, &at, &found) == ACCESS_FOUND_MATCH)
		check_match(t, &found.line, &q, &at);
}

static void ask_all(struct table *t, const uint8_t *data, size_t size)
{
	const char *why;
	if (t->path[0] == '\0')
		make_table(t);
	const size_t all = size_with_sums(size);
	char *image = calloc(1, all + 1);
	assert(image != NULL);
	if (size > 0)
		memcpy(image, data, size);
	put_right(t, image, size);
	struct access_index *x = access_index_over(t->path, image, all, &why);
	if (x == NULL)
		return;
	ask(t, x, "sshd", "10.1.2.3", "");
	ask(t, x, "SSHD", "2001:db8::7", "Host.Example");
	ask(t, x, "vsftpd", "10.9.9.9", "a.b.example");
	ask(t, x, "vsftpd", "::ffff:192.0.2.7", "mail.example.org");
	ask(t, x, "in.telnetd", "203.0.113.7", "paranoid");
	ask(t, x, "in.telnetd", "unknown", "local");
	ask(t, x, "other", "198.51.100.255", "unknown");
	ask(t, x, "other", "ffff::", "x.7");
	ask(t, x, "ftpd", "192.0.2.1", "");
	access_index_close(x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ask_all(&tables[0], data, size);
	ask_all(&tables[1], data, size);
	return 0;
}
