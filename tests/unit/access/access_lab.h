/* SPDX-License-Identifier: ISC */
/*
 * access_lab - a folder of its own for tables, and requests made in one line.
 *
 * In a text that is written, '$' stands for the folder's path, so that rules can name files in it.
 */
#ifndef KW_TESTS_ACCESS_LAB_H
#define KW_TESTS_ACCESS_LAB_H

#include "access/access_pattern.h"
#include "access/access_request.h"

#include "table_check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char access_lab_folder[] = "/tmp/knockwatch_access_XXXXXX";

struct access_lab_path {
	char text[256];
};

static inline struct access_lab_path access_lab_path_of(const char *name)
{
	struct access_lab_path p;
	snprintf(p.text, sizeof p.text, "%s/%s", access_lab_folder, name);
	return p;
}

static inline int access_lab_open(void **state)
{
	(void)state;
	return mkdtemp(access_lab_folder) ? 0 : -1;
}

static inline int access_lab_close(void **state)
{
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -r '%s'", access_lab_folder);
	return system(command);
}

static inline void access_lab_write_bytes(const char *name, const char *bytes, size_t length)
{
	FILE *f = fopen(access_lab_path_of(name).text, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, length, f), length);
	assert_int_equal(fclose(f), 0);
}

static inline void access_lab_write(const char *name, const char *text)
{
	FILE *f = fopen(access_lab_path_of(name).text, "w");
	assert_non_null(f);
	for (; *text; text++) {
		if (*text == '$')
			fputs(access_lab_folder, f);
		else
			fputc(*text, f);
	}
	assert_int_equal(fclose(f), 0);
}

/* Null texts are not known. The server is 192.0.2.1, "server.example.net", port 22. */
static inline struct access_known access_lab_known(const char *address, const char *name, const char *user)
{
	struct access_known k = {.port = {40000, 22}, .accepts = true};
	snprintf(k.address[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", address ? address : "");
	snprintf(k.name[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", name ? name : "");
	snprintf(k.user, ACCESS_TEXT_SIZE, "%s", user ? user : "");
	snprintf(k.address[ACCESS_SERVER], ACCESS_TEXT_SIZE, "192.0.2.1");
	snprintf(k.name[ACCESS_SERVER], ACCESS_TEXT_SIZE, "server.example.net");
	return k;
}

/* The last warning, and how many there were. */
struct access_lab_heard {
	unsigned count;
	char last[600];
};

static inline void access_lab_hear(void *self, const char *file, unsigned line, const char *text)
{
	struct access_lab_heard *heard = self;
	(void)file;
	heard->count++;
	snprintf(heard->last, sizeof heard->last, "%u: %s", line, text);
}

#endif
