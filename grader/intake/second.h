/* intake/second.h - the program that a second opinion looks at: the submission, the lab's stress
 * and its frame, made with the flags of one build. Nothing about it decides: a failure is no
 * finding. [MT-Confined] */
#ifndef GRADER_INTAKE_SECOND_H
#define GRADER_INTAKE_SECOND_H
#include <stdbool.h>

#include "intake/collect.h"
#include "intake/lab.h"
#include "intake/tool.h"

struct second_program {
	char *path;                  /* FOLDER/stress.BUILD */
	struct tool_input libraries; /* it is dynamic       */
};

/* What the build lacks on this machine, with the next command; NULL: nothing. Static. */
const char *second_lacks(const struct lab_build *build);

/* Makes it from a submission whose own builds are made below the same folder. False if the
 * submission does not compile or link so. *program is filled in, returned to the caller. */
bool second_make(const struct lab *lab, const struct lab_build *build,
		 const struct submission *submission, const char *folder,
		 struct second_program *program);
void second_program_fini(struct second_program *program);

#endif
