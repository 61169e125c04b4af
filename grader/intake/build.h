/* intake/build.h - compile, audit, link and map: all builds of a submission at once, a child
 * process for each. [MT-Confined] */
#ifndef GRADER_BUILD_H
#define GRADER_BUILD_H
#include <jansson.h>

#include "base/words.h"
#include "intake/collect.h"
#include "intake/lab.h"
#include "intake/programs.h"

struct build_result {
	json_t *finding;       /* NULL: the programs and maps are there */
	struct words warnings; /* of the plain build only: the others repeat or invent them */
	long long compile_ms, audit_ms, link_ms;
};

/* Makes the products below folder and fills in one result for each; returned to the caller. Ends
 * this program with status 2 if a child ended so: it has said why. */
void build_all(const struct lab *lab, const struct submission *submission,
	       const struct program_build *products, size_t count, const char *folder,
	       struct build_result *results);

#endif
