/* blackboard: flat files, "Lab3_jdoe_attempt_2026-11-21-20-46-14_bqueue.c"; the ".txt" without a
 * file's name is the system's own summary. The latest attempt of a login counts. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"

enum { TIME_LENGTH = 19 };

struct parts {
	const char *login;
	size_t login_length;
	const char *time; /* "2026-11-21-20-46-14" */
	const char *file; /* NULL: the summary */
};

static bool is_time(const char *text)
{
	static const char form[] = "dddd-dd-dd-dd-dd-dd";
	for (size_t i = 0; i < TIME_LENGTH; i++)
		if (form[i] == 'd' ? count_digits(text + i) == 0 : text[i] != form[i])
			return false;
	return true;
}

static bool split(const char *text, struct parts *parts)
{
	static const char marker[] = "_attempt_";
	for (const char *at = strstr(text, marker); at != NULL; at = strstr(at + 1, marker)) {
		const char *time = at + strlen(marker);
		const char *login = at;
		while (login > text && login[-1] != '_')
			login--;
		if (!is_time(time) || login == at || login < text + 2)
			continue;
		const char *rest = time + TIME_LENGTH;
		if (strcmp(rest, ".txt") != 0 && (rest[0] != '_' || rest[1] == '\0'))
			continue;
		*parts = (struct parts){ .login = login,
					 .login_length = (size_t)(at - login),
					 .time = time,
					 .file = rest[0] == '_' ? rest + 1 : NULL };
		return true;
	}
	return false;
}

static bool is_blackboard(const char *name, bool folder)
{
	struct parts parts;
	return !folder && split(name, &parts);
}

static bool blackboard_fits(const struct listing *listing)
{
	return listing_mostly(listing, is_blackboard);
}

static void read_one(const char *text, struct class *class)
{
	struct parts parts;
	if (!split(text, &parts)) {
		words_addf(&class->entries->warnings, "%s has no login and was ignored", text);
		return;
	}
	AUTO_FREE char *login = copy_part(parts.login, parts.login_length);
	/* The server's zone is not known: no Z behind it. */
	AUTO_FREE char *time = must_printf("%.10sT%.2s:%.2s:%.2s", parts.time, parts.time + 11,
					   parts.time + 14, parts.time + 17);
	size_t which = class_find(class, text, login);
	struct entry *entry = &class->entries->item[which];
	if (entry->member_count == 0) {
		entry_set(&entry_add_member(entry)->login, login);
		entry_set(&entry->name, login);
		entry_set(&entry->submitted, time);
	}
	int order = strcmp(time, entry->submitted);
	if (order > 0) {
		class_drop_pieces(class, which);
		entry_set(&entry->submitted, time);
		entry_set(&entry->origin, text);
	}
	if (order >= 0 && parts.file != NULL)
		class_piece(class, which, text, parts.file, 0);
}

static void blackboard_read(const struct listing *listing, struct class *class)
{
	for (size_t i = 0; i < listing->names.count; i++)
		read_one(listing->names.item[i], class);
}

const struct layout layout_blackboard = { .name = "blackboard",
					  .fits = blackboard_fits,
					  .read = blackboard_read };
