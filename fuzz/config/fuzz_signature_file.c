/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a signature file: it loads, or faults say why not and the set stays empty. What
 * loads is sealed and asked about events made from the same bytes: the index must find what trying
 * every signature finds.
 */
#include "detect/signature_file.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct signature_set *set, const struct event *e)
{
	const struct signature *wanted = NULL;
	for (unsigned i = 0; i < signature_set_count(set) && !wanted; i++) {
		const struct signature *s = signature_set_item(set, i);
		wanted = signature_matches(s, e) ? s : NULL;
	}
	const struct signature *got = signature_set_match(set, e, -1);
	assert(got == wanted);
}

/* An event that tries to please one signature: everything known, numbers where it wants them. */
static struct event event_for(const struct signature *s)
{
	struct event e = {.has = 0xffff, .proto = s->proto, .tcp_flags = s->flags.wanted};
	e.src = s->src_count ? s->src[0].base : addr_from_v4(0xc6336414);
	e.dst = s->dst_count ? s->dst[0].base : addr_from_v4(0xcb007105);
	e.src = s->same_ip ? e.dst : e.src;
	e.src_port = s->src_ports.count ? s->src_ports.ranges[0].last : 1;
	e.dst_port = s->dst_ports.count ? s->dst_ports.ranges[0].first : 1;
	e.tcp_option_layout = s->layout;
	e.ip_options = s->ip_options;
	e.marks = s->direction == SIGNATURE_DIRECTION_OUT ? EVENT_MARK_OUTGOING : 0;
	for (unsigned i = 0; i < s->tests_count; i++) {
		const struct signature_field_row *row = signature_field_row(s->tests[i].field);
		uint32_t value = s->tests[i].number.first;
		memcpy((char *)&e + row->offset, &value, row->size);
	}
	return e;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct signature_set *set = signature_set_create();
	struct config_faults faults;
	struct event e;
	config_faults_init(&faults);
	bool good = signature_file_load_text("fuzz", (const char *)data, size, set, &faults);
	assert(good == !config_faults_any(&faults));
	assert(good || signature_set_count(set) == 0);
	if (good) {
		signature_set_seal(set);
		for (unsigned i = 0; i < signature_set_count(set); i++) {
			e = event_for(signature_set_item(set, i));
			ask(set, &e);
		}
		memset(&e, 0, sizeof e);
		memcpy(&e, data, size < sizeof e ? size : sizeof e);
		ask(set, &e);
	}
	config_faults_clear(&faults);
	signature_set_destroy(set);
	return 0;
}
