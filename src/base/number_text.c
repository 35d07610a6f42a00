/* SPDX-License-Identifier: ISC */
#include "base/number_text.h"

#include "base/decimal.h"
#include "base/text_buffer.h"

#include <stdio.h>
#include <string.h>

struct number_text number_text_of(uint64_t n)
{
	char digits[24];
	struct number_text out;
	if (n < 1000) {
		*decimal_write(out.text, n) = '\0';
		return out;
	}
	struct text_buffer plain = text_buffer_over(digits, sizeof digits);
	size_t used = 0;
	text_buffer_add_number(&plain, n);
	for (size_t i = 0; i < plain.used; i++) {
		if (i > 0 && (plain.used - i) % 3 == 0)
			out.text[used++] = ',';
		out.text[used++] = digits[i];
	}
	out.text[used] = '\0';
	return out;
}

struct number_text number_text_with(uint64_t n, const char *noun)
{
	struct number_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	text_buffer_add(&b, number_text_of(n).text);
	text_buffer_add(&b, " ");
	text_buffer_add(&b, noun);
	text_buffer_add(&b, n == 1 ? "" : "s");
	return out;
}

/* Two digits are what an estimate with an error of some percent knows. */
static uint64_t round_to_two_digits(uint64_t n)
{
	uint64_t unit = 1;
	while (n / unit >= 100)
		unit *= 10;
	return n / unit * unit + (n % unit * 2 >= unit && unit > 1 ? unit : 0);
}

static struct number_text with_about(struct number_text rounded)
{
	struct number_text out;
	struct text_buffer b = text_buffer_over(out.text, sizeof out.text);
	text_buffer_add(&b, "about ");
	text_buffer_add(&b, rounded.text);
	return out;
}

struct number_text number_text_about(uint64_t n)
{
	return n <= 100 ? number_text_of(n) : with_about(number_text_of(round_to_two_digits(n)));
}

struct number_text number_text_about_with(uint64_t n, const char *noun)
{
	return n <= 100 ? number_text_with(n, noun)
			: with_about(number_text_with(round_to_two_digits(n), noun));
}

struct number_text number_text_bytes(uint64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	struct number_text out;
	size_t unit = 0;
	uint64_t tenths = bytes / 100;
	if (bytes < 1000) {
		snprintf(out.text, sizeof out.text, "%llu B", (unsigned long long)bytes);
		return out;
	}
	for (; tenths >= 10000; tenths /= 1000)
		unit++;
	snprintf(out.text, sizeof out.text, "%llu.%llu %s", (unsigned long long)(tenths / 10),
		(unsigned long long)(tenths % 10), units[unit]);
	return out;
}
