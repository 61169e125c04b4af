/* The class: find out how it is laid out, draft the entries, take each hand-in, give names. */
#include "batch/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/text.h"
#include "batch/find_lab.h"
#include "batch/hand_in.h"
#include "batch/layout.h"
#include "batch/names.h"

enum { TOP_MAX = 200000 };

/* In the order in which `auto` tries them. */
static const struct layout *const layouts[] = { &layout_plain };

const char *scan_layouts(void)
{
	return "auto gradescope moodle canvas blackboard autolab classroom plain";
}

/* Our own files beside the hand-ins. */
static bool is_ours(const char *name, const struct scan_options *options)
{
	const char *roster = options->roster != NULL ? options->roster : options->conf->roster;
	return strcmp(name, "batch.conf") == 0 || strcmp(name, "classroom_roster.csv") == 0 ||
	       (roster != NULL && strcmp(name, path_base(roster)) == 0);
}

static void list_top(const char *root, const struct scan_options *options, struct listing *listing,
		     struct words *warnings)
{
	struct words names = { 0 };
	int error = folder_list(root, TOP_MAX, &names);
	if (error != 0)
		die_errno(error, "cannot list %s", root);
	*listing = (struct listing){ .root = root, .title = path_base(root) };
	listing->folder = must_alloc((names.count + 1) * sizeof *listing->folder);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.item[i];
		AUTO_FREE char *path = must_printf("%s/%s", root, name);
		struct stat info;
		if (path_is_junk(name) || is_ours(name, options) || lstat(path, &info) != 0)
			continue;
		if (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode)) {
			AUTO_FREE char *clean = text_clean_line(name, strlen(name));
			words_addf(warnings, "%s is a link or a special file and was ignored",
				   clean);
			continue;
		}
		listing->folder[listing->names.count] = S_ISDIR(info.st_mode);
		words_add(&listing->names, name);
	}
	words_fini(&names);
}

static void listing_fini(struct listing *listing)
{
	words_fini(&listing->names);
	free(listing->folder);
}

static const struct layout *choose_layout(const struct listing *listing, const char *wish)
{
	bool any = strcmp(wish, "auto") == 0;
	for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
		if (any ? layouts[i]->fits == NULL || layouts[i]->fits(listing)
			: strcmp(layouts[i]->name, wish) == 0)
			return layouts[i];
	die("unknown layout '%s'; known: %s", wish, scan_layouts());
}

static void take_all(const struct lab *lab, const struct scan_options *options, const char *root,
		     struct class *class)
{
	AUTO_FREE char *scratch = must_printf("%s/scan/hand-in", options->out);
	const struct hand_in_place place = { .root = root,
					     .out = options->out,
					     .scratch = scratch };
	for (size_t i = 0; i < class->entries->count; i++)
		hand_in_take(lab, &place, &class->drafts[i], &class->entries->item[i]);
}

void scan_class(const struct lab *lab, const struct scan_options *options, struct entries *entries)
{
	*entries = (struct entries){ 0 };
	AUTO_FREE char *scan = must_printf("%s/scan", options->out);
	AUTO_FREE char *root = realpath(options->submissions, NULL);
	if (root == NULL)
		die_errno(errno, "cannot open the submissions %s", options->submissions);
	int error = folder_remove(scan);
	if (error == 0)
		error = folder_make(scan);
	if (error != 0)
		die_errno(error, "cannot make %s", scan);
	struct listing listing;
	list_top(root, options, &listing, &entries->warnings);
	const struct layout *layout = choose_layout(
		&listing, options->layout != NULL ? options->layout : options->conf->layout);
	entries->layout = must_strdup(layout->name);
	struct words listed = { 0 };
	lab_listed(lab, &listed);
	struct class class = { .listed = &listed, .entries = entries };
	layout->read(&listing, &class);
	take_all(lab, options, root, &class);
	class_fini(&class);
	words_fini(&listed);
	listing_fini(&listing);
	entries_name(entries);
	(void)folder_remove(scan); /* the next scan tries again */
}
