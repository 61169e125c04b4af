/* judge/records.h - the records of one job, sorted by kind. Everything is borrowed from the array.
 * [MT-Safe] */
#ifndef GRADER_RECORDS_H
#define GRADER_RECORDS_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct records {
	const json_t *begin, *end, *fact, *fault, *skip,
		*sanitizer;     /* the first of each, NULL: none */
	const json_t *broken;   /* the first broken law          */
	const json_t *schedule; /* the one that broke it, NULL: none */
	const json_t *silent;   /* the first planted error that does not count as reported */
	size_t begins, ends, facts, laws, controls;
	bool unknown; /* something that is no record of the format */
};

struct records records_sort(const json_t *array);

#endif
