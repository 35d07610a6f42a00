/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a unit, then as its drop-in behind ours: its parts stay within their bounds, and what would be written for it is
 * known as ours again.
 */
#include "cli/wrap_drop_in.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No file that a line names is there. */
#define ROOT "/proc/self/fdinfo/nowhere"

static void check(struct systemd_unit *u, enum wrap_way_how how)
{
	static char text[WRAP_DROP_IN_TEXT];
	const struct wrap_place place = {.root = ROOT, .directory = "/x", .tcpd = "/x/tcpd"};
	struct wrap_way way = {.kind = WRAP_BY_UNIT, .how = how, .unit = u, .name = "a.service"};
	struct text_buffer out = text_buffer_over(text, sizeof text);
	memcpy(u->before, u->execs, sizeof u->before);
	u->before_count = u->exec_count;
	u->has_path_before = u->has_path;
	memcpy(u->path_before, u->path, sizeof u->path);
	wrap_drop_in_write(&place, &way, &out);
	assert(out.cut || wrap_drop_in_is_ours(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct systemd_unit *u = calloc(1, sizeof *u);
	const struct text_slice text = {(const char *)data, size};
	assert(u);
	systemd_unit_take(u, ROOT, "/a", text, false, false);
	systemd_unit_take(u, ROOT, "/b", text, false, true);
	assert(u->exec_count <= SYSTEMD_UNIT_EXECS);
	check(u, WRAP_LINKED);
	check(u, WRAP_TCPD);
	free(u);
	return 0;
}
