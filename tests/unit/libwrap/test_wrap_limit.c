/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_limit.h"

#include "own_counts.h"
#include "table_check.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_visit_too_many_is_refused_with_words),
		cmocka_unit_test(a_place_is_free_when_its_process_is_gone),
	};
	return cmocka_run_group_tests(tests, own_counts_begin, NULL);
}
