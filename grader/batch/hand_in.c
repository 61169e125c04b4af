/* One hand-in: its files side by side, its archives opened if the files are not there without, the
 * folder with the lab's files found, collected by the code that `grade run` collects with. */
#include "batch/hand_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/beneath.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/extract.h"
#include "batch/find_lab.h"
#include "batch/names.h"
#include "batch/objects.h"
#include "batch/tree.h"
#include "intake/collect.h"

enum {
	UPLOAD_BYTES_MAX = 64 << 20, /* of one file that was handed in */
	ARCHIVES_MAX = 8,            /* opened for one hand-in */
	LEVELS_OF_FOLDER = 1,        /* archives in a folder are opened, those in them are not */
	LEVELS_OF_FILE = 2,
};

struct search {
	const struct lab *lab;
	const struct hand_in_place *place;
	struct entry *entry;
	struct words listed;
	size_t opened;        /* archives so far */
	size_t most;          /* listed names in the best folders so far */
	struct words folders; /* the best folders, as paths that can be opened */
	struct words shown;   /* the same, as the student knows them */
};

static bool refused(const struct search *search)
{
	return search->entry->state == ENTRY_UNREADABLE;
}

static char *join(const char *above, const char *name)
{
	return must_printf("%s%s%s", above, *above != '\0' && *name != '\0' ? "/" : "", name);
}

static void keep_best(struct search *search, const struct tree *tree, const char *root,
		      const char *shown)
{
	struct words folders = { 0 };
	size_t most = find_lab(&search->listed, tree, &folders);
	if (most > search->most) {
		words_fini(&search->folders);
		words_fini(&search->shown);
		search->most = most;
	}
	for (size_t i = 0; most > 0 && most == search->most && i < folders.count; i++) {
		AUTO_FREE char *path = join(root, folders.item[i]);
		AUTO_FREE char *name = join(shown, folders.item[i]);
		words_add(&search->folders, path);
		words_add(&search->shown, name);
	}
	words_fini(&folders);
}

static void look_into(struct search *search, const char *root, const char *shown, int levels);

static void open_archive(struct search *search, const char *root, const char *shown,
			 const char *file, int levels)
{
	AUTO_FREE char *name = join(shown, file);
	if (search->opened++ == ARCHIVES_MAX) {
		entry_refuse(search->entry, "it holds more than %d archives", ARCHIVES_MAX);
		return;
	}
	AUTO_FREE char *into = must_printf("%s/archive-%zu", search->place->scratch,
					   search->opened);
	AUTO_FD int folder = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	AUTO_FD int archive = folder < 0 ? -errno : beneath_open(folder, file, O_RDONLY, 0, false);
	if (archive < 0) {
		entry_refuse(search->entry, "%s cannot be read: %s", name, strerror(-archive));
		return;
	}
	struct extracted extracted;
	AUTO_FREE char *reader = lab_path(search->lab, "build/unpack");
	extract_hand_in(reader, archive, into, &extracted);
	if (extracted.refused != NULL)
		entry_refuse(search->entry, "%s: %s", name, extracted.refused);
	for (size_t i = 0; i < extracted.notes.count; i++)
		entry_note(search->entry, "%s: %s", name, extracted.notes.item[i]);
	extracted_fini(&extracted);
	if (!refused(search))
		look_into(search, into, name, levels - 1);
}

static void look_into(struct search *search, const char *root, const char *shown, int levels)
{
	struct tree tree;
	int error = tree_walk(root, &tree);
	if (error != 0)
		entry_refuse(search->entry, "it cannot be read: %s", strerror(error));
	else if (tree.cut)
		entry_refuse(search->entry, "it holds more than %d files, or folders too deep",
			     TREE_ENTRIES_MAX);
	else
		keep_best(search, &tree, root, shown);
	bool here = search->most > 0;
	for (size_t i = 0; !refused(search) && i < tree.files.count; i++) {
		const char *file = tree.files.item[i];
		if (path_is_archive(file) && here)
			entry_note(search->entry,
				   "%s was not opened, since files of the lab lie outside of it",
				   file);
		else if (path_is_archive(file) && levels > 0)
			open_archive(search, root, shown, file, levels);
		else if (path_is_other_archive(file) && !here)
			entry_note(search->entry,
				   "%s is no archive that is read (zip, tar, tar.gz, tar.xz, "
				   "tar.zst, tar.bz2)",
				   file);
	}
	tree_fini(&tree);
}

/* A file that we may not read is the instructor's matter; submission_collect would end the batch.
 */
