/* SPDX-License-Identifier: ISC */
/*
 * Frames from a sensor that was taken over: type (1 byte), length (2 bytes, little end first), body; again
 * and again. Whatever it says, what is handed on can be used: every number stands for something.
 */
#include "daemon/sensor_link.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sensor_link link_;

static void take_events(void *context, struct event *events, size_t count)
{
	(void)context;
	for (size_t i = 0; i < count; i++) {
		assert(events[i].probe < EVENT_PROBES && events[i].origin < EVENT_ORIGINS);
		assert(events[i].iface == 0 || name_table_name(link_.names, events[i].iface)[0]);
		assert(events[i].host == 0 || name_table_name(link_.names, events[i].host)[0]);
		assert(event_probe_name(events[i].probe) != NULL);
	}
}

static void take_doors(void *context)
{
	struct addr any = {{0}};
	(void)context;
	(void)door_set_holds(&link_.offered, &any, PORT_SET_TCP, 22);
	(void)prefix_set_holds(&link_.own, &any);
}

static void take_handshakes(void *context, struct wall_time now, uint32_t count)
{
	(void)context;
	(void)now;
	(void)count;
}

static void take_tick(void *context, struct wall_time now, bool behind)
{
	(void)context;
	(void)now;
	(void)behind;
}

static void take_exec(void *context, const struct exec_event *e)
{
	(void)context;
	assert(e->euid == 0 && e->args_size <= EXEC_ARGS_MAX && e->args[e->args_size] == '\0');
	assert(e->via < EXEC_VIAS && memchr(e->unit, '\0', sizeof e->unit));
}

static void take_access(void *context, const struct access_event *a)
{
	(void)context;
	assert(access_event_is_sound(a) && a->service[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sensor_link_hearer hearer = {
		take_events, take_doors, take_handshakes, take_tick, take_exec, take_access,
		NULL};
	static struct channel_frame frame;
	struct name_table *names = name_table_create();
	sensor_link_init(&link_, names);
	while (size >= 3 && !link_.ended) {
		size_t length = (size_t)data[1] | (size_t)data[2] << 8;
		frame.type = data[0];
		data += 3;
		size -= 3;
		frame.length = (uint32_t)(length < size ? length : size);
		memcpy(frame.body, data, frame.length);
		data += frame.length;
		size -= frame.length;
		if (!sensor_link_take(&link_, &frame, &hearer))
			break;
	}
	sensor_link_close(&link_);
	name_table_destroy(names);
	return 0;
}
