/* plain: a folder or an archive for each login, "jdoe/bqueue.c", "asmith.zip". */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"
#include "batch/names.h"
#include "batch/tree.h"

/* A folder without a C file or an archive is nobody's hand-in, unless the roster knows the name:
 * the names of its files tell, nothing is opened. */
static bool is_hand_in(const struct listing *listing, const struct class *class, const char *name)
{
	if (class->roster != NULL && roster_has(class->roster, name))
		return true;
	AUTO_FREE char *path = must_printf("%s/%s", listing->root, name);
	struct tree tree;
	bool found = tree_walk(path, &tree) != 0 || tree.cut; /* to be told of */
	for (size_t i = 0; !found && i < tree.files.count; i++) {
		const char *file = tree.files.item[i];
		size_t length = strlen(file);
		found = (length > 2 && strcmp(file + length - 2, ".c") == 0) ||
			path_is_archive(file) || path_is_other_archive(file);
	}
	tree_fini(&tree);
	return found;
}

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
		if (folder && !is_hand_in(listing, class, name)) {
			words_addf(&class->entries->warnings,
				   "%s holds no C file and no archive and was ignored", name);
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
