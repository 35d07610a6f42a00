/* SPDX-License-Identifier: ISC */
/*
 * store_ports - the ports that were knocked at most, spread over days or months.
 *
 * A table of the top ports by touches with one column for each day or month (UTC), a row of sums
 * for what did not make it into the table, and nothing else. Answered from port_day, which is kept
 * for ever.
 */
#ifndef KW_STORE_STORE_PORTS_H
#define KW_STORE_STORE_PORTS_H

#include "store/store.h"

#define STORE_PORTS_COLUMNS_MAX 62 /* two months of days, five years of months */
#define STORE_PORTS_ROWS_MAX 1000

enum store_ports_step { STORE_PORTS_BY_DAY, STORE_PORTS_BY_MONTH };

struct store_ports_question {
	enum store_ports_step by;
	uint32_t last_day; /* days since 1970; its day or month is the last column */
	unsigned columns;  /* 1 to STORE_PORTS_COLUMNS_MAX */
	unsigned rows;     /* 1 to STORE_PORTS_ROWS_MAX */
};

struct store_ports_row {
	uint8_t proto;
	uint16_t port;
	uint64_t touches[STORE_PORTS_COLUMNS_MAX];
	uint64_t touches_sum, packets_sum;
};

struct store_ports {
	struct store_ports_row *rows; /* most touches first */
	size_t count;
	unsigned columns;
	uint32_t starts[STORE_PORTS_COLUMNS_MAX +
			1];                     /* first day of each column; and behind the last */
	uint64_t sums[STORE_PORTS_COLUMNS_MAX]; /* touches of all ports, shown or not */
	uint64_t ports_all;                     /* distinct (protocol, port), shown or not */
	uint64_t touches_all;
};

/* False with the reason in `error` and nothing to clear. */
bool store_ports_ask(const struct store *s, const struct store_ports_question *question,
	struct store_ports *out, struct store_error *error);
void store_ports_clear(struct store_ports *p);

#endif
