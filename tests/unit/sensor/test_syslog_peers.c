/* SPDX-License-Identifier: ISC */
#include "sensor/syslog_peers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct syslog_peers peers;

static struct syslog_peer *find(unsigned number, int64_t now_ms)
{
	struct addr a = addr_from_v4(0xc6336400u + number);
	return syslog_peers_find(&peers, &a, now_ms);
}

static int set_up(void **state)
{
	(void)state;
	memset(&peers, 0, sizeof peers);
	return 0;
}

static unsigned send_all(struct syslog_peer *peer, size_t bytes, int64_t now_ms)
{
	unsigned sent = 0;
	while (syslog_peer_may_send(peer, now_ms)) {
		syslog_peer_charge(peer, bytes);
		sent++;
	}
	return sent;
}

static void lines_come_in_a_burst_and_then_at_their_rate(void **state)
{
	(void)state;
	struct syslog_peer *peer = find(1, 0);
	assert_int_equal(send_all(peer, 10, 0), SYSLOG_PEER_LINES * SYSLOG_PEER_BURST_S);
	assert_int_equal(send_all(peer, 10, 100), SYSLOG_PEER_LINES / 10);
	assert_int_equal(send_all(peer, 10, 100), 0);
	assert_int_equal(send_all(peer, 10, 1000000), SYSLOG_PEER_LINES * SYSLOG_PEER_BURST_S);
}

static void bytes_are_measured_as_well(void **state)
{
	(void)state;
	struct syslog_peer *peer = find(1, 0);
	const size_t size = 8192;
	assert_int_equal(send_all(peer, size, 0), SYSLOG_PEER_BYTES * SYSLOG_PEER_BURST_S / size);
	assert_int_equal(send_all(peer, size, 500), SYSLOG_PEER_BYTES / 2 / size);
}

static void a_clock_that_stands_or_falls_back_gives_nothing(void **state)
{
	(void)state;
	struct syslog_peer *peer = find(1, 5000);
	(void)send_all(peer, 10, 5000);
	assert_int_equal(send_all(peer, 10, 1000), 0);
}

static void one_peer_takes_nothing_from_another(void **state)
{
	(void)state;
	(void)send_all(find(1, 0), 10, 0);
	assert_true(syslog_peer_may_send(find(2, 0), 0));
	assert_false(syslog_peer_may_send(find(1, 0), 0));
}

static void the_longest_silent_peer_without_connection_goes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SYSLOG_PEERS_MAX; i++)
		find(i, i)->messages = i + 1;
	find(0, 0)->connections = 1; /* the oldest, but held */
	assert_int_equal(find(1, 1)->messages, 2);
	struct syslog_peer *fresh = find(SYSLOG_PEERS_MAX, 1000);
	assert_non_null(fresh);
	assert_int_equal(fresh->messages, 0);
	assert_int_equal(find(0, 1000)->messages, 1);
	assert_int_equal(find(2, 1000)->messages, 3);
	assert_int_equal(find(1, 1000)->messages, 0); /* it was the one */
}

static void where_all_hold_connections_nobody_is_added(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SYSLOG_PEERS_MAX; i++)
		find(i, i)->connections = 1;
	assert_null(find(SYSLOG_PEERS_MAX, 1000));
	assert_non_null(find(7, 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines_come_in_a_burst_and_then_at_their_rate, set_up),
		cmocka_unit_test_setup(bytes_are_measured_as_well, set_up),
		cmocka_unit_test_setup(a_clock_that_stands_or_falls_back_gives_nothing, set_up),
		cmocka_unit_test_setup(one_peer_takes_nothing_from_another, set_up),
		cmocka_unit_test_setup(the_longest_silent_peer_without_connection_goes, set_up),
		cmocka_unit_test_setup(where_all_hold_connections_nobody_is_added, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
