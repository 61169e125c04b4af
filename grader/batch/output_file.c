/* Comparing first keeps the dates of files that have not changed. */
#include "batch/output_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { OLD_BYTES_MAX = 256 << 20 };

void output_bytes(const char *folder, const char *name, const char *bytes, size_t length)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	AUTO_FREE char *old = NULL;
	size_t old_length = 0;
	if (file_read(path, OLD_BYTES_MAX, &old, &old_length) == 0 && old_length == length &&
	    memcmp(old, bytes, length) == 0)
		return;
	int error = file_write(path, bytes, length, 0644);
	if (error != 0)
		die_errno(error,
			  "cannot write %s. What was graded is kept: %srun the same command again",
			  path, error == ENOSPC ? "make room and " : "");
}

void output_begin(struct output *output)
{
	*output = (struct output){ 0 };
	output->stream = open_memstream(&output->bytes, &output->length);
	if (output->stream == NULL)
		die("out of memory");
}

void output_end(struct output *output, const char *folder, const char *name)
{
	if (fclose(output->stream) != 0 || output->bytes == NULL)
		die("out of memory");
	output_bytes(folder, name, output->bytes, output->length);
	free(output->bytes);
	*output = (struct output){ 0 };
}

void output_cancel(struct output *output, const char *folder, const char *name)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	(void)fclose(output->stream);
	free(output->bytes);
	*output = (struct output){ 0 };
	if (unlink(path) != 0 && errno != ENOENT)
		die_errno(errno, "cannot remove %s", path);
}
