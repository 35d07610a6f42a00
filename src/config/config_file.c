/* SPDX-License-Identifier: ISC */
#include "config/config_file.h"

#include "base/memory.h"
#include "config/config_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct config_file {
	char *name;
	uint8_t *text;
	size_t length;
	struct config_outline *outline;
};

/* What libcyaml said last, in case it refuses what config_check let through. */
struct cyaml_words {
	char text[160];        /* its first error */
	unsigned line, column; /* of the innermost value it names; 0 if none */
};

static void catch_words(cyaml_log_t level, void *context, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

static void catch_words(cyaml_log_t level, void *context, const char *format, va_list args)
{
	struct cyaml_words *words = context;
	char line[256];
	(void)level;
	vsnprintf(line, sizeof line, format, args);
	line[strcspn(line, "\n")] = 0;
	if (!words->text[0]) {
		struct text_buffer out = text_buffer_over(words->text, sizeof words->text);
		text_buffer_add_escaped(&out, line, strlen(line));
	}
	const char *place = strstr(line, "(line: ");
	if (place && !words->line &&
		sscanf(place, "(line: %u, column: %u", &words->line, &words->column) < 1)
		words->line = 0;
}

static cyaml_config_t library_setup(struct cyaml_words *words)
{
	return (cyaml_config_t){
		.log_fn = words ? catch_words : NULL,
		.log_ctx = words,
		.mem_fn = cyaml_mem,
		.log_level = CYAML_LOG_ERROR,
		.flags = CYAML_CFG_NO_ALIAS,
	};
}

/* Reads until the end of the file or one byte more than is allowed. -1 keeps errno. */
static int read_bounded(int fd, uint8_t *text, size_t *length)
{
	*length = 0;
	while (*length <= CONFIG_FILE_SIZE_MAX) {
		ssize_t got = read(fd, text + *length, CONFIG_FILE_SIZE_MAX + 1 - *length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		*length += (size_t)got;
	}
	return 0;
}

static bool read_whole(
	struct config_file *file, int fd, size_t expected, struct config_faults *faults)
{
	if (expected > CONFIG_FILE_SIZE_MAX) {
		config_faults_add(faults, file->name, 0, 0,
			"%zu bytes, more than the 1 MiB a configuration may have", expected);
		return false;
	}
	file->text = memory_calloc(1, CONFIG_FILE_SIZE_MAX + 1);
	if (read_bounded(fd, file->text, &file->length) < 0) {
		config_faults_add(faults, file->name, 0, 0, "cannot be read: %s", strerror(errno));
		return false;
	}
	if (file->length > CONFIG_FILE_SIZE_MAX) {
		config_faults_add(
			faults, file->name, 0, 0, "more than the 1 MiB a configuration may have");
		return false;
	}
	return true;
}

static bool read_file(struct config_file *file, struct config_faults *faults)
{
	/* Not blocking: the name may lead to a pipe nobody writes to. */
	int fd = open(file->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat about;
	bool good = false;
	if (fd < 0 || fstat(fd, &about) < 0)
		config_faults_add(
			faults, file->name, 0, 0, "cannot be opened: %s", strerror(errno));
	else if (S_ISDIR(about.st_mode))
		config_faults_add(faults, file->name, 0, 0, "is a directory, expected a file");
	else if (!S_ISREG(about.st_mode))
		config_faults_add(faults, file->name, 0, 0, "is not a regular file");
	else
		good = read_whole(file, fd, (size_t)about.st_size, faults);
	if (fd >= 0)
		close(fd);
	return good;
}

/* Two ways a file can be text and yet not ours; everything else libyaml tells with its place. */
static bool read_outline(struct config_file *file, struct config_faults *faults)
{
	if (file->length >= 2 && (memcmp(file->text, "\xff\xfe", 2) == 0 ||
					 memcmp(file->text, "\xfe\xff", 2) == 0)) {
		config_faults_add(faults, file->name, 1, 1, "text in UTF-16, expected UTF-8");
		return false;
	}
	file->outline =
		config_outline_create(file->name, (const char *)file->text, file->length, faults);
	return file->outline != NULL;
}

struct config_file *config_file_open(const char *path, struct config_faults *faults)
{
	struct config_file *file = memory_calloc(1, sizeof *file);
	file->name = memory_strdup(path);
	if (!read_file(file, faults) || !read_outline(file, faults)) {
		config_file_close(file);
		return NULL;
	}
	return file;
}

struct config_file *config_file_from_text(
	const char *name, const char *text, size_t length, struct config_faults *faults)
{
	if (length > CONFIG_FILE_SIZE_MAX) {
		config_faults_add(
			faults, name, 0, 0, "more than the 1 MiB a configuration may have");
		return NULL;
	}
	struct config_file *file = memory_calloc(1, sizeof *file);
	file->name = memory_strdup(name);
	file->text = memory_calloc(1, length + 1);
	memcpy(file->text, text, length);
	file->length = length;
	if (!read_outline(file, faults)) {
		config_file_close(file);
		return NULL;
	}
	return file;
}

void config_file_close(struct config_file *file)
{
	if (!file)
		return;
	config_outline_destroy(file->outline);
	free(file->text);
	free(file->name);
	free(file);
}

const char *config_file_name(const struct config_file *file)
{
	return file->name;
}

const struct config_outline *config_file_outline(const struct config_file *file)
{
	return file->outline;
}

/* The schema of a mapping without the fields whose bits are set. */
struct fitting_schema {
	struct cyaml_schema_value value;
	struct cyaml_schema_field fields[CONFIG_CHECK_KEYS_MAX + 1];
};

static void leave_out(
	struct fitting_schema *out, const struct cyaml_schema_value *schema, uint64_t unfit)
{
	const struct cyaml_schema_field *fields = schema->mapping.fields;
	unsigned kept = 0;
	for (unsigned i = 0; fields[i].key; i++) {
		if (!(unfit >> i & 1))
			out->fields[kept++] = fields[i];
	}
	out->fields[kept] = (struct cyaml_schema_field)CYAML_FIELD_END;
	out->value = *schema;
	out->value.mapping.fields = out->fields;
}

/* Loads by a schema that the file fits, but for unknown keys of the root if it is not `whole`. */
static bool load_fitting(const struct config_file *file, const struct cyaml_schema_value *schema,
	bool whole, void **data, unsigned *count, struct config_faults *faults)
{
	struct cyaml_words words = {"", 0, 0};
	cyaml_config_t setup = library_setup(&words);
	if (!whole)
		setup.flags |= CYAML_CFG_IGNORE_UNKNOWN_KEYS;
	cyaml_err_t fault = cyaml_load_data(file->text, file->length, &setup, schema, data, count);
	if (fault == CYAML_OK)
		return true;
	*data = NULL;
	if (whole)
		config_faults_add(faults, file->name, words.line, words.column, "%s",
			words.text[0] ? words.text : cyaml_strerror(fault));
	return false;
}

bool config_file_load(const struct config_file *file, const struct cyaml_schema_value *schema,
	void **data, unsigned *count, struct config_faults *faults)
{
	uint64_t unfit;
	bool whole = config_check_outline(file->name, file->outline, schema, faults, &unfit);
	*data = NULL;
	if (count)
		*count = 0;
	if (unfit == UINT64_MAX)
		return false;
	if (config_outline_root(file->outline)) {
		struct fitting_schema fitting;
		if (schema->type == CYAML_MAPPING)
			leave_out(&fitting, schema, unfit);
		else
			fitting.value = *schema;
		if (!load_fitting(file, &fitting.value, whole, data, count, faults))
			return false;
	}
	if (!*data && schema->type == CYAML_MAPPING)
		*data = memory_calloc(1, schema->data_size);
	return whole;
}

void config_file_unload(const struct cyaml_schema_value *schema, void *data, unsigned count)
{
	cyaml_config_t setup = library_setup(NULL);
	if (data)
		cyaml_free(&setup, schema, data, count);
}

void config_file_fault(const struct config_file *file, const struct config_outline_node *node,
	struct config_faults *faults, const char *format, ...)
{
	char text[CONFIG_FAULT_LENGTH];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	config_faults_add(
		faults, file->name, node ? node->line : 0, node ? node->column : 0, "%s", text);
}
