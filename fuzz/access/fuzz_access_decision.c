/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as hosts.deny, or as hosts.allow, against requests that are known. What must hold: the same table gives the
 * same verdict again; a rule that decided fits when its line is asked alone; warnings are printable; a line that the
 * quick way rejects fits by no other, in strict tables and in others; and a strict rule is good or says why not.
 */
#include "access/access_decision.h"
#include "access/access_fit.h"
#include "access/access_grammar.h"
#include "access/access_mark.h"
#include "access/access_quick.h"
#include "access/access_reader.h"
#include "access/access_strict.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_warning(void *self, const char *file, unsigned line, const char *text)
{
	(void)self;
	(void)line;
	assert(file);
	for (; *text; text++)
		assert(*text >= 0x20 && *text <= 0x7e);
}

/* The one of IPv6 has a name that nobody says. */
static struct access_known client(bool v6)
{
	struct access_known k = {.port = {40000, 22}};
	snprintf(k.address[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", v6 ? "2001:db8::7" : "198.51.100.7");
	snprintf(k.address[ACCESS_SERVER], ACCESS_TEXT_SIZE, "%s", "192.0.2.1");
	snprintf(k.name[ACCESS_CLIENT], ACCESS_TEXT_SIZE, "%s", v6 ? "unknown" : "host.example.org");
	snprintf(k.user, ACCESS_TEXT_SIZE, "%s", "root");
	k.unanswered[ACCESS_CLIENT] = v6 ? "no answer" : NULL;
	return k;
}

/* A good rule is split into words that are good, and one that is not says why. */
static void check_strict_line(const struct access_line *line)
{
	struct access_option_fault why = {""};
	struct access_rule rule;
	struct text_slice word;
	if (access_strict_text_is_broken(line->text, &why)) {
		assert(why.text[0] != '\0');
		check_warning(NULL, "table", line->number, why.text);
	} else if (access_strict_split(line->text, &rule) == ACCESS_RULE_RULE) {
		while (access_rule_next_word(&rule.clients, &word))
			assert(access_rule_is_except(word) || access_grammar_takes_client(word));
	}
}

static void check_lines(int fd, bool v6, bool denies)
{
	struct access_reader r;
	struct access_line line;
	struct access_place at = {.file = "table", .denies = denies, .sink = {check_warning, NULL}};
	assert(lseek(fd, 0, SEEK_SET) == 0);
	access_reader_init(&r, fd, 0, 0);
	while (access_reader_next(&r, &line) == ACCESS_READER_LINE) {
		struct access_known k = client(v6);
		struct access_request q = access_request_known("sshd", &k);
		struct access_asker asker = access_asker_of(&q);
		assert(line.first <= line.number && !memchr(line.text.start, '\0', line.text.length));
		for (unsigned strict = 0; strict < 2; strict++) {
			at.strict = strict;
			if (access_quick_rejects(line.text, strict, &asker))
				assert(!access_fit_line_matches(line.text, &q, &at));
		}
		check_strict_line(&line);
	}
	access_reader_clear(&r);
}

static void check_table(const char *path, bool v6, bool denies)
{
	struct access_tables tables = {.allow = denies ? "/no/where" : path, .deny = denies ? path : "/no/where"};
	struct access_decision d[2];
	for (unsigned i = 0; i < 2; i++) {
		struct access_known k = client(v6);
		struct access_request q = access_request_known("sshd", &k);
		struct access_place at = {.file = path, .denies = denies, .strict = access_mark_table_is_strict(path)};
		access_decision_make(&tables, &q, (struct access_warning_sink){check_warning, NULL}, &d[i]);
		assert((d[i].reason == ACCESS_BY_DEFAULT) == !d[i].file);
		if (d[i].reason == ACCESS_BY_BROKEN_RULE)
			assert(d[i].verdict == ACCESS_DENY && d[i].fault.text[0] != '\0' && at.strict);
		else if (d[i].rule)
			assert(access_fit_line_matches(text_slice_of(d[i].rule), &q, &at));
	}
	assert(d[0].verdict == d[1].verdict && d[0].line == d[1].line && d[0].option_count == d[1].option_count);
	access_decision_clear(&d[0]);
	access_decision_clear(&d[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	char path[32];
	for (size_t i = 0; i < size; i++) {
		/* No files are named, and none of this machine is read. */
		bool in_network = i > 0 && ((data[i - 1] >= '0' && data[i - 1] <= '9') || data[i - 1] == ']');
		if (data[i] == '/' && !in_network)
			return 0;
	}
	if (fd < 0)
		fd = memfd_create("table", MFD_CLOEXEC);
	assert(fd >= 0 && ftruncate(fd, 0) == 0);
	assert(pwrite(fd, data, size, 0) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (unsigned way = 0; way < 4; way++) {
		check_table(path, way & 1, way & 2);
		check_lines(fd, way & 1, way & 2);
	}
	return 0;
}
