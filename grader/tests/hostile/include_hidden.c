/* Includes the reference from where the grader lives, as its own answer.
 *
 * Row: C1
 * Base: skeleton
 * By: the compiler's box holds no file of the host
 * Expect: compile-error BUILD */
#include "@ROOT@/solutions/1-fork-server/reference/net.c"
#define net_listen     skeleton_net_listen
#define net_read_full  skeleton_net_read_full
#define net_write_full skeleton_net_write_full
