/* SPDX-License-Identifier: ISC */
/*
 * Any line as a record of the journal, and as the file of what was sent. Asserted: the message is as long as it says, its
 * head is printable and has seven spaces, and the line stands unchanged behind it.
 */
#include "courier/sent_position.h"
#include "courier/syslog_record.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sent_position position;
	const char *line = (const char *)data;
	char *out = malloc(size + SYSLOG_RECORD_HEAD_MAX), *rest;
	require(out != NULL);
	size_t written = syslog_record_write(line, size, out);
	require(written <= size + SYSLOG_RECORD_HEAD_MAX);
	unsigned long count = strtoul(out, &rest, 10);
	require(*rest == ' ' && count == written - (size_t)(rest + 1 - out));
	size_t head = written - size;
	unsigned spaces = 0;
	for (size_t i = 0; i < head; i++) {
		require(out[i] >= ' ' && out[i] <= '~');
		spaces += out[i] == ' ';
	}
	require(spaces == 8);
	require(memcmp(out + head, line, size) == 0);
	free(out);
	(void)sent_position_parse(line, size, &position);
	return 0;
}
