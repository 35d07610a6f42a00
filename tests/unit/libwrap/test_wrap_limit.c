/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_limit.h"

#include "libwrap/libwrap_abi.h"
#include "libwrap/libwrap_diag.h"
#include "logged_lines.h"
#include "own_counts.h"

#include <sys/wait.h>

static struct access_known client(const char *address)
{
	struct access_known k = {.port = {-1, -1}};
	snprintf(k.address[ACCESS_CLIENT], sizeof k.address[ACCESS_CLIENT], "%s", address);
	return k;
}

/* A service of this run's own, so that what an earlier run counted does not matter. */
static const char *service(void)
{
	static char name[32];
	snprintf(name, sizeof name, "test%ld", (long)getpid());
	return name;
}

static void a_visit_too_many_is_refused_with_words(void **state)
{
	(void)state;
	const struct access_option limit = {.kind = ACCESS_OPTION_LIMIT,
		.number = 2,
		.span_s = 3600,
		.v4_bits = 24,
		.v6_bits = 48};
	struct access_known here = client("198.51.100.7"), near = client("198.51.100.200"),
			    far = client("192.0.2.1");
	struct access_request q = access_request_known(service(), &here),
			      q_near = access_request_known(service(), &near),
			      q_far = access_request_known(service(), &far);
	char why[WRAP_LIMIT_WHY_SIZE];
	assert_true(wrap_limit_admits(&q, &limit, why));
	assert_true(wrap_limit_admits(&q_near, &limit, why));
	assert_false(wrap_limit_admits(&q, &limit, why));
	assert_string_equal(why, "limit 2 in 3600 s reached by 198.51.100.7");
	assert_true(wrap_limit_admits(&q_far, &limit, why));
}

static void a_place_is_free_when_its_process_is_gone(void **state)
{
	(void)state;
	const struct access_option one = {
		.kind = ACCESS_OPTION_AT_MOST, .number = 1, .v4_bits = 32, .v6_bits = 64};
	struct access_known here = client("2001:db8::7");
	char why[WRAP_LIMIT_WHY_SIZE];
	struct access_request q = access_request_known(service(), &here);
	/* Somebody else's place first, so that the memory is there before the children are. */
	struct access_known other = client("192.0.2.9");
	struct access_request q_other = access_request_known(service(), &other);
	assert_true(wrap_limit_admits(&q_other, &one, why));
	int inside[2], done[2];
	assert_int_equal(pipe(inside), 0);
	assert_int_equal(pipe(done), 0);
	pid_t first = fork();
	if (first == 0) {
		char c = wrap_limit_admits(&q, &one, why) ? 'y' : 'n';
		if (write(inside[1], &c, 1) != 1 || read(done[0], &c, 1) < 0)
			_exit(1);
		_exit(0);
	}
	char answer = 0;
	assert_int_equal(read(inside[0], &answer, 1), 1);
	assert_int_equal(answer, 'y');
	assert_false(wrap_limit_admits(&q, &one, why));
	assert_string_equal(why, "at-most 1 reached by 2001:db8::7");
	assert_int_equal(write(done[1], "x", 1), 1);
	assert_int_equal(waitpid(first, NULL, 0), first);
	assert_true(wrap_limit_admits(&q, &one, why));
	assert_true(wrap_limit_admits(&q, &one, why)); /* it is inside already */
}

static void each_rule_counts_for_itself(void **state)
{
	(void)state;
	const struct access_option limit = {.kind = ACCESS_OPTION_LIMIT, .number = 1, .span_s = 3600}; /* per service */
	static const struct {
		const char *file;
		unsigned line;
		bool admitted;
	} rows[] = {{"hosts.allow", 1, true}, {"hosts.allow", 2, true}, {"hosts.deny", 1, true}, {"hosts.allow", 2, false}};
	struct access_known here = client("192.0.2.77");
	struct access_request q = access_request_known("per-service", &here);
	char why[WRAP_LIMIT_WHY_SIZE];
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		const struct libwrap_place before = libwrap_diag_stand_at((struct libwrap_place){rows[i].file, rows[i].line});
		faults += table_check_number(rows[i].file, "admitted", wrap_limit_admits(&q, &limit, why), rows[i].admitted);
		libwrap_diag_stand_at(before);
	}
	assert_int_equal(faults, 0);
}

