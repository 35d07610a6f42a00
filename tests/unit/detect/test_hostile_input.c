/* SPDX-License-Identifier: ISC */
#include "detect/detector.h"

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

/* A file of memory that was changed on disk is input like any other. */
static void a_spoiled_memory_does_not_lead_astray(void **state)
{
	(void)state;
	struct desk k;
	FILE *f = tmpfile();
	assert_non_null(f);
	open_desk(&k, NULL);
	for (uint16_t port = 1; port <= 3; port++) {
		struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", port);
		detector_feed(k.detector, &e, 1);
	}
	assert_true(detector_save_memory(k.detector, fileno(f)));
	off_t size = lseek(fileno(f), 0, SEEK_END);
	for (off_t at = 0; at + (off_t)sizeof(struct source_record) <= size; at += 4) {
		struct source_record r;
		assert_int_equal(pread(fileno(f), &r, sizeof r, at), sizeof r);
		struct addr source = event_maker_addr("198.51.100.7");
		if (!addr_equal(&r.addr, &source))
			continue;
		memset(r.spaces, 0x7f, sizeof r.spaces);
		assert_int_equal(pwrite(fileno(f), &r, sizeof r, at), sizeof r);
		break;
	}
	assert_int_equal(lseek(fileno(f), 0, SEEK_SET), 0);
	if (detector_load_memory(k.detector, fileno(f))) {
		struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", 99);
		detector_feed(k.detector, &e, 1);
		uint32_t cursor = 0;
		struct dossier *d = dossier_pool_next(detector_dossiers(k.detector), &cursor);
		assert_non_null(d);
		assert_in_range(target_set_count(&d->targets).spaces, 1, TARGET_SPACES);
	}
	detector_destroy(k.detector);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forged_worms_do_not_open_a_story_each),
		cmocka_unit_test(a_spoiled_memory_does_not_lead_astray),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
