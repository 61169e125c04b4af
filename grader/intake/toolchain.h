/* intake/toolchain.h - which compiler, linker and libc made the programs: part of every grade.
 * [MT-Safe] */
#ifndef GRADER_TOOLCHAIN_H
#define GRADER_TOOLCHAIN_H

/* "gcc 12.2.0-14+deb12u1, clang 1:14.0.6-12, binutils 2.40-2, libc6 2.36-9+deb12u10": the versions
 * of the installed packages. Returned (free). */
char *toolchain_text(void);

/* The same from the text of a dpkg status file. For tests of its own. */
char *toolchain_from_status(const char *status);

#endif
