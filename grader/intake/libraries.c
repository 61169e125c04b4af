/* Follows DT_NEEDED from library to library, through the system's folders alone. */
#include "intake/libraries.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "intake/elf_map.h"

enum { LIBRARIES_MAX = 32 };

static const char folder[] = "/usr/lib/x86_64-linux-gnu";
static const char loader[] = "/lib64/ld-linux-x86-64.so.2";

static void add_names(const json_t *needed, struct words *names)
{
	size_t i;
	json_t *entry;
	json_array_foreach(needed, i, entry)
	{
		const char *name = json_string_value(entry);
		if (name != NULL && strchr(name, '/') == NULL && !words_has(names, name) &&
		    names->count < LIBRARIES_MAX)
			words_add(names, name);
	}
}

static void add_library(const char *name, struct words *names, struct tool_input *libraries)
{
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	if (!file_exists(path))
		return; /* the program will not start, and its first test says so */
	tool_input_file(libraries, path, path, 0555);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	json_t *more = elf_needed(fd);
	add_names(more, names);
	json_decref(more);
}

void libraries_find(const json_t *needed, struct tool_input *libraries)
{
	if (json_array_size(needed) == 0)
		return;
	struct words names = { 0 };
	add_names(needed, &names);
	for (size_t i = 0; i < names.count; i++)
		if (strstr(loader, names.item[i]) == NULL)
			add_library(names.item[i], &names, libraries);
	tool_input_file(libraries, loader, loader, 0555);
	words_fini(&names);
}
