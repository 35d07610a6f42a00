/* SPDX-License-Identifier: ISC */
/*
 * access_time - points in time as the language writes them: ISO 8601, basic form, UTC: 20261130T050000Z. It has no ':',
 * which ends an option.
 *
 * Tests: by those of access_set
 */
#ifndef KW_ACCESS_ACCESS_TIME_H
#define KW_ACCESS_ACCESS_TIME_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

struct access_time_text {
	char text[24];
};

/* `seconds` since 1970, years 1970 to 9999. */
struct access_time_text access_time_write(int64_t seconds);

/* All of the text; false if it is no such time. */
bool access_time_read(struct text_slice text, int64_t *seconds);

#endif
