/* sandbox/tasks.h - the tasks of a box, as the kernel shows them in the host's /proc. Source:
 * proc(5). What is read is a snapshot of a moving thing: a task may be gone at the next look.
 * [MT-Confined] */
#ifndef GRADER_TASKS_H
#define GRADER_TASKS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TASKS_MAX = 1024 };

struct task {
	pid_t pid;         /* of the thread                                   */
	pid_t process;     /* of its process                                  */
	pid_t parent;      /* of the process; 0 = adopted by init             */
	char state;        /* R S D T t Z X as in proc(5)                     */
	uint64_t wakeups;  /* voluntary switches: how often it went to sleep   */
	uint64_t switches; /* these, and those by preemption                   */
	uint64_t cpu_us;
	uint64_t rss_kib; /* of the process                              */
};

/* Lists all descendants of init (init itself excluded), every thread, in the order of the tree.
 * Returns how many, at most `max`; *cut tells that there were more. */
size_t tasks_list(pid_t init, struct task *list, size_t max, bool *cut);

/* Of all that live below init: resident memory, and CPU time, that of the dead not included. */
struct tasks_sum {
	uint64_t memory_kib, cpu_us;
};
void tasks_sum(pid_t init, struct tasks_sum *sum);

/* Resident memory of all processes below init, in KiB. */
uint64_t tasks_memory_kib(pid_t init);

#endif
