/* command/house.h - where the repository is, and what a submission's folder holds. [MT-Confined] */
#ifndef GRADER_HOUSE_H
#define GRADER_HOUSE_H
#include "base/words.h"

/* The folder above this program that holds labs/ and harness/. Dies if there is none. Returned
 * (free). */
char *house_root(void);

/* One thing to grade. */
struct house_target {
	char *lab;  /* folder name of the lab            */
	char *path; /* the folder with that lab's files  */
};

struct house_targets {
	struct house_target *item;
	size_t count;
};

/* By the rules of commands.md: lab ("1", "1-fork-server" or NULL) and submission (a folder,
 * "solutions" or NULL). Wrong use ends the program with a message that says what to type. Returned.
 */
struct house_targets house_find(const char *root, const char *lab, const char *submission);
void house_targets_fini(struct house_targets *targets);

#endif
