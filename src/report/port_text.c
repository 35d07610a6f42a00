/* SPDX-License-Identifier: ISC */
#include "report/port_text.h"

#include "base/number_text.h"

#include <stdio.h>
#include <string.h>

static uint64_t count_ports(const struct port_range *ranges, unsigned count)
{
	uint64_t ports = 0;
	for (unsigned i = 0; i < count; i++)
		ports += (uint64_t)(ranges[i].last - ranges[i].first) + 1;
	return ports;
}

/* One range with what stands between it and the one before. */
static void write_range(char out[40], const struct port_range *r, const struct port_range *before)
{
	struct text_buffer b = text_buffer_over(out, 40);
	if (before != NULL && before->proto == r->proto)
		text_buffer_add(&b, ", ");
	else
		text_buffer_printf(
			&b, "%s%s ", before != NULL ? "; " : "", port_set_proto_name(r->proto));
	if (r->first == r->last)
		text_buffer_printf(&b, "%u", r->first);
	else
		text_buffer_printf(&b, "%u-%u", r->first, r->last);
}

void port_text_add(struct text_buffer *b, const struct port_range *ranges, unsigned count,
	uint64_t ports_count, unsigned columns)
{
	uint64_t listed = count_ports(ranges, count), shown = 0;
	size_t start = b->used;
	if (ports_count < listed)
		ports_count = listed;
	for (unsigned i = 0; i < count; i++) {
		char part[40];
		write_range(part, &ranges[i], i > 0 ? &ranges[i - 1] : NULL);
		if (i > 0 && b->used - start + strlen(part) > columns)
			break;
		text_buffer_add(b, part);
		shown += count_ports(&ranges[i], 1);
	}
	if (ports_count > shown)
		text_buffer_printf(b, "%s%s more", shown > 0 ? " and " : "",
			number_text_of(ports_count - shown).text);
}
