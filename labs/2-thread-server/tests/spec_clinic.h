/* spec_clinic.h - what the functions of the clinic answer when they are called one after another,
 * as one sequential object: operations are those of ops_clinic.h, by their numbers. */
#ifndef SPEC_CLINIC_H
#define SPEC_CLINIC_H
#include "linearize.h"

extern const struct specification spec_clinic;

/* The sum of those of n values whose bits are set; n <= 64. */
int64_t clinic_sum_of(uint64_t seed, uint64_t n, uint64_t which);
/* The text of a greeting cut to cap >= 1 bytes, of an error number, or of a month 1..12, as it
 * stands in result[1..3]. */
void clinic_greeting_text(int64_t cap, int64_t out[3]);
void clinic_errtext_text(int64_t err, int64_t out[3]);
#endif
