/* What the readers of all layouts share: drafts, and the share of names that looks right. */
#include "batch/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "batch/names.h"

enum { PERCENT = 100, MOSTLY_PERCENT = 80 };

size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

char *copy_part(const char *text, size_t length)
{
	return must_printf("%.*s", (int)length, text);
}

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

/* Two pieces that cannot both be: one name, or a folder and something else. */
static bool at_odds(const struct piece *one, const struct piece *other)
{
	return one->as == NULL || other->as == NULL || strcmp(one->as, other->as) == 0;
}

static bool wins(const struct piece *one, const struct piece *other)
{
	if ((one->as == NULL) != (other->as == NULL))
		return one->as == NULL;
	return one->rank >= other->rank;
}

static void remove_piece(struct draft *draft, size_t number)
{
	piece_fini(&draft->pieces[number]);
	draft->pieces[number] = draft->pieces[--draft->count];
}

/* The place in the hand-in that the lab has for a file of this name. Returned. */
static char *place_of(const struct class *class, const char *as)
{
	if (words_has(class->listed, as))
		return must_strdup(as);
	for (size_t i = 0; i < class->listed->count; i++)
		if (strcmp(path_base(class->listed->item[i]), as) == 0)
			return must_strdup(class->listed->item[i]);
	return must_strdup(as);
}

void class_piece(struct class *class, size_t entry, const char *path, const char *as, long rank)
{
	struct draft *draft = &class->drafts[entry];
	struct piece piece = { .path = must_strdup(path),
			       .as = as != NULL ? place_of(class, as) : NULL,
			       .rank = rank };
	for (size_t i = 0; i < draft->count;) {
		const struct piece *old = &draft->pieces[i];
		if (!at_odds(old, &piece)) {
			i++;
			continue;
		}
		bool fresh = wins(&piece, old);
		entry_note(&class->entries->item[entry], "%s was taken instead of %s",
			   fresh ? piece.path : old->path, fresh ? old->path : piece.path);
		if (!fresh) {
			piece_fini(&piece);
			return;
		}
		remove_piece(draft, i);
	}
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
