/* intake/cache.h - whether the programs in build/run/LAB/HASH/ are those that would be made again.
 * The file intake.json there holds the key of all that was read, the finding or the sum of every
 * product. [MT-Confined] */
#ifndef GRADER_CACHE_H
#define GRADER_CACHE_H
#include <stdbool.h>

#include "base/hash.h"
#include "intake/programs.h"

/* The sum of everything that decides what the intake makes: sources, headers, flags, our objects,
 * this program, the tool chain. */
void cache_key(const struct lab *lab, const struct submission *submission,
	       char key[static HASH_HEX_BYTES]);

/* true: finding and warnings are filled in and every product is there, unchanged. */
bool cache_load(struct programs *programs, const char *key);
void cache_store(const struct programs *programs, const char *key);
/* Before products are replaced: a run that is cut short leaves nothing that looks complete. */
void cache_forget(const struct programs *programs);

#endif
