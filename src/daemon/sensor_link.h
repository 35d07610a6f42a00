/* SPDX-License-Identifier: ISC */
/*
 * sensor_link - the engine's end of a watch's sensor: starts it or waits for it, and hears what it says.
 *
 * A sensor that the engine started ends the link when it ends. One that comes by itself, over a socket at
 * which the engine listens, may go and come again: whoever watches over the processes starts it anew.
 *
 * Nothing that comes is believed unseen: a frame of the wrong length, an event with a shape or a name that
 * does not exist, a set of doors that points outside itself end the link, with a message, and nothing of
 * that frame is used. A lie that is well-formed is one that the network could have told as well.
 */
#ifndef KW_DAEMON_SENSOR_LINK_H
#define KW_DAEMON_SENSOR_LINK_H

#include "daemon/sensor_frame.h"
#include "base/stop_code.h"
#include "priv/role_process.h"

/* Who hears it, in the order in which it was said. Borrowed until the call returns. What nobody is named for is
 * checked all the same, and dropped. */
struct sensor_link_hearer {
	void (*events)(void *context, struct event *events, size_t count); /* may be changed */
	/* what is offered has changed: see offered, own and own_cut of the link */
	void (*doors)(void *context);
	void (*handshakes)(void *context, struct wall_time now, uint32_t count);
	/* `behind` = something that was heard before `now` is still to come */
	void (*tick)(void *context, struct wall_time now, bool behind);
	/* A program was started as root. Borrowed. */
	void (*exec)(void *context, const struct exec_event *event);
	/* A wrapper has decided on a connection. Borrowed. */
	void (*access)(void *context, const struct access_event *decision);
	void *context;
};

struct sensor_link {
	struct role_process process;      /* its channel is open while there is a sensor */
	int listener;                     /* where sensors come to; -1 = ours was started by us */
	struct name_table *names;         /* of the engine; borrowed */
	uint16_t numbers[NAME_TABLE_MAX]; /* of the sensor's names in ours */
	unsigned numbers_count;
	struct channel_frame *frame;
	char listening[512]; /* what it listens to, for people; not escaped */
	bool knows_doors;    /* the three below are known: it listens to an interface */
	struct door_set offered;
	struct prefix_set own;            /* addresses of this host */
	bool own_cut;                     /* there are more of them */
	uint8_t redirects[DOOR_FAMILIES]; /* enum kernel_redirects: whether this host takes them */
	uint64_t lost, broken;            /* as of its last tick */
	uint64_t execs_lost;              /* starts of programs */
	uint64_t decisions_missed, decisions_held; /* of wrappers, as in access_socket_counts */
	uint32_t held_uid;
	char position[EAR_POSITION_MAX];  /* behind all that it said; "" = it keeps none */
	struct sensor_frame_senders senders; /* who brought the lines; names are not escaped */
	bool resumes;                        /* `position` is told to a sensor that comes */
	bool ended;                          /* it has said all it will */
	bool failed;                         /* not in good order */
};

/* A link without a sensor; `names` are borrowed. sensor_link_close must follow. */
void sensor_link_init(struct sensor_link *l, struct name_table *names);

/* Executes the sensor with these words of the command line and waits until it listens. STOP_DONE, or how the
 * sensor ended, which has said why. */
enum stop_code sensor_link_open(
	struct sensor_link *l, int argc, char **argv, const struct sensor_link_hearer *hearer);
/* Waits for sensors at this socket from now on (SOCK_SEQPACKET, listening); the link closes it. */
void sensor_link_listen(struct sensor_link *l, int listener);
/* Asks it to say what is left; reading goes on until `ended`. */
void sensor_link_stop(struct sensor_link *l);
void sensor_link_close(struct sensor_link *l);

/* False while none has come, or the last one is gone. */
bool sensor_link_is_there(const struct sensor_link *l);

/* For poll: of the sensor, or of where one will come. -1 when it has ended. */
int sensor_link_fd(const struct sensor_link *l);

/* Hears up to `frames` frames that are there; never waits. True if there may be more. */
bool sensor_link_hear(
	struct sensor_link *l, unsigned frames, const struct sensor_link_hearer *hearer);

/* From now on these blocks are dark. */
void sensor_link_set_dark(struct sensor_link *l, const struct prefix_set *dark);
/* The sensor, and each that comes after it, goes on where one before it stood; "" = nowhere. */
void sensor_link_resume(struct sensor_link *l, const char *position);
/* Handshakes are to be counted often, for the next second. */
void sensor_link_ask_for_handshakes(struct sensor_link *l);

/* Takes one frame that has come; false if it is none that a sensor sends. For sensor_link_hear and fuzzing. */
bool sensor_link_take(struct sensor_link *l, struct channel_frame *frame,
	const struct sensor_link_hearer *hearer);

#endif
