/* Runs one command in a box of its own, and finds out what the host allows. */
#include "sandbox/box.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/beneath.h"
#include "base/clock.h"
#include "base/machine.h"
#include "sandbox/job.h"
#include "sandbox/stream.h"

enum {
	DEFAULT_WALL_MS = 60000,
	DEFAULT_OUTPUT_BYTES = 64 << 10,
	FLOOD_FACTOR = 64,   /* so many times what is kept: then it is no output but an attack */
	MEMORY_POLL_MS = 10, /* where no control group limits memory                           */
	LOOK_MS = 100,       /* at the clocks                                                  */
};

/* Everything that we look at from time to time. */
static bool is_over(const struct box *box, struct box_result *result, uint64_t deadline_us)
{
	const enum box_excess excess = box_excess(box);
	if (excess == BOX_EXCESS_NONE && clock_us() < deadline_us)
		return false;
	result->status = excess == BOX_EXCESS_MEMORY ? BOX_MEMORY_LIMIT
			 : excess == BOX_EXCESS_CPU  ? BOX_CPU_LIMIT
						     : BOX_WALL_LIMIT;
	return true;
}

static void set_fault(struct box_result *result, const char *step, int error)
{
	result->status = BOX_SETUP_FAILED;
	result->error = error;
	(void)snprintf(result->step, sizeof result->step, "%s", step);
}

static void set_end(struct box_result *result, int wait_status)
{
	result->status = WIFSIGNALED(wait_status) ? BOX_SIGNALLED : BOX_EXITED;
	result->code = WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
	if (result->status == BOX_SIGNALLED && result->code == SIGXCPU)
		result->status = BOX_CPU_LIMIT;
}

/* Waits for the end of the program, keeps its output, enforces the limits that the kernel does not.
 */
static void box_watch(struct box *box, const struct box_spec *spec, struct stream streams[2],
		      struct box_result *result)
{
	enum { OUT, ERR, CONTROL, GUARD, SLOTS };
	const unsigned wall_ms = spec->limits.wall_ms > 0 ? spec->limits.wall_ms : DEFAULT_WALL_MS;
	const uint64_t deadline_us = clock_us() + (uint64_t)wall_ms * 1000 * machine_factor();
	const int look_ms = box->group.kind == CGROUP_NONE ? MEMORY_POLL_MS : LOOK_MS;
	struct box_fault fault = { .error = 0 };
	struct pollfd polls[SLOTS] = {
		[OUT] = { .fd = box->output[0], .events = POLLIN },
		[ERR] = { .fd = box->output[1], .events = POLLIN },
		[CONTROL] = { .fd = box->control, .events = POLLIN },
		[GUARD] = { .events = POLLIN },
	};
	for (uint64_t looked_us = clock_us(); !box->ended;) {
		polls[GUARD].fd = box->guard.listener;
		int ready = poll(polls, SLOTS, look_ms);
		uint64_t now_us = clock_us();
		if (now_us - looked_us >= (uint64_t)look_ms * 1000) {
			looked_us = now_us;
			if (is_over(box, result, deadline_us))
				return;
		}
		if (ready <= 0)
			continue;
		for (size_t i = 0; i < 2; i++) {
			if (polls[i].revents != 0 && !stream_drain(&streams[i], polls[i].fd))
				polls[i].fd = -1;
			if (streams[i].seen > streams[i].limit * FLOOD_FACTOR) {
				result->status = BOX_OUTPUT_LIMIT;
				return;
			}
		}
		if (polls[GUARD].revents != 0 && box_guard(box)) {
			result->status = box->guard.violation >= 0 ? BOX_VIOLATION : BOX_CPU_LIMIT;
			return;
		}
		enum box_event event = polls[CONTROL].revents != 0 ? box_read(box, false, &fault)
								   : BOX_EVENT_NONE;
		if (event == BOX_EVENT_FAULT) {
			set_fault(result, fault.step, fault.error);
			return;
		}
		if (event == BOX_EVENT_GONE) {
			set_fault(result, "watch the program", ECHILD);
			return;
		}
	}
	set_end(result, box->wait_status);
}

static void take_usage(const struct box *box, struct box_result *result)
{
	struct box_usage usage;
	box_account(box, &usage);
	result->peak_kib = usage.group.peak_kib;
	result->cpu_us = usage.group.cpu_us;
	result->cpu_user_us = usage.group.user_us;
	result->cpu_system_us = usage.group.system_us;
	result->tasks_peak = usage.group.tasks_peak;
	result->tasks_refused = usage.group.tasks_refused;
	result->disk_kib = usage.disk_kib;
	result->inodes = usage.inodes;
	result->denied = guard_denied(&box->guard);
	result->rings = guard_rings(&box->guard);
	/* The kernel may have ended init along with the rest of the group. */
	if (usage.group.oom && (result->status != BOX_SETUP_FAILED || box->gone))
		result->status = BOX_MEMORY_LIMIT;
}

void box_run(const struct box_spec *spec, struct box_result *result)
{
	const uint64_t start_us = clock_us();
	const size_t limit = spec->limits.output_bytes > 0 ? spec->limits.output_bytes
							   : DEFAULT_OUTPUT_BYTES;
	struct stream streams[2];
	struct box_fault fault = { .error = 0 };
	struct job job;
	struct box box;
	*result = (struct box_result){ .out_dir = -1 };
	for (size_t i = 0; i < 2; i++)
		stream_init(&streams[i], limit);
	job_open_alone(&job, spec);
	if (job_start(&job, 0, false, NULL, 0, &box, &fault) != 0) {
		set_fault(result, fault.step, fault.error);
	} else {
		box_go(&box);
		box_watch(&box, spec, streams, result);
		result->orphans = box.ended ? box_processes(&box) : 0;
	}
	/* What stands in the pipes is read when nobody who could write is left. */
	box_end(&box);
	take_usage(&box, result);
	for (size_t i = 0; i < 2; i++)
		stream_drain_rest(&streams[i], box.output[i]);
	result->out_dir = take_fd(&box.dirs[BOX_DIR_OUT]);
	box_destroy(&box);
	result->out = streams[0].text;
	result->err = streams[1].text;
	result->out_bytes = streams[0].kept;
	result->err_bytes = streams[1].kept;
	result->out_cut = streams[0].seen > streams[0].kept;
	result->err_cut = streams[1].seen > streams[1].kept;
	result->wall_us = clock_us() - start_us;
}

void box_result_fini(struct box_result *result)
{
	free(result->out);
	free(result->err);
	json_decref(result->denied);
	json_decref(result->rings);
	if (result->out_dir >= 0)
		(void)close(result->out_dir);
	*result = (struct box_result){ .out_dir = -1 };
}

int box_out_open(const struct box_result *result, const char *name, uint64_t max_bytes)
{
	AUTO_FD int fd = beneath_open(result->out_dir, name, O_RDONLY, 0, true);
	if (fd < 0)
		return fd;
	struct stat info;
	if (fstat(fd, &info) < 0)
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	if ((uint64_t)info.st_size > max_bytes)
		return -EFBIG;
	return take_fd(&fd);
}
