/* SPDX-License-Identifier: ISC */
/* The numbers of messages against the catalog that explains them, and what is said under them. */
#include "base/system_journal.h"
#include "cli/journal_notice.h"
#include "daemon/message_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const ids[] = {MESSAGE_ID_WATCH_BEGAN, MESSAGE_ID_WATCH_ENDED,
	MESSAGE_ID_SENSOR_LOST, MESSAGE_ID_INCIDENT, MESSAGE_ID_NOT_KEPT, MESSAGE_ID_PACKETS_LOST};
#define IDS (sizeof ids / sizeof ids[0])

static void every_number_is_explained_and_no_other(void **state)
{
	static char text[1 << 16];
	(void)state;
	FILE *in = fopen(CATALOG, "re");
	assert_non_null(in);
	size_t n = fread(text, 1, sizeof text - 1, in);
	fclose(in);
	assert_in_range(n, 1, sizeof text - 2);
	unsigned entries = 0;
	for (const char *at = text; (at = strstr(at, "\n-- ")) != NULL; at += 4)
		entries++;
	assert_int_equal(entries, IDS);
	for (size_t i = 0; i < IDS; i++) {
		char head[64];
		snprintf(head, sizeof head, "\n-- %s\nSubject: ", ids[i]);
		assert_non_null(strstr(text, head));
	}
}

struct scene {
	char directory[64], path[96];
	int listener;
	struct journal_notice notice;
	struct incident incident;
};

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct stat facts;
	char stream[64];
	assert_non_null(s);
	snprintf(s->directory, sizeof s->directory, "/tmp/kw-notice.XXXXXX");
	assert_non_null(mkdtemp(s->directory));
	snprintf(s->path, sizeof s->path, "%s/socket", s->directory);
	memcpy(address.sun_path, s->path, sizeof s->path);
	s->listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(fstat(STDERR_FILENO, &facts), 0);
	snprintf(
		stream, sizeof stream, "%ju:%ju", (uintmax_t)facts.st_dev, (uintmax_t)facts.st_ino);
	assert_true(system_journal_open(stream, s->path));
	s->incident = (struct incident){.level = 3,
		.kind = INCIDENT_KIND_VERTICAL,
		.sources_count = 1,
		.ports_count = 20,
		.hosts_count = 1,
		.summary = "SYN scan of 20 ports on one host"};
	snprintf(s->incident.id.text, sizeof s->incident.id.text, "01KAGZCYP0M3N8W5X2J7D4S6EA");
	assert_true(addr_parse("198.51.100.20", 13, &s->incident.src));
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	system_journal_close();
	close(s->listener);
	unlink(s->path);
	rmdir(s->directory);
	free(s);
	return 0;
}

/* Tells of the incident as it is now; the record that came of it has `word`, or there is none and it is null. */
static void tell(struct scene *s, const char *word)
{
	char bytes[SYSTEM_JOURNAL_BYTES + 1];
	journal_notice_take(&s->notice, &s->incident);
	ssize_t got = recv(s->listener, bytes, sizeof bytes - 1, 0);
	if (word == NULL) {
		assert_int_equal(got, -1);
		return;
	}
	assert_in_range(got, 1, SYSTEM_JOURNAL_BYTES);
	for (ssize_t i = 0; i < got; i++) /* lengths have zeros */
		bytes[i] = bytes[i] != '\0' ? bytes[i] : ' ';
	bytes[got] = '\0';
	assert_non_null(strstr(bytes, word));
}

static void what_is_serious_is_said_once(void **state)
{
	struct scene *s = *state;
	s->incident.level = 2;
	tell(s, NULL);
	s->incident.level = 3;
	tell(s, "serious: 198.51.100.20 scanned 20 ports");
	s->incident.state = INCIDENT_UPDATE;
	tell(s, NULL);
	s->incident.level = 5;
	tell(s, "critical: 198.51.100.20");
	s->incident.level = 4;
	tell(s, NULL);
	s->incident.state = INCIDENT_CLOSE;
	tell(s, NULL);
}

static void fields_say_where_to_look(void **state)
{
	struct scene *s = *state;
	tell(s, "01KAGZCYP0M3N8W5X2J7D4S6EA");
	s->notice.count = 0;
	tell(s, "SYN scan of 20 ports on one host");
	s->notice.count = 0;
	tell(s, MESSAGE_ID_INCIDENT);
}

static void the_oldest_is_forgotten_first(void **state)
{
	struct scene *s = *state;
	for (unsigned i = 0; i <= NOTICES_MAX; i++) {
		snprintf(s->incident.id.text, sizeof s->incident.id.text, "%026u", i);
		tell(s, "serious");
	}
	tell(s, NULL);
	snprintf(s->incident.id.text, sizeof s->incident.id.text, "%026u", 0);
	tell(s, "serious");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_is_explained_and_no_other),
		cmocka_unit_test_setup_teardown(what_is_serious_is_said_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fields_say_where_to_look, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_oldest_is_forgotten_first, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
