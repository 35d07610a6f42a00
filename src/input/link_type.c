/* SPDX-License-Identifier: ISC */
#include "input/link_type.h"

#include "base/text_buffer.h"
#include "packet/packet_decode.h"

#include <pcap/pcap.h>

/* Only IP-carrying types whose numbers differ; all from 104 on are equal. */
static const struct {
	int dlt, linktype;
} differing[] = {
	{DLT_RAW, 101},
	{14, 101}, /* DLT_RAW of OpenBSD */
	{DLT_ATM_RFC1483, 100},
};

int link_type_from_dlt(int dlt)
{
	for (size_t i = 0; i < sizeof differing / sizeof differing[0]; i++) {
		if (differing[i].dlt == dlt)
			return differing[i].linktype;
	}
	return dlt;
}

static void add_name(struct text_buffer *b, int linktype)
{
	int dlt = linktype == differing[0].linktype ? differing[0].dlt : linktype;
	const char *name = pcap_datalink_val_to_name(dlt);
	if (name != NULL)
		text_buffer_printf(b, "%d (%s)", linktype, name);
	else
		text_buffer_printf(b, "%d", linktype);
}

bool link_type_check(int linktype, char *error, size_t error_size)
{
	if (packet_linktype_is_known(linktype))
		return true;
	struct text_buffer b = text_buffer_over(error, error_size);
	text_buffer_add(&b, "link type ");
	add_name(&b, linktype);
	text_buffer_add(&b, " is not read; those that are:");
	const int highest_assigned = 300; /* of the registry, as of 2024 */
	for (int i = 0; i < highest_assigned; i++) {
		if (packet_linktype_is_known(i)) {
			text_buffer_add(&b, " ");
			add_name(&b, i);
		}
	}
	return false;
}
