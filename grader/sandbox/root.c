/* The file system of a box: a small tmpfs with copies of what the program needs, closed behind us.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "sandbox/inside.h"

enum {
	COPY_BYTES = 1 << 30,
	PATH_BYTES = 512,
	ROOT_MIB = 192,
	DEFAULT_DISK_MIB = 64,
	INODES = 1024
};

/* Makes the folders above a path that is relative to the new root. */
static int make_parents(const char *path)
{
	char folder[PATH_BYTES];
	if (strlen(path) >= sizeof folder)
		return ENAMETOOLONG;
	for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		(void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		if (mkdir(folder, 0755) < 0 && errno != EEXIST)
			return errno;
	}
	return 0;
}

/* Inside the kernel: each page that we touched ourselves would cost a fault. */
static int copy_bytes(int from, int to)
{
	off_t offset = 0;
	ssize_t count;
	do {
		count = sendfile(to, from, &offset, COPY_BYTES);
	} while (count > 0);
	return count < 0 ? errno : 0;
}

static int copy_file(const struct box_file *file)
{
	const char *path = file->path + 1; /* below the new root, where we are */
	int error = make_parents(path);
	if (error != 0)
		return error;
	AUTO_FD int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return errno;
	error = copy_bytes(file->fd, to);
	return error != 0 ? error : fchmod(to, file->mode) < 0 ? errno : 0;
}

static int bind_read_only(const struct box_bind *bind)
{
	const char *path = bind->path + 1;
	int error = make_parents(path);
	if (error == 0 && mkdir(path, 0755) < 0 && errno != EEXIST)
		error = errno;
	if (error != 0)
		return error;
	AUTO_FD int tree = (int)syscall(SYS_open_tree, AT_FDCWD, bind->host,
					OPEN_TREE_CLONE | AT_RECURSIVE | O_CLOEXEC);
	if (tree < 0)
		return errno;
	struct mount_attr attributes = { .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
						     MOUNT_ATTR_NODEV };
	if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
		    sizeof attributes) < 0)
		return errno;
	return syscall(SYS_move_mount, tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) < 0
		       ? errno
		       : 0;
}

/* A device of the host's, since no namespace may make one. */
static int bind_device(const char *name)
{
	char host[64], path[64];
	(void)snprintf(host, sizeof host, "/dev/%s", name);
	(void)snprintf(path, sizeof path, "dev/%s", name);
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	return mount(host, path, NULL, MS_BIND, NULL) < 0 ? errno : 0;
}

/* A writable folder of bounded size from which nothing can be executed. Everybody may write: it is
 * fresh and private. */
static int make_writable(const char *path, uint64_t bytes, int *opened)
{
	char options[96];
	int error = make_parents(path);
	if (error == 0 && mkdir(path, 0755) < 0 && errno != EEXIST)
		error = errno;
	if (error != 0)
		return error;
	(void)snprintf(options, sizeof options, "size=%llu,nr_inodes=%d,mode=1777",
		       (unsigned long long)bytes, INODES);
	if (mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options) < 0)
		return errno;
	*opened = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *opened < 0 ? errno : 0;
}

/* No further user namespace, hence no further mounts or networks, for anybody below. Second layer
 * behind the filter. */
static int forbid_namespaces(void)
{
	AUTO_FD int fd = open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, "0", 1) != 1 ? errno : 0;
}

static int fill_root(const struct box_spec *spec, int dirs[BOX_DIRS], const char **step)
{
	int error = 0;
	uint64_t disk = spec->limits.disk_bytes > 0 ? spec->limits.disk_bytes
						    : (uint64_t)DEFAULT_DISK_MIB << 20;
	for (const struct box_bind *bind = spec->binds;
	     error == 0 && bind != NULL && bind->path != NULL; bind++) {
		*step = "show a folder of the host";
		error = bind_read_only(bind);
		if (error == 0 && strcmp(bind->path, "/usr") == 0 &&
		    (symlink("usr/lib", "lib") < 0 || symlink("usr/lib64", "lib64") < 0 ||
		     symlink("usr/bin", "bin") < 0))
			error = errno;
	}
	for (const struct box_file *file = spec->files;
	     error == 0 && file != NULL && file->path != NULL; file++) {
		*step = "copy a file into the box";
		error = copy_file(file);
	}
	if (error != 0)
		return error;
	*step = "make /dev";
	static const char *const devices[] = { "null", "zero", "urandom" };
	if (mkdir("dev", 0755) < 0 || mkdir("proc", 0755) < 0)
		return errno;
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		if ((error = bind_device(devices[i])) != 0)
			return error;
	if (symlink("urandom", "dev/random") < 0)
		return errno;
	*step = "make the writable folders";
	if (spec->out && (error = make_writable("out", disk, &dirs[BOX_DIR_OUT])) != 0)
		return error;
	if (spec->tmp && (error = make_writable("tmp", disk, &dirs[BOX_DIR_TMP])) != 0)
		return error;
	if (spec->policy == BOX_POLICY_LAB1 &&
	    (error = make_writable("dev/shm", disk, &dirs[BOX_DIR_SHM])) != 0)
		return error;
	*step = "mount /proc";
	return mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     "subset=pid,hidepid=invisible") < 0
		       ? errno
		       : 0;
}

int root_enter(const struct box_spec *spec, int dirs[BOX_DIRS], const char **step)
{
	char options[64];
	*step = "make mounts private";
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return errno;
	*step = "forbid further namespaces";
	int error = forbid_namespaces();
	if (error != 0)
		return error;
	*step = "mount the new root";
	(void)snprintf(options, sizeof options, "size=%dm,nr_inodes=4096,mode=755", ROOT_MIB);
	if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) < 0 || chdir("/tmp") < 0)
		return errno;
	error = fill_root(spec, dirs, step);
	if (error != 0)
		return error;
	*step = "change the root";
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return errno;
	*step = "make the root read-only";
	return mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
		     NULL) < 0
		       ? errno
		       : 0;
}
