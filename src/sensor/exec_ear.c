/* SPDX-License-Identifier: ISC */
#include "sensor/exec_ear.h"

#include "base/text_buffer.h"
#include "sensor/exec_audit.h"
#include "sensor/exec_proc.h"
#include "sensor/exec_ring.h"

#include <string.h>

static const struct {
	const char *name;
	struct exec_ear (*open)(char *error, size_t error_size);
} paths[EXEC_EAR_WISHES] = {
	[EXEC_EAR_BEST] = {"auto", NULL},
	[EXEC_EAR_HOOK] = {"hook", exec_ring_open},
	[EXEC_EAR_AUDIT] = {"audit", exec_audit_open},
	[EXEC_EAR_PROC] = {"proc", exec_proc_open},
	[EXEC_EAR_OFF] = {"off", NULL},
};

bool exec_ear_parse_wish(const char *text, enum exec_ear_wish *out)
{
	for (unsigned i = 0; i < EXEC_EAR_WISHES; i++) {
		if (strcmp(text, paths[i].name) == 0) {
			*out = (enum exec_ear_wish)i;
			return true;
		}
	}
	return false;
}

struct exec_ear exec_ear_open(enum exec_ear_wish wish, char *error, size_t error_size)
{
	struct text_buffer reasons = text_buffer_over(error, error_size);
	struct exec_ear ear = {0};
	for (unsigned i = EXEC_EAR_BEST + 1; i < EXEC_EAR_OFF && ear.ops == NULL; i++) {
		char reason[256] = "";
		if (wish != EXEC_EAR_BEST && wish != (enum exec_ear_wish)i)
			continue;
		ear = paths[i].open(reason, sizeof reason);
		if (ear.ops == NULL)
			text_buffer_printf(&reasons, "%s%s", reasons.used ? "; " : "", reason);
	}
	return ear;
}
