/* Makes the archives that the tests of hand-ins read, honest and hostile ones: nothing of the kind
 * is kept in the repository. Usage: archives NAME FILE [FOLDER]; archives --list; archives
 * --attacks. The files of FOLDER, a correct hand-in, are in each archive, so that only what is
 * hostile in it can cost the grade. */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

enum { MIB = 1 << 20, PATTERN_BYTES = 64 * 1024, NAME_BYTES = 2048 };

static void fail(struct archive *archive, const char *what)
{
	(void)fprintf(stderr, "archives: %s: %s\n", what,
		      archive != NULL ? archive_error_string(archive) : "failed");
	exit(2);
}

/* One entry; `link`: what it points at. */
static void add(struct archive *out, const char *path, unsigned type, const char *link, size_t size,
		const char *bytes)
{
	static char zeros[PATTERN_BYTES];
	struct archive_entry *entry = archive_entry_new();
	archive_entry_set_pathname(entry, path);
	archive_entry_set_mode(entry, type | 06755);
	archive_entry_set_uid(entry, 0);
	if (type != 0)
		archive_entry_set_filetype(entry, type);
	if (link != NULL && type == AE_IFLNK)
		archive_entry_set_symlink(entry, link);
	else if (link != NULL)
		archive_entry_set_hardlink(entry, link);
	if (type == AE_IFCHR)
		archive_entry_set_rdev(entry, makedev(1, 5));
	archive_entry_set_size(entry, (la_int64_t)size);
	if (archive_write_header(out, entry) < ARCHIVE_WARN)
		fail(out, path);
	while (size > 0) {
		size_t part = bytes != NULL || size < sizeof zeros ? size : sizeof zeros;
		if (archive_write_data(out, bytes != NULL ? bytes : zeros, part) < 0)
			fail(out, path);
		size -= part;
	}
	archive_entry_free(entry);
}

static void text(struct archive *out, const char *path, const char *bytes)
{
	add(out, path, AE_IFREG, NULL, strlen(bytes), bytes);
}

static void unsafe_parent(struct archive *out)
{
	text(out, "../outside.c", "out");
}
static void unsafe_inner(struct archive *out)
{
	text(out, "a/../../outside.c", "out");
}
static void unsafe_absolute(struct archive *out)
{
	text(out, "/tmp/interleave-outside", "out");
}
static void unsafe_drive(struct archive *out)
{
	text(out, "C:outside.c", "out");
}
static void unsafe_backslash(struct archive *out)
{
	text(out, "..\\outside.c", "out");
}
static void unsafe_control(struct archive *out)
{
	text(out, "two\nScore 100.c", "out");
}
static void unsafe_escape(struct archive *out)
{
	text(out, "a\033[2Jb.c", "out");
}
static void unsafe_utf8(struct archive *out)
{
	text(out, "bad\377name.c", "out");
}

static void unsafe_long(struct archive *out)
{
	char name[NAME_BYTES + 1];
	memset(name, 'x', 200);
	name[200] = '\0';
	text(out, name, "out");
}

static void unsafe_deep(struct archive *out)
{
	text(out, "d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/a.c", "out");
}

static void double_name(struct archive *out)
{
	text(out, "twice.c", "1");
	text(out, "twice.c", "2");
}

static void double_case(struct archive *out)
{
	text(out, "twice.c", "1");
	text(out, "Twice.c", "2");
}

static void file_and_folder(struct archive *out)
{
	text(out, "both", "1");
	text(out, "both/a.c", "2");
}

static void links(struct archive *out)
{
	add(out, "shadow", AE_IFLNK, "/etc/shadow", 0, NULL);
	add(out, "up", AE_IFLNK, "..", 0, NULL);
	add(out, "hard", 0, "/etc/passwd", 0, NULL);
	text(out, "up/through-a-link.c", "out");
}

static void specials(struct archive *out)
{
	add(out, "null", AE_IFCHR, NULL, 0, NULL);
	add(out, "pipe", AE_IFIFO, NULL, 0, NULL);
}

