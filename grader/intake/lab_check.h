/* intake/lab_check.h - what lab.conf says of tests and parts, held against those that there are. */
#ifndef GRADER_LAB_CHECK_H
#define GRADER_LAB_CHECK_H
#include "intake/lab.h"

/* Dies if lab.conf names a test or a part that the lab does not have. [MT-Confined] */
void lab_names_check(const struct lab *lab);

#endif
