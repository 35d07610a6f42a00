/* SPDX-License-Identifier: ISC */
/*
 * Any line into the reader of incidents. What is accepted must write a line that is accepted again
 * and then writes itself, in printable ASCII, and the lists must stay inside their bounds.
 */
#include "verdict/incident_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *write_line(const struct incident_json_reading *r)
{
	struct json_line line = {0};
	incident_json_write(&line, &r->incident, &r->names);
	for (const char *c = line.text; *c; c++)
		assert(*c >= 0x20 && *c <= 0x7e);
	return line.text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct incident_json_reading first, second;
	char error[64] = "";
	if (!incident_json_read((const char *)data, size, &first, error, sizeof error)) {
		assert(error[0] != '\0' && memchr(error, '\0', sizeof error) != NULL);
		return 0;
	}
	assert(first.incident.port_ranges <= INCIDENT_JSON_LIST_MAX);
	assert(first.incident.answered_ranges <= INCIDENT_JSON_LIST_MAX);
	assert(first.incident.members_shown <= INCIDENT_JSON_LIST_MAX);
	char *one = write_line(&first);
	assert(incident_json_read(one, strlen(one), &second, error, sizeof error));
	char *two = write_line(&second);
	assert(strcmp(one, two) == 0);
	free(one);
	free(two);
	incident_json_clear(&first);
	incident_json_clear(&second);
	return 0;
}
