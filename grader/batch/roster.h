/* batch/roster.h - who is in the class: a CSV file that joins names and numbers.
 * Source: our own columns entry, login, sid, lms_id, email, name, section, group, submitted, and
 * those of the course systems' own tables: Moodle's grading worksheet, Canvas's and Brightspace's
 * gradebook, GitHub's classroom_roster.csv. [MT-Confined] */
#ifndef GRADER_ROSTER_H
#define GRADER_ROSTER_H
#include <stdbool.h>
#include <stddef.h>

#include "batch/entry.h"

struct person {
	char *entry, *login, *sid, *lms_id, *email, *name, *section, *group, *submitted;
	bool found; /* some entry has this person */
};

struct roster {
	struct person *people; /* in the file's order */
	size_t count;
};

/* Reads the file. It is the instructor's: one that is none ends the program with status 2. *roster
 * is returned to the caller. */
void roster_load(const char *path, struct roster *roster);
/* The same from memory; false: it is no table with a column that tells people apart, *why says what
 * is wrong (returned). */
bool roster_read(const char *bytes, size_t length, struct roster *roster, char **why);
void roster_fini(struct roster *roster);

/* Completes the members of each entry (what a layout knew stays), its group and its time; rows
 * whose `entry` names an entry are its members. People without an entry get one, ENTRY_MISSING.
 * Before entries_name. Adds a warning that counts them. */
void roster_join(struct roster *roster, struct entries *entries);

/* true: a row has this login, or names this entry. */
bool roster_has(const struct roster *roster, const char *login);

#endif
