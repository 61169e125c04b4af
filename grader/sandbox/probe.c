/* What this host allows, found by trying, never by configuration. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "sandbox/job.h"
#include "sandbox/landlock.h"

/* Starts an empty file: everything up to exec must work, and the exec of nothing then fails with
 * ENOEXEC. */
static bool try_box(struct box_host *host, char *reason, size_t reason_bytes)
{
	static const char *const argv[] = { "/bin/nothing", NULL };
	AUTO_FD int nothing = memfd_create("nothing", MFD_CLOEXEC);
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
		if (job_start(&job, 0, true, NULL, 0, &box, &fault) == 0) {
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
		(void)snprintf(reason, reason_bytes, "this host gives no sandbox: cannot %s (%s)",
			       fault.step, strerror(fault.error));
	return works;
}

static bool setting_is(const char *path, char wanted)
{
	char value[2] = "";
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, value, sizeof value) > 0 && value[0] == wanted &&
	       (value[1] == '\n' || value[1] == '\0');
}

static const char *namespace_remedy(void)
{
	/* Ubuntu from 23.10 on makes user namespaces that may do nothing. */
	if (geteuid() != 0 &&
	    setting_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1'))
		return "let the administrator install the AppArmor profile vm/apparmor-profile, or "
		       "use the project's VM";
	/* Debian's own switch, on by default. */
	if (geteuid() != 0 && setting_is("/proc/sys/kernel/unprivileged_userns_clone", '0'))
		return "let the administrator set kernel.unprivileged_userns_clone=1 (sysctl), or "
		       "use the project's VM";
	if (setting_is("/proc/sys/user/max_user_namespaces", '0'))
		return "let the administrator set user.max_user_namespaces (sysctl) to 1000 or "
		       "more, or use the project's VM";
	return "use the project's VM, or a host (or container) that allows unprivileged user "
	       "namespaces";
}

static void find_layers(struct box_host *host, bool boxes)
{
	static char landlock[32];
	const char *const group_remedy =
		geteuid() == 0
			? "mount the unified hierarchy, writable and with the controllers memory "
			  "and pids, on /sys/fs/cgroup"
			: "run as root, or under `systemd-run --user --scope -p Delegate=yes`";
	const enum cgroup_kind kind = cgroup_host();
	(void)snprintf(landlock, sizeof landlock, "landlock:%d", landlock_abi());
	const struct box_layer layers[BOX_LAYERS] = {
		{ "namespaces", boxes,
		  "nothing can be run: a submission would see and reach everything that you can",
		  namespace_remedy() },
		{ "seccomp-notify", boxes, "nothing can be run", "a kernel from 5.9 on" },
		{ "landlock", landlock_abi() > 0,
		  "files are kept from a submission by its mount namespace alone",
		  "a kernel from 5.13 on, with landlock in /sys/kernel/security/lsm" },
		{ "kill-group", kind == CGROUP_UNIFIED || kind == CGROUP_HYBRID,
		  "a box ends by the death of its first process alone, and cannot be frozen",
		  kind == CGROUP_V1 ? "mount the unified hierarchy (systemd does)" : group_remedy },
		{ "memory-limit", kind != CGROUP_NONE,
		  "memory is looked at every 10 ms instead of limited by the kernel",
		  group_remedy },
		{ "task-limit", kind != CGROUP_NONE,
		  "processes are limited by RLIMIT_NPROC, which no counter shows", group_remedy },
		{ "own-uids", geteuid() == 0,
		  "submissions run under your own user, each in its own namespace", "run as root" },
		{ "tracer", host->tracer, "tests that make system calls fail are skipped",
		  "kernel.yama.ptrace_scope below 3" },
	};
	memcpy(host->layers, layers, sizeof layers);
	if (landlock_abi() > 0)
		host->layers[2].name = landlock;
}

/* What a mode needs: uids of one's own and the tracer are no part of it. */
static bool is_full(const struct box_host *host)
{
	for (size_t i = 0; i < BOX_LAYERS; i++)
		if (!host->layers[i].present && strcmp(host->layers[i].name, "own-uids") != 0 &&
		    strcmp(host->layers[i].name, "tracer") != 0)
			return false;
	return true;
}

static char *explain(const struct box_host *host, const char *reason)
{
	char *text = must_strdup(reason);
	for (size_t i = 0; i < BOX_LAYERS; i++) {
		const struct box_layer *layer = &host->layers[i];
		if (layer->present || strcmp(layer->name, "own-uids") == 0)
			continue;
		char *longer = must_printf("%s%sno %s: %s (%s)", text, *text != '\0' ? "; " : "",
					   layer->name, layer->costs, layer->remedy);
		free(text);
		text = longer;
		if (host->mode == BOX_MODE_NONE)
			break; /* the others follow from it */
	}
	return text;
}

const struct box_host *box_host_probe(void)
{
	static struct box_host host;
	static bool known;
	char reason[256] = "";
	if (known)
		return &host;
	known = true;
	const bool boxes = try_box(&host, reason, sizeof reason);
	find_layers(&host, boxes);
	host.mode = !boxes ? BOX_MODE_NONE : is_full(&host) ? BOX_MODE_FULL : BOX_MODE_REDUCED;
	if (host.mode != BOX_MODE_FULL)
		host.missing = explain(&host, reason);
	return &host;
}

const char *box_mode_name(enum box_mode mode)
{
	static const char *const names[] = { "full", "reduced", "none" };
	return names[mode];
}
