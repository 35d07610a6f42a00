/* SPDX-License-Identifier: ISC */
/*
 * who_text - everything the store remembers of one address.
 *
 * First and last time, days active, its incidents, and what it sent to whom, the latest first: what
 * differs in the port or the host alone is one line (knock_run); JSON lists every row. The
 * single packets (knocks) are kept for a limited time only; days and incidents are kept for ever.
 */
#ifndef KW_REPORT_WHO_TEXT_H
#define KW_REPORT_WHO_TEXT_H

#include "report/page.h"
#include "report/port_table.h"
#include "store/store_query.h"

struct who_text {
	const struct addr *address;
	const struct store_incidents *incidents; /* of this address, its block, and its groups */
	const struct store_days *days;
	const struct store_knocks *knocks;
	port_table_service *service; /* may be null */
};

/* False if the store knows nothing of the address; that too is said. */
bool who_text_print(const struct page *p, const struct who_text *who);

/* One object: v, address, known, first, last, days_active, packets, targets, level, days[],
 * knocks[], incidents[] (ids). */
bool who_text_print_json(const struct page *p, const struct who_text *who);

#endif
