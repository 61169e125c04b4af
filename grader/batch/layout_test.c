/* Each layout: names in, drafts out. A row is one download: its names ("/" behind a folder), and
 * what becomes of them, one entry a line. */
#include "batch/layout.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

TCase *layout_test(void);

static const struct download {
	const struct layout *layout;
	const char *title, *names; /* separated by "|" */
	const char *wanted; /* name [login lms email "full name" attempt late submitted] pieces */
} downloads[] = {
	{ &layout_moodle, "x",
	  "Jane Doe_1327627_assignsubmission_file_/|O'Neil \"Al\"_12_assignsubmission_file_/",
	  "Jane_Doe_1327627 [- 1327627 - Jane Doe -1 -1 -] /\n"
	  "O_Neil__Al__12 [- 12 - O'Neil \"Al\" -1 -1 -] /\n" },
	{ &layout_moodle, "x",
	  "José Núñez_7_assignsubmission_file_b.c|José Núñez_7_assignsubmission_file_a.c|"
	  "José Núñez_7_assignsubmission_onlinetext_onlinetext.html",
	  "Jos___N____ez_7 [- 7 - José Núñez -1 -1 -] a.c b.c; "
	  "José Núñez_7_assignsubmission_onlinetext_onlinetext.html is no file and was ignored\n" },
	{ &layout_moodle, "x",
	  "Participant_5_assignsubmission_file_/|Participant 6_assignsubmission_file_/|"
	  "Al_B_C_8_assignsubmission_file_my_file.zip",
	  "Al_B_C_8 [- 8 - Al_B_C -1 -1 -] my_file.zip\n"
	  "Participant_5 [- 5 - - -1 -1 -] /\n"
	  "Participant_6 [- 6 - - -1 -1 -] /\n" },
	{ &layout_canvas, "x",
	  "doejane_LATE_42_98765_a-1.c|doejane_LATE_42_98764_a.c|doejane_42_98766_b.c|"
	  "smith_7_1_real-1.c|smith_7_2_notes-2.txt",
	  "doejane_42 [- 42 - doejane -1 1 -] a.c b.c; "
	  "doejane_LATE_42_98765_a-1.c was taken instead of doejane_LATE_42_98764_a.c\n"
	  "smith_7 [- 7 - smith -1 0 -] notes-2.txt real-1.c\n" },
	{ &layout_canvas, "x", "de_la_cruz_9_10_a.c|müller_3_4_one|müller_3_5_x.zip",
	  "de_la_cruz_9 [- 9 - de_la_cruz -1 0 -] a.c\n"
	  "m__ller_3 [- 3 - müller -1 0 -] schedules/one x.zip\n" },
	{ &layout_blackboard, "x",
	  "Lab_3_jdoe_attempt_2026-11-21-20-46-14_a.c|Lab_3_jdoe_attempt_2026-11-21-20-46-14.txt|"
	  "Lab_3_jdoe_attempt_2026-11-22-08-00-00_a.c|Lab_3_jdoe_attempt_2026-11-22-08-00-00_b.c|"
	  "Lab_3_jdoe_attempt_2026-11-20-08-00-00_a.c|Lab_3_bmoe_attempt_2026-11-20-08-00-00.txt",
	  "bmoe [bmoe - - - -1 -1 2026-11-20T08:00:00]\n"
	  "jdoe [jdoe - - - -1 -1 2026-11-22T08:00:00] a.c b.c\n" },
	{ &layout_autolab, "x",
	  "jdoe@example.edu_3_handin.tar|jdoe@example.edu_10_handin.tar|"
	  "a_b@example.edu_1_a.c|a_b@example.edu_1_b.c",
	  "a_b@example.edu [- - a_b@example.edu - 1 -1 -] a.c b.c\n"
	  "jdoe@example.edu [- - jdoe@example.edu - 10 -1 -] handin.tar\n" },
	{ &layout_classroom, "lab3-submissions", "lab3-jdoe/|lab3-al-bert/",
	  "al-bert [al-bert - - - -1 -1 -] /\n"
	  "jdoe [jdoe - - - -1 -1 -] /\n" },
	{ &layout_plain, "x", "jdoe/|asmith.tar.gz|Bo Moe.ZIP|.hidden/|readme.txt|a:b/|a;b/",
	  "Bo_Moe [Bo Moe - - - -1 -1 -] Bo Moe.ZIP\n"
	  "_hidden [.hidden - - - -1 -1 -] /\n"
	  "a_b [a:b - - - -1 -1 -] /\n"
	  "a_b~2 [a;b - - - -1 -1 -] /\n"
	  "asmith [asmith - - - -1 -1 -] asmith.tar.gz\n"
	  "jdoe [jdoe - - - -1 -1 -] /\n" },
	{ &layout_plain, "x", "", "" },
};

