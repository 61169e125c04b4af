/* Counts the listed names in each folder. */
#include "batch/find_lab.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/die.h"

void lab_listed(const struct lab *lab, struct words *names)
{
	words_add_all(names, &lab->files);
	if (!words_has(names, "answers.conf"))
		words_add(names, "answers.conf");
	words_add_all(names, &lab->texts);
}

static size_t depth_of(const char *folder)
{
	size_t depth = *folder != '\0';
	for (; *folder != '\0'; folder++)
		depth += *folder == '/';
	return depth;
}

static size_t count_names(const struct words *listed, const struct tree *tree, const char *folder)
{
	size_t found = 0;
	for (size_t i = 0; i < listed->count; i++) {
		AUTO_FREE char *path = must_printf("%s%s%s", folder, *folder != '\0' ? "/" : "",
						   listed->item[i]);
		found += tree_has_file(tree, path);
	}
	return found;
}

size_t find_lab(const struct words *listed, const struct tree *tree, struct words *folders)
{
	size_t most = 0;
	size_t nearest = 0;
	for (size_t i = 0; i < tree->folders.count; i++) {
		const char *folder = tree->folders.item[i];
		size_t found = count_names(listed, tree, folder);
		size_t depth = depth_of(folder);
		if (found == 0 || found < most || (found == most && depth > nearest))
			continue;
		if (found > most || depth < nearest) {
			words_fini(folders);
			most = found;
			nearest = depth;
		}
		words_add(folders, folder);
	}
	return most;
}
