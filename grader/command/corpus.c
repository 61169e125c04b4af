/* Reads what the corpora demand. What they demand of a grade is checked next door, in
 * corpus_check.c. */
#include "command/corpus.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/ini.h"
#include "intake/lab_tests.h"

enum { PATCH_BYTES_MAX = 256 * 1024, ENTRIES_MAX = 1000 };

static struct corpus_entry *add(struct corpus *corpus, enum corpus_kind kind, const char *id,
				const char *path)
{
	struct corpus_entry *item = reallocarray(corpus->item, corpus->count + 1, sizeof *item);
	if (item == NULL)
		die("out of memory");
	corpus->item = item;
	item[corpus->count] = (struct corpus_entry){ .kind = kind,
						     .id = must_strdup(id),
						     .path = must_strdup(path) };
	return &item[corpus->count++];
}

/* "L1.C.3 RES": a test and its detector. */
static void add_expected(struct corpus_entry *entry, const char *value, int line)
{
	struct words words = { 0 };
	words_split(&words, value);
	if (words.count < 2)
		die("%s:%d: Expect names a test and its detector, not '%s'", entry->path, line,
		    value);
	words_add(&entry->tests, words.item[0]);
	words_add(&entry->detectors, lab_detector(words.item[1]));
	words_fini(&words);
}

/* Any number of tests between blanks or commas; other words explain. */
static void add_also(const struct lab *lab, struct corpus_entry *entry, char *value)
{
	for (char *comma = strchr(value, ','); comma != NULL; comma = strchr(comma, ','))
		*comma = ' ';
	struct words words = { 0 };
	words_split(&words, value);
	for (size_t i = 0; i < words.count; i++)
		if (lab_test_find(lab, words.item[i]) != NULL)
			words_add(&entry->also, words.item[i]);
	words_fini(&words);
}

static void read_header_line(const struct lab *lab, struct corpus_entry *entry, char *row, int line)
{
	char *value = strchr(row, ':');
	if (value == NULL)
		return;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcmp(row, "Expect") == 0) {
		add_expected(entry, value, line);
	} else if (strcmp(row, "Also") == 0) {
		add_also(lab, entry, value);
	} else if (strcmp(row, "Diagnosis") == 0) {
		value[strcspn(value, " :`")] = '\0';
		words_add(&entry->diagnoses, value);
	} else if (strcmp(row, "Id") == 0 && strcmp(value, entry->id) != 0) {
		die("%s:%d: Id is %s", entry->path, line, value);
	}
}

static void load_mutant(const struct lab *lab, struct corpus_entry *entry)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(entry->path, PATCH_BYTES_MAX, &bytes, &length);
	if (error != 0)
		die_errno(error, "cannot read %s", entry->path);
	char *rest = bytes;
	int line = 0;
	for (char *row = strsep(&rest, "\n"); row != NULL; row = strsep(&rest, "\n")) {
		line++;
		if (strncmp(row, "--- ", 4) == 0 || strncmp(row, "diff ", 5) == 0)
			break;
		read_header_line(lab, entry, row, line);
	}
	if (entry->tests.count == 0 || entry->diagnoses.count == 0)
		die("%s: needs the lines Expect and Diagnosis before the diff", entry->path);
}

static long read_loss(const char *path, const char *test, const char *text)
{
	char *end = NULL;
	long whole = strtol(text, &end, 10);
	bool half = strcmp(end, ".5") == 0;
	if (end == text || whole < 0 || (*end != '\0' && !half))
		die("%s: %s loses a number with halves, not '%s'", path, test, text);
	return whole * 100 + (half ? 50 : 0);
}

static void load_variant(struct corpus_entry *entry)
{
	AUTO_FREE char *path = must_printf("%s/expect.conf", entry->path);
	struct ini *ini = ini_load(path);
	ini_keys(ini, "loses", &entry->losers);
	entry->losses = must_alloc(entry->losers.count * sizeof *entry->losses);
	for (size_t i = 0; i < entry->losers.count; i++) {
		const char *test = entry->losers.item[i];
		entry->losses[i] = read_loss(path, test, ini_require(ini, "loses", test));
	}
	ini_destroy(ini);
}

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name);
	size_t tail = strlen(ending);
	return length > tail && strcmp(name + length - tail, ending) == 0;
}

