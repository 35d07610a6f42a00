/* SPDX-License-Identifier: ISC */
/*
 * sensor_frame - what the sensor and the engine of a watch say to each other (frames of priv/channel).
 *
 * The sensor faces hostile bytes, so the engine believes nothing of it but that it is a process of this
 * program: sensor_link checks every frame before it means anything. In the other direction the list is
 * closed too: nothing that the engine can say makes the sensor open or name anything.
 *
 * Bodies are the structs below as they lie in memory: both ends are the same file, executed twice.
 */
#ifndef KW_DAEMON_SENSOR_FRAME_H
#define KW_DAEMON_SENSOR_FRAME_H

#include "event/access_event.h"
#include "event/event.h"
#include "event/exec_wire.h"
#include "event/name_table.h"
#include "net/door_set.h"
#include "net/prefix.h"
#include "priv/channel.h"
#include "sensor/ear.h"
#include "sensor/kernel_settings.h"

#define SENSOR_FRAME_EVENTS_MAX 256

enum sensor_frame {
	/* from the sensor */
	SENSOR_FRAME_READY = 1,  /* struct sensor_frame_ready: all is open, no right is left */
	SENSOR_FRAME_DOORS,      /* struct sensor_frame_doors: what is offered from now on */
	SENSOR_FRAME_NAME,       /* struct sensor_frame_name: what a number in events stands for */
	SENSOR_FRAME_EVENTS,     /* struct event, up to SENSOR_FRAME_EVENTS_MAX, in order of time */
	SENSOR_FRAME_EXEC,       /* an exec_event as exec_wire has it; its secrets are masked */
	SENSOR_FRAME_HANDSHAKES, /* struct sensor_frame_handshakes */
	SENSOR_FRAME_TICK,       /* struct sensor_frame_tick: once a second */
	SENSOR_FRAME_SENDERS,    /* struct sensor_frame_senders: as of now */
	SENSOR_FRAME_POSITION, /* struct sensor_frame_position: behind the events that were sent */
	SENSOR_FRAME_END,      /* no body: all that was heard has been sent */
	/* to the sensor */
	SENSOR_FRAME_STOP, /* no body: send what you have, and end */
	SENSOR_FRAME_DARK, /* struct prefix_set: these blocks are dark from now on */
	SENSOR_FRAME_RESUME, /* struct sensor_frame_position: go on from here; empty = from nowhere. Once */
	SENSOR_FRAME_ASK, /* no body: counts of handshakes are wanted often, for the next second */
	/* from the sensor */
	SENSOR_FRAME_ACCESS, /* struct access_event: what a wrapper decided */
};

struct sensor_frame_ready {
	char listening[512]; /* "eth0, /var/log/kern.log", for people; not escaped */
};

struct sensor_frame_doors {
	struct door_set offered;
	struct prefix own[PREFIX_SET_MAX]; /* addresses of this host */
	unsigned own_count;
	uint8_t own_cut;                  /* 1 = there were more than fit */
	uint8_t redirects[DOOR_FAMILIES]; /* enum kernel_redirects, as at the start */
};

struct sensor_frame_name {
	uint16_t number;
	char text[NAME_TABLE_LENGTH];
};

/* In a log that can be read on from there: see the ops of an ear. */
struct sensor_frame_position {
	char text[EAR_POSITION_MAX];
};

/* Who brought the lines that were heard. */
struct sensor_frame_senders {
	struct ear_sender list[EAR_SENDERS_MAX];
	unsigned count;
};

struct sensor_frame_handshakes {
	struct wall_time now;
	uint32_t count; /* since the frame before it */
};

struct sensor_frame_tick {
	struct wall_time now;
	uint8_t behind;        /* 1 = what was heard before `now` is not all sent */
	uint64_t lost, broken; /* as in ear_counts, of all ears together */
	uint64_t execs_lost;   /* starts of programs, those that could not be read among them */
	uint64_t decisions_missed, decisions_held; /* of wrappers, as in access_socket_counts */
	uint32_t held_uid;
};

_Static_assert(sizeof(struct access_event) <= CHANNEL_BODY_MAX, "a decision fits into a frame");
_Static_assert(sizeof(struct sensor_frame_doors) <= CHANNEL_BODY_MAX, "doors fit into a frame");
_Static_assert(SENSOR_FRAME_EVENTS_MAX * sizeof(struct event) <= CHANNEL_BODY_MAX,
	"events fit into a frame");

#endif
