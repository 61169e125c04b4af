/* Playing: the mapping, the prepared state, one execution after the other.
 *
 * Reset in place: the submission's data are put back as they were when runtime_start was called,
 * and with them each thread's stack and thread-local block; heap and tables start anew. Of libc's
 * own state nothing is put back: functions with such state are not in hooks.map. An execution in a
 * fork of the prepared process must give the same hash; the examiner compares. */
#include "runtime/runtime.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/arena.h"
#include "runtime/fiber.h"
#include "runtime/files.h"
#include "runtime/object.h"
#include "runtime/phases.h"
#include "runtime/process.h"
#include "runtime/scheduler.h"
#include "runtime/state.h"
#include "runtime/threads.h"
#include "runtime/trie.h"

struct runtime *rt;
struct thread *self;

/* hooks.map's companion: the submission's .data and .bss are renamed to these. */
extern char __start_explored_data[] __attribute__((weak));
extern char __stop_explored_data[] __attribute__((weak));
extern char __start_explored_bss[] __attribute__((weak));
extern char __stop_explored_bss[] __attribute__((weak));

static char *data_image, *bss_image;

struct explore_area *runtime_area(void)
{
	return (struct explore_area *)HARNESS_AT;
}

static size_t data_bytes(void)
{
	return (uintptr_t)__stop_explored_data - (uintptr_t)__start_explored_data;
}

static size_t bss_bytes(void)
{
	return (uintptr_t)__stop_explored_bss - (uintptr_t)__start_explored_bss;
}

/* The area, the state, and what the submission's data are put back from. */
static int harness_map(int file)
{
	const size_t area = (sizeof(struct explore_area) + 4095) & ~(size_t)4095;
	const size_t state = (sizeof(struct runtime) + 4095) & ~(size_t)4095;
	const size_t images = data_bytes() + bss_bytes();
	char *base = (char *)HARNESS_AT;

	static_assert(sizeof(struct explore_area) + sizeof(struct runtime) + 8192 < HARNESS_BYTES,
		      "room for all");
	if (images > HARNESS_BYTES - area - state)
		return ENOMEM;
	const void *shared = mmap(base, area, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_FIXED_NOREPLACE, file, 0);
	const void *own = mmap(base + area, state + images, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
			       -1, 0);
	if (shared == MAP_FAILED || own == MAP_FAILED)
		return errno;
	rt = (struct runtime *)(void *)(base + area);
	data_image = base + area + state;
	bss_image = data_image + data_bytes();
	const struct explore_area *a = runtime_area();
	/* cppcheck-suppress memleak ; they stay, at known addresses */
	return a->magic == EXPLORE_MAGIC && a->version == EXPLORE_VERSION && a->bytes == sizeof(*a)
		       ? 0
		       : EPROTO;
}

int runtime_start(int file, runtime_call_fn *call)
{
	int err = harness_map(file);

	if (!err)
		err = arena_start();
	if (!err)
		err = fiber_start();
	if (!err)
		err = process_start();
	if (err)
		return err;
	rt->call = call;
	memcpy(data_image, __start_explored_data, data_bytes());
	memcpy(bss_image, __start_explored_bss, bss_bytes());
	return 0;
}

static void reset(void)
{
	memcpy(__start_explored_data, data_image, data_bytes());
	memcpy(__start_explored_bss, bss_image, bss_bytes());
	for (unsigned i = 0; i < rt->threads; i++)
		fiber_reset(&rt->thread[i]);
	arena_reset();
	objects_reset();
	files_reset();
	thread_keys_reset();
	trie_trim(&rt->stacks);
	trie_trim(&rt->locksets);
	rt->fence_clock = rt->returned_clock = (struct clock){ 0 };
	rt->history_count = 0;
	rt->planted = 0;
	rt->generation++;
}

static void play_here(void)
{
	struct explore_answer *a = rt->answer;

	reset();
	scheduler_run();
	fork_reap();
	if (a->end == EXPLORE_END_DONE && a->finding.kind != EXPLORE_FINDING_NONE)
		a->end = EXPLORE_END_FINDING; /* a child's */
	a->hash = rt->hash;
	a->clock_ns = rt->clock_ns;
	a->points = rt->points;
	a->preemptions = rt->preemptions;
	a->choices = rt->choices < EXPLORE_CHOICES ? rt->choices : EXPLORE_CHOICES;
	a->blocks = rt->blocks_live;
	a->bytes = rt->bytes_live;
	a->created = rt->created;
}

/* In a child: what it does to itself is gone with it. */
static void play_forked(void)
{
	int status = 0;
	pid_t pid = (pid_t)syscall(SYS_fork);

	if (pid == 0) {
		play_here();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
		rt->answer->end = EXPLORE_END_BROKEN;
}

static void answer_clear(struct explore_answer *a, uint64_t index)
{
	memset(a, 0, offsetof(struct explore_answer, history));
	a->index = index;
	memset(a->history, 0, rt->script.ops * sizeof(a->history[0]));
	a->finding.kind = EXPLORE_FINDING_NONE;
}

unsigned runtime_play(unsigned first, unsigned count)
{
	struct explore_area *area = runtime_area();
	bool good = phases_load(&area->script);

	for (unsigned i = 0; i < count && first + i < EXPLORE_SLOTS; i++) {
		rt->slot = &area->slot[first + i];
		rt->answer = &rt->slot->answer;
		rt->plan = &area->plan[first + i];
		rt->flags = rt->plan->flags;
		if (rt->flags & EXPLORE_VT) /* one schedule, and no clocks for stale loads */
			rt->flags &= ~(uint32_t)EXPLORE_WEAK;
		answer_clear(rt->answer, rt->plan->index);
		if (!good || (rt->flags & ~(uint32_t)EXPLORE_FLAGS) ||
		    rt->plan->strategy >= EXPLORE_STRATEGIES || rt->plan->plant >= EXPLORE_PLANTS)
			rt->answer->end = EXPLORE_END_BROKEN;
		else if (rt->flags & EXPLORE_FORK)
			play_forked();
		else
			play_here();
		if (rt->answer->end == EXPLORE_END_FINDING || rt->answer->end == EXPLORE_END_BROKEN)
			return i + 1;
	}
	return count;
}
