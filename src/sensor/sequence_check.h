/* SPDX-License-Identifier: ISC */
/*
 * sequence_check - whether a stranger could guess the numbers with which our TCP connections begin.
 *
 * Who can guess them speaks in the name of a host we trust, without ever seeing our answers (Morris 1985). RFC
 * 6528 makes them unguessable by adding to a clock a keyed hash of both ends, so that connections from different
 * ports begin at numbers that have nothing to do with each other. That is what is measured, by connections of
 * this host to itself in a network namespace of its own, where nobody else hears them.
 */
#ifndef KW_SENSOR_SEQUENCE_CHECK_H
#define KW_SENSOR_SEQUENCE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#define SEQUENCE_CHECK_NUMBERS                                                                     \
	64 /* connections: enough to tell a rule from dice, with an error below 1e-6 */

/* Opens the connections, in a child process, and writes the number with which each was answered; returns how many
 * there were. 0: the namespace could not be made (that needs root, or the right to make user namespaces) or a
 * raw socket was refused. Takes at most three seconds. */
unsigned sequence_check_measure(uint32_t numbers[SEQUENCE_CHECK_NUMBERS]);

/* True where the numbers, in the order of their connections, follow a rule that can be guessed: the same one
 * again, steps that are short, or steps that are alike. */
bool sequence_check_is_guessable(const uint32_t *numbers, unsigned count);

#endif
