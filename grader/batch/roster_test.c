/* Rosters of every kind, and how they complete a class. */
#include "batch/roster.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"

TCase *roster_test(void);

static const struct {
	const char *table;
	const char *wanted; /* login sid lms_id email name section group submitted; a row a line */
} tables[] = {
	{ "entry,login,sid,email,name,section,group,submitted\n"
	  "team-7,jdoe,U1,j@x.org,\"Doe, Jane\",S1,team-7,2026-11-20T08:00:00Z\n"
	  ",al,,,,,,2026-11-20 09:00:00 +0100\n\n",
	  "jdoe U1 - j@x.org Doe, Jane S1 team-7 2026-11-20T08:00:00Z\n"
	  "al - - - - - - 2026-11-20T08:00:00Z\n" },
	{ "\xef\xbb\xbfIdentifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,"
	  "Grade can be changed,Last modified (submission),Last modified (grade),Feedback "
	  "comments\n"
	  "Participant 12345,Jane Doe,U0042,jdoe@example.edu,Submitted for grading,,35.00,Yes,"
	  "\"Saturday, 21 November 2026, 8:46 PM\",-,\n"
	  "Participant 6,Al,,,No submission,,35.00,Yes,-,-,\n",
	  "- U0042 12345 jdoe@example.edu Jane Doe - - 2026-11-21T20:46:00\n"
	  "- - 6 - Al - - -\n" },
	{ "Student,ID,SIS User ID,SIS Login ID,Section,Lab 3 (123456)\n"
	  "    Points Possible,,,,,35\n\"Doe, Jane\",42,U0042,jdoe,CS-01,\n\"Student, "
	  "Test\",43,,,,\n",
	  "jdoe U0042 42 - Doe, Jane CS-01 - -\n" },
	{ "OrgDefinedId,Username,Lab 3 Points Grade,End-of-Line Indicator\n#U0042,#jdoe,,#\n",
	  "jdoe U0042 - - - - - -\n" },
	{ "\"identifier\",\"github_username\",\"github_id\",\"name\"\n\"j@x.org\",\"jdoe\",\"1\","
	  "\"\"\n"
	  "\"U7\",\"\",\"\",\"\"\n",
	  "jdoe - - j@x.org - - - -\n- U7 - - - - - -\n" },
	{ "login;name\r\nal;\"Al \"\"S\"\" \xc3\xa9\"\r\n", "al - - - Al \"S\" \xc3\xa9 - - -\n" },
	{ "login\n", "" },
};

static const char *or_dash(const char *text)
{
	return text != NULL ? text : "-";
}

static char *tell(const struct roster *roster)
{
	char *told = must_strdup("");
	for (size_t i = 0; i < roster->count; i++) {
		const struct person *p = &roster->people[i];
		char *longer = must_printf("%s%s %s %s %s %s %s %s %s\n", told, or_dash(p->login),
					   or_dash(p->sid), or_dash(p->lms_id), or_dash(p->email),
					   or_dash(p->name), or_dash(p->section), or_dash(p->group),
					   or_dash(p->submitted));
		free(told);
		told = longer;
	}
	return told;
}

START_TEST(rows_become_people)
{
	struct roster roster;
	AUTO_FREE char *why = NULL;
	const char *table = tables[_i].table;
	ck_assert_msg(roster_read(table, strlen(table), &roster, &why), "%s", why);
	AUTO_FREE char *told = tell(&roster);
	ck_assert_str_eq(told, tables[_i].wanted);
	roster_fini(&roster);
}
END_TEST

START_TEST(what_is_no_roster_is_refused)
{
	static const char *const bad[] = { "", "a,b\n1,2\n", "entry,group\n1,2\n", "login\n\"" };
	struct roster roster;
	AUTO_FREE char *why = NULL;
	ck_assert(!roster_read(bad[_i], strlen(bad[_i]), &roster, &why));
	ck_assert_ptr_nonnull(why);
}
END_TEST

static struct entry *add(struct entries *entries, const char *name)
{
	struct entry *entry = entries_add(entries, name);
	entry_set(&entry->name, name);
	return entry;
}

START_TEST(people_are_found_and_missed)
{
	static const char table[] = "entry,login,sid,lms_id,email,name,submitted\n"
				    ",jdoe,U1,42,j@x.org,Jane Doe,2026-11-20T08:00:00Z\n"
				    "team,al,U2,,,Al,\n"
				    "team,bo,U3,,,Bo,\n"
				    ",cy,U4,,cy@x.org,Cy,\n"
				    ",d1,,,,Twin,\n"
				    ",d2,,,,Twin,\n"
				    ",team,,,,,\n";
	struct roster roster;
	struct entries entries = { .layout = must_strdup("classroom") };
	AUTO_FREE char *why = NULL;
	ck_assert(roster_read(table, strlen(table), &roster, &why));
	entry_set(&entry_add_member(add(&entries, "x_42"))->lms_id, "42");
	entry_set(&entry_add_member(add(&entries, "team"))->login, "team");
	entry_set(&entry_add_member(add(&entries, "twin"))->name, "Twin");
	entry_set(&entry_add_member(add(&entries, "mail"))->email, "CY@x.org");
	roster_join(&roster, &entries);
	entries_name(&entries);
	static const char *const names[] = { "d1", "d2", "mail", "team", "team~2", "twin", "x_42" };
	ck_assert_uint_eq(entries.count, 7);
	for (size_t i = 0; i < 7; i++)
		ck_assert_str_eq(entries.item[i].name, names[i]);
	const struct entry *item = entries.item;
	ck_assert_int_eq(item[0].state, ENTRY_MISSING);
	ck_assert_str_eq(item[0].members[0].login, "d1");
	ck_assert_str_eq(item[2].members[0].sid, "U4");
	ck_assert_str_eq(item[2].members[0].email, "CY@x.org"); /* what was known stays */
	ck_assert_uint_eq(item[3].member_count, 2);
	ck_assert_str_eq(item[3].members[1].sid, "U3");
	ck_assert_int_eq(item[4].state, ENTRY_MISSING);
	ck_assert_ptr_null(item[5].members[0].login);
	ck_assert_str_eq(item[6].members[0].login, "jdoe");
	ck_assert_str_eq(item[6].submitted, "2026-11-20T08:00:00Z");
	ck_assert_uint_eq(entries.warnings.count, 1);
	ck_assert_ptr_nonnull(strstr(entries.warnings.item[0], "3 of the 7 people"));
	ck_assert_ptr_nonnull(strstr(entries.warnings.item[0], "--per-page"));
	roster_fini(&roster);
	entries_fini(&entries);
}
END_TEST

TCase *roster_test(void)
{
	TCase *tests = tcase_create("roster");
	tcase_add_loop_test(tests, rows_become_people, 0, sizeof tables / sizeof tables[0]);
	tcase_add_loop_test(tests, what_is_no_roster_is_refused, 0, 4);
	tcase_add_test(tests, people_are_found_and_missed);
	return tests;
}
