/* intake/elf_map.h - names, addresses and lines of a linked program. Runs in a box: the debug data
 * is hostile. Source: elf(5), DWARF 5, libelf, libdw. Addresses are those of the link.
 * [MT-Confined] */
#ifndef GRADER_ELF_MAP_H
#define GRADER_ELF_MAP_H
#include <jansson.h>

/* {"text":[start,end],"functions":{"name":address},"lines":{"name":["net.c",42]},"needed":["libc.so.6"]}:
 * the section student_text, every function symbol, where the functions of student_text begin, and
 * the shared libraries that the program wants. NULL if the program cannot be read or has no such
 * section. Returned. */
json_t *elf_map(int fd);

/* {"0x1a2f":{"file":"net.c","line":42,"function":"net_read_full"},...} for return addresses: the
 * line is that of the call in front of it. Addresses without a line are left out. Returned. */
json_t *elf_lines(int fd, char *const *addresses);

/* The names of the shared libraries that a program or library wants. Returned. */
json_t *elf_needed(int fd);

#endif
