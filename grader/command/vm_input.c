/* A tar of the plainest kind, so that the same submission is the same bytes everywhere. Source:
 * POSIX.1-2017, pax, "ustar Interchange Format". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "command/vm.h"

enum { BLOCK = 512, NAME_BYTES = 100 };

struct entry {
	const char *name, *bytes;
	size_t length;
};

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct entry *)left)->name, ((const struct entry *)right)->name);
}

static void octal(char *field, size_t width, unsigned long value)
{
	(void)snprintf(field, width, "%0*lo", (int)width - 1, value);
}

static void put_header(FILE *out, const struct entry *entry)
{
	static const char magic[] = { 'u', 's', 't', 'a', 'r', '\0', '0', '0' };
	char header[BLOCK] = { 0 };
	unsigned long sum = 0;
	if (strlen(entry->name) >= NAME_BYTES)
		die("the lab has a file whose name is too long: %s", entry->name);
	(void)snprintf(header, NAME_BYTES, "%s", entry->name);
	octal(header + 100, 8, 0644);
	octal(header + 108, 8, 0);
	octal(header + 116, 8, 0);
	octal(header + 124, 12, entry->length);
	octal(header + 136, 12, 0);
	memset(header + 148, ' ', 8); /* the sum is made as if it were blanks */
	header[156] = '0';
	memcpy(header + 257, magic, sizeof magic);
	for (size_t i = 0; i < BLOCK; i++)
		sum += (unsigned char)header[i];
	octal(header + 148, 7, sum);
	(void)fwrite(header, 1, BLOCK, out);
}

static void put(FILE *out, const struct entry *entry)
{
	static const char zeros[BLOCK] = { 0 };
	put_header(out, entry);
	(void)fwrite(entry->bytes, 1, entry->length, out);
	(void)fwrite(zeros, 1, (BLOCK - entry->length % BLOCK) % BLOCK, out);
}

char *vm_input(const struct lab *lab, const struct submission *submission, const char *seed,
	       size_t *length)
{
	static const char zeros[2 * BLOCK] = { 0 };
	json_t *value = json_make("{s:s, s:s, s:s}", "format", "interleave-job/1", "lab", lab->name,
				  "seed", seed);
	AUTO_FREE char *job = json_text(value);
	AUTO_FREE struct entry *entries = must_alloc(
		(submission->count + submission->text_count + 1) * sizeof *entries);
	size_t count = 0;
	json_decref(value);
	entries[count++] = (struct entry){ "job.json", job, strlen(job) };
	for (size_t i = 0; i < submission->count; i++)
		entries[count++] = (struct entry){ submission->sources[i].name,
						   submission->sources[i].bytes,
						   submission->sources[i].length };
	for (size_t i = 0; i < submission->text_count; i++)
		if (submission->texts[i].bytes != NULL)
			entries[count++] = (struct entry){ submission->texts[i].name,
							   submission->texts[i].bytes,
							   submission->texts[i].length };
	qsort(entries, count, sizeof *entries, by_name);
	char *tar = NULL;
	FILE *out = open_memstream(&tar, length);
	if (out == NULL)
		die("out of memory");
	for (size_t i = 0; i < count; i++)
		put(out, &entries[i]);
	(void)fwrite(zeros, 1, sizeof zeros, out);
	if (fclose(out) != 0 || tar == NULL)
		die("out of memory");
	return tar;
}
