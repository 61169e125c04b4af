/* Includes itself, twice at every level and without end.
 *
 * Row: C3
 * Base: skeleton
 * By: include depth, CPU and wall limit of the compiler's box
 * Expect: compile-error BUILD */
#include __FILE__
#include __FILE__
