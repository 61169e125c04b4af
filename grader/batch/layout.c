/* What the readers of all layouts share: drafts, and the share of names that looks right. */
#include "batch/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "batch/names.h"

enum { PERCENT = 100, MOSTLY_PERCENT = 80 };

bool listing_mostly(const struct listing *listing, bool (*is)(const char *name, bool folder))
{
	size_t right = 0;
	for (size_t i = 0; i < listing->names.count; i++)
		right += is(listing->names.item[i], listing->folder[i]);
	return right > 0 && right * PERCENT >= listing->names.count * MOSTLY_PERCENT;
}

size_t class_add(struct class *class, const char *origin, const char *key)
{
	size_t number = class->entries->count;
	(void)entries_add(class->entries, origin);
	class->drafts = must_realloc(class->drafts, (number + 1) * sizeof *class->drafts);
	class->drafts[number] = (struct draft){ .key = key != NULL ? must_strdup(key) : NULL };
	return number;
}

size_t class_find(struct class *class, const char *origin, const char *key)
{
	for (size_t i = 0; i < class->entries->count; i++)
		if (class->drafts[i].key != NULL && strcmp(class->drafts[i].key, key) == 0)
			return i;
	return class_add(class, origin, key);
}

static void piece_fini(struct piece *piece)
{
	free(piece->path);
	free(piece->as);
}

/* true: the new one was not taken, or took the place of the old one. */
static bool settle(struct entry *entry, struct draft *draft, const struct piece *fresh)
{
	for (size_t i = 0; fresh->as != NULL && i < draft->count; i++) {
		struct piece *old = &draft->pieces[i];
		if (old->as == NULL || strcmp(old->as, fresh->as) != 0)
			continue;
		struct piece loser = old->rank > fresh->rank ? *fresh : *old;
		if (old->rank <= fresh->rank)
			*old = *fresh;
		entry_note(entry, "%s was handed in more than once: %s was taken, %s ignored",
			   old->as, old->path, loser.path);
		piece_fini(&loser);
		return true;
	}
	return false;
}

void class_piece(struct class *class, size_t entry, const char *path, const char *as, long rank)
{
	struct draft *draft = &class->drafts[entry];
	struct piece piece = { .path = must_strdup(path),
			       .as = as != NULL ? must_strdup(as) : NULL,
			       .rank = rank };
	if (settle(&class->entries->item[entry], draft, &piece))
		return;
	draft->pieces = must_realloc(draft->pieces, (draft->count + 1) * sizeof *draft->pieces);
	draft->pieces[draft->count++] = piece;
}

size_t class_owner(const struct class *class, const char *path)
{
	for (size_t i = 0; i < class->entries->count; i++)
		for (size_t p = 0; p < class->drafts[i].count; p++)
			if (path_is_below(path, class->drafts[i].pieces[p].path))
				return i;
	return class->entries->count;
}

void class_drop_pieces(struct class *class, size_t entry)
{
	struct draft *draft = &class->drafts[entry];
	for (size_t i = 0; i < draft->count; i++)
		piece_fini(&draft->pieces[i]);
	draft->count = 0;
}

void class_fini(struct class *class)
{
	for (size_t i = 0; i < class->entries->count; i++) {
		class_drop_pieces(class, i);
		free(class->drafts[i].pieces);
		free(class->drafts[i].key);
	}
	free(class->drafts);
	class->drafts = NULL;
}
