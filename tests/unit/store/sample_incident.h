/* SPDX-License-Identifier: ISC */
/*
 * sample_incident - a complete incident to start a test from, and a scratch directory for its
 * store.
 */
#ifndef KW_TESTS_SAMPLE_INCIDENT_H
#define KW_TESTS_SAMPLE_INCIDENT_H

#include "event/event.h"
#include "event/technique.h"
#include "net/ip_proto.h"
#include "store/store.h"
#include "verdict/incident_json.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline struct addr sample_addr(const char *text)
{
	struct addr a = {{0}};
	if (!addr_parse(text, strlen(text), &a))
		abort();
	return a;
}

static inline struct wall_time sample_time(const char *text)
{
	struct wall_time t = {0};
	const char *end;
	if (!wall_time_parse_iso(text, text + strlen(text), 0, &t, &end))
		abort();
	return t;
}

/* The vertical scan that the event contract shows as its example. */
static inline struct incident sample_incident(void)
{
	static const struct port_range ports[] = {{PORT_SET_TCP, 1, 1024}};
	static const struct port_range answered[] = {
		{PORT_SET_TCP, 22, 22}, {PORT_SET_TCP, 80, 80}};
	struct incident in = {
		.state = INCIDENT_UPDATE,
		.now = sample_time("2026-11-20T14:09:40.120311Z"),
		.level = 4,
		.class = INCIDENT_CLASS_SCAN,
		.kind = INCIDENT_KIND_VERTICAL,
		.techniques = technique_bit(TECHNIQUE_XMAS),
		.spoofable = true,
		.src = sample_addr("198.51.100.20"),
		.dst = sample_addr("203.0.113.5"),
		.proto = IP_PROTO_TCP,
		.origin = EVENT_ORIGIN_PACKET,
		.ports = ports,
		.port_ranges = 1,
		.ports_count = 1024,
		.hosts_count = 1,
		.targets_count = 1024,
		.packets = 1991,
		.first = sample_time("2026-11-20T14:02:11.000210Z"),
		.last = sample_time("2026-11-20T14:09:40.120311Z"),
		.sources_count = 1,
		.tool = "nmap",
		.nmap = "-sX",
		.confidence = 0.999999,
		.answered = answered,
		.answered_ranges = 2,
		.why = "100 or more targets; found open ports",
		.explain = "scan-vertical",
		.summary = "XMAS scan of 1,024 ports on one host, with the packets nmap -sX sends",
	};
	in.src_prefix = prefix_of(&in.src, 128);
	in.id = event_id_make(in.first, "198.51.100.20", 13);
	return in;
}

/* The sample as incident number `n` of many: own id, own source, one second later than the last. */
static inline struct incident sample_incident_numbered(unsigned n)
{
	struct incident in = sample_incident();
	in.src = addr_from_v4(0xc6120000u + n); /* 198.18.0.0/15 */
	in.src_prefix = prefix_of(&in.src, 128);
	in.first.us += (int64_t)n * CLOCK_US_PER_S;
	in.last.us += (int64_t)n * CLOCK_US_PER_S;
	in.now = in.last;
	in.id = event_id_make(in.first, &n, sizeof n);
	return in;
}

/* The line of an incident; the caller frees it. */
static inline char *sample_line(const struct incident *in, const struct incident_json_names *names)
{
	struct json_line line;
	json_line_init(&line);
	incident_json_write(&line, in, names);
	char *text = strdup(line.text);
	json_line_clear(&line);
	return text;
}

static inline void sample_put(struct store *s, const struct incident *in)
{
	char *text = sample_line(in, &(struct incident_json_names){"minnie", "eth0"});
	store_put_incident(s, in, text);
	free(text);
}

struct sample_dir {
	char path[64];
};

static inline struct sample_dir sample_dir_make(void)
{
	struct sample_dir d = {"/tmp/knockwatch-test-XXXXXX"};
	if (mkdtemp(d.path) == NULL)
		abort();
	return d;
}

static inline void sample_dir_remove(const struct sample_dir *d)
{
	static const char *const names[] = {
		"knockwatch.db", "knockwatch.db-wal", "knockwatch.db-shm"};
	char path[128];
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", d->path, names[i]);
		unlink(path);
	}
	rmdir(d->path);
}

#endif
