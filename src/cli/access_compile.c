/* SPDX-License-Identifier: ISC */
#include "cli/access_call.h"
#include "cli/access_work.h"

#include "access/access_index.h"
#include "access/access_index_build.h"
#include "access/access_reader.h"
#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "event/json_line.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double seconds_since(const struct timespec *start)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void print_counts(const char *path, const struct access_index_counts *n, double seconds)
{
	printf("%s.idx: %s, ", path, number_text_with(n->rules, "rule").text);
	printf("%s to look up, ", number_text_of(n->entries).text);
	printf("%s tried one by one%s; ", number_text_of(n->others).text, n->strict ? ", the table is strict" : "");
	printf("%s in %.1f s\n", number_text_bytes(n->bytes).text, seconds);
}

static void put_counts(struct json_line *j, const char *path, const struct access_index_counts *n)
{
	json_line_open_object(j, NULL);
	json_line_put_text(j, "table", path);
	json_line_put_count(j, "rules", n->rules);
	json_line_put_count(j, "entries", n->entries);
	json_line_put_count(j, "others", n->others);
	json_line_put_count(j, "bytes", n->bytes);
	json_line_put_bool(j, "strict", n->strict);
	json_line_close(j);
}

/* An index that is not written is told, too: whoever reads the list would miss a table otherwise. */
static void put_fault(struct json_line *j, const char *path, const char *why)
{
	json_line_open_object(j, NULL);
	json_line_put_text(j, "table", path);
	json_line_put_text(j, "error", why);
	json_line_close(j);
}

static void write_fault(struct text_buffer *b, int fault)
{
	if (fault == EILSEQ)
		text_buffer_add(b, "the table is strict, and a line hides the next one ('knockwatch access check' tells it)");
	else
		access_reader_add_fault(b, fault);
}

/* Is there a table with an index that nobody would use? */
static bool is_outdated(const char *path)
{
	char name[PATH_MAX], why[128];
	struct stat table, index;
	bool unusable;
	const int n = snprintf(name, sizeof name, "%s.idx", path);
	if (n < 0 || (size_t)n >= sizeof name || stat(path, &table) < 0 || lstat(name, &index) < 0)
		return false;
	struct access_index *x = access_index_open(path, 0, &unusable, why, sizeof why);
	access_index_close(x);
	return x == NULL;
}

static enum stop_code compile(const struct access_call *c, const char *path, struct json_line *j)
{
	struct access_index_counts counts = {0};
	struct timespec start;
	clock_gettime(CLOCK_MONOTONIC, &start);
	bool told = access_work_tell(path);
	int built = access_index_build(path, &counts);
	int fault = errno;
	access_work_end(told);
	if (built < 0) {
		char why[128];
		struct text_buffer b = text_buffer_over(why, sizeof why);
		write_fault(&b, fault);
		diag_error("%s: %s; no index is written", path, why);
		if (c->json)
			put_fault(j, path, why);
		/* a table that cannot have one, or not now */
		const bool no = fault == EILSEQ || fault == EFBIG || fault == EAGAIN;
		return no ? STOP_NO : access_call_code_of(fault);
	}
	if (c->json)
		put_counts(j, path, &counts);
	else
		print_counts(path, &counts, seconds_since(&start));
	return STOP_DONE;
}

enum stop_code access_compile_run(const struct access_call *c)
{
	struct json_line j = {0};
	enum stop_code code = STOP_DONE;
	json_line_start(&j);
	json_line_put_count(&j, "v", 1);
	json_line_open_list(&j, "indexes");
	for (int i = 0; i < c->word_count; i++) {
		if (c->renew && !is_outdated(c->words[i]))
			continue;
		enum stop_code one = compile(c, c->words[i], &j);
		code = one != STOP_DONE ? one : code;
	}
	json_line_close(&j);
	json_line_close(&j);
	if (c->json)
		json_line_print(&j, stdout);
	json_line_clear(&j);
	return code;
}
