/* command/corpus.h - the submissions whose outcome is known: reference, skeleton, variants,
 * mutants. Source: mutants.md (patch headers), labs/README.md section 7 (expect.conf). These files
 * are ours: a mistake in one ends the program. [MT-Confined] */
#ifndef GRADER_CORPUS_H
#define GRADER_CORPUS_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"
#include "intake/lab.h"

enum corpus_kind { CORPUS_REFERENCE, CORPUS_SKELETON, CORPUS_VARIANT, CORPUS_MUTANT };

struct corpus_entry {
	enum corpus_kind kind;
	char *id;               /* "M1-03", "V1-1", "reference"                           */
	char *path;             /* the folder, or the patch of a mutant                   */
	struct words tests;     /* mutant: must fail ...                                  */
	struct words detectors; /* ... by these, one for each of tests                    */
	struct words diagnoses; /* ... with one of these                                  */
	struct words also;      /* mutant: may fail                                       */
	struct words losers;    /* variant: tests that lose points ...                    */
	long *losses;           /* ... and how many, in hundredths                        */
};

struct corpus {
	struct corpus_entry *item;
	size_t count;
};

/* Everything of one lab, in this order: reference, skeleton, variants, mutants. Returned. */
struct corpus corpus_load(const struct lab *lab);
void corpus_fini(struct corpus *corpus);

/* Makes the folder to grade: the entry's own, or below build/verify/ a copy of the reference, for a
 * mutant patched, for a variant with the files that it holds in place of the reference's. NULL if
 * the patch does not apply. Returned (free). */
char *corpus_folder(const struct lab *lab, const struct corpus_entry *entry);

/* NULL if the grade is what the entry demands, else what deviates. Returned (free). */
char *corpus_deviation(const struct corpus_entry *entry, const json_t *grade);

#endif
