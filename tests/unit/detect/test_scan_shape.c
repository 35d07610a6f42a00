/* SPDX-License-Identifier: ISC */
#include "detect/scan_shape.h"

#include "table_check.h"

struct shape_row {
	const char *name;
	struct target_counts counts; /* targets, ports, hosts, spaces, protocols */
	uint32_t os_probes;
	enum incident_kind wanted;
};

static const struct shape_row shape_rows[] = {
	{"five ports, one host", {5, 5, 1, 1, 0}, 0, INCIDENT_KIND_VERTICAL},
	{"five ports, two hosts", {9, 5, 2, 1, 0}, 0, INCIDENT_KIND_VERTICAL},
	{"five ports, three hosts", {9, 5, 3, 1, 0}, 0, INCIDENT_KIND_BLOCK},
	{"five hosts, one port", {5, 1, 5, 1, 0}, 0, INCIDENT_KIND_HORIZONTAL},
	{"five hosts, two ports", {9, 2, 5, 1, 0}, 0, INCIDENT_KIND_HORIZONTAL},
	{"five hosts, three ports", {9, 3, 5, 1, 0}, 0, INCIDENT_KIND_BLOCK},
	{"five hosts, no port at all", {5, 0, 5, 1, 0}, 0, INCIDENT_KIND_HORIZONTAL},
	{"small: one host, two ports", {2, 2, 1, 1, 0}, 0, INCIDENT_KIND_VERTICAL},
	{"small: three hosts, one port", {3, 1, 3, 1, 0}, 0, INCIDENT_KIND_HORIZONTAL},
	{"small: three of both", {3, 3, 3, 1, 0}, 0, INCIDENT_KIND_BLOCK},
	{"three protocols", {3, 0, 1, 1, 3}, 0, INCIDENT_KIND_VERTICAL},
	{"four protocols", {4, 0, 1, 1, 4}, 0, INCIDENT_KIND_PROTOCOL},
	{"two fingerprint probes", {5, 5, 1, 1, 0}, 0x3, INCIDENT_KIND_VERTICAL},
	{"three fingerprint probes", {5, 5, 1, 1, 0}, 0x7, INCIDENT_KIND_FINGERPRINT},
	{"a fingerprint after a large scan", {100, 100, 1, 1, 0}, 0x7, INCIDENT_KIND_VERTICAL},
};

static void the_kind_follows_from_the_counts(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(shape_rows); i++) {
		const struct shape_row *r = &shape_rows[i];
		struct dossier *d = calloc(1, sizeof *d);
		assert_non_null(d);
		d->os_probes = r->os_probes;
		faults += table_check_text(r->name, "kind",
			incident_kind_name(scan_shape_kind(d, &r->counts)),
			incident_kind_name(r->wanted));
		free(d);
	}
	assert_int_equal(faults, 0);
}

struct slow_row {
	const char *name;
	uint32_t targets;
	uint32_t slow_gaps; /* of the gaps between them: above 300 s */
	bool slow;
};

static const struct slow_row slow_rows[] = {
	{"one target", 1, 0, false},
	{"two, close", 2, 0, false},
	{"two, far apart", 2, 1, true},
	{"eleven, half of the gaps long", 11, 5, true},
	{"eleven, fewer long", 11, 4, false},
	{"two bursts", 40, 1, false},
};

static void slow_is_where_most_gaps_between_targets_are_long(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(slow_rows); i++) {
		const struct slow_row *r = &slow_rows[i];
		struct dossier *d = calloc(1, sizeof *d);
		struct target_counts counts = {r->targets, r->targets, 1, 1, 0};
		assert_non_null(d);
		d->slow_gaps = r->slow_gaps;
		faults += table_check_number(
			r->name, "slow", scan_shape_is_slow(d, &counts), r->slow);
		free(d);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_follows_from_the_counts),
		cmocka_unit_test(slow_is_where_most_gaps_between_targets_are_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
