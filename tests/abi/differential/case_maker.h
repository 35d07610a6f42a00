/* SPDX-License-Identifier: ISC */
/*
 * case_maker - a whole case from one number: tables of rules, the files they name, callers.
 *
 * The same number always gives the same case.
 */
#ifndef KW_ABI_CASE_MAKER_H
#define KW_ABI_CASE_MAKER_H

#include "access_case.h"

#include <stdint.h>

void case_maker_make(struct access_case *c, uint64_t number);

/* A word that matches nobody, to make lines long with: case_trait takes it out again. */
#define CASE_MAKER_PAD " pad0"

#endif
