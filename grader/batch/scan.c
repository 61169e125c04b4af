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
#include "batch/extract.h"
#include "batch/find_lab.h"
#include "batch/hand_in.h"
#include "batch/layout.h"
#include "batch/names.h"
#include "batch/roster.h"
#include "batch/stop.h"

enum { TOP_MAX = 200000 };

/* In the order in which `auto` tries them. */
static const struct layout *const layouts[] = {
	&layout_gradescope, &layout_moodle,    &layout_canvas, &layout_blackboard,
	&layout_autolab,    &layout_classroom, &layout_plain,
};

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
	*listing = (struct listing){ .root = must_strdup(root) };
	listing->title = path_base(listing->root);
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
	free(listing->root);
	words_fini(&listing->names);
	free(listing->folder);
}

static const char *wish_of(const struct scan_options *options)
{
	return options->layout != NULL ? options->layout : options->conf->layout;
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

/* Something that a course would lay beside others of its kind, and none of the lab's own files. */
static bool looks_like_class(const struct lab *lab, const struct listing *listing)
{
	bool people = false;
	for (size_t i = 0; i < listing->names.count; i++) {
		const char *name = listing->names.item[i];
		if (words_has(&lab->files, name))
			return false;
		people = people || listing->folder[i] || path_is_archive(name);
	}
	return people;
}

/* One folder that holds all the rest is opened, if it is an export's or an archive's own: not the
 * one student's of a class of one. */
static void go_into(const struct lab *lab, const struct scan_options *options, bool unpacked,
		    struct listing *listing, const struct layout **layout, struct words *warnings)
{
	if (listing->names.count != 1 || !listing->folder[0] ||
	    ((*layout)->fits != NULL && (*layout)->fits(listing)))
		return;
	AUTO_FREE char *root = must_printf("%s/%s", listing->root, listing->names.item[0]);
	struct listing inner;
	struct words inner_warnings = { 0 };
	list_top(root, options, &inner, &inner_warnings);
	const struct layout *other = choose_layout(&inner, wish_of(options));
	bool better = other->fits != NULL ? other->fits(&inner)
					  : unpacked && looks_like_class(lab, &inner);
	listing_fini(better ? listing : &inner);
	if (better) {
		*listing = inner;
		*layout = other;
		words_add_all(warnings, &inner_warnings);
	}
	words_fini(&inner_warnings);
}

static void take_all(const struct lab *lab, const struct scan_options *options, const char *root,
		     struct class *class)
{
	AUTO_FREE char *scratch = must_printf("%s/scan/hand-in", options->out);
	const struct hand_in_place place = { .root = root,
					     .out = options->out,
					     .scratch = scratch };
	for (size_t i = 0; i < class->entries->count; i++) {
		hand_in_take(lab, &place, &class->drafts[i], &class->entries->item[i]);
		stop_here();
	}
}

/* The input as a folder: itself, or what was unpacked of it. Returned. */
static char *open_input(const struct lab *lab, const struct scan_options *options,
			struct extracted *extracted)
{
	char *path = realpath(options->submissions, NULL);
	if (path == NULL)
		die_errno(errno, "cannot open the submissions %s", options->submissions);
	if (folder_exists(path))
		return path;
	AUTO_FREE char *reader = lab_path(lab, "build/unpack");
	AUTO_FREE char *title = must_printf(
		"%.*s", (int)(strlen(path_base(path)) - archive_ending(path)), path_base(path));
	char *into = must_printf("%s/scan/class/%s", options->out, title);
	AUTO_FD int archive = open(path, O_RDONLY | O_CLOEXEC);
	if (archive < 0)
		die_errno(errno, "cannot open %s", path);
	extract_class(reader, archive, into, extracted);
	if (extracted->refused != NULL)
		die("%s: %s. Download it again, or unpack it and give the folder",
		    options->submissions, extracted->refused);
	free(path);
	return into;
}

/* What could not be unpacked belongs to an entry, or, if nothing else of one is there, is one. */
static void take_problems(const struct extracted *extracted, const char *below, struct class *class)
{
	for (size_t i = 0; i < extracted->problem_count; i++) {
		const struct extract_problem *problem = &extracted->problems[i];
		const char *path = problem->path;
		if (*below != '\0' && path_is_below(path, below) && path[strlen(below)] == '/')
			path += strlen(below) + 1;
		size_t number = class_owner(class, path);
		if (number == class->entries->count && !problem->fatal)
			continue;
		if (number == class->entries->count) {
			AUTO_FREE char *top = must_printf("%.*s", (int)strcspn(path, "/"), path);
			number = class_add(class, top, NULL);
			class_piece(class, number, top, NULL, 0);
			if (strcmp(class->entries->layout, layout_plain.name) == 0)
				entry_set(&entry_add_member(&class->entries->item[number])->login,
					  top);
		}
		struct entry *entry = &class->entries->item[number];
		if (problem->fatal)
			entry_refuse(entry, "'%s' %s", path, problem->what);
		else
			entry_note(entry, "%s %s", path, problem->what);
	}
}

/* Given, or what GitHub's own tool wrote beside its folders. False: there is none. */
static bool load_roster(const struct scan_options *options, const struct listing *listing,
			const struct layout *layout, struct roster *roster)
{
	const char *path = options->roster != NULL ? options->roster : options->conf->roster;
	AUTO_FREE char *beside = must_printf("%s/classroom_roster.csv", listing->root);
	if (path == NULL && layout == &layout_classroom && file_exists(beside))
		path = beside;
	*roster = (struct roster){ 0 };
	if (path != NULL)
		roster_load(path, roster);
	return path != NULL;
}

/* By the clock, where the layout does not say. A time without a zone proves nothing. */
static void mark_late(const struct batch_conf *conf, struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		struct entry *entry = &entries->item[i];
		const char *when = entry->submitted;
		if (conf->due != NULL && entry->late < 0 && when != NULL &&
		    when[strlen(when) - 1] == 'Z')
			entry->late = batch_late_days(conf, when) > 0;
	}
}

