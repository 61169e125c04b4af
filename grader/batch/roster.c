/* Rows to people, by the names of the columns that course systems use. */
#include "batch/roster.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/auto.h"
#include "base/csv.h"
#include "base/die.h"
#include "base/file.h"
#include "base/text.h"
#include "batch/conf.h"

/* The fields of a person, and what columns they come from, blank for blank. */
struct field {
	size_t offset;
	const char *columns[6];
};

#define FIELD(name) offsetof(struct person, name)
static const struct field fields[] = {
	{ FIELD(entry), { "entry" } },
	{ FIELD(login), { "login", "SIS Login ID", "Username", "github_username" } },
	{ FIELD(sid), { "sid", "SIS User ID", "ID number", "OrgDefinedId", "Student ID" } },
	{ FIELD(lms_id), { "lms_id", "ID", "Identifier" } },
	{ FIELD(email), { "email", "Email address", "E-mail" } },
	{ FIELD(name), { "name", "Full name", "Student" } },
	{ FIELD(section), { "section", "Section Name" } },
	{ FIELD(group), { "group", "Group Name" } },
	{ FIELD(submitted), { "submitted", "Last modified (submission)" } },
};

static char **field_of(struct person *person, const struct field *field)
{
	return (char **)(void *)((char *)person + field->offset);
}

static long find_column(const struct csv *csv, const struct field *field)
{
	const size_t count = sizeof field->columns / sizeof field->columns[0];
	for (size_t i = 0; i < count && field->columns[i] != NULL; i++) {
		long column = csv_find(csv, 0, field->columns[i]);
		if (column >= 0)
			return column;
	}
	return -1;
}

/* Without blanks around it, without Brightspace's "#" and Moodle's "Participant ". Returned. */
static char *tidy(const char *text, size_t offset)
{
	static const char participant[] = "Participant ";
	text += strspn(text, " \t");
	if (*text == '#' && (offset == FIELD(sid) || offset == FIELD(login)))
		text++;
	if (offset == FIELD(lms_id) && strncmp(text, participant, strlen(participant)) == 0)
		text += strlen(participant);
	size_t length = strlen(text);
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	return text_clean_line(text, length);
}

/* Ours as it is, in UTC; Moodle's "Saturday, 21 November 2026, 8:46 PM" without a zone. Returned,
 * or NULL: it is no time. */
static char *read_time(const char *text)
{
	char out[TIME_TEXT_BYTES];
	int64_t when_s = 0;
	struct tm parts = { 0 };
	if (time_read(text, &when_s)) {
		time_write(when_s, out);
		return must_strdup(out);
	}
	const char *end = strptime(text, "%A, %d %B %Y, %I:%M %p", &parts);
	if (end == NULL || *end != '\0' ||
	    strftime(out, sizeof out, "%Y-%m-%dT%H:%M:%S", &parts) == 0)
		return NULL;
	return must_strdup(out);
}

static void person_fini(struct person *person)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		free(*field_of(person, &fields[i]));
}

/* Canvas has rows that are nobody. */
static bool is_somebody(const struct person *person)
{
	if (person->name != NULL && (strcmp(person->name, "Points Possible") == 0 ||
				     strcmp(person->name, "Student, Test") == 0))
		return false;
	return person->login != NULL || person->sid != NULL || person->lms_id != NULL ||
	       person->email != NULL || person->name != NULL;
}

static void read_row(const struct csv *csv, size_t row, const long *columns, struct roster *roster)
{
	struct person person = { 0 };
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (columns[i] < 0)
			continue;
		AUTO_FREE char *text = tidy(csv_text(csv, row, (size_t)columns[i]),
					    fields[i].offset);
		if (*text != '\0')
			*field_of(&person, &fields[i]) = must_strdup(text);
	}
	if (person.submitted != NULL) {
		char *when = read_time(person.submitted);
		free(person.submitted);
		person.submitted = when;
	}
	/* GitHub's identifier is whatever the teacher chose: mostly an address. */
	long identifier = csv_find(csv, 0, "identifier");
	if (identifier >= 0 && csv_find(csv, 0, "github_username") >= 0) {
		bool address = person.lms_id != NULL && strchr(person.lms_id, '@') != NULL;
		char **field = address ? &person.email : &person.sid;
		if (*field == NULL) {
			*field = person.lms_id;
			person.lms_id = NULL;
		}
	}
	if (!is_somebody(&person)) {
		person_fini(&person);
		return;
	}
	roster->people = must_realloc(roster->people, (roster->count + 1) * sizeof *roster->people);
	roster->people[roster->count++] = person;
}

bool roster_read(const char *bytes, size_t length, struct roster *roster, char **why)
{
	*roster = (struct roster){ 0 };
	*why = NULL;
	struct csv *csv = csv_read(bytes, length, why);
	if (csv == NULL)
		return false;
	long columns[sizeof fields / sizeof fields[0]];
	bool tells = false;
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		columns[i] = csv_rows(csv) > 0 ? find_column(csv, &fields[i]) : -1;
		tells = tells || (columns[i] >= 0 && fields[i].offset >= FIELD(login) &&
				  fields[i].offset <= FIELD(name));
	}
	for (size_t row = 1; tells && row < csv_rows(csv); row++)
		if (!csv_is_blank(csv, row))
			read_row(csv, row, columns, roster);
	csv_destroy(csv);
	if (!tells)
		*why = must_strdup("its first line names no column that we know: login, sid, "
				   "lms_id, email or name");
	return tells;
}

void roster_load(const char *path, struct roster *roster)
{
	AUTO_FREE char *bytes = NULL;
	AUTO_FREE char *why = NULL;
	size_t length = 0;
	int error = file_read(path, CSV_BYTES_MAX, &bytes, &length);
	if (error != 0)
		die_errno(error, "cannot read the roster %s", path);
	if (!roster_read(bytes, length, roster, &why))
		die("%s is no roster: %s", path, why);
}

void roster_fini(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++)
		person_fini(&roster->people[i]);
	free(roster->people);
	*roster = (struct roster){ 0 };
}

bool roster_has(const struct roster *roster, const char *login)
{
	for (size_t i = 0; i < roster->count; i++) {
		const struct person *person = &roster->people[i];
		if ((person->login != NULL && strcmp(person->login, login) == 0) ||
		    (person->entry != NULL && strcmp(person->entry, login) == 0))
			return true;
	}
	return false;
}
