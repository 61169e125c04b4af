/* classroom: folders "lab3-jdoe" in "lab3-submissions", as `gh classroom clone student-repos` makes
 * them: the work tree is what is graded. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"

static const char ending[] = "-submissions";

/* How long the slug is, in the title and in front of each name; 0: it is no such folder. */
static size_t slug_length(const struct listing *listing)
{
	size_t length = strlen(listing->title);
	size_t tail = strlen(ending);
	return length > tail && strcmp(listing->title + length - tail, ending) == 0 ? length - tail
										    : 0;
}

/* NULL: it has another slug. */
static const char *user_of(const struct listing *listing, size_t i)
{
	size_t slug = slug_length(listing);
	const char *name = listing->names.item[i];
	bool good = slug > 0 && listing->folder[i] && strncmp(name, listing->title, slug) == 0 &&
		    name[slug] == '-' && name[slug + 1] != '\0';
	return good ? name + slug + 1 : NULL;
}

static bool classroom_fits(const struct listing *listing)
{
	enum { PERCENT = 100, MOSTLY_PERCENT = 80 };
	size_t right = 0;
	for (size_t i = 0; i < listing->names.count; i++)
		right += user_of(listing, i) != NULL;
	return right > 0 && right * PERCENT >= listing->names.count * MOSTLY_PERCENT;
}

static void classroom_read(const struct listing *listing, struct class *class)
{
	for (size_t i = 0; i < listing->names.count; i++) {
		const char *user = user_of(listing, i);
		if (user == NULL) {
			words_addf(&class->entries->warnings,
				   "%s is no repository of this assignment and was ignored",
				   listing->names.item[i]);
			continue;
		}
		size_t which = class_add(class, listing->names.item[i], NULL);
		class_piece(class, which, listing->names.item[i], NULL, 0);
		struct entry *entry = &class->entries->item[which];
		entry_set(&entry->name, user);
		entry_set(&entry_add_member(entry)->login, user);
	}
}

const struct layout layout_classroom = { .name = "classroom",
					 .fits = classroom_fits,
					 .read = classroom_read };
