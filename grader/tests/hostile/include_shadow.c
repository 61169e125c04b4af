/* Lets the compiler read a file of the host and quote it in its errors.
 *
 * Row: C1
 * Base: skeleton
 * By: the compiler's box holds no file of the host
 * Expect: compile-error BUILD */
#include "/etc/shadow"
