/* SPDX-License-Identifier: ISC */
#include "priv/channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct scene {
	int ends[2];
	struct channel_frame frame;
};

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	*state = s;
	return s != NULL && channel_open_pair(s->ends) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	close(s->ends[0]);
	close(s->ends[1]);
	free(s);
	return 0;
}

static void frames_keep_their_borders_and_their_order(void **state)
{
	struct scene *s = *state;
	assert_int_equal(channel_send(s->ends[0], 7, "first", 5), CHANNEL_DONE);
	assert_int_equal(channel_send(s->ends[0], 8, NULL, 0), CHANNEL_DONE);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_DONE);
	assert_int_equal(s->frame.type, 7);
	assert_int_equal(s->frame.length, 5);
	assert_memory_equal(s->frame.body, "first", 5);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_DONE);
	assert_int_equal(s->frame.type, 8);
	assert_int_equal(s->frame.length, 0);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_WAIT);
	assert_int_equal(channel_await(s->ends[1], &s->frame, 1), CHANNEL_WAIT);
}

static void the_largest_frame_goes_through(void **state)
{
	struct scene *s = *state;
	uint8_t *body = malloc(CHANNEL_BODY_MAX);
	assert_non_null(body);
	memset(body, 0x5a, CHANNEL_BODY_MAX);
	assert_int_equal(channel_send(s->ends[0], 1, body, CHANNEL_BODY_MAX), CHANNEL_DONE);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_DONE);
	assert_int_equal(s->frame.length, CHANNEL_BODY_MAX);
	assert_memory_equal(s->frame.body, body, CHANNEL_BODY_MAX);
	free(body);
}

/* Whoever reads slowly makes the other wait; nothing is thrown away. */
static void a_full_channel_is_told_and_loses_nothing(void **state)
{
	struct scene *s = *state;
	static uint8_t body[1000];
	unsigned sent = 0, got = 0;
	while (channel_send(s->ends[0], (uint16_t)sent, body, sizeof body) == CHANNEL_DONE)
		sent++;
	assert_true(sent > 100);
	while (channel_receive(s->ends[1], &s->frame) == CHANNEL_DONE) {
		assert_int_equal(s->frame.type, (uint16_t)got);
		got++;
	}
	assert_int_equal(got, sent);
}

static void the_last_words_of_an_end_that_left_something_unread_are_heard(void **state)
{
	struct scene *s = *state;
	assert_int_equal(channel_send(s->ends[1], 1, NULL, 0), CHANNEL_DONE);
	assert_int_equal(channel_send(s->ends[0], 9, "bye", 3), CHANNEL_DONE);
	close(s->ends[0]);
	s->ends[0] = -1;
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_DONE);
	assert_int_equal(s->frame.type, 9);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_CLOSED);
}

static void what_is_no_frame_is_broken(void **state)
{
	struct scene *s = *state;
	uint8_t *large = calloc(1, CHANNEL_BODY_MAX + 16);
	assert_non_null(large);
	assert_int_equal(send(s->ends[0], "x", 1, 0), 1);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_BROKEN);
	assert_int_equal(send(s->ends[0], large, CHANNEL_BODY_MAX + 16, 0), CHANNEL_BODY_MAX + 16);
	assert_int_equal(channel_receive(s->ends[1], &s->frame), CHANNEL_BROKEN);
	free(large);
}

static void an_end_that_is_gone_is_told_to_both_sides(void **state)
{
	struct scene *s = *state;
	int other[2];
	assert_true(channel_open_pair(other));
	close(other[1]);
	assert_int_equal(channel_send(other[0], 1, NULL, 0), CHANNEL_CLOSED);
	assert_int_equal(channel_send_all(other[0], 1, NULL, 0), CHANNEL_CLOSED);
	assert_int_equal(channel_receive(other[0], &s->frame), CHANNEL_CLOSED);
	close(other[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			frames_keep_their_borders_and_their_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_largest_frame_goes_through, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_full_channel_is_told_and_loses_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_last_words_of_an_end_that_left_something_unread_are_heard, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_frame_is_broken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_end_that_is_gone_is_told_to_both_sides, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
