/* Which users of the host stand behind the users inside. Source: user_namespaces(7). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/inside.h"

/* Host uids when we are root: outside the ranges that Debian gives to login users (/etc/subuid).
 * Eight for each process that owns a network, numbered by its pid (at most 2^22), so that no two
 * boxes that run at a time share one: what the kernel counts by user (pipe buffers, locked memory,
 * queued signals) is counted for each alone. Nothing needs to be reserved, locked or freed. */
enum { UID_BASE = 1879048192, UIDS = 8 };

static int write_map(pid_t pid, const char *name, const char *text)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	AUTO_FD int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	return write(fd, text, strlen(text)) < 0 ? errno : 0;
}

static int write_maps(pid_t pid, const char *uids, const char *gids)
{
	int error = write_map(pid, "gid_map", gids);
	return error != 0 ? error : write_map(pid, "uid_map", uids);
}

/* Of a namespace below the host's; those below it inherit the denial. */
static int write_first_maps(pid_t pid, const char *uids, const char *gids)
{
	int error = write_map(pid, "setgroups", "deny");
	return error != 0 ? error : write_maps(pid, uids, gids);
}

/* Inside the job's namespace, ids 0.. are the host's UID_BASE..; or, as a user, our own id under
 * the program's number. */
int ids_map_job(pid_t pid)
{
	char uids[64], gids[64];
	if (geteuid() == 0) {
		(void)snprintf(uids, sizeof uids, "0 %d %d", UID_BASE + pid * UIDS, UIDS);
		return write_first_maps(pid, uids, uids);
	}
	(void)snprintf(uids, sizeof uids, "%d %u 1", INSIDE_MAIN_ID, geteuid());
	(void)snprintf(gids, sizeof gids, "%d %u 1", INSIDE_MAIN_ID, getegid());
	return write_first_maps(pid, uids, gids);
}

int ids_map_alone(pid_t pid)
{
	char map[64];
	if (geteuid() != 0)
		return ids_map_job(pid);
	(void)snprintf(map, sizeof map, "%d %d 1\n%d %d 1", INSIDE_INIT_ID, UID_BASE + pid * UIDS,
		       INSIDE_MAIN_ID, UID_BASE + pid * UIDS + 1);
	return write_first_maps(pid, map, map);
}

/* In the job's namespace 0 is the job, then come two for each box. */
int ids_map_box(pid_t pid, bool two_ids, size_t which)
{
	char map[64];
	const int first = 1 + 2 * (int)which;
	if (two_ids)
		(void)snprintf(map, sizeof map, "%d %d 1\n%d %d 1", INSIDE_INIT_ID, first,
			       INSIDE_MAIN_ID, first + 1);
	else
		(void)snprintf(map, sizeof map, "%d %d 1", INSIDE_MAIN_ID, INSIDE_MAIN_ID);
	return write_maps(pid, map, map);
}
