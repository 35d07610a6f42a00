/* SPDX-License-Identifier: ISC */
#include "packet/tcp_options.h"

#include "packet_fixture.h"

#define FIXED_SIZE 20
#define HEADER_MAX 60
#define ROUNDS 3000000

/* A whole list by its size in bytes, the lists that many send first. The layout has the last option
 * first. */
static const struct row {
	const char *name;
	const char *hex;
	uint64_t layout;
	uint16_t mss;
	uint8_t scale;
} rows[] = {
	{"nmap, masscan, ZMap", "020405b4", 0x3, 1460, 0xff},
	{"old Windows", "020405b4 01010402", 0x5223, 1460, 0xff},
	{"inside a connection", "0101080a 01020304 05060708", 0x922, 0, 0xff},
	{"Windows", "020405b4 01030308 01010402", 0x522423, 1460, 8},
	{"Linux without time stamps", "020405b4 01010402 01030307", 0x425223, 1460, 7},
	{"Linux", "020405b4 0402080a 01020304 05060708 01030307", 0x42953, 1460, 7},
	{"FreeBSD", "020405b4 01030306 0402080a 01020304 05060708", 0x95423, 1460, 6},
	{"macOS", "020405b4 01030306 0101080a 01020304 05060708 04020000", 0x15922423, 1460, 6},
	{"nmap, first probe for the system", "03030a01 020405b4 080affff ffff0000 00000402",
		0x59324, 1460, 10},
	{"padding is not read", "02040578 00020000", 0x13, 1400, 0xff},
	{"the last value counts", "02040100 02040200", 0x33, 512, 0xff},
};

#define ROWS (sizeof rows / sizeof rows[0])

struct header {
	uint8_t bytes[HEADER_MAX];
	size_t size;
};

static struct header header_of(const char *hex)
{
	struct packet_fixture list = packet_fixture_of(hex);
	struct header h = {.size = FIXED_SIZE + list.size};
	memset(h.bytes, 0x5a, FIXED_SIZE);
	memcpy(h.bytes + FIXED_SIZE, list.bytes, list.size);
	return h;
}

static struct event empty_event(void)
{
	return (struct event){.tcp_wscale = 0xff};
}

static unsigned check_row(const struct row *r)
{
	struct header h = header_of(r->hex);
	struct event e = empty_event();
	tcp_options_read(h.bytes, h.size / 4, &e);
	unsigned faults = packet_fixture_differs(r->name, "layout", e.tcp_option_layout, r->layout);
	faults += packet_fixture_differs(r->name, "mss", e.tcp_mss, r->mss);
	faults += packet_fixture_differs(r->name, "scale", e.tcp_wscale, r->scale);
	return faults;
}

static void the_lists_that_many_send_are_read(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < ROWS; i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static void an_empty_list_tells_nothing(void **state)
{
	(void)state;
	struct header h = header_of("");
	struct event e = empty_event(), wanted = e;
	tcp_options_read(h.bytes, h.size / 4, &e);
	assert_memory_equal(&e, &wanted, sizeof e);
}

static uint64_t seed = 0x6b6e6f636b5741ff;

static size_t below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 24) % n;
}

/* Some bytes changed, kinds and sizes more often than values; sometimes of another size. */
static void damage(struct header *h)
{
	for (size_t hits = below(4); hits > 0; hits--)
		h->bytes[FIXED_SIZE + below(h->size - FIXED_SIZE)] =
			(uint8_t)below(below(2) ? 256 : 12);
	if (below(8) == 0)
		h->size = FIXED_SIZE + 4 * below(11);
}

/* From a heap block that ends with the header, so that a sanitizer sees a read behind it. */
static bool both_ways_agree(const struct header *h, uint8_t *end)
{
	struct event read = empty_event(), walked = read;
	const uint8_t *bytes = memcpy(end - h->size, h->bytes, h->size);
	tcp_options_read(bytes, h->size / 4, &read);
	tcp_options_walk(bytes, h->size / 4, &walked);
	return memcmp(&read, &walked, sizeof read) == 0;
}

static void comparing_and_walking_tell_the_same(void **state)
{
	(void)state;
	print_message("seed %#llx\n", (unsigned long long)seed);
	struct header headers[ROWS];
	for (size_t i = 0; i < ROWS; i++)
		headers[i] = header_of(rows[i].hex);
	uint8_t *block = malloc(HEADER_MAX);
	assert_non_null(block);
	for (size_t round = 0; round < ROUNDS; round++) {
		struct header h = headers[round % ROWS];
		damage(&h);
		if (!both_ways_agree(&h, block + HEADER_MAX)) {
			for (size_t i = FIXED_SIZE; i < h.size; i++)
				print_error(" %02x", h.bytes[i]);
			fail();
		}
	}
	free(block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lists_that_many_send_are_read),
		cmocka_unit_test(an_empty_list_tells_nothing),
		cmocka_unit_test(comparing_and_walking_tell_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
