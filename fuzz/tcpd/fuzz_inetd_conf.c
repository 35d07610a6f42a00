/* SPDX-License-Identifier: ISC */
/*
 * A line of any bytes: what is wrapped unwraps to the same line, and its slices stay inside.
 */
#include "tcpd/inetd_conf.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct text_slice s, const char *line, size_t size)
{
	assert(s.length == 0 || (s.start >= line && s.start + s.length <= line + size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1), *wrapped = malloc(size + 100), *back = malloc(size + 100);
	const struct text_slice whole = {line, size};
	struct inetd_conf_service s;
	assert(line && wrapped && back);
	memcpy(line, data, size);
	if (inetd_conf_read(whole, &s)) {
		const struct text_slice daemon = inetd_conf_daemon(&s);
		check_inside(s.service, line, size);
		check_inside(s.arguments, line, size);
		check_inside(daemon, line, size);
	}
	struct text_buffer out = text_buffer_over(wrapped, size + 100);
	if (inetd_conf_wrap(whole, "/x/tcpd", &out)) {
		struct text_buffer again = text_buffer_over(back, size + 100);
		const bool whole_path = inetd_conf_unwrap((struct text_slice){wrapped, out.used}, &again);
		assert(!whole_path || (again.used == size && memcmp(back, data, size) == 0));
	}
	free(back);
	free(wrapped);
	free(line);
	return 0;
}
