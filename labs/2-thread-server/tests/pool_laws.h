/* pool_laws.h - what pool_judge.c looks at, in the words that a student reads. */
#ifndef LAB2_POOL_LAWS_H
#define LAB2_POOL_LAWS_H
#include "evidence.h"

static const struct law NOT_WRITTEN = { .finding = "not-written",
					.name = "the function is written" };
static const struct law CANNOT_CREATE = { .finding = "cannot-create", .name = "a pool is made" };
static const struct law LEFT_BEHIND = {
	.finding = "threads-left-behind",
	.name = "a failing pool_create leaves nothing behind",
	.why = "Who fails half-way undoes the first half: the threads that were started are told "
	       "to "
	       "end, and joined.",
};
static const struct law HIDDEN = {
	.finding = "thread-failure-hidden",
	.name = "pool_create tells that a thread could not be made",
	.why = "A pool has exactly as many workers as were asked for, or it is none.",
};
static const struct law WRONG_STATUS = {
	.finding = "wrong-status",
	.name = "every call says what the header allows",
	.why = "The caller acts upon what a function says: thread_server.h lists it.",
};
static const struct law CANCELLED_RUNS = {
	.finding = "refused-task-ran",
	.name = "a task that was refused does not run",
	.why = "After an error the argument still belongs to the caller, who may have released it.",
};
static const struct law LOST = {
	.finding = "task-lost",
	.name = "an accepted task runs",
	.why = "Only pool_shutdown(p, 0) may drop what was accepted.",
};
static const struct law TWICE = {
	.finding = "task-ran-twice",
	.name = "a task runs once",
	.why = "Taking a task out of the queue is one step, under the lock.",
};
static const struct law STRANGE = {
	.finding = "unknown-task",
	.name = "only what was submitted runs",
	.why = "A worker takes a task only if there is one.",
};
static const struct law IDLE_EARLY = {
	.finding = "idle-too-early",
	.name = "pool_wait_idle waits until the tasks have finished",
	.why = "A task that was taken out of the queue is not finished yet.",
};
static const struct law SHUTDOWN_EARLY = {
	.finding = "shutdown-too-early",
	.name = "after pool_shutdown nothing runs",
	.why = "pool_shutdown returns when all workers have been joined; so does a second one.",
};
static const struct law AFTER_SHUTDOWN = {
	.finding = "accepted-after-shutdown",
	.name = "a pool that is shut down accepts nothing",
	.why = "Nobody is left to run the task.",
};
static const struct law PER_TASK = {
	.finding = "thread-per-task",
	.name = "a pool of n has n threads, and no more are ever made",
	.why = "A pool is there so that threads are not made for each task.",
};
static const struct law TOO_FEW = {
	.finding = "too-few-threads",
	.name = "a pool of n has n threads",
	.why = "pool_create starts all workers.",
};
#endif
