/* SPDX-License-Identifier: ISC */
/*
 * access_quick - lines that surely do not match, told in one pass.
 *
 * For tables of a million lines: "name: address", "ALL: network". What it rejects, access_pattern would not fit either,
 * would ask nothing about and would not warn of; everything it is not sure of is left to it. Of a strict table only good rules
 * are rejected.
 *
 * Tests: tests/unit/access/test_access_quick.c
 */
#ifndef KW_ACCESS_ACCESS_QUICK_H
#define KW_ACCESS_ACCESS_QUICK_H

#include "access/access_asker.h"
#include "base/text_slice.h"

#include <stdbool.h>

bool access_quick_rejects(struct text_slice line, bool strict, struct access_asker *asker);

#endif