static void clear_scan(const struct scan_options *options, bool again)
{
	AUTO_FREE char *scan = must_printf("%s/scan", options->out);
	int error = folder_remove(scan);
	if (error == 0 && again)
		error = folder_make(scan);
	if (error != 0 && again)
		die_errno(error, "cannot make %s", scan);
}

void scan_class(const struct lab *lab, const struct scan_options *options, struct entries *entries)
{
	*entries = (struct entries){ 0 };
	struct extracted extracted = { 0 };
	clear_scan(options, true);
	AUTO_FREE char *root = open_input(lab, options, &extracted);
	struct listing listing;
	list_top(root, options, &listing, &entries->warnings);
	const struct layout *layout = choose_layout(&listing, wish_of(options));
	go_into(lab, options, !folder_exists(options->submissions), &listing, &layout,
		&entries->warnings);
	const char *below = listing.root + strlen(root);
	entries->layout = must_strdup(layout->name);
	struct words listed = { 0 };
	lab_listed(lab, &listed);
	AUTO_FREE char *reader = lab_path(lab, "build/unpack");
	struct roster roster;
	bool known = load_roster(options, &listing, layout, &roster);
	struct class class = { .listed = &listed,
			       .reader = reader,
			       .roster = known ? &roster : NULL,
			       .entries = entries };
	layout->read(&listing, &class);
	take_problems(&extracted, below + (*below == '/'), &class);
	take_all(lab, options, listing.root, &class);
	class_fini(&class);
	if (known)
		roster_join(&roster, entries);
	mark_late(options->conf, entries);
	roster_fini(&roster);
	words_fini(&listed);
	listing_fini(&listing);
	extracted_fini(&extracted);
	entries_name(entries);
	clear_scan(options, false);
}
