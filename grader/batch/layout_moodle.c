/* moodle: "Jane Doe_1327627_assignsubmission_file_/bqueue.c", or flat, "..._file_bqueue.c". The
 * number is the participant's; with blind marking the name is "Participant". */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"

static const char marker[] = "_assignsubmission_";

struct parts {
	const char *name; /* ends where the number's separator stands */
	size_t name_length;
	const char *number;
	size_t number_length;
	const char *plugin; /* "file_..." */
};

static bool split(const char *text, struct parts *parts)
{
	for (const char *at = strstr(text, marker); at != NULL; at = strstr(at + 1, marker)) {
		const char *number = at;
		while (number > text && number[-1] >= '0' && number[-1] <= '9')
			number--;
		if (number == at || number == text || (number[-1] != '_' && number[-1] != ' '))
			continue;
		*parts = (struct parts){ .name = text,
					 .name_length = (size_t)(number - text) - 1,
					 .number = number,
					 .number_length = (size_t)(at - number),
					 .plugin = at + strlen(marker) };
		return true;
	}
	return false;
}

static bool moodle_fits(const struct listing *listing)
{
	struct parts parts;
	for (size_t i = 0; i < listing->names.count; i++)
		if (split(listing->names.item[i], &parts))
			return true;
	return false;
}

static void read_one(const char *text, bool folder, struct class *class)
{
	struct parts parts;
	if (!split(text, &parts)) {
		words_addf(&class->entries->warnings,
			   "%s has no participant's number and was ignored", text);
		return;
	}
	AUTO_FREE char *number = copy_part(parts.number, parts.number_length);
	AUTO_FREE char *name = copy_part(parts.name, parts.name_length);
	size_t which = class_find(class, text, number);
	struct entry *entry = &class->entries->item[which];
	if (entry->member_count == 0) {
		AUTO_FREE char *wish = must_printf("%s_%s", name, number);
		struct member *member = entry_add_member(entry);
		entry_set(&member->lms_id, number);
		if (strcmp(name, "Participant") != 0)
			entry_set(&member->name, name);
		entry_set(&entry->name, wish);
	}
	if (strncmp(parts.plugin, "file", 4) != 0 || (parts.plugin[4] | '_') != '_') {
		entry_note(entry, "%s is no file and was ignored", text);
		return;
	}
	const char *file = parts.plugin + 4 + (parts.plugin[4] == '_');
	if (folder)
		class_piece(class, which, text, NULL, 0);
	else
		class_piece(class, which, text, *file != '\0' ? file : "file", 0);
}

static void moodle_read(const struct listing *listing, struct class *class)
{
	for (size_t i = 0; i < listing->names.count; i++)
		read_one(listing->names.item[i], listing->folder[i], class);
}

const struct layout layout_moodle = { .name = "moodle", .fits = moodle_fits, .read = moodle_read };
