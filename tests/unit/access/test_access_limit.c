/* SPDX-License-Identifier: ISC */
#include "access/access_limit.h"

#include "table_check.h"

#include <pthread.h>
#include <stdio.h>

#define SECOND 1000000000ull

static struct addr addr_of(const char *text)
{
	struct addr a = {0};
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

static struct access_limit_key key_of(
	const char *service, const char *client, unsigned v4, unsigned v6)
{
	struct addr a = addr_of(client);
	return access_limit_key_of(service, &a, v4, v6);
}

static void *fresh(void)
{
	void *memory = calloc(1, ACCESS_LIMIT_BYTES);
	assert_non_null(memory);
	return memory;
}

static void as_many_as_allowed_come_at_once_then_one_each_step(void **state)
{
	(void)state;
	void *memory = fresh();
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
	uint64_t now = 1000 * SECOND;
	for (int i = 0; i < 10; i++)
		assert_true(access_limit_pace(memory, key, 10, 60 * SECOND, now));
	assert_false(access_limit_pace(memory, key, 10, 60 * SECOND, now));
	assert_false(access_limit_pace(memory, key, 10, 60 * SECOND, now + 5 * SECOND));
	assert_true(access_limit_pace(memory, key, 10, 60 * SECOND, now + 6 * SECOND));
	assert_false(access_limit_pace(memory, key, 10, 60 * SECOND, now + 6 * SECOND));
	/* After a whole span of silence the whole number again. */
	for (int i = 0; i < 10; i++)
		assert_true(access_limit_pace(memory, key, 10, 60 * SECOND, now + 200 * SECOND));
	assert_false(access_limit_pace(memory, key, 10, 60 * SECOND, now + 200 * SECOND));
	free(memory);
}

static void whoever_is_in_the_block_shares_its_allowance(void **state)
{
	(void)state;
	static const struct {
		const char *name, *service, *client;
		unsigned v4, v6;
		bool same;
	} rows[] = {
		{"the same", "sshd", "198.51.100.7", 32, 64, true},
		{"letters of the service", "SSHD", "198.51.100.7", 32, 64, true},
		{"another client", "sshd", "198.51.100.8", 32, 64, false},
		{"another service", "vsftpd", "198.51.100.7", 32, 64, false},
		{"another length", "sshd", "198.51.100.7", 24, 64, false},
	};
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct access_limit_key other =
			key_of(rows[i].service, rows[i].client, rows[i].v4, rows[i].v6);
		faults += table_check_number(
			rows[i].name, "same key", other.value == key.value, rows[i].same);
	}
	assert_int_equal(faults, 0);
	assert_int_equal(key_of("sshd", "198.51.100.7", 24, 64).value,
		key_of("sshd", "198.51.100.200", 24, 64).value);
	assert_int_equal(key_of("sshd", "2001:db8::1", 32, 64).value,
		key_of("sshd", "2001:db8::2:3", 32, 64).value);
	assert_true(key_of("sshd", "2001:db8::1", 32, 64).value !=
		    key_of("sshd", "2001:db8:0:1::1", 32, 64).value);
	/* All clients together, of both families. */
	assert_int_equal(key_of("sshd", "2001:db8::1", 0, 0).value,
		key_of("sshd", "198.51.100.7", 0, 0).value);
}

static void a_clock_that_began_anew_locks_nobody_out_for_long(void **state)
{
	(void)state;
	void *memory = fresh();
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
	for (int i = 0; i < 10; i++)
		assert_true(access_limit_pace(memory, key, 10, 60 * SECOND, 100000 * SECOND));
	assert_false(access_limit_pace(memory, key, 10, 60 * SECOND, 5 * SECOND));
	/* As if all had just been used up: one more each six seconds. */
	assert_true(access_limit_pace(memory, key, 10, 60 * SECOND, 12 * SECOND));
	assert_false(access_limit_pace(memory, key, 10, 60 * SECOND, 12 * SECOND));
	/* What lies in the memory belongs to nobody who comes. */
	memset(memory, 0xff, ACCESS_LIMIT_BYTES);
	assert_true(access_limit_pace(memory, key, 10, 60 * SECOND, 5 * SECOND));
	free(memory);
}

