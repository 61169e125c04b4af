/* Half files have the number of who wrote them in their names. */
#include "batch/room.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "batch/objects.h"

enum { NAMES_MAX = 1000000 };

uint64_t room_bytes(const char *path)
{
	struct statvfs info;
	if (statvfs(path, &info) != 0)
		die_errno(errno, "cannot look at %s", path);
	return (uint64_t)info.f_bavail * info.f_frsize;
}

bool room_has_mib(const char *path, long mib)
{
	return room_bytes(path) >= (uint64_t)mib << 20;
}

/* The process in "grades.csv.4711.tmp"; 0: it is no such name. */
static pid_t writer_of(const char *name)
{
	const size_t length = strlen(name);
	if (length < 4 || strcmp(name + length - 4, ".tmp") != 0)
		return 0;
	size_t at = length - 4;
	while (at > 0 && isdigit((unsigned char)name[at - 1]))
		at--;
	const long pid = strtol(name + at, NULL, 10);
	return at > 1 && name[at - 1] == '.' && pid > 0 ? (pid_t)pid : 0;
}

static void sweep_one(const char *folder)
{
	struct words names = { 0 };
	(void)folder_list(folder, NAMES_MAX, &names); /* mostly there is nothing to do */
	for (size_t i = 0; i < names.count; i++) {
		const pid_t pid = writer_of(names.item[i]);
		AUTO_FREE char *path = must_printf("%s/%s", folder, names.item[i]);
		const bool ours = pid == getpid();
		if (pid > 0 && (ours || (kill(pid, 0) != 0 && errno == ESRCH)))
			(void)object_remove(path);
	}
	words_fini(&names);
}

void room_sweep(const char *out)
{
	AUTO_FREE char *objects = must_printf("%s/objects", out);
	struct words names = { 0 };
	sweep_one(out);
	(void)folder_list(objects, NAMES_MAX, &names);
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *folder = must_printf("%s/%s", objects, names.item[i]);
		sweep_one(folder);
	}
	words_fini(&names);
}