static const struct layout *const all[] = {
	&layout_gradescope, &layout_moodle,  &layout_canvas,
	&layout_blackboard, &layout_autolab, &layout_classroom
};

static void list(const char *title, const char *names, struct listing *listing)
{
	*listing = (struct listing){ .root = must_printf("/nowhere/%s", title), .title = title };
	listing->folder = must_alloc(strlen(names) + 1);
	AUTO_FREE char *copy = must_strdup(names);
	char *state = NULL;
	for (char *name = strtok_r(copy, "|", &state); name != NULL;
	     name = strtok_r(NULL, "|", &state)) {
		size_t length = strlen(name);
		listing->folder[listing->names.count] = name[length - 1] == '/';
		if (name[length - 1] == '/')
			name[length - 1] = '\0';
		words_add(&listing->names, name);
	}
}

static void listing_fini(struct listing *listing)
{
	words_fini(&listing->names);
	free(listing->folder);
	free(listing->root);
}

static const char *or_dash(const char *text)
{
	return text != NULL ? text : "-";
}

static char *tell(const struct entry *entry, const char *pieces)
{
	static const struct member nobody = { 0 };
	const struct member *member = entry->member_count > 0 ? &entry->members[0] : &nobody;
	return must_printf("%s [%s %s %s %s %d %d %s]%s%s%s\n", entry->name, or_dash(member->login),
			   or_dash(member->lms_id), or_dash(member->email), or_dash(member->name),
			   entry->attempt, entry->late, or_dash(entry->submitted), pieces,
			   entry->note != NULL ? "; " : "", entry->note != NULL ? entry->note : "");
}

static char *pieces_of(const struct draft *draft)
{
	struct words names = { 0 };
	char *text = must_strdup("");
	for (size_t i = 0; i < draft->count; i++)
		words_add(&names, draft->pieces[i].as != NULL ? draft->pieces[i].as : "/");
	words_sort(&names);
	for (size_t i = 0; i < names.count; i++) {
		char *longer = must_printf("%s %s", text, names.item[i]);
		free(text);
		text = longer;
	}
	words_fini(&names);
	return text;
}

/* The entries are sorted by their names in the end; the pieces are looked up by the origin. */
static char *read_all(const struct layout *layout, const struct listing *listing,
		      struct entries *entries)
{
	struct words listed = { 0 };
	words_split(&listed, "a.c b.c real-1.c schedules/one");
	struct class class = { .listed = &listed, .reader = "build/unpack", .entries = entries };
	layout->read(listing, &class);
	struct words origins = { 0 };
	struct words pieces = { 0 };
	for (size_t i = 0; i < entries->count; i++) {
		AUTO_FREE char *text = pieces_of(&class.drafts[i]);
		words_add(&origins, entries->item[i].origin);
		words_add(&pieces, text);
	}
	class_fini(&class);
	entries_name(entries);
	char *told = must_strdup("");
	for (size_t i = 0; i < entries->count; i++) {
		size_t at = 0;
		while (at < origins.count && strcmp(origins.item[at], entries->item[i].origin) != 0)
			at++;
		ck_assert_uint_lt(at, origins.count);
		AUTO_FREE char *one = tell(&entries->item[i], pieces.item[at]);
		char *longer = must_printf("%s%s", told, one);
		free(told);
		told = longer;
	}
	words_fini(&listed);
	words_fini(&origins);
	words_fini(&pieces);
	return told;
}

START_TEST(names_become_entries)
{
	const struct download *download = &downloads[_i];
	struct listing listing;
	struct entries entries = { 0 };
	list(download->title, download->names, &listing);
	AUTO_FREE char *told = read_all(download->layout, &listing, &entries);
	ck_assert_str_eq(told, download->wanted);
	entries_fini(&entries);
	listing_fini(&listing);
}
END_TEST

