/* Finds the repository from the program's own place, and the labs from names of folders and files.
 */
#include "command/house.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "intake/lab.h"

char *house_root(void)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	if (length < 0)
		die_errno(errno, "cannot read /proc/self/exe");
	path[length] = '\0';
	for (char *slash = strrchr(path, '/'); slash != NULL; slash = strrchr(path, '/')) {
		*slash = '\0';
		AUTO_FREE char *labs = must_printf("%s/labs", path);
		AUTO_FREE char *builds = must_printf("%s/harness/builds.conf", path);
		if (folder_exists(labs) && file_exists(builds))
			return must_strdup(path);
	}
	die("found no folder above this program that holds labs/ and harness/builds.conf");
}

static void add(struct house_targets *targets, const char *lab, const char *path)
{
	struct house_target *item = reallocarray(targets->item, targets->count + 1, sizeof *item);
	if (item == NULL)
		die("out of memory");
	item[targets->count++] = (struct house_target){ .lab = must_strdup(lab),
							.path = must_strdup(path) };
	targets->item = item;
}

/* true: the folder holds a file (of whatever kind) that the lab lists. */
static bool holds_files(const char *root, const char *name, const char *folder)
{
	struct words files = { 0 };
	lab_files(root, name, &files);
	bool found = false;
	for (size_t i = 0; i < files.count && !found; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", folder, files.item[i]);
		struct stat info;
		found = lstat(path, &info) == 0;
	}
	words_fini(&files);
	return found;
}

/* One lab in a folder that may hold its files, or a folder named like the lab. */
static void add_one(const char *root, const char *name, const char *submission,
		    struct house_targets *targets)
{
	AUTO_FREE char *inner = must_printf("%s/%s", submission, name);
	bool nested = folder_exists(inner) && !holds_files(root, name, submission);
	add(targets, name, nested ? inner : submission);
}

static void add_all(const char *root, const struct words *labs, const char *submission,
		    struct house_targets *targets)
{
	size_t direct = 0;
	for (size_t i = 0; i < labs->count; i++) {
		const char *name = labs->item[i];
		AUTO_FREE char *inner = must_printf("%s/%s", submission, name);
		if (folder_exists(inner))
			add(targets, name, inner);
		if (holds_files(root, name, submission)) {
			add(targets, name, submission);
			direct++;
		}
	}
	if (targets->count == 0)
		die("%s holds no file of any lab; say which lab it is for: LAB=1", submission);
	if (direct > 0 && targets->count > 1)
		die("%s holds files of more than one lab, or files and folders of labs; choose "
		    "one: "
		    "LAB=%s",
		    submission, targets->item[0].lab);
}

/* What everybody finds out first: there is nothing there, or no folder. */
static void check_folder(const char *submission)
{
	struct stat info;
	if (stat(submission, &info) != 0)
		die_errno(errno, "cannot open the submission %s", submission);
	if (!S_ISDIR(info.st_mode))
		die("%s is no folder; SUBMISSION is the folder that holds the lab's files",
		    submission);
}

static void add_own(const char *root, const char *name, bool solutions,
		    struct house_targets *targets)
{
	AUTO_FREE char *path = solutions ? must_printf("%s/solutions/%s/reference", root, name)
					 : must_printf("%s/labs/%s", root, name);
	if (solutions && !folder_exists(path))
		die("there is no %s (the student bundle holds no solutions)", path);
	add(targets, name, path);
}

struct house_targets house_find(const char *root, const char *lab, const char *submission)
{
	struct house_targets targets = { 0 };
	struct words labs = { 0 };
	bool solutions = submission != NULL && strcmp(submission, "solutions") == 0;
	if (lab != NULL) {
		char *name = lab_resolve(root, lab);
		if (name == NULL)
			die("there is no lab '%s'; see the folders of labs/", lab);
		words_add(&labs, name);
		free(name);
	} else {
		lab_names(root, &labs);
	}
	if (submission == NULL || solutions) {
		for (size_t i = 0; i < labs.count; i++)
			add_own(root, labs.item[i], solutions, &targets);
	} else {
		check_folder(submission);
		if (lab != NULL)
			add_one(root, labs.item[0], submission, &targets);
		else
			add_all(root, &labs, submission, &targets);
	}
	words_fini(&labs);
	return targets;
}

void house_targets_fini(struct house_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		free(targets->item[i].lab);
		free(targets->item[i].path);
	}
	free(targets->item);
	*targets = (struct house_targets){ 0 };
}
