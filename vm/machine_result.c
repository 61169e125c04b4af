/* The result disk: 8 bytes of length, least first, then the bytes. All of it is the guest's word.
 */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "machine_grade.h"
#include "machine_memory.h"

const char *result_take(int disk, const char *path)
{
	uint64_t length = 0;
	if (pread(disk, &length, sizeof length, 0) != (ssize_t)sizeof length)
		die_errno(errno, "cannot read a result disk");
	length = le64toh(length);
	if (length == 0)
		return "left no result";
	if (length > RESULT_DISK_BYTES - sizeof length)
		return "left a result that says it is longer than its disk";
	AUTO_FREE char *bytes = must_alloc(length);
	for (size_t got = 0; got < length;) {
		ssize_t more = pread(disk, bytes + got, length - got, (off_t)(sizeof length + got));
		if (more <= 0)
			die_errno(more < 0 ? errno : EIO, "cannot read a result disk");
		got += (size_t)more;
	}
	int error = file_write(path, bytes, length, 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
	return NULL;
}
