/* An initialised array of 16 GiB.
 * Expect: compile-error BUILD */
char huge[1L << 34] = { 1 };
