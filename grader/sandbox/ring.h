/* sandbox/ring.h - the io_uring broker. A ring walks past seccomp: it opens files and sockets that
 * the filter denies. So the program's io_uring_setup is held, a ring of ours is made, restricted to
 * an allow-list, and put into the program; unmodified liburing programs never notice. Source:
 * io_uring_register(2) (IORING_REGISTER_RESTRICTIONS), seccomp_unotify(2). */
#ifndef GRADER_RING_H
#define GRADER_RING_H
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/types.h>

enum { RING_ENTRIES_MAX = 4096 };

/* Answers one held io_uring_setup: gives the caller a restricted ring, or returns the errno that it
 * is to get, with nothing answered. *flags is what it asked for. [MT-Safe]
 *
 * A ring with IORING_SETUP_SINGLE_ISSUER is handed over disabled, because the task that enables a
 * ring becomes its issuer: that program calls io_uring_enable_rings itself, and gets EBADFD until
 * then. */
int ring_hand_over(int listener, const struct seccomp_notif *call, uint32_t *flags);

/* How many descriptors of rings a process has. [MT-Safe] */
unsigned ring_count(pid_t process);

#endif
