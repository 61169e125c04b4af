/* Opens exactly the listed names, as regular files below the folder, and reads them once: what is
 * hashed is what is compiled, whatever happens to the folder meanwhile. */
#include "intake/collect.h"

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
#include "base/text.h"
#include "intake/finding.h"

enum { ENTRIES_MAX = 10000, IGNORED_SHOWN_MAX = 5 };

/* NULL if the entry is a regular file, else what it is. */
static const char *strange_kind(int folder, const char *name)
{
	struct stat info;
	if (fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
		return NULL;
	switch (info.st_mode & S_IFMT) {
	case S_IFREG:
		return NULL;
	case S_IFLNK:
		return "a symbolic link";
	case S_IFDIR:
		return "a folder";
	case S_IFIFO:
		return "a FIFO";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device";
	}
}

static void set_finding(struct submission *submission, json_t *finding)
{
	if (submission->finding == NULL)
		submission->finding = finding;
	else
		json_decref(finding); /* the first one is the one to repair first */
}

static void note_missing(const struct lab *lab, struct submission *submission, const char *name,
			 const char *kind)
{
	AUTO_FREE char *what = kind != NULL ? must_printf("%s is %s, not a file.", name, kind)
					    : must_printf("%s is missing.", name);
	AUTO_FREE char *next = must_printf(
		"put %s, as a plain file, into the folder that you hand in; labs/%s/%s is where "
		"everybody begins.",
		name, lab->name, name);
	json_t *finding = finding_make("missing-file", "BUILD", what,
				       "All files that the lab lists are needed to build it.",
				       next);
	finding_add_place(finding, name, 0, NULL);
	set_finding(submission, finding);
	if (kind == NULL) {
		words_addf(&submission->notes, "%s is missing", name);
		return;
	}
	words_addf(&submission->notes, "%s is %s and counts as missing", name, kind);
	words_add(&submission->unusable, name);
}

static void note_too_large(struct submission *submission, const char *name)
{
	AUTO_FREE char *what = must_printf("%s is larger than %d KiB.", name,
					   SOURCE_BYTES_MAX / 1024);
	json_t *finding = finding_make("file-too-large", "BUILD", what,
				       "A source that large is not read.",
				       "hand in the source that you wrote, not generated data.");
	finding_add_place(finding, name, 0, NULL);
	set_finding(submission, finding);
	words_add(&submission->unusable, name);
}

/* A file that we may not read is our user's matter, not the student's: no grade. */
static void read_source(const struct lab *lab, int folder, const char *path, const char *name,
			bool optional, struct submission *submission)
{
	const char *kind = strange_kind(folder, name);
	AUTO_FD int fd = kind != NULL ? -ENOENT : beneath_open(folder, name, O_RDONLY, 0, true);
	if (fd == -ENOENT || fd == -ELOOP || fd == -EXDEV || fd == -ENXIO) {
		if (!optional || kind != NULL)
			note_missing(lab, submission, name, kind);
		return;
	}
	if (fd < 0)
		die_errno(-fd, "cannot read %s/%s", path, name);
	struct stat info;
	if (fstat(fd, &info) != 0)
		die_errno(errno, "cannot read %s/%s", path, name);
	if (!S_ISREG(info.st_mode)) {
		note_missing(lab, submission, name, "no regular file");
		return;
	}
	if (info.st_size > SOURCE_BYTES_MAX) {
		note_too_large(submission, name);
		return;
	}
	struct source source = { .name = must_strdup(name) };
	int error = file_read_fd(fd, SOURCE_BYTES_MAX, &source.bytes, &source.length);
	if (error != 0 && error != EFBIG)
		die_errno(error, "cannot read %s/%s", path, name);
	if (error == EFBIG) { /* it grew while we looked */
		note_too_large(submission, name);
		free(source.name);
		return;
	}
	if (!text_is_utf8(source.bytes, source.length))
		words_addf(&submission->notes, "%s holds bytes that are not UTF-8", name);
	submission->sources[submission->count++] = source;
}

/* A text that is missing, or that is none, costs its own test alone: the examiner is told why. */
static void read_text(int folder, const char *path, struct text *text, struct words *notes)
{
	text->why = strange_kind(folder, text->name);
	AUTO_FD int fd = text->why != NULL ? -ENOENT
					   : beneath_open(folder, text->name, O_RDONLY, 0, true);
	if (fd == -ELOOP || fd == -EXDEV || fd == -ENOTDIR)
		text->why = "behind a link";
	if (fd < 0 && fd != -ENOENT && fd != -ENXIO && text->why == NULL)
		die_errno(-fd, "cannot read %s/%s", path, text->name);
	struct stat info;
	if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
		int error = file_read_fd(fd, SOURCE_BYTES_MAX, &text->bytes, &text->length);
		if (error == EFBIG)
			text->why = "larger than 256 KiB";
		else if (error != 0)
			die_errno(error, "cannot read %s/%s", path, text->name);
	}
	if (text->why != NULL)
		words_addf(notes, "%s is %s and counts as missing", text->name, text->why);
}