START_TEST(the_first_that_fits_is_the_right_one)
{
	const struct download *download = &downloads[_i];
	struct listing listing;
	list(download->title, download->names, &listing);
	const struct layout *first = &layout_plain;
	for (size_t i = 0; i < sizeof all / sizeof all[0] && first == &layout_plain; i++)
		if (all[i]->fits(&listing))
			first = all[i];
	ck_assert_str_eq(first->name, download->layout->name);
	listing_fini(&listing);
}
END_TEST

START_TEST(gradescope_has_metadata)
{
	static const char yaml[] = "---\n"
				   "submission_1:\n"
				   "  :submitters:\n"
				   "  - :name: Jane Doe\n"
				   "    :sid: 'U0042'\n"
				   "    :email: jdoe@example.edu\n"
				   "  :created_at: 2026-11-20 21:03:55 Z\n"
				   "  :score: 12.5\n"
				   "submission_2:\n"
				   "  submitters:\n"
				   "  - name: \"Al \\\"S\\\" Smith\"\n"
				   "  - name: Bo Moe\n"
				   "submission_3: {}\n";
	char top[] = "/tmp/layout_test.XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(top));
	AUTO_FREE char *path = must_printf("%s/submission_metadata.yml", top);
	ck_assert_int_eq(file_write(path, yaml, strlen(yaml), 0644), 0);
	struct listing listing;
	struct entries entries = { 0 };
	list("x", "submission_1/|submission_2/|submission_4/|submission_metadata.yml", &listing);
	free(listing.root);
	listing.root = must_strdup(top);
	AUTO_FREE char *told = read_all(&layout_gradescope, &listing, &entries);
	ck_assert_str_eq(told,
			 "jdoe@example.edu [- - jdoe@example.edu Jane Doe -1 -1 "
			 "2026-11-20T21:03:55Z] /\n"
			 "submission_2 [- - - Al \"S\" Smith -1 -1 -] /\n"
			 "submission_3 [- - - - -1 -1 -]; its folder is missing in the download\n"
			 "submission_4 [- - - - -1 -1 -] /; no metadata\n");
	ck_assert_uint_eq(entries.item[1].member_count, 2);
	ck_assert_str_eq(entries.item[1].group, "submission_2");
	ck_assert_int_eq(entries.item[2].state, ENTRY_UNREADABLE);
	ck_assert_uint_eq(entries.warnings.count, 0);
	entries_fini(&entries);
	listing_fini(&listing);
	ck_assert_int_eq(folder_remove(top), 0);
}
END_TEST

static const char *const bad_yaml[] = {
	"submission_1: &a {}\nsubmission_2: *a\n",
	"submission_1: &a {}\nsubmission_2: [*a]\n",
	"submission_1: !ruby/object:Evil {}\n",
	"submission_1: {}\nsubmission_1: {}\n",
	"submission_1: [[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]\n",
	"- submission_1\n",
	"submission_1: {",
	"\tsubmission_1",
	"",
};

START_TEST(odd_metadata_names_nobody)
{
	char top[] = "/tmp/layout_test.XXXXXX";
	ck_assert_ptr_nonnull(mkdtemp(top));
	AUTO_FREE char *path = must_printf("%s/submission_metadata.yml", top);
	ck_assert_int_eq(file_write(path, bad_yaml[_i], strlen(bad_yaml[_i]), 0644), 0);
	struct listing listing;
	struct entries entries = { 0 };
	list("x", "submission_1/|submission_metadata.yml", &listing);
	free(listing.root);
	listing.root = must_strdup(top);
	AUTO_FREE char *told = read_all(&layout_gradescope, &listing, &entries);
	ck_assert_str_eq(told, "submission_1 [- - - - -1 -1 -] /; no metadata\n");
	ck_assert_uint_eq(entries.warnings.count, 1);
	entries_fini(&entries);
	listing_fini(&listing);
	ck_assert_int_eq(folder_remove(top), 0);
}
END_TEST

TCase *layout_test(void)
{
	TCase *tests = tcase_create("layout");
	const int count = sizeof downloads / sizeof downloads[0];
	tcase_add_loop_test(tests, names_become_entries, 0, count);
	tcase_add_loop_test(tests, the_first_that_fits_is_the_right_one, 0, count);
	tcase_add_test(tests, gradescope_has_metadata);
	tcase_add_loop_test(tests, odd_metadata_names_nobody, 0,
			    sizeof bad_yaml / sizeof bad_yaml[0]);
	return tests;
}
