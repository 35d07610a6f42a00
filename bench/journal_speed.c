/* SPDX-License-Identifier: ISC */
/*
 * journal_speed STATE RECORDS: what it costs to append so many records to a fresh journal and to check them.
 *
 * The records are those of knocks, with the length they have in a journal. Told is the CPU time, user and system;
 * of checking, by one thread and by two, also the wall time, for it uses several processors. One figure a line, as
 * bench/run.sh tells them.
 */
#include "store/journal_check.h"
#include "store/journal_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double cpu_s(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double wall_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t make_event(char *out, size_t size, uint64_t n)
{
	return (size_t)snprintf(out, size,
		"{\"v\":1,\"timestamp\":\"2026-11-28T14:09:%02u.%06uZ\",\"id\":\"01JD4Q%020" PRIu64
		"\",\"host\":\"minnie\",\"event_type\":\"knock\",\"src_ip\":\"198.51.%u.%u\","
		"\"src_port\":%u,\"dest_ip\":\"203.0.113.5\",\"dest_port\":%u,\"proto\":\"TCP\","
		"\"in_iface\":\"eth0\",\"community_id\":\"1:LQU9qZlK+B5F3KDmev6m5PMibrg=\","
		"\"origin\":\"packet\",\"knock\":{\"probe\":\"syn\",\"flags\":\"S\",\"ttl\":54,"
		"\"window\":64240,\"ip_id\":%u,\"tcp_options\":\"mss,sok,ts,nop,ws\",\"length\":60,"
		"\"service\":\"ssh\",\"answer\":\"unknown\"}}",
		(unsigned)(n / 1000000 % 60), (unsigned)(n % 1000000), n, (unsigned)(n / 251 % 251),
		(unsigned)(n % 251), (unsigned)(1024 + n % 60000), (unsigned)(n * 7 % 65536),
		(unsigned)(n * 31 % 65536));
}

static bool append(const char *state, uint64_t records)
{
	struct store_error error;
	char event[1024];
	struct wall_time now = wall_time_from_parts(1795870000, 0);
	struct journal_writer *w = journal_writer_open(
		state, &(struct journal_writer_options){.host = "minnie"}, now, &error);
	if (w == NULL) {
		fprintf(stderr, "%s\n", error.text);
		return false;
	}
	double before = cpu_s();
	for (uint64_t n = 0; n < records; n++) {
		if (journal_writer_append(w, event, make_event(event, sizeof event, n)) == 0)
			return false;
	}
	bool good = journal_writer_close(w, &error);
	double with = cpu_s() - before;
	before = cpu_s();
	for (uint64_t n = 0; n < records; n++)
		make_event(event, sizeof event, n);
	double events_alone = cpu_s() - before;
	printf("journal_append %.0f records/cpu_s - -\n", (double)records / (with - events_alone));
	return good;
}

static bool verify(const char *state, unsigned threads)
{
	struct store_error error;
	struct journal_report report;
	struct journal_check_options o = {.until = UINT32_MAX, .threads = threads};
	double cpu = cpu_s(), wall = wall_s();
	if (!journal_check_run(state, &o, &report, &error) ||
		report.fault.kind != JOURNAL_FAULT_NONE) {
		fprintf(stderr, "not whole\n");
		return false;
	}
	cpu = cpu_s() - cpu;
	wall = wall_s() - wall;
	double megabytes = (double)report.bytes / 1e6;
	printf("journal_verify_%u %.0f MB/cpu_s - -\n", threads, megabytes / cpu);
	printf("journal_verify_%u_wall %.0f MB/s - -\n", threads, megabytes / wall);
	return true;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: journal_speed STATE RECORDS\n");
		return 2;
	}
	uint64_t records = strtoull(argv[2], NULL, 10);
	bool good = append(argv[1], records) && verify(argv[1], 1) && verify(argv[1], 2);
	return good ? 0 : 1;
}
