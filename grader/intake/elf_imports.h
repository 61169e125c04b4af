/* intake/elf_imports.h - which undefined names an object may have. [MT-Confined] */
#ifndef GRADER_ELF_IMPORTS_H
#define GRADER_ELF_IMPORTS_H
#include <jansson.h>
#include <stdbool.h>

/* Why no program needs the name, as a phrase; NULL if it may be imported. instrumented: the names
 * that the compiler's own checks call are allowed. */
const char *elf_import_reason(const char *name, bool instrumented);

/* Adds the global names that an object or an archive of ours defines, as keys. false: it is
 * neither. The descriptor is borrowed. */
bool elf_definitions(int fd, json_t *names);

#endif
