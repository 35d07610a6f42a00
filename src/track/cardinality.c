/* SPDX-License-Identifier: ISC */
#include "track/cardinality.h"

#include <math.h>

uint32_t cardinality_read(struct cardinality c, unsigned bits)
{
	double m = (double)(1u << bits);
	double sum = (double)(c.sum > 0 ? c.sum : 1) / (double)CARDINALITY_ONE;
	double alpha = 0.7213 / (1 + 1.079 / m), e = alpha * m * m / sum;
	if (e < 2.5 * m && c.zeros > 0)
		e = m * log(m / (double)c.zeros);
	return e < UINT32_MAX ? (uint32_t)(e + 0.5) : UINT32_MAX;
}

struct cardinality cardinality_sum_up(const uint8_t *registers, unsigned bits)
{
	uint64_t sum = 0;
	unsigned zeros = 0;
	for (unsigned i = 0; i < 1u << bits; i++) {
		sum += cardinality_part(registers[i]);
		zeros += registers[i] == 0;
	}
	return (struct cardinality){
		.sum = sum & CARDINALITY_SUM_MASK, .zeros = zeros & CARDINALITY_ZEROS_MASK};
}

uint32_t cardinality_estimate(const uint8_t *registers, unsigned bits)
{
	return cardinality_read(cardinality_sum_up(registers, bits), bits);
}
