/* One row is one function: the header line and the cells stand in the same order below each other.
 */
#include "report/tables.h"

#include <string.h>

#include "base/auto.h"
#include "base/csv.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/form.h"

enum { HASH_SHOWN = 12 };

struct line {
	FILE *out;
	bool begun;
};

static void put(struct line *line, const char *text)
{
	csv_put_guarded(line->out, !line->begun, text);
	line->begun = true;
}

/* The clean text of a key; nothing for null. */
static void put_key(struct line *line, const json_t *object, const char *key)
{
	AUTO_FREE char *text = form_line(object, key);
	put(line, text);
}

static void put_head(FILE *out, const char *columns)
{
	(void)fprintf(out, "%s\n", columns);
}

/* Hundredths as points; an empty cell for null. */
static void put_points(struct line *line, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	char text[TEXT_POINTS_BYTES] = "";
	if (json_is_integer(value))
		text_points(text, (long)json_integer_value(value));
	put(line, text);
}

/* 1, 0 or nothing. */
static void put_late(struct line *line, const json_t *entry)
{
	const json_t *late = json_object_get(entry, "late");
	bool known = json_is_integer(late) || json_is_boolean(late);
	bool is = json_is_true(late) || json_integer_value(late) == 1;
	put(line, !known ? "" : is ? "1" : "0");
}

static void put_number(struct line *line, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	AUTO_FREE char *text = json_is_integer(value)
				       ? must_printf("%lld", (long long)json_integer_value(value))
				       : must_strdup("");
	put(line, text);
}

static void put_person(struct line *line, const json_t *entry, const json_t *member)
{
	static const char *const keys[] = { "login", "sid", "email", "name", "section" };
	put_key(line, entry, "entry");
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		put_key(line, member, keys[i]);
}

static void put_grade_row(FILE *out, const json_t *entry, const json_t *member)
{
	struct line line = { .out = out };
	AUTO_FREE char *hash = form_line(entry, "submission");
	AUTO_FREE char *shown = must_printf("%.*s", HASH_SHOWN, hash);
	put_person(&line, entry, member);
	put_key(&line, entry, "group");
	put_number(&line, entry, "attempt");
	put_key(&line, entry, "submitted");
	put_late(&line, entry);
	put_key(&line, entry, "state");
	put_points(&line, entry, "score_c");
	put_points(&line, entry, "final_c");
	put_points(&line, entry, "max_c");
	put_key(&line, entry, "isolation");
	put(&line, shown);
	put_key(&line, entry, "worst_finding");
	put_key(&line, entry, "note");
	csv_end(out);
}

static void put_ungraded_row(FILE *out, const json_t *entry, const json_t *member)
{
	struct line line = { .out = out };
	if (json_is_integer(json_object_get(entry, "final_c")))
		return;
	put_person(&line, entry, member);
	put_key(&line, entry, "state");
	put_key(&line, entry, "note");
	csv_end(out);
}

static void put_people(FILE *out, const json_t *class,
		       void (*row)(FILE *out, const json_t *entry, const json_t *member))
{
	size_t e;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), e, entry)
	{
		const json_t *members = json_object_get(entry, "members");
		size_t m;
		json_t *member;
		json_array_foreach(members, m, member) row(out, entry, member);
		if (json_array_size(members) == 0)
			row(out, entry, NULL);
	}
}

void report_grades_csv(FILE *out, const json_t *class)
{
	put_head(out, "entry,login,sid,email,name,section,group,attempt,submitted,late,state,score,"
		      "final_score,max,isolation,submission,worst_finding,note");
	put_people(out, class, put_grade_row);
}

void report_ungraded_csv(FILE *out, const json_t *class)
{
	put_head(out, "entry,login,sid,email,name,section,state,note");
	put_people(out, class, put_ungraded_row);
}

void report_tests_csv_head(FILE *out)
{
	put_head(out, "entry,test,status,points,max,detector,finding,file,line,replay");
}

void report_tests_csv(FILE *out, const json_t *entry, const json_t *grade)
{
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		struct line line = { .out = out };
		AUTO_FREE char *points = form_points(test, "points");
		AUTO_FREE char *max = form_points(test, "max");
		const json_t *place = form_place(test);
		bool graded = form_status(test) != FORM_INFRA;
		put_key(&line, entry, "entry");
		put_key(&line, test, "id");
		put_key(&line, test, "status");
		put(&line, graded ? points : "");
		put(&line, max);
		put_key(&line, test, "detector");
		put_key(&line, json_object_get(test, "finding"), "id");
		put_key(&line, place, "file");
		put_number(&line, place, "line");
		put_key(&line, test, "replay");
		csv_end(out);
	}
}

/* The ids of the tests with this status. */
static json_t *ids_of(const json_t *grade, enum form_status status)
{
	json_t *ids = json_array();
	size_t i;
	json_t *test;
	json_array_foreach(json_object_get(grade, "tests"), i, test)
	{
		AUTO_FREE char *id = form_line(test, "id");
		if (form_status(test) == status)
			(void)json_array_append_new(ids, json_string(id));
	}
	return ids;
}

static json_t *text_or_null(const json_t *object, const char *key)
{
	AUTO_FREE char *text = form_line(object, key);
	bool there = json_is_string(json_object_get(object, key));
	return there ? json_string(text) : json_null();
}

static json_t *points_or_null(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_integer(value) ? json_points((long)json_integer_value(value)) : json_null();
}

static json_t *late_of(const json_t *entry)
{
	const json_t *late = json_object_get(entry, "late");
	if (json_is_boolean(late))
		return json_boolean(json_is_true(late));
	return json_is_integer(late) ? json_boolean(json_integer_value(late) == 1) : json_null();
}

static json_t *logins_of(const json_t *entry)
{
	json_t *logins = json_array();
	size_t i;
	json_t *member;
	json_array_foreach(json_object_get(entry, "members"), i, member)(void)
		json_array_append_new(logins, text_or_null(member, "login"));
	return logins;
}

static json_t *list_of(const json_t *entry, const char *key, const json_t *grade,
		       enum form_status status)
{
	json_t *own = json_object_get(entry, key);
	if (grade != NULL)
		return ids_of(grade, status);
	return json_is_array(own) ? json_incref(own) : json_array();
}

void report_jsonl(FILE *out, const json_t *class, const json_t *entry, const json_t *grade)
{
	AUTO_FREE char *hash = form_line(entry, "submission");
	AUTO_FREE char *sum = must_printf("sha256:%s", hash);
	json_t *max = points_or_null(entry, "max_c");
	if (json_is_null(max))
		max = points_or_null(class, "max_c");
	json_t *line = json_object();
	json_put(line, "entry", text_or_null(entry, "entry"));
	json_put(line, "logins", logins_of(entry));
	json_put(line, "group", text_or_null(entry, "group"));
	json_put(line, "late", late_of(entry));
	json_put(line, "state", text_or_null(entry, "state"));
	json_put(line, "score", points_or_null(entry, "score_c"));
	json_put(line, "final_score", points_or_null(entry, "final_c"));
	json_put(line, "max", max);
	json_put(line, "submission", *hash != '\0' ? json_string(sum) : json_null());
	json_put(line, "failed", list_of(entry, "failed", grade, FORM_FAIL));
	json_put(line, "blocked", list_of(entry, "blocked", grade, FORM_BLOCKED));
	if (json_is_string(json_object_get(entry, "note")))
		json_put(line, "note", text_or_null(entry, "note"));
	form_write_line(out, line);
}
