/* SPDX-License-Identifier: ISC */
/*
 * access_lint_value - values of options that are written as other programs have them: facilities of syslog.conf, times of ISO 8601.
 *
 * Pure.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_VALUE_H
#define KW_ACCESS_ACCESS_LINT_VALUE_H

#include "access/access_draft.h"

#include <stdbool.h>

/* True if `out` has the value of severity as it should be; false if nobody knows. `*same`: it was right. */
bool access_lint_value_severity(struct text_slice value, struct access_draft *out, bool *same);

/* "2026-11-30T05:00:00Z" off the front of the text, its colons with a backslash or without: the form that the library reads. False
 * where it is another, or says no zone. */
bool access_lint_value_time(struct text_slice *s, char out[20]);

#endif
