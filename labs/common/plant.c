/* Commits one error on purpose. The values come when nothing of the submission can run any more:
 * signals are blocked first, and the calls are made directly, past whatever stands before libc's.
 */
#include "plant.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__clang__)
#define ALONE __attribute__((noinline))
#else
#define ALONE __attribute__((noipa))
#endif

/* Functions of their own, neither inlined nor cloned: the report must name them. The compiler must
 * neither see the error nor leave the access out. */
static ALONE uint8_t plant_heap_read(const volatile uint8_t *block, size_t at)
{
	return block[at];
}

static ALONE void plant_heap_write(volatile uint8_t *block, size_t at)
{
	block[at] = 1;
}

static ALONE uint8_t plant_freed_read(const volatile uint8_t *block, size_t at)
{
	return block[at];
}

/* The compiler does not know this pointer: it must neither warn of the error nor make use of it. */
static uint8_t *unknown(uint8_t *block)
{
	__asm__ volatile("" : "+r"(block));
	return block;
}

/* This file alone is compiled so that a program goes on after an overflow. */
static ALONE int plant_overflow(int left, int right)
{
	return left + right;
}

static void commit(const struct plant_order *order)
{
	uint8_t *block = calloc(1, order->bytes);

	volatile int sum = plant_overflow(order->left, order->right);
	(void)sum;
	if (!block)
		return;
	uint8_t *alias = unknown(block);
	switch ((enum plant_kind)order->kind) {
	case PLANT_HEAP_READ:
		(void)plant_heap_read(alias, order->bytes + order->offset);
		break;
	case PLANT_HEAP_WRITE:
		plant_heap_write(alias, order->bytes + order->offset);
		break;
	case PLANT_FREED_READ:
		free(block);
		(void)plant_freed_read(alias, order->offset);
		return;
	}
	free(block);
}

/* In the run-time of UBSan; NULL in builds without. It runs at the first report, beside ASan, and
 * has no name in C. */
extern void ubsan_init(void) __asm__("_ZN7__ubsan27InitAsStandaloneIfNecessaryEv")
	__attribute__((weak));

void plant_prepare(void)
{
	if (ubsan_init)
		ubsan_init();
}

void plant_serve(int socket)
{
	const char ready = CL_PLANT_READY;
	struct plant_order order;
	sigset_t all;

	(void)sigfillset(&all);
	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, _NSIG / 8) ||
	    syscall(SYS_write, socket, &ready, sizeof(ready)) != (long)sizeof(ready) ||
	    syscall(SYS_read, socket, &order, sizeof(order)) != (long)sizeof(order))
		return;
	if (order.magic == CL_PLANT_MAGIC)
		commit(&order);
}
