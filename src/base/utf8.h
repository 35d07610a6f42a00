/* SPDX-License-Identifier: ISC */
/*
 * utf8 - one character of UTF-8 after the other.
 *
 * As RFC 3629 allows it: the shortest form, no surrogates, to U+10FFFF.
 *
 * Tests: tests/unit/base/test_utf8.c
 */
#ifndef KW_BASE_UTF8_H
#define KW_BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

/* Takes the character at `*at`, which is before `end`. False, and nothing taken, where none stands there. */
bool utf8_take(const char **at, const char *end, uint32_t *code);

#endif
