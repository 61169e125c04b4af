/* An initialised array of 16 GiB.
 *
 * Row: C5
 * Base: skeleton
 * By: file size limit and memory of the compiler's box
 * Expect: compile-error BUILD */
char huge[1L << 34] = { 1 };
