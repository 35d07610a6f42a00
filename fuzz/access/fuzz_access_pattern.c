/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a /file of host patterns, which may name itself ("/proc/self/fd/99" is in the dictionary). In a rule that
 * denies it must fit wherever it fits in one that grants: a fault closes, and never opens.
 */
#include "access/access_pattern.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_warning(void *self, const char *file, unsigned line, const char *text)
{
	(void)self;
	assert(file && line == 1);
	for (; *text; text++)
		assert(*text >= 0x20 && *text <= 0x7e);
}

static bool fits(struct text_slice list, bool v6, bool denies)
{
	struct access_known k = {.port = {40000, 22}};
	struct access_place at = {.file = "table", .line = 1, .denies = denies, .sink = {check_warning, NULL}};
	snprintf(k.address[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", v6 ? "2001:db8::7" : "198.51.100.7");
	snprintf(k.name[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", "host.example.org");
	struct access_request q = access_request_known("sshd", &k);
	return access_pattern_fits_client(list, &q, &at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { OWN = 99 };
	static const char own[] = "/proc/self/fd/99";
	static int fd = -1;
	for (size_t i = 0; i < size; i++) {
		/* Of this machine's files only itself. */
		bool names_file = data[i] == '/' && (i == 0 || data[i - 1] <= ' ');
		if (names_file && (size - i < sizeof own - 1 || memcmp(data + i, own, sizeof own - 1) != 0 ||
			    (size - i >= sizeof own && data[i + sizeof own - 1] > ' ')))
			return 0;
	}
	if (fd < 0)
		fd = dup2(memfd_create("patterns", MFD_CLOEXEC), OWN);
	assert(fd == OWN && ftruncate(fd, 0) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	for (unsigned v6 = 0; v6 < 2; v6++) {
		bool granted = fits(text_slice_of(own), v6, false), denied = fits(text_slice_of(own), v6, true);
		assert(denied || !granted);
		/* The same bytes as one word of a rule. */
		struct text_slice word = {(const char *)data, size};
		(void)access_pattern_fits_text(word, v6 ? "2001:db8::7" : "host.example.org");
	}
	return 0;
}
