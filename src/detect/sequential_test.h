/* SPDX-License-Identifier: ISC */
/*
 * sequential_test - Wald's test over distinct targets: how sure are we that this is a scanner?
 *
 * Threshold Random Walk (Jung, Paxson, Berger, Balakrishnan 2004): every distinct target counts
 * once, in log-likelihood. With P(failure | scanner) / P(failure | harmless) = 0.8 / 0.2 a failure is
 * worth ln 4 = 1.39 and a success the same downwards. Marks that hardly any harmless source leaves
 * (a trap port, a never-used address, flags no stack sends, a scanner's header) are worth ln 10 = 2.3.
 * No window: a score decays with a half-life of seven days, since in a 35-day log 28 % of the scanners
 * never touch 5 targets inside 5 minutes, and 10 % not inside a day.
 */
#ifndef KW_DETECT_SEQUENTIAL_TEST_H
#define KW_DETECT_SEQUENTIAL_TEST_H

#include <math.h>
#include <stdint.h>

#define SEQUENTIAL_FAILURE 1.39 /* ln(0.8 / 0.2) */
#define SEQUENTIAL_SUCCESS (-1.39)
#define SEQUENTIAL_MARKED 2.303 /* ln 10: two of them are a notice */

#define SEQUENTIAL_NOTICE 4.6   /* -ln 1e-2: the error bound of a notice */
#define SEQUENTIAL_ALERT 9.2    /* -ln 1e-4 */
#define SEQUENTIAL_BLOCK 13.8   /* -ln 1e-6 */
#define SEQUENTIAL_CEILING 50.0 /* so that old sins fade within weeks, not years */

#define SEQUENTIAL_HALF_LIFE_S (7 * 86400.0)

/* The score after `idle_s` seconds without an observation. Below a minute nothing is lost. */
static inline double sequential_decay(double score, int64_t idle_s)
{
	if (idle_s < 60 || score <= 0)
		return score;
	return score * exp2(-(double)idle_s / SEQUENTIAL_HALF_LIFE_S);
}

static inline double sequential_add(double score, double weight)
{
	score += weight;
	return score < 0 ? 0 : score > SEQUENTIAL_CEILING ? SEQUENTIAL_CEILING : score;
}

/* 1 minus the error bound of Wald's test at this score. */
static inline double sequential_confidence(double score)
{
	return score <= 0 ? 0 : 1 - exp(-score);
}

#endif