static void a_zone_makes_no_client_unknown(void **state)
{
	(void)state;
	const struct access_option limit = {
		.kind = ACCESS_OPTION_LIMIT, .number = 1, .span_s = 3600, .v4_bits = 32, .v6_bits = 128};
	static const struct {
		const char *address;
		bool admitted;
	} rows[] = {{"fe80::1%eth0", true}, {"fe80::2%eth0", true}, {"fe80::1%eth0", false}, {"unknown", true}};
	char why[WRAP_LIMIT_WHY_SIZE];
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_known here = client(rows[i].address);
		struct access_request q = access_request_known("zones", &here);
		faults += table_check_number(rows[i].address, "admitted", wrap_limit_admits(&q, &limit, why), rows[i].admitted);
	}
	assert_int_equal(faults, 0);
}

/* ---- without a file ----------------------------------------------------------------------------------------- */

static bool admits_without_place(int which)
{
	const struct access_option options[] = {
		{.kind = ACCESS_OPTION_LIMIT, .number = 2, .span_s = 3600, .v4_bits = 32, .v6_bits = 64},
		{.kind = ACCESS_OPTION_AT_MOST, .number = 2, .v4_bits = 32, .v6_bits = 64}};
	struct access_known here = client("192.0.2.5");
	struct access_request q = access_request_known("placeless", &here);
	char why[WRAP_LIMIT_WHY_SIZE];
	if (wrap_limit_admits(&q, &options[which], why))
		return true;
	libwrap_diag_warn("%s", why);
	return false;
}

/* As hosts_access() counts decisions. */
static bool decides(int which)
{
	if (resident <= 0)
		resident++;
	return admits_without_place(which);
}

/* As a child, with a directory of limits that is not there. Bits of what was wrong. */
static int decide_without_place(void)
{
	int wrong = 0;
	resident = -1;
	wrong |= decides(0) ? 1 : 0; /* who is there for one decision */
	wrong |= logged_lines_have("limit 2 in 3600 s cannot be counted over processes for 192.0.2.5") ? 0 : 2;
	wrong |= admits_without_place(1) ? 4 : 0; /* another option of the same one */
	wrong |= decides(0) && decides(0) ? 0 : 8; /* it stays */
	wrong |= decides(0) ? 16 : 0;
	const pid_t child = fork();
	int status = 0;
	if (child == 0) {
		resident = -1;
		_exit(decides(0) ? 1 : decides(1) ? 0 : 2); /* what its parent counted holds, and what it did not count, too */
	}
	waitpid(child, &status, 0);
	wrong |= status == 0 ? 0 : 32;
	return wrong | (logged_lines_have("hold for this process and its children alone: ") ? 0 : 64);
}

static void where_no_count_can_be_kept_a_single_decision_denies(void **state)
{
	(void)state;
	int status = 0;
	fflush(NULL);
	const pid_t child = fork();
	if (child == 0) {
		if (mount("tmpfs", "/run", "tmpfs", MS_RDONLY, NULL) != 0)
			_exit(128);
		_exit(decide_without_place());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(WIFEXITED(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_visit_too_many_is_refused_with_words),
		cmocka_unit_test(a_place_is_free_when_its_process_is_gone),
		cmocka_unit_test(each_rule_counts_for_itself),
		cmocka_unit_test(a_zone_makes_no_client_unknown),
		cmocka_unit_test(where_no_count_can_be_kept_a_single_decision_denies),
	};
	return cmocka_run_group_tests(tests, own_counts_begin, NULL);
}
