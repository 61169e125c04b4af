/* batch/entry.h - one hand-in of a class: who, when, which canonical submission.
 * All texts are clean UTF-8 (base/text.h) and belong to the entry; NULL means unknown.
 * [MT-Confined] to one list. */
#ifndef GRADER_ENTRY_H
#define GRADER_ENTRY_H
#include <stddef.h>

#include "base/hash.h"
#include "base/words.h"

enum { ENTRY_NAME_BYTES_MAX = 64 };

/* A person; at least one of login, sid, lms_id, email and name is known. */
struct member {
	char *login, *sid, *lms_id, *email, *name, *section;
};

enum entry_state {
	ENTRY_QUEUED,     /* there is a canonical submission, to be graded              */
	ENTRY_UNREADABLE, /* no grade: `note` says why; the instructor must look        */
	ENTRY_MISSING,    /* in the roster, but nothing was handed in                   */
};

struct entry {
	char *name;      /* unique, safe as a folder's name: see entry_name_of          */
	char *origin;    /* path below the input; "" if missing                         */
	int attempt;     /* as counted by the course system; -1: unknown                */
	char *submitted; /* "2026-11-20T21:03:55Z"; without the Z if the zone is unknown */
	int late;        /* 1, 0, -1: unknown                                           */
	char *group;
	enum entry_state state;
	char *note; /* what was ignored, or why it is unreadable                    */
	struct member *members;
	size_t member_count;
	char hash[HASH_HEX_BYTES]; /* that of intake/collect.h; "" if there is nothing to grade */
};

struct entries {
	struct entry *item; /* in byte order of their names                               */
	size_t count;
	char *layout; /* "moodle"                                                     */
	struct words warnings;
};

/* "queued", "unreadable", "missing". [MT-Safe] */
const char *entry_state_name(enum entry_state state);

/* Adds an entry that knows nothing but its origin (attempt and late unknown, queued). Borrowed from
 * the list until the next is added. */
struct entry *entries_add(struct entries *entries, const char *origin);

/* Adds a person that knows nothing yet. Borrowed until the next is added. */
struct member *entry_add_member(struct entry *entry);

/* Adds a phrase to the note, after "; ". The text is cleaned. */
void entry_note(struct entry *entry, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The entry cannot be graded: state and the phrase, which goes in front of the note. */
void entry_refuse(struct entry *entry, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* A clean copy in place of what *field held; NULL and "" become NULL. */
void entry_set(char **field, const char *text);

/* A folder's name made of `text`: letters, digits and ".@+-" stay, each other byte becomes "_"; no
 * "." in front, at most ENTRY_NAME_BYTES_MAX bytes, never empty. Returned (free). [MT-Safe] */
char *entry_name_of(const char *text);

/* Gives each entry its name: `name` as a layout left it, else the origin's; on a clash "~2", "~3",
 * in order of the origins. Sorts the list by name. */
void entries_name(struct entries *entries);

void entries_fini(struct entries *entries);

#endif
