/* One boot for each seed: the simplest that is proved to repeat. */
#include "machine_deterministic.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "machine_guest.h"
#include "machine_memory.h"

static void report(const struct guest *guest, const char *why)
{
	AUTO_FREE char *complaints = guest_complaints(guest);
	(void)fprintf(stderr, "machine: no result: the machine %s\n%s", why, complaints);
}

enum machine_status machine_deterministic(const struct machine_job *job, uint64_t seed)
{
	char token[TOKEN_BYTES];
	token_make(job, seed, token);
	AUTO_FD int input = memory_copy(job->input, 0);
	AUTO_FD int output = memory_file("interleave-output");
	AUTO_FD int written = memory_reopen(output, O_WRONLY);
	AUTO_FD int kernel = memory_copy_fd(job->image->file[IMAGE_KERNEL], "the kernel", 0);
	AUTO_FD int initrd = memory_copy_fd(job->image->file[IMAGE_INITRD], "the initramfs", 0);
	struct guest_spec spec = {
		.qemu = job->image->qemu,
		.fd = { -1, -1, -1, kernel, initrd, -1, -1, input, written, -1, -1, -1 },
		.file_bytes_max = OUTPUT_BYTES_MAX,
		.limit_s = job->limit_s,
	};
	guest_deterministic(&spec.arguments, seed, job->memory_mib);
	struct guest guest;
	guest_start(&guest, &spec);
	enum guest_event event = guest_wait(&guest, NULL);
	bool ended_well = guest_finish(&guest);
	AUTO_FREE char *text = NULL;
	size_t length = 0;
	if (lseek(output, 0, SEEK_SET) != 0 ||
	    file_read_fd(output, OUTPUT_BYTES_MAX, &text, &length) != 0)
		die("cannot read what the machine printed");
	const char *why = event == GUEST_HUNG ? "did not come to its end within the limit"
			  : !ended_well ? "broke: QEMU ended with an error, or printed too much"
			  : length == 0 ? "printed nothing"
					: NULL;
	int error = why == NULL ? file_write(job->output, text, length, 0644) : 0;
	if (error != 0)
		die_errno(error, "cannot write %s", job->output);
	if (why != NULL)
		report(&guest, why);
	else
		(void)printf("%s\n", token);
	guest_fini(&guest);
	words_fini(&spec.arguments);
	return why == NULL ? MACHINE_DONE : MACHINE_NO_RESULT;
}
