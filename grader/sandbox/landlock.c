/* A rule set by ABI. */
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/policy.h"

/* The kernel's numbers; the headers of older distributions end in the middle. */
enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	MAKE_SOCK = 1 << 9,
	FIRST_ABI_RIGHTS = (1 << 13) - 1,
	REFER = 1 << 13,     /* ABI 2 */
	TRUNCATE = 1 << 14,  /* ABI 3 */
	IOCTL_DEV = 1 << 15, /* ABI 5 */
	TCP_BIND = 1 << 0,   /* ABI 4 */
	TCP_CONNECT = 1 << 1,
	SCOPE_ABSTRACT_SOCKET = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,
};

struct rules {
	uint64_t files, net, scoped;
};

int landlock_abi(void)
{
	static int abi = -1;
	if (abi < 0) {
		long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
				       LANDLOCK_CREATE_RULESET_VERSION);
		abi = version > 0 ? (int)version : 0;
	}
	return abi;
}

/* May `rights` below path, as far as this kernel knows them. A path that is not there needs no
 * rule. */
static int allow(int set, const struct rules *rules, const char *path, uint64_t rights)
{
	AUTO_FD int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : errno;
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = rights & rules->files,
		.parent_fd = fd,
	};
	return syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0 ? errno
											     : 0;
}

static int allow_box(int set, const struct rules *rules, const struct box_spec *spec)
{
	static const char *const writable[] = { "/out", "/tmp", "/dev/shm" };
	int error = allow(set, rules, "/", READ_FILE | READ_DIR);
	if (error == 0) /* null, zero, urandom */
		error = allow(set, rules, "/dev", READ_FILE | WRITE_FILE);
	for (size_t i = 0; error == 0 && i < sizeof writable / sizeof *writable; i++)
		error = allow(set, rules, writable[i],
			      READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | MAKE_REG | MAKE_SOCK |
				      MAKE_DIR | REMOVE_FILE | REMOVE_DIR | REFER);
	for (const struct box_file *file = spec->files;
	     error == 0 && file != NULL && file->path != NULL; file++)
		if ((file->mode & 0111) != 0)
			error = allow(set, rules, file->path, EXECUTE | READ_FILE);
	for (const struct box_bind *bind = spec->binds;
	     error == 0 && bind != NULL && bind->path != NULL; bind++)
		error = allow(set, rules, bind->path, EXECUTE | READ_FILE | READ_DIR);
	return error;
}

int landlock_enter(const struct box_spec *spec, int abi)
{
	static const size_t sizes[] = { 0, 8, 8, 8, 16, 16, 24 }; /* of struct rules, by ABI */
	if (abi <= 0)
		return 0;
	const struct rules rules = {
		.files = FIRST_ABI_RIGHTS | (abi >= 2 ? REFER : 0u) | (abi >= 3 ? TRUNCATE : 0u) |
			 (abi >= 5 ? IOCTL_DEV : 0u),
		.net = abi >= 4 && !policy_has_sockets(spec->policy) ? TCP_BIND | TCP_CONNECT : 0,
		.scoped = abi >= 6 ? SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL : 0,
	};
	AUTO_FD int set = (int)syscall(SYS_landlock_create_ruleset, &rules,
				       sizes[abi < 6 ? abi : 6], 0);
	if (set < 0)
		return errno;
	int error = allow_box(set, &rules, spec);
	if (error != 0)
		return error;
	return syscall(SYS_landlock_restrict_self, set, 0) < 0 ? errno : 0;
}
