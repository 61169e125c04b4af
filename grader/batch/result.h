/* batch/result.h - what one grading gave: the bytes of its files, and whether they are a grade.
 * They were written by our own program outside any box; they are checked against the rules of the
 * format and against what was asked all the same, since what is committed is final. [MT-Safe] */
#ifndef GRADER_RESULT_H
#define GRADER_RESULT_H
#include <jansson.h>
#include <stddef.h>

struct result_picture {
	char *name; /* "schedules/L3.B.2-7f1c9e.json", "plots/L2.E.3.svg" */
	char *bytes;
	size_t length;
};

struct result {
	char *grade, *run; /* bytes of grade.json and run.json; NULL: there is no grade */
	size_t grade_bytes, run_bytes;
	json_t *value; /* grade.json as a value */
	struct result_picture *pictures;
	size_t picture_count;
	long long cpu_ms;            /* of the submission, see result_read; -1: unknown */
	long long wall_ms, peak_kib; /* of the child that graded */
};

/* What was asked. */
struct result_wanted {
	const char *lab, *seed, *hash;
	const char *isolation;
	const char *key; /* grade key, 64 hex digits; NULL: another program graded, and neither this
			    nor the isolation is looked at */
};

/* Reads the folder that a grading left. NULL, or why it is no grade: infra (returned, free). What
 * is read belongs to *result in either case; cpu_ms is set if run.json was read, the other times
 * are not touched. */
char *result_read(const char *folder, const struct result_wanted *wanted, struct result *result);
void result_fini(struct result *result);

/* Points of a key in hundredths. */
long result_points(const json_t *object, const char *key);

#endif
