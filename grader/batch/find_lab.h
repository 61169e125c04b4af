/* batch/find_lab.h - where in a hand-in the files of the lab lie. [MT-Confined] */
#ifndef GRADER_FIND_LAB_H
#define GRADER_FIND_LAB_H
#include <stddef.h>

#include "base/words.h"
#include "batch/tree.h"
#include "intake/lab.h"

/* All names that a lab takes: sources, answers.conf, texts. */
void lab_listed(const struct lab *lab, struct words *names);

/* The folders of the tree that hold most of the listed names, and of those the ones nearest to the
 * top, in byte order: none if no name is there at all; more than one if nothing tells which one is
 * meant. Returns how many names each of them holds. */
size_t find_lab(const struct words *listed, const struct tree *tree, struct words *folders);

#endif
