/* SPDX-License-Identifier: ISC */
#include "cli/status_command.h"

#include "base/diag.h"
#include "cli/store_access.h"
#include "report/status_text.h"
#include "store/store_query.h"

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	{0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	store_access_set(target, index, value);
	return true;
}

static enum stop_code answer(struct store_access *a)
{
	struct store_totals totals;
	struct store_error error;
	if (!store_query_totals(a->store, a->page.now, &totals, &error))
		return store_access_fail(&error);
	struct status_text status = {.store_path = store_path(a->store), .totals = &totals};
	if (a->json)
		status_text_print_json(&a->page, &status);
	else
		status_text_print(&a->page, &status);
	return STOP_DONE;
}

static enum stop_code run_status(const struct command *self, int argc, char **argv)
{
	struct store_access a = {0};
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &a, &first))
		return STOP_USAGE;
	if (first < argc) {
		diag_error(
			"status: '%s' is no option; see 'knockwatch status --help'", argv[first]);
		return STOP_USAGE;
	}
	enum stop_code code = store_access_open(&a);
	if (code == STOP_DONE)
		code = answer(&a);
	store_access_close(&a);
	return code;
}

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "tell what is kept, and what today was like",
	.text = "Tells where the store is, how large it is, and what today and yesterday were like.",
	.options = options,
	.run = run_status,
};
