/* SPDX-License-Identifier: ISC */
/*
 * port_table - the ports that were knocked at most, by day or month, and which of them are growing.
 *
 * Counts are touches: distinct (source, target) pairs, so a retransmission does not count. Days and
 * months are those of UTC. Columns that do not fit on the page are left out from the oldest on; the
 * total still counts them, and a note says so.
 */
#ifndef KW_REPORT_PORT_TABLE_H
#define KW_REPORT_PORT_TABLE_H

#include "report/page.h"
#include "store/store_ports.h"

/* Growth is shown from this factor over the mean of the earlier columns on, ... */
#define PORT_TABLE_GROWTH_FACTOR 3
/* ... and from this number of touches on: three after one is chance. */
#define PORT_TABLE_GROWTH_TOUCHES 20

/* Name of a port, or null; the knowledge of names lives elsewhere. */
typedef const char *port_table_service(uint8_t proto, uint16_t port);

struct port_table {
	const struct store_ports *ports;
	enum store_ports_step by;
	port_table_service *service; /* may be null */
};

void port_table_print(const struct page *p, const struct port_table *table);

/* One object: v, by, columns[] (first days), ports[{port, service, touches[], total, packets,
 * growth}], all{ports, touches[], total}. */
void port_table_print_json(const struct page *p, const struct port_table *table);

/*
 * How much more the last columns hold than the mean of the earlier ones: the factor, -1 for a port
 * that is new, 0 for no growth worth showing. The last column may be unfinished (it holds `today`):
 * then the finished one before it counts too.
 */
int64_t port_table_growth(const uint64_t *touches, unsigned columns, bool last_unfinished);

#endif
