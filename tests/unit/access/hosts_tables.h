/* SPDX-License-Identifier: ISC */
/*
 * hosts_tables - an empty directory for the tables of a test program, and what stands beside them.
 *
 * Begin and end are the setup and teardown of the whole group.
 */
#ifndef KW_TESTS_HOSTS_TABLES_H
#define KW_TESTS_HOSTS_TABLES_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char hosts_tables_directory[40];
static char hosts_tables_allow[64], hosts_tables_deny[64], hosts_tables_list[64];
static char hosts_tables_deny_index[80];

static inline int hosts_tables_begin(void **state)
{
	(void)state;
	snprintf(hosts_tables_directory, sizeof hosts_tables_directory, "/tmp/knockwatch-tables.XXXXXX");
	if (mkdtemp(hosts_tables_directory) == NULL)
		return -1;
	snprintf(hosts_tables_allow, sizeof hosts_tables_allow, "%s/hosts.allow", hosts_tables_directory);
	snprintf(hosts_tables_deny, sizeof hosts_tables_deny, "%s/hosts.deny", hosts_tables_directory);
	snprintf(hosts_tables_list, sizeof hosts_tables_list, "%s/list", hosts_tables_directory);
	snprintf(hosts_tables_deny_index, sizeof hosts_tables_deny_index, "%s.idx", hosts_tables_deny);
	return 0;
}

static inline int hosts_tables_end(void **state)
{
	char command[128];
	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", hosts_tables_directory);
	return system(command);
}

static inline void hosts_tables_put(const char *path, const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), (ssize_t)length);
	close(fd);
}

static inline void hosts_tables_put_text(const char *path, const char *text)
{
	hosts_tables_put(path, text, strlen(text));
}

/* Until the next change is sure to have another time. */
static inline void hosts_tables_settle(void)
{
	usleep(30000);
}

#endif
