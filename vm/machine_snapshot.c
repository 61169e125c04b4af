/* The state of a machine that waits for its "go": made once for an image, a QEMU and a command
 * line, kept beside the image. It has seen no submission. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "machine_grade.h"
#include "machine_guest.h"
#include "machine_memory.h"
#include "machine_monitor.h"

enum { BOOT_LIMIT_S = 300, ASK_LIMIT_US = 10000000, KEY_SHOWN = 16, NAMES_MAX = 64 };

/* Where the processors of a machine are that hangs: the lines of "info registers" with a RIP. For
 * who has to find out why: a kernel that waits for an interrupt, or a loop. Returned (free). */
static char *processors_at(struct guest *guest)
{
	struct monitor monitor;
	json_t *answer = NULL;
	guest->deadline_us = clock_us() + ASK_LIMIT_US;
	if (monitor_open(&monitor, guest))
		(void)monitor_ask(&monitor, &answer, "human-monitor-command", "{s:s}",
				  "command-line", "info registers -a"); /* or: no answer */
	monitor_close(&monitor);
	AUTO_FREE char *copy = must_strdup(json_is_string(answer) ? json_string_value(answer) : "");
	json_decref(answer);
	char *text = must_strdup("");
	char *rest = copy;
	for (char *line; (line = strtok_r(rest, "\r\n", &rest)) != NULL;) {
		if (strstr(line, "RIP=") == NULL)
			continue;
		char *longer = must_printf("%s%s\n", text, line);
		free(text);
		text = longer;
	}
	return text;
}

/* Boots to READY and saves into fd; NULL, or why not, and of one that hangs what to see (free). */
static const char *boot_and_save(struct guest *guest, int fd, char **seen)
{
	enum guest_event event = guest_wait(guest, "READY");
	if (event == GUEST_HUNG)
		*seen = processors_at(guest);
	if (event != GUEST_SAID)
		return event == GUEST_ENDED ? "ended before it was ready" : "did not get ready";
	struct monitor monitor;
	bool saved = monitor_open(&monitor, guest) && monitor_save(&monitor, fd);
	monitor_close(&monitor);
	return saved ? NULL : monitor.why;
}

static void make(const struct machine_job *job, const struct words *arguments, unsigned limit_s,
		 int fd)
{
	AUTO_FD int empty = memory_disk("interleave-input", INPUT_DISK_BYTES);
	AUTO_FD int input = memory_copy_fd(empty, "an empty disk", INPUT_DISK_BYTES);
	AUTO_FD int result = memory_disk("interleave-result", RESULT_DISK_BYTES);
	AUTO_FD int kernel = memory_copy_fd(job->image->file[IMAGE_KERNEL], "the kernel", 0);
	AUTO_FD int initrd = memory_copy_fd(job->image->file[IMAGE_INITRD], "the initramfs", 0);
	const struct guest_spec spec = {
		.qemu = job->image->qemu,
		.arguments = *arguments,
		.fd = { -1, -1, -1, kernel, initrd, job->image->file[IMAGE_ROOT],
			job->image->file[IMAGE_PROJECT], input, result, -1, -1, -1 },
		.file_bytes_max = (uint64_t)(job->memory_mib + 256) << 20,
		.limit_s = limit_s,
	};
	struct guest guest;
	guest_start(&guest, &spec);
	AUTO_FREE char *seen = NULL;
	const char *why = boot_and_save(&guest, fd, &seen);
	if (why == NULL && guest_wait(&guest, NULL) != GUEST_ENDED)
		why = "does not end";
	if (!guest_finish(&guest) && why == NULL)
		why = "ended with an error";
	if (why != NULL) {
		AUTO_FREE char *complaints = guest_complaints(&guest);
		AUTO_FREE char *lines = guest_last_lines(&guest);
		die("no saved state of the image in %s: the machine %s\n%s%s%s", job->image->folder,
		    why, complaints, lines, seen != NULL ? seen : "");
	}
	guest_fini(&guest);
}

/* States of images, options and versions that are no more. */
static void remove_others(const char *folder, const char *name)
{
	struct words names = { 0 };
	(void)folder_list(folder, NAMES_MAX, &names); /* what cannot be listed is not removed */
	for (size_t i = 0; i < names.count; i++) {
		if (strncmp(names.item[i], "state-", 6) != 0 || strcmp(names.item[i], name) == 0)
			continue;
		AUTO_FREE char *path = must_printf("%s/%s", folder, names.item[i]);
		(void)unlink(path);
	}
	words_fini(&names);
}

static int open_state(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		die_errno(errno, "cannot read %s", path);
	return fd;
}

int snapshot_open(const struct machine_job *job, bool fresh)
{
	struct words arguments = { 0 };
	guest_throw_away(&arguments, job->driver, job->cpus, job->memory_mib);
	char key[HASH_HEX_BYTES];
	image_state_key(job->image, &arguments, key);
	AUTO_FREE char *name = must_printf("state-%.*s", KEY_SHOWN, key);
	AUTO_FREE char *path = must_printf("%s/%s", job->image->folder, name);
	AUTO_FREE char *part = must_printf("%s/state.part", job->image->folder);
	AUTO_FREE char *lock_path = must_printf("%s/state.lock", job->image->folder);
	int state = fresh ? -1 : open_state(path);
	if (state < 0) { /* one makes it, the others wait */
		AUTO_FD int lock = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		if (lock < 0 || flock(lock, LOCK_EX) != 0)
			die_errno(errno, "cannot save a machine's state in %s; --cold does without",
				  job->image->folder);
		state = fresh ? -1 : open_state(path);
		if (state < 0) {
			AUTO_FD int fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
			if (fd < 0)
				die_errno(errno, "cannot write %s", part);
			/* Who only wants the state may say how long; a boot for a job has its own
			   limit, since the job's counts from "go". */
			make(job, &arguments,
			     fresh && job->limit_s < BOOT_LIMIT_S ? job->limit_s : BOOT_LIMIT_S,
			     fd);
			if (rename(part, path) != 0)
				die_errno(errno, "cannot write %s", path);
			remove_others(job->image->folder, name);
			state = open_state(path);
		}
	}
	words_fini(&arguments);
	return state;
}
