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

/* Any key serves in any memory; they are compared with those of the same one. */
static struct access_limit_key key_of(
	const char *service, const char *client, unsigned v4, unsigned v6)
{
	static uint64_t head[ACCESS_LIMIT_HEAD_BYTES / sizeof(uint64_t)];
	struct addr a = addr_of(client);
	return access_limit_key_of(head, service, &a, v4, v6);
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
		struct access_limit_key key = access_limit_key_of(memory, "sshd", &a, 32, 64);
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

static bool enters(void *memory, struct access_limit_key key, unsigned most, uint32_t pid, struct room *room)
{
	return access_limit_enter(memory, key, most, (struct access_limit_visitor){pid, 7}, is_there, room) == ACCESS_LIMIT_INSIDE;
}

static void at_most_so_many_are_inside_and_a_place_is_free_when_one_is_gone(void **state)
{
	(void)state;
	void *memory = fresh();
	struct room room = {0};
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64),
				other = key_of("sshd", "198.51.100.8", 32, 64);
	for (uint32_t pid = 1; pid <= 3; pid++)
		assert_true(enters(memory, key, 3, pid, &room));
	assert_false(enters(memory, key, 3, 4, &room));
	assert_true(enters(memory, other, 3, 5, &room));
	/* The same process again: it is inside. */
	assert_true(enters(memory, key, 3, 2, &room));
	room.gone = 2;
	assert_true(enters(memory, key, 3, 4, &room));
	assert_false(enters(memory, key, 3, 6, &room));
	free(memory);
}

static void any_bytes_are_safe_and_the_dead_make_room(void **state)
{
	(void)state;
	void *memory = fresh();
	memset(memory, 0xa5, ACCESS_LIMIT_BYTES); /* visitors that are not there */
	struct room room = {0};
	struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
	assert_true(enters(memory, key, 1, 9, &room));
	assert_false(enters(memory, key, 1, 10, &room));
	free(memory);
}

static void as_many_are_counted_as_may_be_asked_for(void **state)
{
	(void)state;
	static const unsigned rows[] = {1, 63, 64, 65, 100, 500, ACCESS_LIMIT_CROWD_MAX};
	struct room room = {0};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		void *memory = fresh();
		struct access_limit_key key = key_of("sshd", "198.51.100.7", 32, 64);
		char name[20];
		unsigned inside = 0;
		snprintf(name, sizeof name, "at-most %u", rows[i]);
		for (uint32_t pid = 1; pid <= rows[i] + 20; pid++)
			inside += enters(memory, key, rows[i], pid, &room);
		faults += table_check_number(name, "inside", inside, rows[i]);
		free(memory);
	}
	assert_int_equal(faults, 0);
}

/* One /48 has 65536 sources: who could choose 64 that share a bucket with somebody else locked him out. */
static void many_others_lock_nobody_out(void **state)
{
	(void)state;
	void *memory = fresh();
	struct room room = {0};
	for (uint32_t i = 0; i < 8000; i++) {
		char client[40];
		snprintf(client, sizeof client, "2001:db8:0:%x::1", i);
		struct addr a = addr_of(client);
		assert_true(enters(memory, access_limit_key_of(memory, "sshd", &a, 32, 64), 1, i + 1, &room));
	}
	for (uint32_t i = 0; i < 200; i++) {
		struct addr a = addr_from_v4(0xc6336400 + i);
		assert_true(enters(memory, access_limit_key_of(memory, "sshd", &a, 32, 64), 1, 10000 + i, &room));
	}
	free(memory);
}

static bool nobody_leaves(void *self, struct access_limit_visitor v)
{
	(void)self;
	(void)v;
	return true;
}

static void where_nobody_else_can_be_counted_it_is_said(void **state)
{
	(void)state;
	void *memory = fresh();
	memset(memory, 0xa5, ACCESS_LIMIT_BYTES);
	const struct access_limit_visitor me = {9, 9};
	assert_int_equal(access_limit_enter(memory, key_of("sshd", "198.51.100.7", 32, 64), 3, me, nobody_leaves, NULL), ACCESS_LIMIT_FULL);
	free(memory);
}

static void who_does_not_share_the_memory_cannot_tell_its_places(void **state)
{
	(void)state;
	void *one = fresh(), *two = fresh();
	const struct addr a = addr_of("198.51.100.7");
	const uint64_t here = access_limit_key_of(one, "sshd", &a, 32, 64).value;
	assert_true(here == access_limit_key_of(one, "sshd", &a, 32, 64).value);
	assert_true(here != access_limit_key_of(two, "sshd", &a, 32, 64).value);
	uint64_t secret;
	memcpy(&secret, one, sizeof secret);
	assert_true(secret != 0);
	free(one);
	free(two);
}

static void *ask_key(void *memory)
{
	const struct addr a = addr_of("198.51.100.7");
	return (void *)(uintptr_t)access_limit_key_of(memory, "sshd", &a, 32, 64).value; // NOLINT(performance-no-int-to-ptr)
}

static void all_who_come_first_draw_the_same(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		uint64_t head[ACCESS_LIMIT_HEAD_BYTES / sizeof(uint64_t)] = {0};
		pthread_t ids[4];
		void *keys[4];
		for (int i = 0; i < 4; i++)
			assert_int_equal(pthread_create(&ids[i], NULL, ask_key, head), 0);
		for (int i = 0; i < 4; i++)
			pthread_join(ids[i], &keys[i]);
		for (int i = 1; i < 4; i++)
			assert_ptr_equal(keys[i], keys[0]);
	}
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
			t->entered += enters(t->memory, key, 20, t->first_pid + i, &room);
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
		cmocka_unit_test(as_many_are_counted_as_may_be_asked_for),
		cmocka_unit_test(many_others_lock_nobody_out),
		cmocka_unit_test(where_nobody_else_can_be_counted_it_is_said),
		cmocka_unit_test(who_does_not_share_the_memory_cannot_tell_its_places),
		cmocka_unit_test(all_who_come_first_draw_the_same),
		cmocka_unit_test(together_they_never_get_more_than_one_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
