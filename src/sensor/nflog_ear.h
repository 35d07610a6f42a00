/* SPDX-License-Identifier: ISC */
/*
 * nflog_ear - a log group of the host's firewall, as one of the ears of a watch.
 */
#ifndef KW_SENSOR_NFLOG_EAR_H
#define KW_SENSOR_NFLOG_EAR_H

#include "sensor/ear.h"
#include "sensor/nflog_reader.h"

/* Takes the reader over. */
struct ear nflog_ear_of(struct nflog_reader *reader);

#endif
