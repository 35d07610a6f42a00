/* SPDX-License-Identifier: ISC */
/*
 * journal_appender STATE RUN: appends records until it is killed, and tells on standard output, a number a line,
 * how many of this run are acknowledged. Not a test: tests/system/70_journal.sh kills it.
 *
 * Records are of all lengths, and written in batches of all sizes, so that a kill finds a write under way.
 */
#include "store/journal_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAD_MOST = 20000 };

static int64_t now_us(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * CLOCK_US_PER_S + t.tv_nsec / 1000;
}

static bool append(struct journal_writer *w, const char *run, unsigned long n, unsigned pad)
{
	static char event[PAD_MOST + 256];
	int used = snprintf(event, sizeof event,
		"{\"v\":1,\"event_type\":\"test\",\"test\":{\"run\":%s,\"n\":%lu,\"pad\":\"", run,
		n);
	memset(event + used, 'p', pad);
	memcpy(event + used + pad, "\"}}", 4);
	return journal_writer_append(w, event, (size_t)used + pad + 3) > 0;
}

int main(int argc, char **argv)
{
	struct store_error error;
	if (argc != 3)
		return 2;
	struct journal_writer *w = journal_writer_open(argv[1], &(struct journal_writer_options){0},
		(struct wall_time){now_us(CLOCK_REALTIME)}, &error);
	if (w == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	srand((unsigned)getpid());
	for (unsigned long n = 0;;) {
		for (int batch = 1 + rand() % 40; batch > 0; batch--) {
			unsigned pad = rand() % 8 == 0 ? (unsigned)rand() % PAD_MOST
						       : (unsigned)rand() % 400;
			if (!append(w, argv[2], ++n, pad))
				return 1;
		}
		enum journal_writer_result r = journal_writer_advance(w,
			(struct wall_time){now_us(CLOCK_REALTIME)}, now_us(CLOCK_BOOTTIME), &error);
		if (r == JOURNAL_WRITER_DONE)
			printf("%lu\n", n);
		fflush(stdout);
	}
}
