/* batch/scan.h - from a class download to entries and canonical submissions.
 * Source: the layouts of the course systems' bulk downloads; grader/batch/README.md. What is wrong
 * with one hand-in is data (ENTRY_UNREADABLE) and never stops the others; a class that cannot be
 * read at all is wrong use and ends the program. [MT-Confined]; forks, so it belongs into a
 * single-threaded process. */
#ifndef GRADER_SCAN_H
#define GRADER_SCAN_H
#include "batch/conf.h"
#include "batch/entry.h"
#include "intake/lab.h"

struct scan_options {
	const char *submissions;       /* folder or archive                               */
	const char *out;               /* exists; objects/ and, meanwhile, scan/ are made */
	const char *layout;            /* "auto", a name, or NULL: conf's                 */
	const char *roster;            /* CSV; NULL: conf's                               */
	const struct batch_conf *conf; /* borrowed                                        */
};

/* Reads the class. *entries is returned to the caller (entries_fini), sorted by name; what is in
 * OUT/objects afterwards is the canonical folder of each queued entry (objects.h). */
void scan_class(const struct lab *lab, const struct scan_options *options, struct entries *entries);

/* The names of all layouts, blank-separated, for messages. [MT-Safe] */
const char *scan_layouts(void);

#endif
