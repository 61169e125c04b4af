/* intake/elf_code.h - what the machine code of an object does: instructions that no C needs,
 * accesses, hooks, calls. Source: System V ABI, AMD64 supplement (argument and saved registers);
 * capstone. Runs in a box. [MT-Confined] */
#ifndef GRADER_ELF_CODE_H
#define GRADER_ELF_CODE_H
#include <jansson.h>
#include <libelf.h>
#include <stdbool.h>

/* Disassembles every section of code, anew at each function. Refused instructions go to `refused`
 * as
 * {"id","what","symbol"}. Returned: {"net_listen":{"accesses":N,"hooks":N,"calls":{"memcpy":N}}}, a
 * cold part counted with its function. accesses: those which any instrumentation must precede by a
 * hook, for certain: through a pointer that came in as an argument, or was loaded through such a
 * one. hooks: calls of the address or thread sanitizer's checks. calls: direct ones, other than of
 * run-times. */
json_t *elf_code(Elf *elf, json_t *refused);

/* Names of functions that return a structure, from the debug data, as keys: the ABI gives them a
 * pointer to the caller's stack that no hook guards. NULL if there is no debug data. The descriptor
 * is borrowed. Returned. */
json_t *elf_returns(int fd);

#endif
