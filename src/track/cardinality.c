/* SPDX-License-Identifier: ISC */
#include "track/cardinality.h"

#include <math.h>

uint32_t cardinality_estimate(const uint8_t *registers, unsigned bits)
{
	double powers[64]; /* 2^-rank; built here, for a loop of table look-ups */
	double sum = 0;
	unsigned zeros = 0, count = 1u << bits;
	for (int i = 0; i < 64; i++)
		powers[i] = 1.0 / (double)(UINT64_C(1) << i);
	for (unsigned i = 0; i < count; i++) {
		sum += powers[registers[i] & 63];
		zeros += registers[i] == 0;
	}
	double m = count, alpha = 0.7213 / (1 + 1.079 / m), e = alpha * m * m / sum;
	if (e < 2.5 * m && zeros > 0)
		e = m * log(m / zeros);
	return (uint32_t)(e + 0.5);
}
