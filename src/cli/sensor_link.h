/* SPDX-License-Identifier: ISC */
/*
 * sensor_link - the engine's end of a watch's sensor: starts it, and hears what it says.
 *
 * Nothing that comes is believed unseen: a frame of the wrong length, an event with a shape or a name that
 * does not exist, a set of doors that points outside itself end the link, with a message, and nothing of
 * that frame is used. A lie that is well-formed is one that the network could have told as well.
 */
#ifndef KW_CLI_SENSOR_LINK_H
#define KW_CLI_SENSOR_LINK_H

#include "cli/sensor_frame.h"
#include "cli/stop_code.h"
#include "priv/role_process.h"

/* Who hears it, in the order in which it was said. Borrowed until the call returns. */
struct sensor_link_hearer {
	void (*events)(void *context, const struct event *events, size_t count);
	/* what is offered has changed: see offered, own and own_cut of the link */
	void (*doors)(void *context);
	void (*handshakes)(void *context, struct wall_time now, uint32_t count);
	/* `behind` = something that was heard before `now` is still to come */
	void (*tick)(void *context, struct wall_time now, bool behind);
	void *context;
};

struct sensor_link {
	struct role_process process;
	struct name_table *names; /* of the engine; borrowed */
	struct channel_frame *frame;
	char listening[512]; /* what it listens to, for people; not escaped */
	bool knows_doors;    /* the three below are known: it listens to an interface */
	struct door_set offered;
	struct prefix_set own; /* addresses of this host */
	bool own_cut;          /* there are more of them */
	uint64_t lost, broken; /* as of its last tick */
	bool ended;            /* it has said all it will */
	bool failed;           /* not in good order */
};

/* Executes the sensor with these words of the command line and waits until it listens. STOP_DONE, or how the
 * sensor ended, which has said why. sensor_link_close must follow all the same. */
enum stop_code sensor_link_open(
	struct sensor_link *l, int argc, char **argv, const struct sensor_link_hearer *hearer);
/* Asks it to say what is left; reading goes on until `ended`. */
void sensor_link_stop(struct sensor_link *l);
void sensor_link_close(struct sensor_link *l);

/* For poll; -1 when it has ended. */
int sensor_link_fd(const struct sensor_link *l);

/* Hears up to `frames` frames that are there; never waits. True if there may be more. */
bool sensor_link_hear(
	struct sensor_link *l, unsigned frames, const struct sensor_link_hearer *hearer);

/* From now on these blocks are dark. */
void sensor_link_set_dark(struct sensor_link *l, const struct prefix_set *dark);
/* Handshakes are to be counted often, for the next second. */
void sensor_link_ask_for_handshakes(struct sensor_link *l);

/* Takes one frame that has come; false if it is none that a sensor sends. For sensor_link_hear and fuzzing. */
bool sensor_link_take(struct sensor_link *l, const struct channel_frame *frame,
	const struct sensor_link_hearer *hearer);

#endif
