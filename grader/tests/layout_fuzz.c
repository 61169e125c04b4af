/* libFuzzer target: names of a class download in whatever bytes become entries with clean texts and
 * unique names that are safe as folders, and a roster of whatever bytes joins them or is refused.
 */
#include <stdint.h>
#include <string.h>

#include "base/die.h"
#include "base/text.h"
#include "batch/layout.h"
#include "batch/names.h"
#include "batch/roster.h"
#include "tests/fuzz.h"

/* Pieces of true names and rosters, each called by one byte. */
static const char *const pieces[] = {
	"_assignsubmission_file_",
	"_assignsubmission_onlinetext_",
	"Participant_",
	"_LATE",
	"_42_98765_",
	"bqueue-1.c",
	"bqueue.c",
	"one",
	"_attempt_2026-11-21-20-46-14",
	"_attempt_2026-11-22-20-46-14_",
	".txt",
	"jdoe@example.edu_3_",
	"_10_",
	"lab3-",
	"lab3-jdoe",
	"Jane Doe_1327627",
	"..",
	".zip",
	"entry,login,sid,lms_id,email,name,section,group,submitted\n",
	"Identifier,Full name\n",
	"Student,ID,SIS Login ID\n",
	"identifier,github_username\n",
	"Participant 12,",
	"jdoe",
	"2026-11-21T23:59:00Z",
	"Saturday, 21 November 2026, 8:46 PM",
	"\"",
	"a@b.c,",
};

static const struct layout *const layouts[] = { &layout_moodle,     &layout_canvas,
						&layout_blackboard, &layout_autolab,
						&layout_classroom,  &layout_plain };

enum { TEXT_BYTES = 8 << 10, KINDS = 6 };

static size_t spell(char *text, const uint8_t *data, size_t size)
{
	return fuzz_spell(pieces, sizeof pieces / sizeof *pieces, data, size, text, TEXT_BYTES);
}

/* Names are what a file system could hold: no NUL, no slash. An odd one is a folder. */
static void list(struct listing *listing, const char *text, size_t length)
{
	listing->folder = must_alloc(length + 1);
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t size = end != NULL ? (size_t)(end - text) - at : length - at;
		char *name = must_printf("%.*s", (int)size, text + at);
		if (*name != '\0' && strchr(name, '/') == NULL && !path_is_junk(name)) {
			listing->folder[listing->names.count] = size % 2 == 1;
			words_add(&listing->names, name);
		}
		free(name);
		at += size + 1;
	}
	words_sort(&listing->names);
}

static void check_text(const char *text)
{
	DEMAND(text == NULL || (*text != '\0' && text_is_utf8(text, strlen(text)) &&
				strpbrk(text, "\n\r\033\177") == NULL));
}

static void check_entry(const struct entry *entry)
{
	size_t length = strlen(entry->name);
	DEMAND(length > 0 && length <= ENTRY_NAME_BYTES_MAX && entry->name[0] != '.');
	DEMAND(strspn(entry->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789.@+-_~") == length);
	check_text(entry->submitted);
	check_text(entry->group);
	check_text(entry->note);
	for (size_t i = 0; i < entry->member_count; i++) {
		const struct member *member = &entry->members[i];
		check_text(member->login);
		check_text(member->sid);
		check_text(member->lms_id);
		check_text(member->email);
		check_text(member->name);
		check_text(member->section);
	}
}

static void read_class(const struct layout *layout, const struct listing *listing,
		       struct entries *entries)
{
	static char file[] = "bqueue.c", text[] = "schedules/one";
	static char *names[] = { file, text, NULL };
	const struct words listed = { .item = names, .count = 2 };
	struct class class = { .listed = &listed, .reader = "/nowhere", .entries = entries };
	entries->layout = must_strdup(layout->name);
	if (layout->fits != NULL)
		(void)layout->fits(listing);
	layout->read(listing, &class);
	for (size_t i = 0; i < entries->count; i++)
		for (size_t p = 0; p < class.drafts[i].count; p++)
			DEMAND(words_has(&listing->names, class.drafts[i].pieces[p].path));
	class_fini(&class);
}

/* The first byte chooses the layout; a byte 0 ends the names and begins the roster. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char bytes[TEXT_BYTES], table[TEXT_BYTES];
	if (size == 0)
		return 0;
	static char root[] = "/nowhere/lab3-submissions";
	const uint8_t *end = memchr(data + 1, 0, size - 1);
	size_t names = end != NULL ? (size_t)(end - data) - 1 : size - 1;
	struct listing listing = { .root = root, .title = "lab3-submissions" };
	struct entries entries = { 0 };
	list(&listing, bytes, spell(bytes, data + 1, names));
	read_class(layouts[data[0] % KINDS], &listing, &entries);
	struct roster roster = { 0 };
	char *why = NULL;
	if (end != NULL &&
	    roster_read(table, spell(table, end + 1, size - names - 2), &roster, &why))
		roster_join(&roster, &entries);
	entries_name(&entries);
	for (size_t i = 0; i < entries.count; i++) {
		check_entry(&entries.item[i]);
		DEMAND(i == 0 || strcmp(entries.item[i - 1].name, entries.item[i].name) < 0);
	}
	roster_fini(&roster);
	free(why);
	entries_fini(&entries);
	words_fini(&listing.names);
	free(listing.folder);
	return 0;
}
