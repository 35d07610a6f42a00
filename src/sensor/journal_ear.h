/* SPDX-License-Identifier: ISC */
/*
 * journal_ear - a journal_reader as an ear.
 */
#ifndef KW_SENSOR_JOURNAL_EAR_H
#define KW_SENSOR_JOURNAL_EAR_H

#include "sensor/ear.h"
#include "sensor/journal_reader.h"

/* The ear owns the reader. */
struct ear journal_ear_of(struct journal_reader *reader);

#endif
