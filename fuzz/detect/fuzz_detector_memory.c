/* SPDX-License-Identifier: ISC */
/*
 * A file of remembered sources of any bytes is refused or loaded, never more: what was loaded goes on
 * to be used, is saved, and what was saved is loaded again.
 *
 * The first byte chooses whether the checksum is made right, so that what lies behind it is reached.
 */
#include "detect/detector.h"

#include "detect/memory_stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void require(int right)
{
	if (!right)
		abort();
}

static void ignore_finding(void *context, const struct finding *f)
{
	(void)context;
	(void)f;
}

static struct detector *make_detector(void)
{
	struct detector_options o = {.memory = memory_plan_make(MEMORY_PLAN_LEAST, 0),
		.hash_seed = 1,
		.on_finding = ignore_finding};
	struct prefix home;
	require(prefix_parse("192.0.2.0/24", 12, &home, NULL));
	prefix_set_add(&o.home, &home);
	return detector_create(&o);
}

static int make_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("memory", MFD_CLOEXEC);
	require(fd >= 0);
	if (data[0] & 1) {
		struct memory_writer w;
		memory_writer_init(&w, fd);
		memory_writer_put_bytes(&w, data + 1, size - 1);
		require(memory_writer_end(&w));
	} else {
		require(write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
	}
	return fd;
}

/* One more door for a source whose record the file may hold: 198.51.100.7. */
static void knock(struct detector *d, uint16_t port)
{
	struct event e = {
		.time = {INT64_C(1700000000000000) + port}, .proto = 6, .probe = EVENT_PROBE_SYN};
	e.has = EVENT_HAS_PORTS | EVENT_HAS_TCP_FLAGS;
	e.src = addr_from_v4(UINT32_C(0xc6336407));
	e.dst = addr_from_v4(UINT32_C(0xc0000205));
	e.src_port = 40000;
	e.dst_port = port;
	e.tcp_flags = 2;
	detector_feed(d, &e, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > 8192)
		return 0;
	struct detector *d = make_detector();
	int fd = make_file(data, size);
	const char *fault = detector_load_memory(d, fd);
	for (uint16_t port = 1; port <= 6; port++)
		knock(d, port);
	if (fault == NULL) {
		require(ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
		require(detector_save_memory(d, fd));
		require(detector_load_memory(d, fd) == NULL);
	}
	close(fd);
	detector_destroy(d);
	return 0;
}
