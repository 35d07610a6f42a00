/* SPDX-License-Identifier: ISC */
/*
 * number_text - numbers as people read them.
 */
#ifndef KW_BASE_NUMBER_TEXT_H
#define KW_BASE_NUMBER_TEXT_H

#include <stdint.h>

struct number_text {
	char text[48];
};

/* "1,024": a comma between thousands, whatever the locale. */
struct number_text number_text_of(uint64_t n);
/* "1 port", "1,024 ports": the noun gets an s where the number is not 1. */
struct number_text number_text_with(uint64_t n, const char *noun);
/* A number that is exact to 100 and estimated beyond, two digits of it: "40", "about 3,600". */
struct number_text number_text_about(uint64_t n);
/* And with a noun: "1 source", "about 3,600 sources". */
struct number_text number_text_about_with(uint64_t n, const char *noun);
/* "12.3 MB" in powers of ten, as disks are sold. */
struct number_text number_text_bytes(uint64_t bytes);

#endif
