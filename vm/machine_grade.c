/* One submission in a machine that exists for it alone: restored from the state of one that waits
 * for its "go", or booted. */
#include "machine_grade.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "machine_guest.h"
#include "machine_memory.h"
#include "machine_monitor.h"

enum { RANDOM_BYTES = 32, GO_BYTES = 8 + 2 * RANDOM_BYTES };

/* "go", and what the guest's kernel mixes into its randomness: a restored one would else draw what
 * others drew. */
static void say_go(struct guest *guest)
{
	unsigned char random[RANDOM_BYTES];
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		die_errno(errno, "no random bytes");
	char line[GO_BYTES];
	int length = snprintf(line, sizeof line, "go ");
	for (size_t i = 0; i < sizeof random; i++)
		length += snprintf(line + length, sizeof line - (size_t)length, "%02x", random[i]);
	(void)snprintf(line + length, sizeof line - (size_t)length, "\n");
	guest_type(guest, line);
}

/* Why there is no result, or NULL: the guest ended by itself. */
static const char *run(struct guest *guest, bool restored)
{
	static const char *const reasons[] = {
		[GUEST_SAID] = NULL,
		[GUEST_ENDED] = NULL,
		[GUEST_HUNG] = "did not come to its end within the limit",
		[GUEST_FLOODED] = "flooded its serial line",
	};
	if (restored) {
		struct monitor monitor;
		bool resumed = monitor_open(&monitor, guest) && monitor_resume(&monitor);
		monitor_close(&monitor);
		if (!resumed)
			return monitor.why;
	} else {
		enum guest_event event = guest_wait(guest, "READY");
		if (event == GUEST_ENDED)
			return "ended before it was ready";
		if (event != GUEST_SAID)
			return reasons[event];
	}
	auto_close(&guest->monitor); /* from here on nobody listens to it */
	guest->monitor = -1;
	say_go(guest);
	return reasons[guest_wait(guest, NULL)];
}

static void report(const struct guest *guest, const char *why)
{
	AUTO_FREE char *complaints = guest_complaints(guest);
	AUTO_FREE char *lines = guest_last_lines(guest);
	(void)fprintf(stderr, "machine: no result: the machine %s\n", why);
	if (*complaints != '\0')
		(void)fprintf(stderr, "machine: QEMU says:\n%s\n", complaints);
	if (*lines != '\0')
		(void)fprintf(stderr, "machine: the last of its serial line:\n%s\n", lines);
}

static void keep_serial(const struct guest *guest, const char *path)
{
	int error = path != NULL ? file_write(path, guest->text, guest->length, 0644) : 0;
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

enum machine_status machine_grade(const struct machine_job *job)
{
	AUTO_FD int input = memory_copy(job->input, INPUT_DISK_BYTES);
	AUTO_FD int result = memory_disk("interleave-result", RESULT_DISK_BYTES);
	AUTO_FD int state = job->cold ? -1 : snapshot_open(job, false);
	AUTO_FD int kernel = memory_copy_fd(job->image->file[IMAGE_KERNEL], "the kernel", 0);
	AUTO_FD int initrd = memory_copy_fd(job->image->file[IMAGE_INITRD], "the initramfs", 0);
	struct guest_spec spec = {
		.qemu = job->image->qemu,
		.fd = { -1, -1, -1, kernel, initrd, job->image->file[IMAGE_ROOT],
			job->image->file[IMAGE_PROJECT], input, result, -1, -1, state },
		.file_bytes_max = RESULT_DISK_BYTES,
		.limit_s = job->limit_s,
	};
	guest_throw_away(&spec.arguments, job->driver, job->cpus, job->memory_mib);
	if (state >= 0) {
		words_add(&spec.arguments, "-incoming");
		words_addf(&spec.arguments, "fd:%d", GUEST_STATE);
	}
	struct guest guest;
	guest_start(&guest, &spec);
	const char *why = run(&guest, state >= 0);
	bool ended_well = guest_finish(&guest);
	if (why == NULL && !ended_well)
		why = "broke: QEMU ended with an error";
	if (why == NULL)
		why = result_take(result, job->output);
	keep_serial(&guest, job->serial);
	if (why != NULL)
		report(&guest, why);
	guest_fini(&guest);
	words_fini(&spec.arguments);
	return why == NULL ? MACHINE_DONE : MACHINE_NO_RESULT;
}
