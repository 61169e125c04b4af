/* The list of hand-ins: texts cleaned on their way in, names made unique on the way out. */
#include "batch/entry.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/text.h"

const char *entry_state_name(enum entry_state state)
{
	switch (state) {
	case ENTRY_QUEUED:
		return "queued";
	case ENTRY_UNREADABLE:
		return "unreadable";
	case ENTRY_MISSING:
		return "missing";
	}
	return "?";
}

struct entry *entries_add(struct entries *entries, const char *origin)
{
	struct entry *all = must_realloc(entries->item, (entries->count + 1) * sizeof *all);
	entries->item = all;
	struct entry *entry = &all[entries->count++];
	*entry = (struct entry){ .attempt = -1, .late = -1 };
	entry->origin = text_clean_line(origin, strlen(origin));
	return entry;
}

struct member *entry_add_member(struct entry *entry)
{
	struct member *all = must_realloc(entry->members, (entry->member_count + 1) * sizeof *all);
	entry->members = all;
	all[entry->member_count] = (struct member){ 0 };
	return &all[entry->member_count++];
}

/* In front of the note or after it. */
static void __attribute__((format(printf, 3, 0)))
join(struct entry *entry, bool front, const char *format, va_list values)
{
	AUTO_FREE char *text = NULL;
	if (vasprintf(&text, format, values) < 0)
		die("out of memory");
	AUTO_FREE char *clean = text_clean_line(text, strlen(text));
	AUTO_FREE char *old = entry->note;
	if (old == NULL)
		entry->note = must_strdup(clean);
	else if (front)
		entry->note = must_printf("%s; %s", clean, old);
	else
		entry->note = must_printf("%s; %s", old, clean);
}

void entry_note(struct entry *entry, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	join(entry, false, format, values);
	va_end(values);
}

void entry_refuse(struct entry *entry, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	join(entry, true, format, values);
	va_end(values);
	entry->state = ENTRY_UNREADABLE;
	entry->hash[0] = '\0';
}

void entry_set(char **field, const char *text)
{
	char *clean = text != NULL && *text != '\0' ? text_clean_line(text, strlen(text)) : NULL;
	free(*field);
	*field = clean;
}

static bool stays(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr(".@+-", c) != NULL);
}

char *entry_name_of(const char *text)
{
	char name[ENTRY_NAME_BYTES_MAX + 1];
	size_t length = 0;
	for (; length < ENTRY_NAME_BYTES_MAX && text[length] != '\0'; length++) {
		name[length] = text[length];
		if (!stays(text[length]))
			name[length] = '_';
	}
	if (length == 0)
		name[length++] = '_';
	name[length] = '\0';
	if (name[0] == '.')
		name[0] = '_';
	return must_strdup(name);
}

/* Those who handed nothing in come last: a name that is taken is not theirs. */
static int by_origin(const void *left, const void *right)
{
	const struct entry *one = left;
	const struct entry *other = right;
	bool one_missing = one->state == ENTRY_MISSING;
	bool other_missing = other->state == ENTRY_MISSING;
	if (one_missing != other_missing)
		return one_missing ? 1 : -1;
	int order = strcmp(one->origin, other->origin);
	if (order != 0 || one->name == NULL || other->name == NULL)
		return order;
	return strcmp(one->name, other->name);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(((const struct entry *)left)->name, ((const struct entry *)right)->name);
}

/* `name` with "~N" behind it, shortened to make room. Returned. */
static char *numbered(const char *name, size_t n)
{
	AUTO_FREE char *tail = must_printf("~%zu", n);
	size_t room = ENTRY_NAME_BYTES_MAX - strlen(tail);
	return must_printf("%.*s%s", (int)(strlen(name) < room ? strlen(name) : room), name, tail);
}

static bool name_taken(const struct entries *entries, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(entries->item[i].name, name) == 0)
			return true;
	return false;
}

void entries_name(struct entries *entries)
{
	if (entries->count > 1)
		qsort(entries->item, entries->count, sizeof *entries->item, by_origin);
	for (size_t i = 0; i < entries->count; i++) {
		struct entry *entry = &entries->item[i];
		AUTO_FREE char *wish = entry->name;
		AUTO_FREE char *base = entry_name_of(wish != NULL ? wish : entry->origin);
		entry->name = must_strdup(base);
		for (size_t n = 2; name_taken(entries, i, entry->name); n++) {
			free(entry->name);
			entry->name = numbered(base, n);
		}
	}
	if (entries->count > 1)
		qsort(entries->item, entries->count, sizeof *entries->item, by_name);
}

static void member_fini(struct member *member)
{
	free(member->login);
	free(member->sid);
	free(member->lms_id);
	free(member->email);
	free(member->name);
	free(member->section);
}

void entries_fini(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		struct entry *entry = &entries->item[i];
		free(entry->name);
		free(entry->origin);
		free(entry->submitted);
		free(entry->group);
		free(entry->note);
		for (size_t m = 0; m < entry->member_count; m++)
			member_fini(&entry->members[m]);
		free(entry->members);
	}
	free(entries->item);
	free(entries->layout);
	words_fini(&entries->warnings);
	*entries = (struct entries){ 0 };
}
