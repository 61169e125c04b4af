/* Archives: not yet. */
#include "batch/extract.h"

#include <stdlib.h>

#include "base/die.h"

void extract_hand_in(int archive, const char *into, struct extracted *extracted)
{
	(void)archive;
	(void)into;
	*extracted = (struct extracted){ .refused = must_strdup("archives are not yet read") };
}

void extract_class(int archive, const char *into, struct extracted *extracted)
{
	extract_hand_in(archive, into, extracted);
}

void extracted_fini(struct extracted *extracted)
{
	free(extracted->refused);
	words_fini(&extracted->notes);
	for (size_t i = 0; i < extracted->problem_count; i++) {
		free(extracted->problems[i].path);
		free(extracted->problems[i].what);
	}
	free(extracted->problems);
	*extracted = (struct extracted){ 0 };
}
