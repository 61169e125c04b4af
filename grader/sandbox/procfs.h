/* sandbox/procfs.h - reads small files of the kernel's /proc. Source: proc(5). [MT-Safe] */
#ifndef GRADER_PROCFS_H
#define GRADER_PROCFS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads /proc/PID/NAME into text, cut at bytes - 1 and always ended by NUL. False if there is
 * nothing to read. */
bool proc_read(pid_t pid, const char *name, char *text, size_t bytes);

/* The number behind a label ("Anonymous:"), or 0. */
uint64_t proc_number(const char *text, const char *label, int base);

/* The inode in the target of a descriptor's link: proc_inode("socket:[17]", "socket") is 17; else
 * 0. */
uint64_t proc_inode(const char *target, const char *kind);

#endif