static void many_clients_make_one_of_them_be_forgotten_and_nobody_else_wait(void **state)
{
	(void)state;
	void *memory = fresh();
	unsigned refused = 0;
	for (uint32_t i = 0; i < 200000; i++) {
		struct addr a = addr_from_v4(0x0a000000 + i);
		struct access_limit_key key = access_limit_key_of("sshd", &a, 32, 64);
		/* Five at once are within ten, whatever the former holder of the place had left. */
		for (int n = 0; n < 5; n++)
			refused += !access_limit_pace(memory, key, 10, 60 * SECOND, 1000 * SECOND);
	}
	assert_int_equal(refused, 0);
	free(memory);
}

struct room {
	uint32_t gone; /* who is not there any more */
};

static bool is_there(void *self, struct access_limit_visitor v)
{
	struct room *room = self;
	return v.pid != room->gone && v.pid < 1000000;
}

static void at_most_so_many_are_inside_and_a_place_is_free_when_one_is_gone(void **state)
{
	(void)state;
	void *memory = fresh();
	struct room room = {0};
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64),
				other = key_of("sshd", "198.51.100.8", 32, 64);
	for (uint32_t pid = 1; pid <= 3; pid++)
		assert_true(access_limit_enter(
			memory, key, 3, (struct access_limit_visitor){pid, 7}, is_there, &room));
	assert_false(access_limit_enter(
		memory, key, 3, (struct access_limit_visitor){4, 7}, is_there, &room));
	assert_true(access_limit_enter(
		memory, other, 3, (struct access_limit_visitor){5, 7}, is_there, &room));
	/* The same process again: it is inside. */
	assert_true(access_limit_enter(
		memory, key, 3, (struct access_limit_visitor){2, 7}, is_there, &room));
	room.gone = 2;
	assert_true(access_limit_enter(
		memory, key, 3, (struct access_limit_visitor){4, 7}, is_there, &room));
	assert_false(access_limit_enter(
		memory, key, 3, (struct access_limit_visitor){6, 7}, is_there, &room));
	free(memory);
}

static void any_bytes_are_safe_and_the_dead_make_room(void **state)
{
	(void)state;
	void *memory = fresh();
	memset(memory, 0xa5, ACCESS_LIMIT_BYTES); /* visitors that are not there */
	struct room room = {0};
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
	assert_true(access_limit_enter(
		memory, key, 1, (struct access_limit_visitor){9, 9}, is_there, &room));
	assert_false(access_limit_enter(
		memory, key, 1, (struct access_limit_visitor){10, 9}, is_there, &room));
	free(memory);
}

enum { THREADS = 4, VISITS = 50000 };

struct visitor_thread {
	void *memory;
	uint32_t first_pid;
	unsigned paced, entered;
};

static void *visit(void *argument)
{
	struct visitor_thread *t = argument;
	struct room room = {0};
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
	for (uint32_t i = 0; i < VISITS; i++) {
		t->paced += access_limit_pace(t->memory, key, 1000, 3600 * SECOND, 1000 * SECOND);
		if (i < 30)
			t->entered += access_limit_enter(t->memory, key, 20,
				(struct access_limit_visitor){t->first_pid + i, 1}, is_there,
				&room);
	}
	return NULL;
}

static void together_they_never_get_more_than_one_alone(void **state)
{
	(void)state;
	void *memory = fresh();
	struct visitor_thread threads[THREADS];
	pthread_t ids[THREADS];
	unsigned paced = 0, entered = 0;
	for (uint32_t i = 0; i < THREADS; i++) {
		threads[i] = (struct visitor_thread){.memory = memory, .first_pid = 1000 * (i + 1)};
		assert_int_equal(pthread_create(&ids[i], NULL, visit, &threads[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(ids[i], NULL);
		paced += threads[i].paced;
		entered += threads[i].entered;
	}
	assert_int_equal(paced, 1000);
	assert_in_range(entered, 1, 20);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_as_allowed_come_at_once_then_one_each_step),
		cmocka_unit_test(whoever_is_in_the_block_shares_its_allowance),
		cmocka_unit_test(a_clock_that_began_anew_locks_nobody_out_for_long),
		cmocka_unit_test(many_clients_make_one_of_them_be_forgotten_and_nobody_else_wait),
		cmocka_unit_test(at_most_so_many_are_inside_and_a_place_is_free_when_one_is_gone),
		cmocka_unit_test(any_bytes_are_safe_and_the_dead_make_room),
		cmocka_unit_test(together_they_never_get_more_than_one_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
