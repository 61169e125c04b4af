/* Settings files by libinih, with the line of each value kept for clear errors. */
#include "base/ini.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

enum { INI_BYTES_MAX = 256 * 1024 };

struct entry {
	char *section, *key, *value;
	int line;
};

struct ini {
	char *path;
	struct entry *entries;
	size_t count;
	const char *left; /* while reading: what libinih has not seen yet          */
	int line;         /* while reading: the line it was given last             */
	bool continued;   /* while reading: that line continues the one before     */
};

/* Feeds libinih. Its lines have 200 bytes at most, ours (compiler flags) more: a long line goes in
 * pieces, each but the first with a blank in front, which is libinih's own sign of a continued
 * value. */
static char *next_line(char *buffer, int room, void *stream)
{
	struct ini *ini = stream;
	if (*ini->left == '\0')
		return NULL;
	bool fresh = ini->line == 0 || ini->left[-1] == '\n';
	size_t length = strcspn(ini->left, "\n");
	size_t limit = (size_t)room - 3; /* a blank, a newline, a NUL */
	if (length > limit) {
		length = limit;
		while (length > 0 && ini->left[length] != ' ')
			length--;
		if (length == 0)
			die("%s:%d: a word of more than %zu bytes", ini->path, ini->line + fresh,
			    limit);
	}
	char *out = buffer;
	if (!fresh)
		*out++ = ' ';
	memcpy(out, ini->left, length);
	out[length] = '\n';
	out[length + 1] = '\0';
	ini->line += fresh;
	ini->continued = buffer[0] == ' ' || buffer[0] == '\t';
	ini->left += length;
	if (*ini->left == '\n' || *ini->left == ' ')
		ini->left++;
	return buffer;
}

static const struct entry *find(const struct ini *ini, const char *section, const char *key)
{
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->entries[i].section, section) == 0 &&
		    strcmp(ini->entries[i].key, key) == 0)
			return &ini->entries[i];
	return NULL;
}

static int take_value(void *user, const char *section, const char *key, const char *value)
{
	struct ini *ini = user;
	if (ini->continued && ini->count > 0) {
		struct entry *last = &ini->entries[ini->count - 1];
		char *joined = must_printf("%s%s%s", last->value, *last->value ? " " : "", value);
		free(last->value);
		last->value = joined;
		return 1;
	}
	const struct entry *other = find(ini, section, key);
	if (other != NULL)
		die("%s:%d: key '%s' stands already in line %d", ini->path, ini->line, key,
		    other->line);
	struct entry *entries = reallocarray(ini->entries, ini->count + 1, sizeof *entries);
	if (entries == NULL)
		die("out of memory");
	entries[ini->count++] = (struct entry){ .section = must_strdup(section),
						.key = must_strdup(key),
						.value = must_strdup(value),
						.line = ini->line };
	ini->entries = entries;
	return 1;
}

struct ini *ini_load(const char *path)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(path, INI_BYTES_MAX, &bytes, &length);
	if (error != 0)
		die_errno(error, "cannot read %s", path);
	struct ini *ini = must_alloc(sizeof *ini);
	ini->path = must_strdup(path);
	ini->left = bytes;
	int line = ini_parse_stream(next_line, ini, take_value, ini);
	if (line != 0)
		die("%s:%d: neither a section nor 'key = value'", path, line);
	ini->left = NULL;
	return ini;
}

void ini_destroy(struct ini *ini)
{
	if (ini == NULL)
		return;
	for (size_t i = 0; i < ini->count; i++) {
		free(ini->entries[i].section);
		free(ini->entries[i].key);
		free(ini->entries[i].value);
	}
	free(ini->entries);
	free(ini->path);
	free(ini);
}

const char *ini_text(const struct ini *ini, const char *section, const char *key)
{
	const struct entry *entry = find(ini, section, key);
	return entry != NULL ? entry->value : NULL;
}

const char *ini_require(const struct ini *ini, const char *section, const char *key)
{
	const char *value = ini_text(ini, section, key);
	if (value == NULL || *value == '\0')
		die("%s: section [%s] needs a value for '%s'", ini->path, section, key);
	return value;
}

long ini_number(const struct ini *ini, const char *section, const char *key, long smallest,
		long largest, long absent)
{
	const struct entry *entry = find(ini, section, key);
	if (entry == NULL)
		return absent;
	char *end = NULL;
	errno = 0;
	long value = strtol(entry->value, &end, 10);
	if (errno != 0 || end == entry->value || *end != '\0' || value < smallest ||
	    value > largest)
		die("%s:%d: '%s' must be a whole number from %ld to %ld, not '%s'", ini->path,
		    entry->line, key, smallest, largest, entry->value);
	return value;
}

int ini_line(const struct ini *ini, const char *section, const char *key)
{
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->entries[i].section, section) == 0 &&
		    (key == NULL || strcmp(ini->entries[i].key, key) == 0))
			return ini->entries[i].line;
	return 0;
}

void ini_sections(const struct ini *ini, struct words *names)
{
	for (size_t i = 0; i < ini->count; i++)
		if (!words_has(names, ini->entries[i].section))
			words_add(names, ini->entries[i].section);
}

void ini_keys(const struct ini *ini, const char *section, struct words *names)
{
	for (size_t i = 0; i < ini->count; i++)
		if (strcmp(ini->entries[i].section, section) == 0)
			words_add(names, ini->entries[i].key);
}

void ini_only(const struct ini *ini, const char *section, const char *known)
{
	struct words words = { 0 };
	words_split(&words, known);
	for (size_t i = 0; i < ini->count; i++) {
		const struct entry *entry = &ini->entries[i];
		if (strcmp(entry->section, section) == 0 && !words_has(&words, entry->key))
			die("%s:%d: unknown key '%s' in section [%s]; known: %s", ini->path,
			    entry->line, entry->key, section, known);
	}
	words_fini(&words);
}
