/* SPDX-License-Identifier: ISC */
/*
 * source_speed - what reading a file costs: CPU nanoseconds a record from the file to events, and
 * for classic captures how much of that is the decoder's own share.
 *
 * The decoder's share is taken from a copy of the file in memory whose records are found
 * beforehand.
 */
#include "input/event_source.h"
#include "packet/packet_decode.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 256

static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int time_source(const char *path, uint64_t *records)
{
	static struct event batch[BATCH];
	char error[512];
	struct name_table *names = name_table_create();
	const struct event_source_options options = {.names = names, .year = 2026};
	double start = cpu_seconds();
	struct event_source *s = event_source_open(path, &options, error, sizeof error);
	if (s == NULL) {
		fprintf(stderr, "source_speed: %s\n", error);
		name_table_destroy(names);
		return 1;
	}
	while (event_source_read(s, batch, BATCH) > 0)
		continue;
	double seconds = cpu_seconds() - start;
	const struct event_source_report *r = event_source_report(s);
	*records = r->records;
	printf("source_ns_per_record %.1f (%" PRIu64 " records, %" PRIu64 " events)\n",
		seconds * 1e9 / (double)(r->records ? r->records : 1), r->records, r->events);
	event_source_close(s);
	name_table_destroy(names);
	return 0;
}

static uint8_t *load(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL || fseek(f, 0, SEEK_END) != 0)
		return NULL;
	*size = (size_t)ftell(f);
	rewind(f);
	uint8_t *bytes = malloc(*size);
	if (bytes != NULL && fread(bytes, 1, *size, f) != *size) {
		free(bytes);
		bytes = NULL;
	}
	fclose(f);
	return bytes;
}

/* Only files as gen_capture writes them: this machine's byte order, microseconds, whole. */
static void time_decoder(const char *path, uint64_t records)
{
	static struct event batch[BATCH];
	size_t size = 0;
	uint8_t *bytes = load(path, &size);
	const uint32_t magic = 0xa1b2c3d4;
	if (bytes == NULL || size < 24 || memcmp(bytes, &magic, 4) != 0) {
		free(bytes);
		return;
	}
	uint64_t good = 0, done = 0;
	double start = cpu_seconds();
	for (size_t at = 24; at + 16 <= size && done < records; done++) {
		uint32_t captured;
		memcpy(&captured, bytes + at + 8, 4);
		good += packet_decode(1, bytes + at + 16, captured, &batch[done % BATCH]) ==
			PACKET_OK;
		at += 16 + captured;
	}
	double seconds = cpu_seconds() - start;
	printf("decoder_ns_per_record %.1f (%" PRIu64 " events)\n",
		seconds * 1e9 / (double)(done ? done : 1), good);
	free(bytes);
}

int main(int argc, char **argv)
{
	uint64_t records = 0;
	if (argc != 2) {
		fprintf(stderr, "usage: source_speed FILE\n");
		return 2;
	}
	if (time_source(argv[1], &records) != 0)
		return 1;
	time_decoder(argv[1], records);
	return 0;
}
