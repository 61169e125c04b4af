/* Every name is judged, then made with openat2 below a fresh folder; the bytes come from the one
 * stream that the box left. */
#include "batch/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/beneath.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "batch/names.h"
#include "batch/tree.h"
#include "batch/unpack_box.h"

enum {
	MIB = 1 << 20,
	ARCHIVE_MIB = 64,
	UNPACKED_MIB = 64,
	FILE_MIB = 8,
	ENTRIES = 2000,
	RATIO = 100,
	CLASS_GIB = 8,
	CLASS_HAND_IN_MIB = 1024,
	CLASS_FILE_MIB = 64, /* a file may be an archive that was handed in */
	CLASS_ENTRIES = 200000,
	CLASS_CPU_S = 600,
	CHUNK_MIB = 128,
	CHUNK_ENTRIES = 20000,
	NOTES_MAX = 20,
};

/* One extraction. */
struct extraction {
	struct unpack_run run;
	bool class;
	int into;
	uint64_t total_max, entries_max, file_max;
	uint64_t total, entries;
	char *wrapper; /* class: the one folder that all lies in; "" if there is none      */
	char *hand_in; /* class: the one that the last file belonged to                    */
	uint64_t hand_in_total; /* class: its bytes so far                                      */
	struct words names; /* of files: in small letters, \1, as they are                      */
	struct extracted *result;
};

static void refuse(struct extraction *x, const char *path, const char *what)
{
	if (x->result->refused != NULL)
		return;
	AUTO_FREE char *text = path != NULL ? must_printf("the entry '%s' %s", path, what)
					    : must_strdup(what);
	x->result->refused = text_clean_line(text, strlen(text));
}

static void add_problem(struct extraction *x, const char *path, const char *what, bool fatal)
{
	struct extracted *result = x->result;
	while (path[0] == '/' || (path[0] == '.' && path[1] == '/'))
		path++;
	struct extract_problem *all = must_realloc(result->problems,
						   (result->problem_count + 1) * sizeof *all);
	result->problems = all;
	all[result->problem_count++] = (struct extract_problem){
		.path = text_clean_line(path, strlen(path)),
		.what = must_strdup(what),
		.fatal = fatal,
	};
}

/* How much of the path is the folder of its hand-in, "export/jdoe/"; 0: it lies in none. */
static size_t hand_in_length(const struct extraction *x, const char *path)
{
	size_t above = *x->wrapper != '\0' && path_is_below(path, x->wrapper)
			       ? strlen(x->wrapper) + 1
			       : 0;
	if (strlen(path) < above)
		return 0;
	size_t own = strcspn(path + above, "/");
	return path[above + own] == '/' ? above + own + 1 : 0;
}

/* A name or a size that must not be: the end of a hand-in; in a class only of that which it belongs
 * to, whose folder is made, so that it has an owner. */
static void object_to(struct extraction *x, const char *path, const char *what)
{
	if (!x->class) {
		refuse(x, path, what);
		return;
	}
	add_problem(x, path, what, true);
	AUTO_FREE char *folder = must_printf("%.*s", (int)hand_in_length(x, path), path);
	if (*folder != '\0' && path_problem(folder, strlen(folder)) == NULL)
		(void)beneath_make_folders(x->into, folder); /* else the entry has no folder */
}

static void skip(struct extraction *x, const char *path, const char *what)
{
	if (x->class) {
		add_problem(x, path, what, false);
		return;
	}
	AUTO_FREE char *clean = text_clean_line(path, strlen(path));
	if (x->result->notes.count < NOTES_MAX)
		words_addf(&x->result->notes, "%s %s", clean, what);
	else if (x->result->notes.count == NOTES_MAX)
		words_add(&x->result->notes, "more was skipped");
}

