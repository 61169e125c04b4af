/* batch/layout.h - how a course system lays out a class download: names and metadata to drafts.
 * A reader looks at names and at metadata only and never opens a student's file. [MT-Confined] */
#ifndef GRADER_LAYOUT_H
#define GRADER_LAYOUT_H
#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"
#include "batch/entry.h"
#include "batch/roster.h"

/* What lies directly in the input's folder, without junk and without our own files. */
struct listing {
	char *root;         /* its path                                                   */
	const char *title;  /* the last part of it: "lab3-submissions"                    */
	struct words names; /* in byte order                                              */
	bool *folder;       /* for each name: a folder; else a regular file               */
};

/* A part of a hand-in: a folder, whose content it is, or a file. */
struct piece {
	char *path; /* below listing.root                                              */
	char *as;   /* a file: its name in the hand-in; a folder: NULL                 */
	long rank;  /* of two with the same name in the hand-in the higher one counts  */
};

/* An entry's pieces, and what it is found by. */
struct draft {
	char *key; /* "1327627"; NULL: nothing                                        */
	struct piece *pieces;
	size_t count;
};

struct class
{
	const struct words *listed;  /* names of the lab's files, borrowed                   */
	const char *reader;          /* path of build/unpack, for metadata; borrowed         */
	const struct roster *roster; /* NULL: none; borrowed                                */
	struct entries *entries;     /* borrowed                                             */
	struct draft *drafts;        /* one for each of entries, in the same order           */
};

struct layout {
	const char *name;
	/* Whether the input is laid out so. NULL: anything is. */
	bool (*fits)(const struct listing *listing);
	void (*read)(const struct listing *listing, struct class *class);
};

extern const struct layout layout_gradescope, layout_moodle, layout_canvas, layout_blackboard,
	layout_autolab, layout_classroom, layout_plain;

/* The number of decimal digits that `text` begins with. */
size_t count_digits(const char *text);
/* A copy of the first `length` bytes. Returned. */
char *copy_part(const char *text, size_t length);

/* true: at least 80 % of the names, and at least one, are what `is` says. */
bool listing_mostly(const struct listing *listing, bool (*is)(const char *name, bool folder));

/* Adds an entry with its draft: its number. `key` may be NULL. */
size_t class_add(struct class *class, const char *origin, const char *key);
/* The number of the entry with this key, added if there is none. */
size_t class_find(struct class *class, const char *origin, const char *key);
/* A file (`as`: its name in the hand-in) or a folder (NULL) belongs to the entry. If another one
 * has the same name the higher rank wins, and the entry's note says so. */
void class_piece(struct class *class, size_t entry, const char *path, const char *as, long rank);
/* The number of the entry that has this path or one above it among its pieces; if there is none,
 * the number of entries. */
size_t class_owner(const struct class *class, const char *path);
/* Forgets the pieces that were given so far. */
void class_drop_pieces(struct class *class, size_t entry);
void class_fini(struct class *class);

#endif
