/* SPDX-License-Identifier: ISC */
#include "detect/detector.h"

#include "detect/memory_stream.h"
#include "detect/signature_set.h"
#include "event_maker.h"
#include "table_check.h"
#include "track/source_table.h"

#include <stdio.h>
#include <unistd.h>

struct desk {
	struct detector *detector;
	unsigned findings;
};

static void count(void *context, const struct finding *f)
{
	struct desk *k = context;
	(void)f;
	k->findings++;
}

static void open_desk(struct desk *k, const struct signature_set *signatures)
{
	struct prefix home;
	struct detector_options o = {.memory = memory_plan_make(MEMORY_PLAN_LEAST, 0),
		.hash_seed = 1,
		.signatures = signatures,
		.on_finding = count,
		.context = k};
	assert_true(prefix_parse("192.0.2.0/24", 12, &home, NULL));
	prefix_set_add(&o.home, &home);
	k->findings = 0;
	k->detector = detector_create(&o);
}

/* Nothing from outside may write one line per packet: 20,000 forged sources, each with one packet
 * of a known worm, open 20,000 stories. */
static void forged_worms_do_not_open_a_story_each(void **state)
{
	(void)state;
	struct signature_set *set = signature_set_create();
	struct signature worm;
	struct desk k;
	memset(&worm, 0, sizeof worm);
	worm.name = strdup("A worm of old");
	worm.id = 1;
	worm.level = 4;
	worm.alone = true;
	worm.has_proto = true;
	worm.proto = IP_PROTO_UDP;
	worm.tests_count = 1;
	worm.tests[0].field = SIGNATURE_FIELD_PAYLOAD;
	worm.tests[0].number.first = worm.tests[0].number.last = 376;
	signature_settle(&worm);
	assert_true(signature_set_add(set, &worm));
	signature_set_seal(set);
	open_desk(&k, set);
	for (uint32_t i = 0; i < 20000; i++) {
		struct event e = event_maker_udp("198.51.100.7", 4000, "192.0.2.5", 1434);
		e = event_maker_from(
			event_maker_payload(e, 376), addr_from_v4(UINT32_C(0xf0000000) + i));
		e.dst.bytes[15] = (uint8_t)i;
		e = event_maker_at(e, i * 1000);
		detector_feed(k.detector, &e, 1);
	}
	print_message("%u findings of 20000 packets\n", k.findings);
	detector_destroy(k.detector);
	signature_set_destroy(set);
	assert_true(k.findings < 2000);
}

/* The bytes of a saved record that are changed: the doors' kinds, the score (a NaN), the counts. */
static const struct {
	unsigned at, size;
} spoiled[] = {{32 + 4 + 6, 1}, {32 + 4 + 13, 1}, {28, 4}, {24, 4}, {36 + 21, 4}};

/* A file of memory that was made by somebody is input like any other. */
static void a_forged_memory_does_not_lead_astray(void **state)
{
	(void)state;
	enum { HEAD = 66, RECORD = 61 };
	struct desk k;
	uint8_t bytes[4096];
	FILE *f = tmpfile(), *forged = tmpfile();
	assert_non_null(f);
	assert_non_null(forged);
	open_desk(&k, NULL);
	for (uint16_t port = 1; port <= 3; port++) {
		struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", port);
		detector_feed(k.detector, &e, 1);
	}
	assert_true(detector_save_memory(k.detector, fileno(f)));
	ssize_t size = pread(fileno(f), bytes, sizeof bytes, 0);
	assert_int_equal(size, HEAD + RECORD + 4);
	for (size_t i = 0; i < sizeof spoiled / sizeof spoiled[0]; i++)
		memset(bytes + HEAD + spoiled[i].at, 0x7f, spoiled[i].size);
	struct memory_writer w;
	memory_writer_init(&w, fileno(forged));
	memory_writer_put_bytes(&w, bytes, (size_t)size - 4);
	assert_true(memory_writer_end(&w));
	assert_null(detector_load_memory(k.detector, fileno(forged)));
	for (uint16_t port = 99; port < 120; port++) {
		struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", port);
		detector_feed(k.detector, &e, 1);
	}
	uint32_t cursor = 0;
	struct dossier *d = dossier_pool_next(detector_dossiers(k.detector), &cursor);
	assert_non_null(d);
	assert_in_range(target_set_count(&d->targets).spaces, 1, TARGET_SPACES);
	assert_true(d->score >= 0 && d->score <= 50);
	detector_destroy(k.detector);
	fclose(f);
	fclose(forged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forged_worms_do_not_open_a_story_each),
		cmocka_unit_test(a_forged_memory_does_not_lead_astray),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
