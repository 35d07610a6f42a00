/* SPDX-License-Identifier: ISC */
/*
 * settings_text - what each key of settings comes to, in words for people.
 */
#ifndef KW_DETECT_SETTINGS_TEXT_H
#define KW_DETECT_SETTINGS_TEXT_H

#include "config/config_part.h"

/* The keys of the detector, in the order of conf/knockwatch.yaml; ended by a null key. The options are a struct
 * settings. */
extern const struct config_part_key settings_text_keys[];

#endif
