/* common/backend.h - what the backend computes. Pure; used by the examiner's backend and by the one
 * of `make serve`. GIVEN. Source: the finaliser of splitmix64. */
#ifndef CLAB_BACKEND_H
#define CLAB_BACKEND_H
#include <stdint.h>

/* The value of the reply to a frame with this value. The secret is drawn per run (0 under `make
 * serve`), so that no answer can be computed without the call. [MT-Safe, AS-Safe] */
uint64_t cl_backend_mix(uint64_t value, uint64_t secret);
#endif
