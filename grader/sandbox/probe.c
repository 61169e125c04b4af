/* What this host allows, found by trying, never by configuration. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/job.h"

/* Starts an empty file: everything up to exec must work, and the exec of nothing then fails with
 * ENOEXEC. */
static bool try_box(struct box_host *host, char *reason, size_t reason_bytes)
{
	static const char *const argv[] = { "/bin/nothing", NULL };
	AUTO_FD int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const struct box_file files[] = { { .path = "/bin/nothing", .fd = nothing, .mode = 0555 },
					  { .path = NULL } };
	const struct box_spec spec = {
		.policy = BOX_POLICY_LAB1, .argv = argv, .files = files, .input = -1
	};
	struct box_fault fault = { .step = "execute the program", .error = 0 };
	struct job job;
	struct box box;
	bool works = false;
	if (job_open(&job, &spec, 1, &fault) == 0) {
		if (job_start(&job, 0, NULL, 0, &box, &fault) == 0) {
			host->tracer = ptrace(PTRACE_SEIZE, box.main, NULL, PTRACE_O_EXITKILL) == 0;
			if (host->tracer && ptrace(PTRACE_INTERRUPT, box.main, NULL, NULL) == 0 &&
			    waitpid(box.main, NULL, __WALL) == box.main)
				(void)ptrace(PTRACE_DETACH, box.main, NULL, NULL);
			box_go(&box);
			enum box_event event;
			while ((event = box_read(&box, true, &fault)) == BOX_EVENT_NONE)
				;
			works = event == BOX_EVENT_FAULT && fault.error == ENOEXEC;
		}
		box_destroy(&box);
		job_close(&job);
	}
	if (!works)
		(void)snprintf(reason, reason_bytes, "cannot %s (%s)", fault.step,
			       strerror(fault.error));
	return works;
}

const struct box_host *box_host_probe(void)
{
	static struct box_host host;
	static bool known;
	static char reason[256], text[512];
	if (known)
		return &host;
	known = true;
	if (!try_box(&host, reason, sizeof reason)) {
		host.mode = BOX_MODE_NONE;
		(void)snprintf(
			text, sizeof text,
			"this host gives no sandbox: %s. Use the project's VM, or allow "
			"unprivileged user namespaces "
			"(on Ubuntu 24.04 by an AppArmor profile, see grader/sandbox/README.md).",
			reason);
		host.missing = text;
	} else if (cgroup_host() == CGROUP_NONE) {
		host.mode = BOX_MODE_REDUCED;
		host.missing =
			"no control group may be made here, so memory and tasks are limited by "
			"polling and rlimits: "
			"run as root, or under `systemd-run --user --scope -p Delegate=yes`.";
	}
	return &host;
}
