/* SPDX-License-Identifier: ISC */
/*
 * A file of any bytes that grows in pieces of any size gives the same lines as one that was there
 * at once: each line once, in order, without its newline, cut at the size of the buffer.
 *
 * The first byte chooses how the rest grows.
 */
#include "sensor/log_generation.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BUFFER 64

/* Where the next line must begin, counted in the whole text. */
struct expected {
	const uint8_t *text;
	size_t size, at;
	uint8_t turn; /* the receiver stops now and then */
};

static void require(int right)
{
	if (!right)
		abort();
}

static bool take_line(void *context, const char *line, size_t length)
{
	struct expected *e = context;
	const uint8_t *from = e->text + e->at;
	require(e->at < e->size);
	const uint8_t *newline = memchr(from, '\n', e->size - e->at);
	size_t whole = newline ? (size_t)(newline - from) : e->size - e->at;
	require(length == (whole < BUFFER ? whole : BUFFER));
	require(memcmp(line, from, length) == 0);
	e->at += whole + 1;
	return ++e->turn % 3 != 0;
}

static void read_to_end(struct log_generation *g, struct expected *e)
{
	char buffer[BUFFER];
	require(log_generation_is_intact(g));
	while (log_generation_read(g, 0, buffer, sizeof buffer, take_line, e) > 0)
		require(g->offset >= 0 && (size_t)g->offset <= e->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > 4096)
		return 0;
	size_t step = data[0] % 100 + 1u;
	struct log_generation g = {.fd = memfd_create("log", MFD_CLOEXEC)};
	struct expected e = {.text = data + 1, .size = size - 1};
	require(g.fd >= 0);
	for (size_t at = 0; at < e.size; at += step) {
		size_t piece = e.size - at < step ? e.size - at : step;
		require(write(g.fd, e.text + at, piece) == (ssize_t)piece);
		read_to_end(&g, &e);
	}
	g.closing = true;
	read_to_end(&g, &e);
	require(e.at >= e.size); /* every line was told */
	log_generation_restart(&g);
	e.at = 0;
	read_to_end(&g, &e);
	require(e.at >= e.size);
	log_generation_close(&g);
	return 0;
}
