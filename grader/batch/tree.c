/* Walks a folder with openat2, so that a link in it, ours or theirs, leads nowhere. */
#include "batch/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/beneath.h"
#include "base/die.h"
#include "base/file.h"
#include "batch/names.h"

int beneath_make_folders(int folder, const char *path)
{
	AUTO_FREE char *part = must_strdup(path);
	for (char *p = strchr(part, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		/* mkdirat follows links in all but the last part: those were looked at before. */
		if (*part != '\0' && mkdirat(folder, part, 0755) != 0 && errno != EEXIST)
			return errno;
		AUTO_FD int made = beneath_open(folder, part, O_RDONLY | O_DIRECTORY, 0, false);
		if (made < 0)
			return -made;
		*p = '/';
	}
	return 0;
}

int beneath_copy(int from, const char *path, int to, const char *name, uint64_t max_bytes)
{
	enum { PORTION = 1 << 20 };
	AUTO_FD int in = beneath_open(from, path, O_RDONLY, 0, false);
	if (in < 0)
		return -in;
	struct stat info;
	if (fstat(in, &info) != 0)
		return errno;
	if (!S_ISREG(info.st_mode))
		return EINVAL;
	AUTO_FD int out = beneath_open(to, name, O_WRONLY | O_CREAT | O_EXCL, 0644, false);
	if (out < 0)
		return -out;
	for (uint64_t copied = 0;;) {
		ssize_t n = copy_file_range(in, NULL, out, NULL, PORTION, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : 0;
		copied += (uint64_t)n;
		if (copied > max_bytes)
			return EFBIG;
	}
}

static int walk(int root, const char *path, size_t depth, struct tree *tree);

static int look_at(int root, const char *path, size_t depth, struct tree *tree)
{
	struct stat info;
	if (path_is_junk(path) || strlen(path) > PATH_BYTES_MAX)
		return 0;
	if (fstatat(root, path, &info, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : errno;
	if (S_ISDIR(info.st_mode))
		return walk(root, path, depth + 1, tree);
	words_add(S_ISREG(info.st_mode) ? &tree->files : &tree->strange, path);
	return 0;
}

/* The names first, with the folder closed again: a deep tree needs no more descriptors than a flat
 * one. */
static int list(int root, const char *path, struct tree *tree, struct words *names)
{
	int fd = beneath_open(root, path, O_RDONLY | O_DIRECTORY, 0, false);
	if (fd < 0)
		return -fd;
	DIR *folder = fdopendir(fd);
	if (folder == NULL) {
		int error = errno;
		(void)close(fd);
		return error;
	}
	/* Each call has a stream of its own: readdir is safe there. */
	/* cppcheck-suppress readdirCalled */
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (tree->files.count + tree->folders.count + tree->strange.count + names->count >=
		    TREE_ENTRIES_MAX) {
			tree->cut = true;
			break;
		}
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			words_add(names, entry->d_name);
	}
	(void)closedir(folder);
	words_sort(names);
	return 0;
}

static int walk(int root, const char *path, size_t depth, struct tree *tree)
{
	words_add(&tree->folders, path);
	if (depth > PATH_DEPTH_MAX) {
		tree->cut = true;
		return 0;
	}
	struct words names = { 0 };
	int error = list(root, path, tree, &names);
	for (size_t i = 0; error == 0 && i < names.count; i++) {
		AUTO_FREE char *child = must_printf("%s%s%s", path, *path != '\0' ? "/" : "",
						    names.item[i]);
		error = look_at(root, child, depth, tree);
	}
	words_fini(&names);
	return error;
}

int tree_walk(const char *root, struct tree *tree)
{
	*tree = (struct tree){ 0 };
	AUTO_FD int fd = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno;
	int error = walk(fd, "", 0, tree);
	words_sort(&tree->folders);
	words_sort(&tree->files);
	words_sort(&tree->strange);
	return error;
}

static int compare(const void *key, const void *item)
{
	return strcmp(key, *(char *const *)item);
}

bool tree_has_file(const struct tree *tree, const char *path)
{
	return tree->files.count > 0 && bsearch(path, tree->files.item, tree->files.count,
						sizeof *tree->files.item, compare) != NULL;
}

void tree_fini(struct tree *tree)
{
	words_fini(&tree->folders);
	words_fini(&tree->files);
	words_fini(&tree->strange);
}