static void read_texts(const struct lab *lab, int folder, const char *path,
		       struct submission *submission)
{
	submission->text_count = lab->texts.count;
	submission->texts = must_alloc((lab->texts.count + 1) * sizeof *submission->texts);
	for (size_t i = 0; i < lab->texts.count; i++) {
		submission->texts[i] = (struct text){ .name = lab->texts.item[i] };
		read_text(folder, path, &submission->texts[i], &submission->notes);
	}
}

/* Says which other files were not looked at. What the handout itself holds is no news. */
static void note_ignored(const struct lab *lab, const char *path, struct submission *submission)
{
	struct words names = { 0 };
	int error = folder_list(path, ENTRIES_MAX, &names);
	if (error != 0)
		die_errno(error, "cannot list %s", path);
	AUTO_FREE char *handout = lab_path(lab, "labs/%s", lab->name);
	size_t ignored = 0;
	for (size_t i = 0; i < names.count; i++) {
		AUTO_FREE char *given = must_printf("%s/%s", handout, names.item[i]);
		if (words_has(&lab->files, names.item[i]) || access(given, F_OK) == 0 ||
		    strcmp(names.item[i], "answers.conf") == 0)
			continue;
		if (++ignored > IGNORED_SHOWN_MAX)
			continue;
		AUTO_FREE char *clean = text_clean_line(names.item[i], strlen(names.item[i]));
		words_addf(&submission->notes, "%s is not part of this lab and was ignored", clean);
	}
	if (ignored > IGNORED_SHOWN_MAX)
		words_addf(&submission->notes,
			   "%zu more files are not part of this lab and were ignored",
			   ignored - IGNORED_SHOWN_MAX);
	words_fini(&names);
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(((const struct source *)left)->name, ((const struct source *)right)->name);
}

static void hash_file(struct hash *all, const char *name, const char *bytes, size_t size)
{
	char length[24];
	struct hash one;
	uint8_t sum[HASH_BYTES];
	(void)snprintf(length, sizeof length, "%zu", size);
	hash_init(&one);
	hash_update(&one, bytes, size);
	hash_final(&one, sum);
	hash_text(all, name);
	hash_text(all, length);
	hash_update(all, sum, sizeof sum);
}

static void hash_sources(struct submission *submission)
{
	struct source *sorted = must_alloc(submission->count * sizeof *sorted);
	for (size_t i = 0; i < submission->count; i++)
		sorted[i] = submission->sources[i];
	if (submission->count > 1)
		qsort(sorted, submission->count, sizeof *sorted, compare_names);
	struct hash all;
	hash_init(&all);
	for (size_t i = 0; i < submission->count; i++)
		hash_file(&all, sorted[i].name, sorted[i].bytes, sorted[i].length);
	for (size_t i = 0; i < submission->text_count; i++)
		if (submission->texts[i].bytes != NULL)
			hash_file(&all, submission->texts[i].name, submission->texts[i].bytes,
				  submission->texts[i].length);
	for (size_t i = 0; i < submission->unusable.count; i++) {
		hash_text(&all, submission->unusable.item[i]);
		hash_text(&all, "unusable"); /* no length is spelt so */
	}
	hash_final_hex(&all, submission->hash);
	free(sorted);
}

void submission_collect(const struct lab *lab, const char *path, struct submission *submission)
{
	*submission = (struct submission){ 0 };
	submission->sources = must_alloc((lab->files.count + 1) * sizeof *submission->sources);
	AUTO_FD int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 && errno == ENOTDIR)
		die("%s is a file; SUBMISSION is the folder that holds the lab's files", path);
	if (folder < 0)
		die_errno(errno, "cannot open the submission %s", path);
	for (size_t i = 0; i < lab->files.count; i++)
		read_source(lab, folder, path, lab->files.item[i], false, submission);
	if (!words_has(&lab->files, "answers.conf"))
		read_source(lab, folder, path, "answers.conf", true, submission);
	read_texts(lab, folder, path, submission);
	note_ignored(lab, path, submission);
	hash_sources(submission);
}

void submission_fini(struct submission *submission)
{
	for (size_t i = 0; i < submission->count; i++) {
		free(submission->sources[i].name);
		free(submission->sources[i].bytes);
	}
	for (size_t i = 0; i < submission->text_count; i++)
		free(submission->texts[i].bytes);
	free(submission->texts);
	free(submission->sources);
	words_fini(&submission->notes);
	words_fini(&submission->unusable);
	json_decref(submission->finding);
	*submission = (struct submission){ 0 };
}
