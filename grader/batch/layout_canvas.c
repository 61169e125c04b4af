/* canvas: flat files, "doejane_LATE_42_98765_bqueue-1.c": name, user id, attachment id, file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"

struct parts {
	size_t name_length; /* with "_LATE" */
	const char *user, *attachment;
	size_t user_length, attachment_length;
	const char *file;
};

/* The first "_<digits>_<digits>_" ends the name. */
static bool split(const char *text, struct parts *parts)
{
	for (const char *at = strchr(text, '_'); at != NULL; at = strchr(at + 1, '_')) {
		const char *user = at + 1;
		size_t user_length = count_digits(user);
		if (at == text || user_length == 0 || user[user_length] != '_')
			continue;
		const char *attachment = user + user_length + 1;
		size_t attachment_length = count_digits(attachment);
		const char *file = attachment + attachment_length + 1;
		if (attachment_length == 0 || file[-1] != '_' || *file == '\0')
			continue;
		*parts = (struct parts){ .name_length = (size_t)(at - text),
					 .user = user,
					 .attachment = attachment,
					 .user_length = user_length,
					 .attachment_length = attachment_length,
					 .file = file };
		return true;
	}
	return false;
}

static bool is_canvas(const char *name, bool folder)
{
	struct parts parts;
	return !folder && split(name, &parts);
}

static bool canvas_fits(const struct listing *listing)
{
	return listing_mostly(listing, is_canvas);
}

/* "bqueue-1.c" is a file handed in again, if the lab lists "bqueue.c" and not that. Returned. */
static char *plain_name(const struct words *listed, const char *file)
{
	const char *dot = strrchr(file, '.');
	const char *end = dot != NULL ? dot : file + strlen(file);
	const char *dash = end;
	while (dash > file && dash[-1] >= '0' && dash[-1] <= '9')
		dash--;
	if (words_has(listed, file) || dash == end || dash == file || dash[-1] != '-')
		return must_strdup(file);
	char *stripped = must_printf("%.*s%s", (int)(dash - 1 - file), file, end);
	if (words_has(listed, stripped))
		return stripped;
	free(stripped);
	return must_strdup(file);
}

static void read_one(const char *text, struct class *class)
{
	static const char late[] = "_LATE";
	struct parts parts;
	if (!split(text, &parts)) {
		words_addf(&class->entries->warnings, "%s has no user's number and was ignored",
			   text);
		return;
	}
	size_t tail = strlen(late);
	bool is_late = parts.name_length > tail &&
		       memcmp(text + parts.name_length - tail, late, tail) == 0;
	AUTO_FREE char *name = copy_part(text, parts.name_length - (is_late ? tail : 0));
	AUTO_FREE char *user = copy_part(parts.user, parts.user_length);
	size_t which = class_find(class, text, user);
	struct entry *entry = &class->entries->item[which];
	if (entry->member_count == 0) {
		AUTO_FREE char *wish = must_printf("%s_%s", name, user);
		struct member *member = entry_add_member(entry);
		entry_set(&member->lms_id, user);
		entry_set(&member->name, name);
		entry_set(&entry->name, wish);
		entry->late = 0;
	}
	if (is_late)
		entry->late = 1;
	AUTO_FREE char *file = plain_name(class->listed, parts.file);
	class_piece(class, which, text, file, strtol(parts.attachment, NULL, 10));
}

static void canvas_read(const struct listing *listing, struct class *class)
{
	for (size_t i = 0; i < listing->names.count; i++)
		read_one(listing->names.item[i], class);
}

const struct layout layout_canvas = { .name = "canvas", .fits = canvas_fits, .read = canvas_read };
