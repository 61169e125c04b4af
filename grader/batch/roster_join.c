/* Joins the people of a roster with those that a layout named. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/roster.h"

static bool same(const char *one, const char *other)
{
	return one != NULL && other != NULL && strcmp(one, other) == 0;
}

static bool same_letters(const char *one, const char *other)
{
	return one != NULL && other != NULL && strcasecmp(one, other) == 0;
}

/* What two people are one by, strongest first: a number of the course system, a login, ... A name
 * alone counts only if nobody else has it. */
enum key { KEY_LMS_ID, KEY_LOGIN, KEY_EMAIL, KEY_SID, KEY_NAME, KEYS };

static bool is_one(enum key key, const struct person *person, const struct member *member)
{
	switch (key) {
	case KEY_LMS_ID:
		return same(person->lms_id, member->lms_id);
	case KEY_LOGIN:
		return same(person->login, member->login);
	case KEY_EMAIL:
		return same_letters(person->email, member->email);
	case KEY_SID:
		return same(person->sid, member->sid);
	case KEY_NAME:
		return same(person->name, member->name);
	case KEYS:
		break;
	}
	return false;
}

static struct person *find_person(struct roster *roster, const struct member *member)
{
	for (enum key key = KEY_LMS_ID; key < KEYS; key++) {
		struct person *found = NULL;
		for (size_t i = 0; i < roster->count; i++) {
			if (!is_one(key, &roster->people[i], member))
				continue;
			if (found != NULL)
				return NULL; /* two: neither */
			found = &roster->people[i];
		}
		if (found != NULL)
			return found;
	}
	return NULL;
}

static void complete(char **field, const char *text)
{
	if (*field == NULL)
		entry_set(field, text);
}

static void complete_member(struct member *member, const struct person *person)
{
	complete(&member->login, person->login);
	complete(&member->sid, person->sid);
	complete(&member->lms_id, person->lms_id);
	complete(&member->email, person->email);
	complete(&member->name, person->name);
	complete(&member->section, person->section);
}

static void complete_entry(struct entry *entry, struct person *person)
{
	complete(&entry->group, person->group);
	complete(&entry->submitted, person->submitted);
	person->found = true;
}

static bool names_entry(const struct person *person, const struct entry *entry)
{
	return person->entry != NULL &&
	       (same(person->entry, entry->name) || same(person->entry, entry->origin));
}

static void forget_members(struct entry *entry)
{
	for (size_t i = 0; i < entry->member_count; i++) {
		struct member *member = &entry->members[i];
		free(member->login);
		free(member->sid);
		free(member->lms_id);
		free(member->email);
		free(member->name);
		free(member->section);
	}
	entry->member_count = 0;
}

/* true: rows of the roster name this entry, and they are its members. */
static bool take_named(struct roster *roster, struct entry *entry)
{
	bool named = false;
	for (size_t i = 0; i < roster->count; i++) {
		struct person *person = &roster->people[i];
		if (!names_entry(person, entry))
			continue;
		if (!named)
			forget_members(entry);
		named = true;
		complete_member(entry_add_member(entry), person);
		complete_entry(entry, person);
	}
	return named;
}

static void join_entry(struct roster *roster, struct entry *entry)
{
	if (take_named(roster, entry))
		return;
	for (size_t i = 0; i < entry->member_count; i++) {
		struct person *person = find_person(roster, &entry->members[i]);
		if (person == NULL)
			continue;
		complete_member(&entry->members[i], person);
		complete_entry(entry, person);
	}
}

static void add_missing(const struct person *person, struct entries *entries)
{
	const char *const names[] = { person->login, person->email, person->sid, person->lms_id,
				      person->name };
	struct entry *entry = entries_add(entries, "");
	for (size_t i = 0; entry->name == NULL && i < sizeof names / sizeof names[0]; i++)
		entry_set(&entry->name, names[i]);
	entry->state = ENTRY_MISSING;
	entry_set(&entry->group, person->group);
	complete_member(entry_add_member(entry), person);
}

void roster_join(struct roster *roster, struct entries *entries)
{
	const size_t handed_in = entries->count;
	for (size_t i = 0; i < handed_in; i++)
		join_entry(roster, &entries->item[i]);
	size_t missing = 0;
	for (size_t i = 0; i < roster->count; i++) {
		if (roster->people[i].found)
			continue;
		add_missing(&roster->people[i], entries);
		missing++;
	}
	if (missing > 0)
		words_addf(&entries->warnings,
			   "%zu of the %zu people in the roster handed nothing in%s", missing,
			   roster->count,
			   same(entries->layout, "classroom")
				   ? "; 'gh classroom clone student-repos' fetches only 30 "
				     "repositories, unless --per-page says more"
				   : "");
}
