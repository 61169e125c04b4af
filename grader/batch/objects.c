/* Canonical folders: written beside their place, renamed there, checked by collecting them again.
 */
#include "batch/objects.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { MODE_FILE = 0444, MODE_FOLDER = 0555, MODE_FOLDER_OWN = 0755 };

char *object_path(const char *out, const char *hash)
{
	return must_printf("%s/objects/%.2s/%s", out, hash, hash);
}

bool object_is_intact(const struct lab *lab, const char *out, const char *hash)
{
	AUTO_FREE char *path = object_path(out, hash);
	if (!folder_exists(path))
		return false;
	struct submission submission;
	submission_collect(lab, path, &submission);
	bool intact = strcmp(submission.hash, hash) == 0;
	submission_fini(&submission);
	return intact;
}

static int set_mode_below(const char *path, mode_t folder_mode)
{
	struct words names = { 0 };
	int error = chmod(path, folder_mode) != 0 ? errno : folder_list(path, SIZE_MAX, &names);
	for (size_t i = 0; error == 0 && i < names.count; i++) {
		AUTO_FREE char *child = must_printf("%s/%s", path, names.item[i]);
		if (folder_exists(child))
			error = set_mode_below(child, folder_mode);
	}
	words_fini(&names);
	return error;
}

/* Read-only folders stand in the way of an ordinary user. */
int object_remove(const char *path)
{
	if (!folder_exists(path))
		return folder_remove(path);
	int error = set_mode_below(path, MODE_FOLDER_OWN);
	return error != 0 ? error : folder_remove(path);
}

static int write_one(const char *folder, const char *name, const char *bytes, size_t length)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	const char *slash = strrchr(path, '/');
	AUTO_FREE char *above = must_printf("%.*s", (int)(slash - path), path);
	int error = folder_make(above);
	return error != 0 ? error : file_write(path, bytes, length, MODE_FILE);
}

static int write_all(const struct submission *submission, const char *folder)
{
	int error = folder_make(folder);
	for (size_t i = 0; error == 0 && i < submission->count; i++)
		error = write_one(folder, submission->sources[i].name, submission->sources[i].bytes,
				  submission->sources[i].length);
	for (size_t i = 0; error == 0 && i < submission->text_count; i++)
		if (submission->texts[i].bytes != NULL)
			error = write_one(folder, submission->texts[i].name,
					  submission->texts[i].bytes, submission->texts[i].length);
	/* What cannot be used is a folder here, whatever it was: the sum and the points are the
	 * same.
	 */
	for (size_t i = 0; error == 0 && i < submission->unusable.count; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", folder, submission->unusable.item[i]);
		error = folder_make(path);
	}
	return error;
}

int object_store(const struct lab *lab, const char *out, const struct submission *submission)
{
	if (object_is_intact(lab, out, submission->hash))
		return 0;
	AUTO_FREE char *path = object_path(out, submission->hash);
	AUTO_FREE char *fresh = must_printf("%s.%ld.tmp", path, (long)getpid());
	int error = object_remove(path);
	if (error == 0)
		error = object_remove(fresh);
	if (error == 0)
		error = write_all(submission, fresh);
	/* A folder must be writable to be renamed, by an ordinary user. */
	if (error == 0 && rename(fresh, path) != 0)
		error = errno;
	if (error == 0)
		error = set_mode_below(path, MODE_FOLDER);
	if (error != 0)
		(void)object_remove(fresh); /* the first error is the one to tell */
	return error;
}
