/* The file system of a box: a small tmpfs with copies of what the program needs, closed behind us.
 * A job makes those of its boxes once, beside each other; a box without a job makes its own. */
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
	INODES = 1024,
	ROOT_NAME_BYTES = 32,
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

static int bind_read_only(const struct box_bind *bind, bool file)
{
	const char *path = bind->path + 1;
	int error = make_parents(path);
	if (error == 0 && (file ? mknod(path, S_IFREG | 0444, 0) : mkdir(path, 0755)) < 0 &&
	    errno != EEXIST)
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

/* What belongs to /usr outside of it. Without the cache of the dynamic linker, which only says
 * where in /usr a library is, each start of a program looks in twenty places for each of its
 * libraries. */
static int complete_usr(void)
{
	const struct box_bind cache = { .host = "/etc/ld.so.cache", .path = "/etc/ld.so.cache" };
	if (symlink("usr/lib", "lib") < 0 || symlink("usr/lib64", "lib64") < 0 ||
	    symlink("usr/bin", "bin") < 0)
		return errno;
	return access(cache.host, R_OK) == 0 ? bind_read_only(&cache, true) : 0;
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

/* Where the writable folders of a box are, below its root; NULL: it has no such. */
static void writable_folders(const struct box_spec *spec, const char *paths[BOX_DIRS])
{
	paths[BOX_DIR_OUT] = spec->out ? "out" : NULL;
	paths[BOX_DIR_TMP] = spec->tmp ? "tmp" : NULL;
	paths[BOX_DIR_SHM] = spec->policy == BOX_POLICY_LAB1 ? "dev/shm" : NULL;
}

/* A writable folder of bounded size from which nothing can be executed. Everybody may write: it is
 * fresh and private. */
static int mount_writable(const char *path, uint64_t bytes, int *opened)
{
	char options[96];
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

/* All that programs only read, and the folders to mount on, below the folder where we are. */
static int fill_root(const struct box_spec *spec, const char **step)
{
	int error = 0;
	for (const struct box_bind *bind = spec->binds;
	     error == 0 && bind != NULL && bind->path != NULL; bind++) {
		*step = "show a folder of the host";
		error = bind_read_only(bind, false);
		if (error == 0 && strcmp(bind->path, "/usr") == 0)
			error = complete_usr();
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
	const char *paths[BOX_DIRS];
	writable_folders(spec, paths);
	for (size_t i = 0; i < BOX_DIRS; i++)
		if (paths[i] != NULL && mkdir(paths[i], 0755) < 0 && errno != EEXIST)
			return errno;
	return 0;
}

/* What each box has for itself: the writable folders, and a view of its own processes. */
static int mount_own(const struct box_spec *spec, int dirs[BOX_DIRS], const char **step)
{
	const uint64_t disk = spec->limits.disk_bytes > 0 ? spec->limits.disk_bytes
							  : (uint64_t)DEFAULT_DISK_MIB << 20;
	const char *paths[BOX_DIRS];
	writable_folders(spec, paths);
	*step = "mount the writable folders";
	for (size_t i = 0; i < BOX_DIRS; i++) {
		int error = paths[i] != NULL ? mount_writable(paths[i], disk, &dirs[i]) : 0;
		if (error != 0)
			return error;
	}
	*step = "mount /proc";
	return mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     "subset=pid,hidepid=invisible") < 0
		       ? errno
		       : 0;
}

/* The folder where we are, a mount, becomes the root; all else is out of reach from then on. */
static int change_root(const char **step)
{
	*step = "change the root";
	return syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 ||
			       chdir("/") < 0
		       ? errno
		       : 0;
}

static int close_root(const char *path, const char **step)
{
	*step = "make the root read-only";
	return mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV,
		     NULL) < 0
		       ? errno
		       : 0;
}

static int mount_root(const char *path, const char **step)
{
	char options[64];
	*step = "mount the new root";
	(void)snprintf(options, sizeof options, "size=%dm,nr_inodes=4096,mode=755", ROOT_MIB);
	return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0 || chdir(path) < 0
		       ? errno
		       : 0;
}

static int make_private(const char **step)
{
	*step = "make mounts private";
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ? errno : 0;
}

int root_enter(const struct box_spec *spec, int dirs[BOX_DIRS], const char **step)
{
	int error = make_private(step);
	if (error == 0) {
		*step = "forbid further namespaces";
		error = forbid_namespaces();
	}
	if (error == 0)
		error = mount_root("/tmp", step);
	if (error == 0)
		error = fill_root(spec, step);
	if (error == 0)
		error = mount_own(spec, dirs, step);
	if (error == 0)
		error = change_root(step);
	return error != 0 ? error : close_root("/", step);
}

/* Above /0, /1, ... stands the host's /proc: without one in sight the kernel lets nobody in a user
 * namespace mount another. */
int roots_prepare(const struct box_spec *specs, size_t count, const char **step)
{
	int error = make_private(step);
	if (error == 0)
		error = mount_root("/tmp", step);
	if (error == 0 &&
	    (mkdir("proc", 0755) < 0 || mount("/proc", "proc", NULL, MS_BIND | MS_REC, NULL) < 0))
		error = errno;
	for (size_t i = 0; error == 0 && i < count; i++) {
		char path[ROOT_NAME_BYTES];
		(void)snprintf(path, sizeof path, "/tmp/%zu", i);
		error = mkdir(path, 0755) < 0 ? errno : mount_root(path, step);
		if (error == 0)
			error = fill_root(&specs[i], step);
		if (error == 0)
			error = close_root(path, step);
	}
	if (error == 0 && chdir("/tmp") < 0)
		error = errno;
	return error != 0 ? error : change_root(step);
}

/* A root that came along with the job's mounts is locked to them, and cannot be entered itself: a
 * copy of it can. It is as read-only as the first. */
int root_enter_prepared(const struct box_spec *spec, size_t which, int dirs[BOX_DIRS],
			const char **step)
{
	char path[ROOT_NAME_BYTES];
	(void)snprintf(path, sizeof path, "/%zu", which);
	*step = "forbid further namespaces";
	int error = forbid_namespaces();
	if (error != 0)
		return error;
	*step = "copy the prepared root";
	if (mount(path, path, NULL, MS_BIND | MS_REC, NULL) < 0 || chdir(path) < 0)
		return errno;
	error = mount_own(spec, dirs, step);
	return error != 0 ? error : change_root(step);
}