static void bomb_ratio(struct archive *out)
{
	add(out, "zeros", AE_IFREG, NULL, (size_t)7 * MIB, NULL);
}
static void bomb_file(struct archive *out)
{
	add(out, "zeros", AE_IFREG, NULL, (size_t)9 * MIB, NULL);
}

/* So many small files, that each is nothing. */
static void bomb_entries(struct archive *out)
{
	for (int i = 0; i < 2100; i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "f%d", i);
		text(out, name, "");
	}
}

/* 66 MiB, none of them zero: the same noise again and again, which compresses well, but not too
 * well. */
static void bomb_total(struct archive *out)
{
	static char noise[MIB];
	unsigned state = 1;
	for (size_t b = 0; b < sizeof noise; b++) {
		state = state * 1664525u + 1013904223u;
		noise[b] = (char)(state >> 24);
	}
	for (int i = 0; i < 66; i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "noise%d", i);
		add(out, name, AE_IFREG, NULL, sizeof noise, noise);
	}
}

static void junk(struct archive *out)
{
	text(out, "__MACOSX/._a.c", "");
	text(out, ".git/config", "");
	text(out, "a.o", "");
	text(out, ".DS_Store", "");
}

static void honest(struct archive *out)
{
	(void)out;
}

/* An attack is queued all the same, or unreadable with these words in the note. */
struct kind {
	const char *name, *format; /* "zip", "tar"; a filter behind it: "tar.gz" */
	void (*fill)(struct archive *out);
	const char *row; /* of the hostile corpus; NULL: it is honest */
	const char *expect, *what;
};

static const struct kind kinds[] = {
	{ "honest_zip", "zip", honest, NULL, NULL, NULL },
	{ "honest_tar", "tar", honest, NULL, NULL, NULL },
	{ "honest_gz", "tar.gz", honest, NULL, NULL, NULL },
	{ "honest_xz", "tar.xz", honest, NULL, NULL, NULL },
	{ "honest_zst", "tar.zst", honest, NULL, NULL, NULL },
	{ "honest_bz2", "tar.bz2", honest, NULL, NULL, NULL },
	{ "junk", "zip", junk, NULL, NULL, NULL },
	{ "links", "tar", links, "C10", "queued",
	  "Links to /etc/shadow and to the folder above, a hard link to /etc/passwd, a file "
	  "through a link." },
	{ "specials", "tar", specials, "C10", "queued",
	  "A device and a FIFO, set-uid bits on the rest." },
	{ "unsafe_parent", "zip", unsafe_parent, "C10", "leaves its folder",
	  "A name that begins with two dots." },
	{ "unsafe_inner", "tar", unsafe_inner, "C10", "leaves its folder",
	  "A name that climbs out from inside." },
	{ "unsafe_absolute", "tar", unsafe_absolute, "C10", "is absolute", "An absolute name." },
	{ "unsafe_drive", "zip", unsafe_drive, "C10", "drive letter",
	  "A name with a drive letter." },
	{ "unsafe_backslash", "tar", unsafe_backslash, "C10", "backslash",
	  "Backslashes for slashes." },
	{ "unsafe_control", "zip", unsafe_control, "C11", "control character",
	  "A line feed in a name, and a forged score behind it." },
	{ "unsafe_escape", "tar", unsafe_escape, "C11", "control character",
	  "An escape sequence in a name." },
	{ "unsafe_utf8", "tar", unsafe_utf8, "C11", "is not UTF-8", "A name that is not UTF-8." },
	{ "unsafe_long", "zip", unsafe_long, "C11", "more than 128 bytes", "A name of 200 bytes." },
	{ "unsafe_deep", "zip", unsafe_deep, "C10", "16 folders deep", "Folders twenty deep." },
	{ "double_name", "zip", double_name, "C10", "is there twice",
	  "The same name twice, with two contents." },
	{ "double_case", "zip", double_case, "C10", "only in capitals",
	  "Two names that differ in a capital only." },
	{ "file_and_folder", "tar", file_and_folder, "C10", "both a file and a folder",
	  "A file that is a folder as well." },
	{ "bomb_ratio", "zip", bomb_ratio, "C10", "100 times its size",
	  "A thousand times its size." },
	{ "bomb_file", "zip", bomb_file, "C10", "larger than 8 MiB",
	  "A file of zeros that is too large." },
	{ "bomb_entries", "tar", bomb_entries, "C10", "more than 2,000 entries",
	  "More files than a hand-in has." },
	{ "bomb_total", "tar.zst", bomb_total, "C10", "more than 64 MiB",
	  "66 files of a MiB each, in one MiB." },
	{ "encrypted", "zip+password", honest, "C10", "is encrypted", "A password on it." },
	{ "cpio", "cpio", honest, "C10", "no archive",
	  "Another format under the name of an archive." },
	{ "seven_zip", "7zip", honest, "C10", "no archive", "The same with 7-Zip's." },
};