static void load_folder(const struct lab *lab, const char *folder, enum corpus_kind kind,
			struct corpus *corpus)
{
	AUTO_FREE char *path = lab_path(lab, "solutions/%s/%s", lab->name, folder);
	struct words names = { 0 };
	int error = folder_list(path, ENTRIES_MAX, &names);
	if (error != 0 && error != ENOENT)
		die_errno(error, "cannot list %s", path);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.item[i];
		AUTO_FREE char *full = must_printf("%s/%s", path, name);
		if (kind == CORPUS_VARIANT && folder_exists(full)) {
			load_variant(add(corpus, kind, name, full));
		} else if (kind == CORPUS_MUTANT && has_ending(name, ".patch")) {
			AUTO_FREE char *id = must_printf(
				"%.*s", (int)(strlen(name) - strlen(".patch")), name);
			load_mutant(lab, add(corpus, kind, id, full));
		}
	}
	words_fini(&names);
}

struct corpus corpus_load(const struct lab *lab)
{
	struct corpus corpus = { 0 };
	AUTO_FREE char *reference = lab_path(lab, "solutions/%s/reference", lab->name);
	AUTO_FREE char *skeleton = lab_path(lab, "labs/%s", lab->name);
	add(&corpus, CORPUS_REFERENCE, "reference", reference);
	add(&corpus, CORPUS_SKELETON, "skeleton", skeleton);
	load_folder(lab, "variants", CORPUS_VARIANT, &corpus);
	load_folder(lab, "mutants", CORPUS_MUTANT, &corpus);
	return corpus;
}

void corpus_fini(struct corpus *corpus)
{
	for (size_t i = 0; i < corpus->count; i++) {
		struct corpus_entry *entry = &corpus->item[i];
		free(entry->id);
		free(entry->path);
		free(entry->losses);
		words_fini(&entry->tests);
		words_fini(&entry->detectors);
		words_fini(&entry->diagnoses);
		words_fini(&entry->also);
		words_fini(&entry->losers);
	}
	free(corpus->item);
	*corpus = (struct corpus){ 0 };
}

/* A folder that may hold a part of the names only replaces those files. */
static void copy_files(const struct words *names, const char *source, bool part, const char *folder)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->item[i];
		AUTO_FREE char *from = must_printf("%s/%s", source, name);
		AUTO_FREE char *to = must_printf("%s/%s", folder, name);
		AUTO_FREE char *below = must_printf("%.*s", (int)(strrchr(to, '/') - to), to);
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		int error = file_read(from, PATCH_BYTES_MAX, &bytes, &length);
		if (error == ENOENT && part)
			continue;
		if (error == 0)
			error = folder_make(below);
		if (error == 0)
			error = file_write(to, bytes, length, 0644);
		if (error != 0)
			die_errno(error, "cannot copy %s to %s", from, to);
	}
}

/* Without -p, patch(1) takes the base name of the file that a hunk names. Fuzz is refused: a patch
 * that has slipped plants another bug than the one it describes. */
static bool apply_patch(const char *folder, const char *patch)
{
	const char *const argv[] = {
		"patch", "--silent", "--batch", "--fuzz=0", "--no-backup-if-mismatch",
		"-d",    folder,     "-i",      patch,      NULL
	};
	pid_t pid;
	int status = 0;
	char **arguments = NULL;
	const void *borrowed = argv;
	memcpy(&arguments, &borrowed, sizeof arguments); /* posix_spawnp does not write to them */
	posix_spawn_file_actions_t actions;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	int error = posix_spawnp(&pid, "patch", &actions, NULL, arguments, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (error != 0)
		die_errno(error, "cannot start patch(1)");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die_errno(errno, "cannot wait for patch(1)");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *corpus_folder(const struct lab *lab, const struct corpus_entry *entry)
{
	if (entry->kind != CORPUS_MUTANT && entry->kind != CORPUS_VARIANT)
		return must_strdup(entry->path);
	char *folder = lab_path(lab, "build/verify/%s/%s", lab->name, entry->id);
	int error = folder_remove(folder);
	if (error == 0)
		error = folder_make(folder);
	if (error != 0)
		die_errno(error, "cannot make %s", folder);
	AUTO_FREE char *reference = lab_path(lab, "solutions/%s/reference", lab->name);
	copy_files(&lab->files, reference, false, folder);
	copy_files(&lab->texts, reference, false, folder);
	if (entry->kind == CORPUS_VARIANT) {
		copy_files(&lab->files, entry->path, true, folder);
		copy_files(&lab->texts, entry->path, true, folder);
		return folder;
	}
	if (apply_patch(folder, entry->path))
		return folder;
	free(folder);
	return NULL;
}
