/* Runs one command in a box of its own, and finds out what the host allows. */
#include "sandbox/box.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "sandbox/job.h"
#include "sandbox/stream.h"
#include "sandbox/tasks.h"

enum {
	DEFAULT_WALL_MS = 60000,
	DEFAULT_OUTPUT_BYTES = 64 << 10,
	FLOOD_FACTOR = 64,   /* so many times what is kept: then it is no output but an attack */
	MEMORY_POLL_MS = 10, /* where no control group limits memory                           */
};

/* Waits for the end of the program, keeps its output, enforces the limits that the kernel does not.
 */
static void box_watch(struct box *box, const struct box_spec *spec, struct stream streams[2],
		      struct box_result *result)
{
	const unsigned wall_ms = spec->limits.wall_ms > 0 ? spec->limits.wall_ms : DEFAULT_WALL_MS;
	const uint64_t memory_kib = (spec->limits.memory_bytes > 0 ? spec->limits.memory_bytes
								   : 256u << 20) /
				    1024;
	const uint64_t deadline_us = clock_us() + (uint64_t)wall_ms * 1000;
	const bool grouped = box->group.kind != CGROUP_NONE;
	struct box_fault fault = { .error = 0 };
	struct pollfd polls[3] = {
		{ .fd = box->output[0], .events = POLLIN },
		{ .fd = box->output[1], .events = POLLIN },
		{ .fd = box->control, .events = POLLIN },
	};
	while (!box->ended) {
		uint64_t now = clock_us();
		if (now >= deadline_us) {
			result->status = BOX_WALL_LIMIT;
			return;
		}
		if (!grouped && tasks_memory_kib(box->init) > memory_kib) {
			result->status = BOX_MEMORY_LIMIT;
			return;
		}
		int timeout_ms = grouped ? (int)((deadline_us - now) / 1000 + 1) : MEMORY_POLL_MS;
		if (poll(polls, 3, timeout_ms) < 0)
			continue;
		for (size_t i = 0; i < 2; i++) {
			if (polls[i].revents != 0 && !stream_drain(&streams[i], polls[i].fd))
				polls[i].fd = -1;
			if (streams[i].seen > streams[i].limit * FLOOD_FACTOR) {
				result->status = BOX_OUTPUT_LIMIT;
				return;
			}
		}
		enum box_event event = polls[2].revents != 0 ? box_read(box, false, &fault)
							     : BOX_EVENT_NONE;
		if (event == BOX_EVENT_FAULT || event == BOX_EVENT_GONE) {
			result->status = BOX_SETUP_FAILED;
			result->error = event == BOX_EVENT_FAULT ? fault.error : ECHILD;
			(void)snprintf(result->step, sizeof result->step, "%s",
				       event == BOX_EVENT_FAULT ? fault.step : "watch the program");
			return;
		}
	}
	result->status = WIFSIGNALED(box->wait_status) ? BOX_SIGNALLED : BOX_EXITED;
	result->code = WIFSIGNALED(box->wait_status) ? WTERMSIG(box->wait_status)
						     : WEXITSTATUS(box->wait_status);
}

static void set_fault(struct box_result *result, const struct box_fault *fault)
{
	result->status = BOX_SETUP_FAILED;
	result->error = fault->error;
	(void)snprintf(result->step, sizeof result->step, "%s", fault->step);
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
	if (job_open(&job, spec, 1, &fault) != 0) {
		set_fault(result, &fault);
	} else {
		if (job_start(&job, 0, NULL, 0, &box, &fault) != 0) {
			set_fault(result, &fault);
		} else {
			box_go(&box);
			box_watch(&box, spec, streams, result);
		}
		struct cgroup_usage usage;
		cgroup_usage(&box.group, &usage);
		result->peak_kib = usage.peak_kib;
		result->cpu_us = usage.cpu_us;
		/* The kernel may have ended init along with the rest of the group. */
		if (usage.oom && (result->status != BOX_SETUP_FAILED || box.gone))
			result->status = BOX_MEMORY_LIMIT;
		/* What stands in the pipes is read when nobody who could write is left. */
		box_end(&box);
		for (size_t i = 0; i < 2; i++)
			stream_drain_rest(&streams[i], box.output[i]);
		result->out_dir = box.out_dir;
		box_destroy(&box);
		job_close(&job);
	}
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
	if (result->out_dir >= 0)
		(void)close(result->out_dir);
	*result = (struct box_result){ .out_dir = -1 };
}

int box_out_open(const struct box_result *result, const char *name, uint64_t max_bytes)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	AUTO_FD int fd = (int)syscall(SYS_openat2, result->out_dir, name, &how, sizeof how);
	if (fd < 0)
		return -errno;
	struct stat info;
	if (fstat(fd, &info) < 0)
		return -errno;
	if (!S_ISREG(info.st_mode))
		return -EINVAL;
	if ((uint64_t)info.st_size > max_bytes)
		return -EFBIG;
	return take_fd(&fd);
}