static void remember_name(struct extraction *x, const char *path)
{
	AUTO_FREE char *small = must_strdup(path);
	for (char *p = small; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	words_addf(&x->names, "%s\1%s", small, path);
}

/* Two names that differ in capitals only are one on other systems. */
static void look_for_doubles(struct extraction *x)
{
	words_sort(&x->names);
	for (size_t i = 1; i < x->names.count; i++) {
		const char *one = x->names.item[i - 1];
		const char *other = x->names.item[i];
		size_t length = strcspn(one, "\1");
		if (length == strcspn(other, "\1") && memcmp(one, other, length) == 0)
			object_to(x, other + length + 1,
				  "is there twice, or differs from another only in capitals");
	}
}

static int copy_bytes(int data, uint64_t *at, uint64_t bytes, int to)
{
	enum { PORTION = 64 * 1024 };
	static char buffer[PORTION];
	while (bytes > 0) {
		size_t want = bytes < PORTION ? (size_t)bytes : PORTION;
		ssize_t n = pread(data, buffer, want, (off_t)*at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? errno : EIO; /* fewer bytes than it said */
		int error = file_write_fd(to, buffer, (size_t)n);
		if (error != 0)
			return error;
		*at += (uint64_t)n;
		bytes -= (uint64_t)n;
	}
	return 0;
}

/* Our disk is our fault; a name that stands in another one's way is theirs. */
static void object_to_error(struct extraction *x, const char *path, int error)
{
	switch (error) {
	case EEXIST:
		object_to(x, path, "is there twice");
		break;
	case ENOTDIR:
	case EISDIR:
		object_to(x, path, "is both a file and a folder");
		break;
	case EIO:
		object_to(x, path, "is damaged");
		break;
	case EXDEV: /* openat2 refuses what the rules should have: a second layer */
	case ELOOP:
	case EINVAL:
	case ENAMETOOLONG:
		object_to(x, path, "leaves its folder");
		break;
	default:
		die_errno(error, "cannot write what was unpacked");
	}
}

static void make_file(struct extraction *x, const char *path, int data, uint64_t at, uint64_t bytes)
{
	int error = beneath_make_folders(x->into, path);
	AUTO_FD int fd = error != 0 ? -error
				    : beneath_open(x->into, path, O_WRONLY | O_CREAT | O_EXCL, 0644,
						   false);
	error = fd < 0 ? -fd : copy_bytes(data, &at, bytes, fd);
	if (error != 0)
		object_to_error(x, path, error);
	else
		remember_name(x, path);
}

static void make_folder(struct extraction *x, const char *path)
{
	AUTO_FREE char *with_slash = must_printf("%s/", path);
	int error = beneath_make_folders(x->into, with_slash);
	if (error != 0)
		object_to_error(x, path, error);
}

/* false: this hand-in of the class has had its share. Those of one lie side by side. */
static bool has_room(struct extraction *x, const char *path, uint64_t bytes)
{
	if (!x->class)
		return true;
	char *hand_in = must_printf("%.*s", (int)hand_in_length(x, path), path);
	if (x->hand_in == NULL || strcmp(x->hand_in, hand_in) != 0)
		x->hand_in_total = 0;
	free(x->hand_in);
	x->hand_in = hand_in;
	x->hand_in_total += bytes;
	return x->hand_in_total <= (uint64_t)CLASS_HAND_IN_MIB * MIB;
}

static const char *kind_problem(const char *kind, bool class)
{
	if (strcmp(kind, "encrypted") == 0)
		return "is encrypted";
	if (strcmp(kind, "too-large") == 0)
		return class ? "is larger than 64 MiB" : "is larger than 8 MiB";
	if (strcmp(kind, "unnamed") == 0)
		return "has a name that cannot be read";
	return NULL;
}

/* One entry that the reader told of. */
static void take_entry(struct extraction *x, const json_t *entry, int data, uint64_t at,
		       uint64_t bytes)
{
	AUTO_FREE char *path = must_strdup(json_text_of(entry, "path", ""));
	const char *kind = json_text_of(entry, "kind", "");
	if (path_is_junk(path))
		return;
	const char *problem = json_is_true(json_object_get(entry, "raw"))
				      ? "is not UTF-8, or longer than 512 bytes"
				      : path_problem(path, strlen(path));
	if (problem == NULL)
		problem = kind_problem(kind, x->class);
	if (problem != NULL) {
		object_to(x, path, problem);
		return;
	}
	path_make_plain(path);
	if (strcmp(kind, "file") == 0 && *path != '\0') {
		if (has_room(x, path, bytes))
			make_file(x, path, data, at, bytes);
		else
			object_to(x, path, "brings the hand-in to more than 1 GiB");
	} else if (strcmp(kind, "folder") == 0) {
		if (*path != '\0')
			make_folder(x, path);
	} else {
		skip(x, path,
		     strcmp(kind, "link") == 0 ? "is a link and was skipped"
					       : "is no file and was skipped");
	}
}

/* All of one run. False: there is no next one. */
static bool take_run(struct extraction *x, const json_t *value, int data)
{
	const json_t *entries = json_object_get(value, "entries");
	uint64_t at = 0;
	for (size_t i = 0; i < json_array_size(entries) && x->result->refused == NULL; i++) {
		const json_t *entry = json_array_get(entries, i);
		json_int_t bytes = json_integer_value(json_object_get(entry, "bytes"));
		if (bytes < 0 || (uint64_t)bytes > x->file_max) {
			refuse(x, NULL, "it made our reader of archives fail");
			break;
		}
		x->total += (uint64_t)bytes;
		if (++x->entries > x->entries_max)
			refuse(x, NULL,
			       x->class ? "it has more than 200,000 entries"
					: "it has more than 2,000 entries");
		else if (x->total > x->total_max)
			refuse(x, NULL,
			       x->class ? "it unpacks to more than 8 GiB"
					: "it unpacks to more than 64 MiB, or to more than "
					  "100 times its size");
		else
			take_entry(x, entry, data, at, (uint64_t)bytes);
		at += (uint64_t)bytes;
	}
	const char *error = json_text_of(value, "error", NULL);
	if (error != NULL) {
		AUTO_FREE char *text = must_printf("it is damaged, or no archive: %s", error);
		refuse(x, NULL, text);
	}
	json_int_t next = json_integer_value(json_object_get(value, "next"));
	if (x->result->refused != NULL || next <= 0 || (uint64_t)next <= x->run.first)
		return false;
	x->run.first = (uint64_t)next;
	return true;
}

static void take_archive(struct extraction *x)
{
	for (bool more = true; more;) {
		const char *why = NULL;
		AUTO_FD int data = -1;
		json_t *value = unpack_run_archive(&x->run, &data, &why);
		if (value == NULL)
			refuse(x, NULL, why);
		more = value != NULL && take_run(x, value, data);
		json_decref(value);
	}
	if (x->result->refused == NULL)
		look_for_doubles(x);
	words_fini(&x->names);
	free(x->hand_in);
}

static void make_into(struct extraction *x, const char *into)
{
	int error = folder_make(into);
	if (error != 0)
		die_errno(error, "cannot make %s", into);
	x->into = open(into, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (x->into < 0)
		die_errno(errno, "cannot open %s", into);
}

void extract_hand_in(const char *reader, int archive, const char *into, struct extracted *extracted)
{
	*extracted = (struct extracted){ 0 };
	struct stat info;
	if (fstat(archive, &info) != 0 || !S_ISREG(info.st_mode)) {
		extracted->refused = must_strdup("it is no file");
		return;
	}
	uint64_t size = (uint64_t)info.st_size;
	uint64_t allowed = MIB + size * RATIO;
	struct extraction x = {
		.run = { .reader = reader,
			 .input = archive,
			 .entries = ENTRIES + 1,
			 .file_bytes = (uint64_t)FILE_MIB * MIB,
			 .chunk_bytes = (uint64_t)CHUNK_MIB * MIB },
		.file_max = (uint64_t)FILE_MIB * MIB,
		.entries_max = ENTRIES,
		.total_max = allowed < (uint64_t)UNPACKED_MIB * MIB ? allowed
								    : (uint64_t)UNPACKED_MIB * MIB,
		.result = extracted,
	};
	if (size > (uint64_t)ARCHIVE_MIB * MIB) {
		refuse(&x, NULL, "it is larger than 64 MiB");
		return;
	}
	make_into(&x, into);
	take_archive(&x);
	(void)close(x.into); /* a folder */
}

void extract_class(const char *reader, int archive, const char *into, struct extracted *extracted)
{
	*extracted = (struct extracted){ 0 };
	struct extraction x = {
		.run = { .reader = reader,
			 .input = archive,
			 .cpu_s = CLASS_CPU_S,
			 .entries = CHUNK_ENTRIES,
			 .file_bytes = (uint64_t)CLASS_FILE_MIB * MIB,
			 .chunk_bytes = (uint64_t)CHUNK_MIB * MIB },
		.class = true,
		.file_max = (uint64_t)CLASS_FILE_MIB * MIB,
		.entries_max = CLASS_ENTRIES,
		.total_max = (uint64_t)CLASS_GIB * 1024 * MIB,
		.result = extracted,
	};
	x.wrapper = unpack_wrapper(&x.run);
	make_into(&x, into);
	take_archive(&x);
	(void)close(x.into); /* a folder */
	free(x.wrapper);
}

void extracted_fini(struct extracted *extracted)
{
	free(extracted->refused);
	words_fini(&extracted->notes);
	for (size_t i = 0; i < extracted->problem_count; i++) {
		free(extracted->problems[i].path);
		free(extracted->problems[i].what);
	}
	free(extracted->problems);
	*extracted = (struct extracted){ 0 };
}
