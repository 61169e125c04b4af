/* command/evidence.h - all that judging needs of one grading, as one JSON value: made where the
 * submission ran, judged there or elsewhere. No program is needed where it is judged.
 * {
 *  "format":"interleave-evidence/1", "lab", "seed" (16 hex digits), "submission" (64 hex digits),
 *  "compiler" (only if one was chosen),
 *  "isolation":"full"|"reduced", "missing" (only if reduced), "machine": factor (base/machine.h),
 *  "versions":{"grader_hash","lab_hash","toolchain","features":[]}   (command/versions.h),
 *  "finding":{...}                      only if nothing could run     (intake/finding.h),
 *  "warnings":["..."]                   the compilers',
 *  "records":{"L1.A.1 nat":[record...]} of the last attempt           (harness/README.md),
 *  "attempts":{"L1.A.1 nat":1},
 *  "detectors":{"asan":true}            asked: do they report errors on that machine?
 *  "functions":{"net_listen":["net.c",12]},
 *  "lines":{"nat":{"srv":{"0x12":{"file","line","function"}},"player":{...}}}
 *                                       and under the name of a program that is given,
 *  "second":[...]                       what detectors of others saw  (judge/second.h),
 *  "host":{...}, "stages":{...}         for run.json
 * }
 * Or, where that would be more than EVIDENCE_BYTES_MAX: the first four keys and "too_large":BYTES.
 * Nothing is ever cut: that is no grade. [MT-Confined] */
#ifndef GRADER_EVIDENCE_H
#define GRADER_EVIDENCE_H
#include <jansson.h>

#include "intake/collect.h"
#include "intake/lab.h"

enum { EVIDENCE_BYTES_MAX = 15 << 20 };

extern const char evidence_format[];

/* Control characters in all texts become harmless escapes; others stay. */
void evidence_clean(json_t *value);

/* Writes it to a file. Errors end the program. */
void evidence_write(const char *path, const json_t *evidence);

/* What bytes of whatever origin hold, if it is evidence of this form about this lab: keys, kinds,
 * types, bounds; at most a million values. Returned, its texts clean; or NULL with *why (returned,
 * free), a clean phrase. */
json_t *evidence_parse(const char *bytes, size_t length, const struct lab *lab, char **why);

/* NULL, or why this evidence is of another lab, seed or submission than ours. Returned (free). */
char *evidence_mismatch(const json_t *evidence, const struct lab *lab, const char *seed,
			const struct submission *submission, const char *lab_hash);

#endif
