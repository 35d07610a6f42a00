/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as knockwatch.yaml: the settings load, or faults say why not; never both, never
 * neither. Faults are printable and in bounds. Reading twice says the same.
 */
#include "engine/configuration.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_fault(const struct config_fault *fault, size_t size)
{
	assert(fault->line <= size + 2 && fault->column <= size + 2);
	assert(fault->text[0] && strnlen(fault->text, CONFIG_FAULT_LENGTH) < CONFIG_FAULT_LENGTH);
	for (const char *c = fault->text; *c; c++)
		assert(*c >= 0x20 && *c <= 0x7e);
}

static void check_settings(const struct settings *s)
{
	assert(s->state && s->memory_bytes >= 24 << 20 && s->close_after_us >= CLOCK_US_PER_S);
	assert(s->home.count <= PREFIX_SET_MAX && s->interfaces_count <= SETTINGS_NAMES_MAX);
	for (unsigned i = 0; i < s->addresses_count; i++) {
		assert(s->addresses[i].level <= SETTINGS_LEVEL_MAX);
		assert(i == 0 || s->addresses[i - 1].prefix.length_bits >=
					 s->addresses[i].prefix.length_bits);
	}
}

static unsigned load(const uint8_t *data, size_t size)
{
	struct settings settings;
	struct config_faults faults;
	config_faults_init(&faults);
	settings_init(&settings);
	struct config_origins origins = {0};
	const struct configuration to = {.settings = &settings, .origins = &origins};
	bool good = configuration_load_text(&to, "fuzz", (const char *)data, size, &faults);
	assert(good || origins.count == 0);
	unsigned told = faults.count + faults.untold;
	assert(good == !config_faults_any(&faults));
	check_settings(&settings);
	for (unsigned i = 0; i < faults.count; i++)
		check_fault(&faults.items[i], size);
	config_faults_clear(&faults);
	settings_clear(&settings);
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned first = load(data, size), second = load(data, size);
	assert(first == second);
	return 0;
}
