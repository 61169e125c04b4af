/* batch/names.h - rules for paths that a student or an archive chose. [MT-Safe] */
#ifndef GRADER_NAMES_H
#define GRADER_NAMES_H
#include <stdbool.h>
#include <stddef.h>

enum { PATH_BYTES_MAX = 512, COMPONENT_BYTES_MAX = 128, PATH_DEPTH_MAX = 16 };

/* NULL: the path may be made below a folder of ours. Else why not, as a phrase: "leaves its
 * folder".
 */
const char *path_problem(const char *path, size_t length);

/* Takes "." and empty parts out: "./a//b/" becomes "a/b". */
void path_make_plain(char *path);

/* true: it, or a folder that it lies in, is left by an operating system, an editor or a compiler
 * (__MACOSX/, .git/, ...): ignored without a word. */
bool path_is_junk(const char *path);

/* true: its ending is that of an archive that is read. */
bool path_is_archive(const char *path);
/* true: its ending is that of an archive that is not read (7z, rar, ...). */
bool path_is_other_archive(const char *path);
/* How long the ending of an archive is, ".tar.gz"; 0: it has none. */
size_t archive_ending(const char *path);

/* The part behind the last "/". Borrowed. */
const char *path_base(const char *path);

/* true: `path` is `above` or lies below it. "" is above everything. */
bool path_is_below(const char *path, const char *above);

#endif