static struct archive *begin(const char *format, const char *path)
{
	struct archive *out = archive_write_new();
	bool zip = strncmp(format, "zip", 3) == 0;
	int status = zip                           ? archive_write_set_format_zip(out)
		     : strcmp(format, "cpio") == 0 ? archive_write_set_format_cpio(out)
		     : strcmp(format, "7zip") == 0 ? archive_write_set_format_7zip(out)
						   : archive_write_set_format_pax_restricted(out);
	if (strcmp(format, "zip+password") == 0 &&
	    (archive_write_set_options(out, "zip:encryption=aes256") != ARCHIVE_OK ||
	     archive_write_set_passphrase(out, "secret") != ARCHIVE_OK))
		fail(out, "encryption");
	const char *filter = strrchr(format, '.');
	if (filter != NULL && strcmp(filter, ".gz") == 0)
		status = archive_write_add_filter_gzip(out);
	if (filter != NULL && strcmp(filter, ".xz") == 0)
		status = archive_write_add_filter_xz(out);
	if (filter != NULL && strcmp(filter, ".zst") == 0)
		status = archive_write_add_filter_zstd(out);
	if (filter != NULL && strcmp(filter, ".bz2") == 0)
		status = archive_write_add_filter_bzip2(out);
	if (status != ARCHIVE_OK || archive_write_open_filename(out, path) != ARCHIVE_OK)
		fail(out, path);
	return out;
}

static void add_folder(struct archive *out, const char *folder)
{
	static char bytes[MIB];
	DIR *stream = opendir(folder);
	if (stream == NULL)
		fail(NULL, folder);
	/* cppcheck-suppress readdirCalled */
	for (const struct dirent *entry; (entry = readdir(stream)) != NULL;) {
		char path[NAME_BYTES];
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		FILE *file = fopen(path, "re");
		if (file == NULL)
			fail(NULL, path);
		size_t length = fread(bytes, 1, sizeof bytes, file);
		bool folder_read = ferror(file) != 0;
		(void)fclose(file);
		if (!folder_read)
			add(out, entry->d_name, AE_IFREG, NULL, length, bytes);
	}
	(void)closedir(stream);
}

int main(int argc, char **argv)
{
	const size_t count = sizeof kinds / sizeof kinds[0];
	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (size_t i = 0; i < count; i++)
			(void)printf("%s\n", kinds[i].name);
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "--attacks") == 0) {
		for (size_t i = 0; i < count; i++)
			if (kinds[i].row != NULL)
				(void)printf("%s|%s|%s|%s\n", kinds[i].name, kinds[i].row,
					     kinds[i].expect, kinds[i].what);
		return 0;
	}
	for (size_t i = 0; argc >= 3 && i < count; i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		struct archive *out = begin(kinds[i].format, argv[2]);
		if (argc > 3)
			add_folder(out, argv[3]);
		kinds[i].fill(out);
		if (archive_write_close(out) != ARCHIVE_OK)
			fail(out, argv[2]);
		(void)archive_write_free(out);
		return 0;
	}
	(void)fprintf(stderr, "usage: archives NAME FILE [FOLDER]; archives --list\n");
	return 2;
}
