/* Lets the compiler read a file of the host and quote it in its errors.
 * Expect: compile-error BUILD */
#include "/etc/shadow"
