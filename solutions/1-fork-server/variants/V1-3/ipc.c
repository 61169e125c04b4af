/* ipc.c - a counter shared between processes: one page that fork does not copy, one atomic in it.
 * An atomic addition is one instruction: a process killed before or after it holds nothing. */
#include "1-fork-server/fork_server.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>

struct ipc_counter {
	_Atomic uint64_t value;
};
static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a hidden lock would die with its owner");

int ipc_counter_create(struct ipc_counter **out)
{
	void *page = mmap(NULL, sizeof(struct ipc_counter), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return errno;
	*out = page; /* zeroed by the kernel, which is the counter's first value */
	return 0;
}

uint64_t ipc_counter_next(struct ipc_counter *c)
{
	return atomic_fetch_add(&c->value, 1) + 1;
}

void ipc_counter_destroy(struct ipc_counter *c)
{
	if (c)
		(void)munmap(c, sizeof(*c));
}
