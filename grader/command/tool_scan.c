/* tool-scan: a class download as the batch sees it, one JSON object a line: for the tests of
 * hostile uploads, and to see what a layout makes of a folder. */
#include <stdio.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/scan.h"
#include "command/commands.h"
#include "command/house.h"
#include "intake/lab.h"

static void put(json_t *object, const char *key, const char *text)
{
	json_put(object, key, text != NULL ? json_string(text) : json_null());
}

static json_t *describe_members(const struct entry *entry)
{
	json_t *members = json_array();
	for (size_t i = 0; i < entry->member_count; i++) {
		const struct member *member = &entry->members[i];
		json_t *person = json_object();
		put(person, "login", member->login);
		put(person, "sid", member->sid);
		put(person, "lms_id", member->lms_id);
		put(person, "email", member->email);
		put(person, "name", member->name);
		put(person, "section", member->section);
		(void)json_array_append_new(members, person);
	}
	return members;
}

static json_t *describe(const struct entry *entry)
{
	json_t *value = json_object();
	put(value, "entry", entry->name);
	put(value, "state", entry_state_name(entry->state));
	put(value, "origin", entry->origin);
	put(value, "submitted", entry->submitted);
	json_put(value, "attempt", json_integer(entry->attempt));
	json_put(value, "late", json_integer(entry->late));
	put(value, "group", entry->group);
	put(value, "hash", entry->hash);
	put(value, "note", entry->note);
	json_put(value, "members", describe_members(entry));
	return value;
}

static void print(json_t *value)
{
	if (json_dumpf(value, stdout, JSON_COMPACT) != 0 || putchar('\n') == EOF)
		die("cannot write the result");
	json_decref(value);
}

/* tool-scan LAB SUBMISSIONS OUT [LAYOUT] */
int command_tool_scan(int argc, char **argv)
{
	if (argc < 4 || argc > 5)
		die("usage: tool-scan LAB SUBMISSIONS OUT [LAYOUT]");
	AUTO_FREE char *root = house_root();
	AUTO_FREE char *name = lab_resolve(root, argv[1]);
	if (name == NULL)
		die("there is no lab '%s'", argv[1]);
	int error = folder_make(argv[3]);
	if (error != 0)
		die_errno(error, "cannot make %s", argv[3]);
	struct lab *lab = lab_load(root, name);
	struct batch_conf conf;
	struct entries entries;
	batch_conf_load(NULL, argv[2], &conf);
	const struct scan_options options = { .submissions = argv[2],
					      .out = argv[3],
					      .layout = argc == 5 ? argv[4] : NULL,
					      .conf = &conf };
	scan_class(lab, &options, &entries);
	for (size_t i = 0; i < entries.count; i++)
		print(describe(&entries.item[i]));
	json_t *warnings = json_array();
	for (size_t i = 0; i < entries.warnings.count; i++)
		(void)json_array_append_new(warnings, json_string(entries.warnings.item[i]));
	print(json_make("{s:s, s:o}", "layout", entries.layout, "warnings", warnings));
	entries_fini(&entries);
	batch_conf_fini(&conf);
	lab_destroy(lab);
	return 0;
}
