/* SPDX-License-Identifier: ISC */
/*
 * signature_conversion - a file of psad's signatures, written as a file of ours.
 *
 * The items go to `out`; every rule that could not come over, and every small loss, is told on
 * standard error as FILE:LINE. A file without any rule we understand gets a few reasons, not
 * thousands.
 */
#ifndef KW_CLI_SIGNATURE_CONVERSION_H
#define KW_CLI_SIGNATURE_CONVERSION_H

#include "base/stop_code.h"

#include <stdio.h>

#define SIGNATURE_CONVERSION_SIZE_MAX (4u << 20) /* bytes; psad's file has 80 kB */

/*
 * Converts the file ("-" is standard input). STOP_DONE if every rule came over, STOP_SKIPPED if one
 * was left out, STOP_NO if there is none, STOP_USAGE if the file cannot be read.
 */
enum stop_code signature_conversion_run(const char *path, FILE *out);

#endif
