/* gradescope: folders "submission_1234" beside submission_metadata.yml, which names their people.
 * The YAML is read by build/unpack, in a box: names in it are the students' own. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "batch/conf.h"
#include "batch/layout.h"
#include "batch/unpack_box.h"

static const char metadata[] = "submission_metadata.yml";

static bool gradescope_fits(const struct listing *listing)
{
	return words_has(&listing->names, metadata);
}

static json_t *read_metadata(const struct listing *listing, struct class *class)
{
	AUTO_FREE char *path = must_printf("%s/%s", listing->root, metadata);
	AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0) {
		words_addf(&class->entries->warnings, "%s cannot be read: %s", metadata,
			   strerror(errno));
		return json_object();
	}
	json_t *value = unpack_run_yaml(class->reader, fd);
	if (json_is_object(value))
		return value;
	json_decref(value);
	words_addf(&class->entries->warnings,
		   "%s is no YAML of the kind that Gradescope writes: nobody is known by name",
		   metadata);
	return json_object();
}

static void add_people(struct entry *entry, const json_t *submitters)
{
	enum { PEOPLE_MAX = 100 };
	for (size_t i = 0; i < json_array_size(submitters) && i < PEOPLE_MAX; i++) {
		const json_t *person = json_array_get(submitters, i);
		struct member *member = entry_add_member(entry);
		entry_set(&member->name, json_text_of(person, "name", NULL));
		entry_set(&member->sid, json_text_of(person, "sid", NULL));
		entry_set(&member->email, json_text_of(person, "email", NULL));
	}
}

static void describe(struct entry *entry, const char *folder, const json_t *about)
{
	add_people(entry, json_object_get(about, "submitters"));
	const char *created = json_text_of(about, "created_at", NULL);
	int64_t when_s = 0;
	if (created != NULL && time_read(created, &when_s)) {
		char text[TIME_TEXT_BYTES];
		time_write(when_s, text);
		entry_set(&entry->submitted, text);
	}
	if (entry->member_count > 1)
		entry_set(&entry->group, folder);
	const struct member *one = entry->member_count == 1 ? &entry->members[0] : NULL;
	if (one != NULL && (one->email != NULL || one->sid != NULL))
		entry_set(&entry->name, one->email != NULL ? one->email : one->sid);
}

static void gradescope_read(const struct listing *listing, struct class *class)
{
	json_t *all = read_metadata(listing, class);
	for (size_t i = 0; i < listing->names.count; i++) {
		const char *name = listing->names.item[i];
		if (!listing->folder[i]) {
			if (strcmp(name, metadata) != 0)
				words_addf(&class->entries->warnings,
					   "%s is no folder of a submission and was ignored", name);
			continue;
		}
		size_t which = class_add(class, name, NULL);
		class_piece(class, which, name, NULL, 0);
		const json_t *about = json_object_get(all, name);
		if (about == NULL)
			entry_note(&class->entries->item[which], "no metadata");
		describe(&class->entries->item[which], name, about);
	}
	const char *name = NULL;
	json_t *about = NULL;
	json_object_foreach(all, name, about)
	{
		if (words_has(&listing->names, name))
			continue;
		size_t which = class_add(class, name, NULL);
		describe(&class->entries->item[which], name, about);
		entry_refuse(&class->entries->item[which], "its folder is missing in the download");
	}
	json_decref(all);
}

const struct layout layout_gradescope = { .name = "gradescope",
					  .fits = gradescope_fits,
					  .read = gradescope_read };
