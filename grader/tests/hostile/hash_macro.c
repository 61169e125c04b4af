/* A macro whose text is a '#' forges a line marker in the preprocessor's output: what follows would
 * pass for a system header.
 *
 * Row: C8
 * Base: skeleton
 * By: directives are an allow-list
 * Expect: policy POL */
#define HASH #
_Pragma("GCC diagnostic push") HASH
	1 "/usr/include/stdio.h" 3 __asm__(".globl smuggled\nsmuggled: syscall");
