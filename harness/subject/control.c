/* A player without any submission: it knows no call. It is linked only where no lab's binding is,
 * into the program that tells whether a detector works on this machine at all. */
#include "subject/binding.h"

const struct binding bindings[] = { { 0 } };
