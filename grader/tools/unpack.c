/* build/unpack: reads archives and metadata of a class in a box. A program of its own, since only
 * it needs libarchive and libyaml: build/grade stays small, and never parses such bytes itself. */
#include "tools/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

enum { READ_BYTES = 64 * 1024, SHOWN_BYTES_MAX = 1024 };

/* Each format and filter by its own call: "all" would bring some that run programs. A zip is read
 * by its directory, as everybody's tools do. */
static struct archive *open_archive(void)
{
	struct archive *archive = archive_read_new();
	if (archive == NULL)
		die("out of memory");
	if (archive_read_support_format_tar(archive) != ARCHIVE_OK ||
	    archive_read_support_format_zip_seekable(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_bzip2(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(archive) != ARCHIVE_OK)
		die("this libarchive lacks a format: %s", archive_error_string(archive));
	return archive;
}

static const char *kind_of(struct archive_entry *entry)
{
	if (archive_entry_is_encrypted(entry))
		return "encrypted";
	if (archive_entry_pathname(entry) == NULL)
		return "unnamed";
	/* A hard link has no type of its own. */
	if (archive_entry_hardlink(entry) != NULL || archive_entry_filetype(entry) == AE_IFLNK)
		return "link";
	if (archive_entry_filetype(entry) == AE_IFREG)
		return "file";
	return archive_entry_filetype(entry) == AE_IFDIR ? "folder" : "special";
}

static json_t *describe(struct archive_entry *entry, const char *kind)
{
	const char *path = archive_entry_pathname(entry);
	if (path == NULL)
		path = "";
	size_t length = strlen(path);
	json_t *value = json_make("{s:s}", "kind", kind);
	if (length <= SHOWN_BYTES_MAX && text_is_utf8(path, length)) {
		json_put_text(value, "path", path);
		return value;
	}
	AUTO_FREE char *clean = text_clean_line(path, length < SHOWN_BYTES_MAX ? length
									       : SHOWN_BYTES_MAX);
	json_put_text(value, "path", clean);
	json_put(value, "raw", json_true());
	return value;
}

/* What became of a file's content. */
enum copied { COPIED, TOO_LARGE, CHUNK_FULL, DAMAGED };

/* Copies until a limit is met: the size that the archive gives may be a lie. */
static enum copied copy(struct archive *archive, int data, const struct unpack_limits *limits,
			uint64_t used, uint64_t *bytes)
{
	static char buffer[READ_BYTES];
	*bytes = 0;
	for (;;) {
		la_ssize_t n = archive_read_data(archive, buffer, sizeof buffer);
		if (n == ARCHIVE_RETRY)
			continue;
		if (n < 0)
			return DAMAGED;
		if (n == 0)
			return COPIED;
		*bytes += (uint64_t)n;
		if (*bytes > limits->file_bytes)
			return TOO_LARGE;
		if (used + *bytes > limits->chunk_bytes)
			return CHUNK_FULL;
		int error = file_write_fd(data, buffer, (size_t)n);
		if (error != 0)
			die_errno(error, "cannot write what was unpacked");
	}
}

static void forget(int data, uint64_t used)
{
	if (ftruncate(data, (off_t)used) != 0 || lseek(data, (off_t)used, SEEK_SET) < 0)
		die_errno(errno, "cannot shorten what was unpacked");
}

static json_t *error_of(struct archive *archive)
{
	const char *text = archive_error_string(archive);
	AUTO_FREE char *clean = text_clean_line(text != NULL ? text : "", text ? strlen(text) : 0);
	return json_string(*clean != '\0' ? clean : "unknown error");
}

/* Takes the entry whose header was read. False: this run is full, before it. */
static bool take(struct archive *archive, struct archive_entry *entry,
		 const struct unpack_limits *limits, int data, uint64_t *used, json_t *result)
{
	const char *kind = kind_of(entry);
	uint64_t bytes = 0;
	if (strcmp(kind, "file") == 0) {
		switch (copy(archive, data, limits, *used, &bytes)) {
		case COPIED:
			break;
		case TOO_LARGE:
			kind = "too-large";
			break;
		case DAMAGED:
			json_put(result, "error", error_of(archive));
			break;
		case CHUNK_FULL:
			forget(data, *used);
			return false;
		}
		if (strcmp(kind, "file") != 0 || json_object_get(result, "error") != NULL) {
			forget(data, *used);
			bytes = 0;
		}
	}
	*used += bytes;
	json_t *value = describe(entry, kind);
	json_put(value, "bytes", json_integer((json_int_t)bytes));
	(void)json_array_append_new(json_object_get(result, "entries"), value);
	return true;
}

json_t *unpack_archive(const struct unpack_limits *limits, int data)
{
	struct archive *archive = open_archive();
	json_t *result = json_make("{s:[], s:n}", "entries", "next");
	struct archive_entry *entry = NULL;
	uint64_t used = 0;
	int status = archive_read_open_fd(archive, 0, READ_BYTES);
	for (uint64_t number = 0; status >= ARCHIVE_WARN; number++) {
		status = archive_read_next_header(archive, &entry);
		if (status < ARCHIVE_WARN || status == ARCHIVE_EOF)
			break;
		if (number < limits->first)
			continue;
		if (number - limits->first == limits->entries ||
		    !take(archive, entry, limits, data, &used, result)) {
			json_put(result, "next", json_integer((json_int_t)number));
			break;
		}
		if (json_object_get(result, "error") != NULL)
			break;
	}
	if (status < ARCHIVE_WARN && json_object_get(result, "error") == NULL)
		json_put(result, "error", error_of(archive));
	(void)archive_read_free(archive);
	return result;
}

static uint64_t number_of(const char *text)
{
	char *end = NULL;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		die("build/unpack is started by the grader itself");
	return value;
}

/* unpack archive FIRST ENTRIES FILE_BYTES CHUNK_BYTES DATA | unpack yaml */
int main(int argc, char **argv)
{
	json_t *result = NULL;
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) /* names in archives are UTF-8 */
		die("this machine lacks the locale C.UTF-8");
	if (argc == 2 && strcmp(argv[1], "yaml") == 0) {
		result = unpack_yaml();
	} else if (argc == 7 && strcmp(argv[1], "archive") == 0) {
		const struct unpack_limits limits = { .first = number_of(argv[2]),
						      .entries = number_of(argv[3]),
						      .file_bytes = number_of(argv[4]),
						      .chunk_bytes = number_of(argv[5]) };
		AUTO_FD int data = open(argv[6], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		if (data < 0)
			die_errno(errno, "cannot make %s", argv[6]);
		result = unpack_archive(&limits, data);
	} else {
		die("build/unpack is started by the grader itself");
	}
	int failed = json_dumpf(result, stdout, JSON_COMPACT | JSON_ENCODE_ANY) != 0 ||
		     fflush(stdout) != 0;
	json_decref(result);
	return failed;
}
