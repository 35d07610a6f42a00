/* SPDX-License-Identifier: ISC */
#include "sensor/unit_name.h"

#include "base/text_slice.h"

static bool ends_with(struct text_slice s, const char *end)
{
	size_t n = strlen(end);
	return s.length > n && memcmp(s.start + s.length - n, end, n) == 0;
}

/* The end of a text that is too long says more than its beginning. */
static void set(char out[EXEC_UNIT_MAX], struct text_slice s)
{
	size_t skip = s.length >= EXEC_UNIT_MAX ? s.length - (EXEC_UNIT_MAX - 1) : 0;
	memcpy(out, s.start + skip, s.length - skip);
	out[s.length - skip] = '\0';
}

void unit_name_of_group(const char *group, char out[EXEC_UNIT_MAX])
{
	struct text_slice unit = {NULL, 0};
	group += strspn(group, "/");
	for (const char *at = group; *at != '\0';) {
		struct text_slice part = {at, strcspn(at, "/")};
		if (ends_with(part, ".service") || ends_with(part, ".scope"))
			unit = part;
		at += part.length;
		at += strspn(at, "/");
	}
	set(out, unit.length > 0 ? unit : text_slice_of(group));
}
