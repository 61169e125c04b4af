/* A line for the student about system calls that the sandbox refused. They cost nothing by
 * themselves, but whoever wonders why a test fails may have asked for one. */
#include "command/refused.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "sandbox/box.h"

enum { SHOWN_MAX = 12 };

/* Calls of a detector's own run-time are not the student's. */
static bool is_plain(const struct lab *lab, const char *job)
{
	const char *blank = strrchr(job, ' ');
	const struct lab_build *build = blank != NULL ? lab_build_find(lab, blank + 1) : NULL;
	return build != NULL && strcmp(build->profile, box_profile_name(BOX_PROFILE_PLAIN)) == 0;
}

static void add_names(struct words *names, const json_t *fact)
{
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(fact, "denied"), i, entry)
	{
		const char *name = json_text_of(entry, "syscall", "?");
		/* A call that ended the program is a finding, not a note. */
		if (!json_is_true(json_object_get(entry, "killed")) && !words_has(names, name))
			words_add(names, name);
	}
}

void refused_note(const struct lab *lab, const json_t *evidence, struct words *notes)
{
	struct words names = { 0 };
	const char *job;
	json_t *records;
	/* jansson's iterator wants a value that it may change; it changes nothing. */
	json_object_foreach((json_t *)(uintptr_t)evidence, job, records)
	{
		size_t i;
		json_t *record;
		json_array_foreach(records, i, record)
		{
			if (is_plain(lab, job) &&
			    strcmp(json_text_of(record, "rec", ""), "fact") == 0)
				add_names(&names, record);
		}
	}
	words_sort(&names);
	AUTO_FREE char *list = must_strdup("");
	for (size_t i = 0; i < names.count && i < SHOWN_MAX; i++) {
		char *longer = must_printf("%s%s%s", list, i > 0 ? ", " : "", names.item[i]);
		free(list);
		list = longer;
	}
	if (names.count > 0)
		words_addf(notes,
			   "the sandbox refused these system calls (EPERM): %s%s. That costs "
			   "nothing by itself; no test needs them.",
			   list, names.count > SHOWN_MAX ? ", ..." : "");
	words_fini(&names);
}
