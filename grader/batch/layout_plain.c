/* plain: a folder or an archive for each login, "jdoe/bqueue.c", "asmith.zip". */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"
#include "batch/names.h"

static void plain_read(const struct listing *listing, struct class *class)
{
	for (size_t i = 0; i < listing->names.count; i++) {
		const char *name = listing->names.item[i];
		bool folder = listing->folder[i];
		size_t ending = folder ? 0 : archive_ending(name);
		if (!folder && ending == 0) {
			words_addf(&class->entries->warnings,
				   "%s is neither a folder nor an archive and was ignored", name);
			continue;
		}
		AUTO_FREE char *login = must_printf("%.*s", (int)(strlen(name) - ending), name);
		size_t number = class_add(class, name, NULL);
		class_piece(class, number, name, folder ? NULL : name, 0);
		struct entry *entry = &class->entries->item[number];
		entry_set(&entry->name, login);
		entry_set(&entry_add_member(entry)->login, login);
	}
}

const struct layout layout_plain = { .name = "plain", .read = plain_read };