static bool is_readable(struct search *search, const char *path)
{
	AUTO_FD int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int error = folder < 0 ? errno : 0;
	for (size_t i = 0; error == 0 && i < search->listed.count; i++) {
		AUTO_FD int fd = beneath_open(folder, search->listed.item[i], O_RDONLY, 0, false);
		if (fd == -EACCES || fd == -EPERM || fd == -EIO)
			error = -fd;
	}
	if (error != 0)
		entry_refuse(search->entry, "its files cannot be read: %s", strerror(error));
	return error == 0;
}

/* Two folders that hold the same are one. */
static bool take_folder(struct search *search, size_t number, struct submission *first)
{
	struct submission submission;
	if (!is_readable(search, search->folders.item[number]))
		return false;
	submission_collect(search->lab, search->folders.item[number], &submission);
	if (number == 0) {
		*first = submission;
		return true;
	}
	bool same = strcmp(first->hash, submission.hash) == 0;
	submission_fini(&submission);
	if (!same)
		entry_refuse(search->entry,
			     "the files of the lab lie in '%s' and in '%s': which are meant?",
			     search->shown.item[0], search->shown.item[number]);
	return same;
}

static void take_best(struct search *search)
{
	if (search->folders.count == 0) {
		AUTO_FREE char *first = must_strdup(search->lab->files.item[0]);
		entry_refuse(search->entry, "it holds none of the lab's files (%s, ...)", first);
		return;
	}
	struct submission submission = { 0 };
	bool good = true;
	for (size_t i = 0; good && i < search->folders.count; i++)
		good = take_folder(search, i, &submission);
	if (good && !refused(search)) {
		int error = object_store(search->lab, search->place->out, &submission);
		if (error != 0)
			die_errno(error, "cannot write below %s/objects", search->place->out);
		(void)snprintf(search->entry->hash, sizeof search->entry->hash, "%s",
			       submission.hash);
		for (size_t i = 0; i < submission.notes.count; i++)
			entry_note(search->entry, "%s", submission.notes.item[i]);
		if (strcmp(json_text_of(submission.finding, "id", ""), "file-too-large") == 0)
			entry_note(search->entry, "%s",
				   json_text_of(submission.finding, "what", ""));
	}
	submission_fini(&submission);
}

/* Puts the files of a hand-in side by side. Returned: the folder. */
static char *stage(struct search *search, const struct draft *draft)
{
	char *folder = must_printf("%s/files", search->place->scratch);
	int error = folder_make(folder);
	if (error != 0)
		die_errno(error, "cannot make %s", folder);
	AUTO_FD int from = open(search->place->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int to = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (from < 0 || to < 0)
		die_errno(errno, "cannot open %s", from < 0 ? search->place->root : folder);
	for (size_t i = 0; i < draft->count && !refused(search); i++) {
		const struct piece *piece = &draft->pieces[i];
		if (path_is_junk(piece->as))
			continue;
		const char *problem = path_problem(piece->as, strlen(piece->as));
		if (problem != NULL) {
			entry_refuse(search->entry, "the name '%s' %s", piece->as, problem);
			break;
		}
		error = beneath_make_folders(to, piece->as);
		if (error == 0)
			error = beneath_copy(from, piece->path, to, piece->as, UPLOAD_BYTES_MAX);
		if (error == EFBIG)
			entry_refuse(search->entry, "%s is larger than 64 MiB", piece->as);
		else if (error == ENOSPC || error == EDQUOT)
			die_errno(error, "cannot write %s", folder);
		else if (error != 0)
			entry_refuse(search->entry, "%s cannot be read: %s", piece->as,
				     strerror(error));
	}
	return folder;
}

void hand_in_take(const struct lab *lab, const struct hand_in_place *place,
		  const struct draft *draft, struct entry *entry)
{
	struct search search = { .lab = lab, .place = place, .entry = entry };
	lab_listed(lab, &search.listed);
	int error = folder_remove(place->scratch);
	if (error != 0)
		die_errno(error, "cannot remove %s", place->scratch);
	if (entry->state == ENTRY_QUEUED && draft->count == 0)
		entry_refuse(entry, "nothing was handed in");
	if (!refused(&search) && draft->pieces[0].as == NULL) {
		AUTO_FREE char *folder = join(place->root, draft->pieces[0].path);
		look_into(&search, folder, "", LEVELS_OF_FOLDER);
	} else if (!refused(&search)) {
		AUTO_FREE char *folder = stage(&search, draft);
		if (!refused(&search))
			look_into(&search, folder, "", LEVELS_OF_FILE);
	}
	if (!refused(&search))
		take_best(&search);
	words_fini(&search.listed);
	words_fini(&search.folders);
	words_fini(&search.shown);
	(void)folder_remove(place->scratch); /* the next one, or the end, tries again */
}
