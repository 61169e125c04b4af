/* What a path may look like before anything is made of it; looked at byte by byte, left to right.
 */
#include "batch/names.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { LAST_CONTROL = 0x1f, DELETE = 0x7f };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *component_problem(const char *part, size_t length)
{
	if (length > COMPONENT_BYTES_MAX)
		return "has a part of more than 128 bytes";
	if (length == 2 && part[0] == '.' && part[1] == '.')
		return "leaves its folder";
	return NULL;
}

/* C1 controls are two bytes in UTF-8: 0xc2 and 0x80 to 0x9f. */
static bool has_control(const char *path, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)path[i];
		if (c <= LAST_CONTROL || c == DELETE ||
		    (c == 0xc2 && i + 1 < length && (unsigned char)path[i + 1] < 0xa0))
			return true;
	}
	return false;
}

const char *path_problem(const char *path, size_t length)
{
	if (length == 0)
		return "is empty";
	if (length > PATH_BYTES_MAX)
		return "has more than 512 bytes";
	if (!text_is_utf8(path, length))
		return "is not UTF-8";
	if (has_control(path, length))
		return "holds a control character";
	if (memchr(path, '\\', length) != NULL)
		return "holds a backslash";
	if (path[0] == '/')
		return "is absolute";
	if (length >= 2 && is_letter(path[0]) && path[1] == ':')
		return "begins with a drive letter";
	size_t depth = 0;
	for (size_t at = 0; at < length;) {
		const char *slash = memchr(path + at, '/', length - at);
		size_t part = slash != NULL ? (size_t)(slash - path) - at : length - at;
		const char *problem = component_problem(path + at, part);
		if (problem != NULL)
			return problem;
		if (++depth > PATH_DEPTH_MAX)
			return "lies more than 16 folders deep";
		at += part + 1;
	}
	return NULL;
}

void path_make_plain(char *path)
{
	char *to = path;
	for (const char *part = path; *part != '\0';) {
		size_t length = strcspn(part, "/");
		const char *next = part + length + (part[length] == '/');
		if (length > 0 && !(length == 1 && part[0] == '.')) {
			if (to != path)
				*to++ = '/';
			memmove(to, part, length);
			to += length;
		}
		part = next;
	}
	*to = '\0';
}

static bool component_is_junk(const char *part, size_t length)
{
	static const char *const patterns[] = { "__MACOSX", "._*", ".DS_Store", "Thumbs.db", ".git",
						".vscode",  "*~",  "*.o",       "*.swp" };
	char name[COMPONENT_BYTES_MAX + 1];
	if (length > COMPONENT_BYTES_MAX)
		return false;
	memcpy(name, part, length);
	name[length] = '\0';
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
		if (fnmatch(patterns[i], name, 0) == 0)
			return true;
	return false;
}

bool path_is_junk(const char *path)
{
	for (;;) {
		size_t part = strcspn(path, "/");
		if (component_is_junk(path, part))
			return true;
		if (path[part] == '\0')
			return false;
		path += part + 1;
	}
}

static size_t ending_of(const char *path, const char *const *endings)
{
	size_t length = strlen(path_base(path));
	const char *base = path_base(path);
	for (; *endings != NULL; endings++) {
		size_t tail = strlen(*endings);
		if (length > tail && strcasecmp(base + length - tail, *endings) == 0)
			return tail;
	}
	return 0;
}

size_t archive_ending(const char *path)
{
	static const char *const endings[] = { ".zip", ".tar",     ".tar.gz",  ".tgz",  ".tar.xz",
					       ".txz", ".tar.zst", ".tar.bz2", ".tbz2", NULL };
	return ending_of(path, endings);
}

bool path_is_archive(const char *path)
{
	return archive_ending(path) > 0;
}

bool path_is_other_archive(const char *path)
{
	static const char *const endings[] = { ".7z", ".rar", ".gz",  ".bz2", ".xz",  ".zst",
					       ".lz", ".Z",   ".jar", ".cab", ".iso", NULL };
	return !path_is_archive(path) && ending_of(path, endings) > 0;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

bool path_is_below(const char *path, const char *above)
{
	size_t length = strlen(above);
	return length == 0 ||
	       (strncmp(path, above, length) == 0 && (path[length] == '\0' || path[length] == '/'));
}
