/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a ruleset in JSON, and behind a NUL as the plain listing of it. Asserted: the verdict is sound (what is
 * seen and what is not add up to no more than all, and every finding is of the model), and everything that is said of it
 * is printable.
 */
#include "firewall/ruleset_advice.h"
#include "firewall/ruleset_judge.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ruleset_verdict verdict;

static void require(bool kept)
{
	if (!kept)
		abort();
}

static void check_words(const struct ruleset_finding *f)
{
	char memory[512];
	struct text_buffer out = text_buffer_over(memory, sizeof memory);
	ruleset_advice_write_place(f, &out);
	ruleset_advice_write_fault(f, &out);
	ruleset_advice_write_words(f, 5, &out);
	ruleset_advice_write_line(f, 5, &out);
	for (size_t i = 0; i < out.used; i++)
		require(memory[i] >= 0x20 && memory[i] < 0x7f);
}

static void check(const struct ruleset_model *m)
{
	static const struct ruleset_judge_options options = {.forwards = true};
	ruleset_judge(m, &options, &verdict);
	require(verdict.seen <= verdict.refusals);
	require(verdict.count <= RULESET_FINDINGS_MAX);
	for (unsigned i = 0; i < verdict.count; i++) {
		const struct ruleset_finding *f = &verdict.findings[i];
		require(f->fault < RULESET_FAULTS && f->refusals > 0);
		require(f->chain >= m->chains && f->chain < m->chains + m->count);
		require(f->rule == NULL || (f->rule >= f->chain->rules &&
						   f->rule < f->chain->rules + f->chain->count));
		check_words(f);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[128];
	struct ruleset_model m;
	const uint8_t *nul = memchr(data, 0, size);
	size_t json = nul ? (size_t)(nul - data) : size;
	char *listing = NULL;
	if (nul != NULL) {
		size_t left = size - json - 1;
		listing = malloc(left + 1);
		require(listing != NULL);
		memcpy(listing, nul + 1, left);
		listing[left] = '\0';
	}
	if (ruleset_model_read(&m, (const char *)data, json, listing, error, sizeof error)) {
		check(&m);
		ruleset_model_clear(&m);
	}
	free(listing);
	return 0;
}
