/* tools/unpack.h - the two readers of build/unpack. Both read descriptor 0, print JSON, and run in
 * a box. [MT-Confined] */
#ifndef GRADER_UNPACK_H
#define GRADER_UNPACK_H
#include <jansson.h>
#include <stdint.h>

/* What one run may take out of an archive. */
struct unpack_limits {
	uint64_t first;       /* number of the entry to begin with                         */
	uint64_t entries;     /* listed in one run                                         */
	uint64_t file_bytes;  /* a larger file is listed as too large and not copied       */
	uint64_t chunk_bytes; /* copied in one run                                         */
};

/* Lists the entries of a zip or tar archive on descriptor 0 and copies the content of the regular
 * files, one after another, to `data`:
 *   {"entries": [{"path": "a.c", "kind": "file", "bytes": 12}, ...], "next": 17, "error": "..."}
 * kind: "file" "folder" "link" "special" "encrypted" "too-large" "unnamed"; a path that is not
 * UTF-8 is shown clean, with "raw": true; "next": where the next run goes on, null at the end;
 * "error": it is damaged, or no archive. Returned. */
json_t *unpack_archive(const struct unpack_limits *limits, int data);

/* The YAML text on descriptor 0 as JSON; scalars are texts, ":name" and "name" are one key. null if
 * it is none, or holds a tag, an alias, or more than we expect. Returned. */
json_t *unpack_yaml(void);

#endif
