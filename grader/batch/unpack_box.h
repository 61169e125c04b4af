/* batch/unpack_box.h - one run of build/unpack in its box. [MT-Confined]; forks. */
#ifndef GRADER_UNPACK_BOX_H
#define GRADER_UNPACK_BOX_H
#include <jansson.h>
#include <stdint.h>

struct unpack_run {
	const char *reader; /* path of build/unpack                                       */
	int input;          /* the archive, or the YAML text; borrowed                    */
	unsigned cpu_s;     /* 0: 10                                                       */
	uint64_t first, entries, file_bytes, chunk_bytes; /* struct unpack_limits             */
};

/* Runs it on an archive. *data becomes a descriptor of what was copied out (returned, or -1); the
 * result is what it printed (returned), or NULL, and *why a phrase (static). What it returns is
 * still hostile. Dies if the box cannot be set up, or the machine did not let it run. */
json_t *unpack_run_archive(const struct unpack_run *run, int *data, const char **why);

/* The one folder that all of an archive lies in, "" if there is none: found out by runs that copy
 * nothing. Returned. */
char *unpack_wrapper(const struct unpack_run *run);

/* Runs it on YAML: the value, or NULL. Returned. */
json_t *unpack_run_yaml(const char *reader, int input);

#endif
