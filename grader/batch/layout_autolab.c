/* autolab: flat files, "jdoe@example.edu_3_handin.tar": e-mail, version, file. The highest version
 * of an e-mail counts. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "batch/layout.h"

enum { VERSION_MAX = 1000000 };

struct parts {
	size_t email_length;
	long version;
	const char *file;
};

static bool split(const char *text, struct parts *parts)
{
	const char *at = strchr(text, '@');
	if (at == NULL || at == text)
		return false;
	const char *end = strchr(at, '_');
	if (end == NULL || end == at + 1)
		return false;
	size_t digits = count_digits(end + 1);
	const char *file = end + 1 + digits + 1;
	if (digits == 0 || file[-1] != '_' || *file == '\0')
		return false;
	long version = strtol(end + 1, NULL, 10);
	*parts = (struct parts){ .email_length = (size_t)(end - text),
				 .version = version < VERSION_MAX ? version : VERSION_MAX,
				 .file = file };
	return true;
}

static bool is_autolab(const char *name, bool folder)
{
	struct parts parts;
	return !folder && split(name, &parts);
}

static bool autolab_fits(const struct listing *listing)
{
	return listing_mostly(listing, is_autolab);
}

static void read_one(const char *text, struct class *class)
{
	struct parts parts;
	if (!split(text, &parts)) {
		words_addf(&class->entries->warnings, "%s has no e-mail address and was ignored",
			   text);
		return;
	}
	AUTO_FREE char *email = copy_part(text, parts.email_length);
	size_t which = class_find(class, text, email);
	struct entry *entry = &class->entries->item[which];
	if (entry->member_count == 0) {
		entry_set(&entry_add_member(entry)->email, email);
		entry_set(&entry->name, email);
	}
	if (parts.version > entry->attempt) {
		class_drop_pieces(class, which);
		entry->attempt = (int)parts.version;
		entry_set(&entry->origin, text);
	}
	if (parts.version == entry->attempt)
		class_piece(class, which, text, parts.file, 0);
}

static void autolab_read(const struct listing *listing, struct class *class)
{
	for (size_t i = 0; i < listing->names.count; i++)
		read_one(listing->names.item[i], class);
}

const struct layout layout_autolab = { .name = "autolab",
				       .fits = autolab_fits,
				       .read = autolab_read };
