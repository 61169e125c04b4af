/* intake/elf_audit.h - what an object of a submission holds that its source may not ask for.
 * Source: the object audit of the sandbox design; elf(5), libelf. Runs in a box: the bytes are
 * hostile. [MT-Confined] */
#ifndef GRADER_ELF_AUDIT_H
#define GRADER_ELF_AUDIT_H
#include <jansson.h>
#include <stdbool.h>

/* Reads one relocatable object:
 * {"refused":[{"id":"constructor","what":"...","symbol":"name or absent"},...],
 *  "globals":["net_listen",...],"imports":["memcpy",...],"functions":{...}}
 * globals are the defined functions that other objects can see, imports the undefined names,
 * functions what elf_code tells. `instrumented`: the compiler's own entry in .init_array.00099 and
 * .fini_array.00099, one each, and its calls of the run-times are expected. Returned; NULL if it is
 * no such object. */
json_t *elf_audit(int fd, bool instrumented);

#endif
