/* Both forms are lists of reports: a head that names the kind, then stacks. A line that is neither
 * is passed over. */
#include "run/second_log.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"

enum { STACKS = 2 };

struct reader {
	json_t *reports;
	json_t *stacks; /* of the report at hand, borrowed; NULL: none yet */
	json_t *stack;  /* to which frames are added, borrowed; NULL: they are of no interest */
	json_int_t total, stated;
	bool unable, crashed;
};

/* How a kind is called in a head, and here. The first that fits. */
struct kind {
	const char *head, *name;
};

static const struct kind tsan_kinds[] = {
	{ "data race", "data race" },
	{ "heap-use-after-free", "use of freed memory" },
	{ "lock-order-inversion", "locks taken in different orders" },
	{ "double lock of a mutex", "mutex locked twice" },
	{ "unlock of an unlocked mutex", "unlock of a mutex that the thread does not hold" },
	{ "destroy of a locked mutex", "destruction of a locked mutex" },
	{ "use of an invalid mutex", "use of an invalid mutex" },
	{ "", "report of another kind" },
};
static const struct kind valgrind_kinds[] = {
	{ "Possible data race during ", "data race" },
	{ "Conflicting load by ", "data race" },
	{ "Conflicting store by ", "data race" },
	{ ": lock order \"", "locks taken in different orders" },
	{ " unlocked a not-locked lock ", "unlock of a mutex that the thread does not hold" },
	{ " unlocked lock at ", "unlock of a mutex that the thread does not hold" },
	{ "Mutex not locked by calling thread", "unlock of a mutex that the thread does not hold" },
	{ "Mutex not locked: ", "unlock of a mutex that the thread does not hold" },
};

static bool begins(const char *text, const char *words)
{
	return strncmp(text, words, strlen(words)) == 0;
}

static void open_stack(struct reader *reader)
{
	reader->stack = NULL;
	if (reader->stacks == NULL || json_array_size(reader->stacks) >= STACKS)
		return;
	reader->stack = json_array();
	(void)json_array_append_new(reader->stacks, reader->stack);
}

static void open_report(struct reader *reader, const char *kind)
{
	if (json_array_size(reader->reports) == SECOND_REPORTS_MAX)
		(void)json_array_remove(reader->reports, SECOND_REPORTS_MAX - 1);
	reader->total++;
	reader->stack = NULL;
	reader->stacks = json_array();
	(void)json_array_append_new(
		reader->reports, json_make("{s:s, s:o}", "kind", kind, "stacks", reader->stacks));
}

static void add_frame(struct reader *reader, json_t *frame)
{
	if (reader->stack != NULL && json_array_size(reader->stack) < SECOND_FRAMES_MAX)
		(void)json_array_append_new(reader->stack, frame);
	else
		json_decref(frame);
}

/* "    #0 <null> <null> (stress+0x440a)": only of the program itself. What is printed is the byte
 * before the return address. */
static void read_tsan_frame(struct reader *reader, const char *line)
{
	static const char module[] = " (stress+0x";
	const char *at = strstr(line, module);
	if (at == NULL || !isxdigit((unsigned char)at[strlen(module)]))
		return;
	const unsigned long long offset = strtoull(at + strlen(module), NULL, 16);
	AUTO_FREE char *address = must_printf("0x%llx", offset + 1);
	add_frame(reader, json_make("{s:s}", "at", address));
}

/* What stands before the two sides of a race or of a cycle. All else, where a block was allocated
 * or a thread created, explains. */
static bool is_side(const struct reader *reader, const char *line)
{
	if (begins(line, "  Cycle in lock order graph"))
		return false;
	return json_array_size(reader->stacks) == 0 || strstr(line, " acquired here ") != NULL ||
	       (strstr(line, " of size ") != NULL && !begins(line, "  Location is "));
}

static void read_tsan_line(struct reader *reader, const char *line)
{
	static const char head[] = "WARNING: ThreadSanitizer: ";
	static const char end[] = "ThreadSanitizer: reported ";
	if (begins(line, head)) {
		const struct kind *kind = tsan_kinds;
		while (!begins(line + strlen(head), kind->head))
			kind++;
		open_report(reader, kind->name);
		return;
	}
	if (begins(line, end))
		reader->stated = strtol(line + strlen(end), NULL, 10);
	else if (strstr(line, "FATAL: ThreadSanitizer") != NULL)
		reader->unable = true;
	else if (strstr(line, "ERROR: ThreadSanitizer: ") != NULL)
		reader->crashed = true;
	else if (begins(line, "    #"))
		read_tsan_frame(reader, line);
	else if (begins(line, "  ") && reader->stacks != NULL && is_side(reader, line))
		open_stack(reader);
	else
		reader->stack = NULL;
}

static bool is_name(const char *text, size_t length)
{
	bool good = length > 0 && length < SECOND_NAME_BYTES;
	for (size_t i = 0; i < length && good; i++)
		good = isalnum((unsigned char)text[i]) || strchr("_.-", text[i]) != NULL;
	return good;
}

/* "at 0x10B268: bq_size (bqueue.c:280)". One without a place, or with stranger names, is left out.
 */
static void read_valgrind_frame(struct reader *reader, const char *line)
{
	const char *function = strstr(line, ": ");
	const char *file = function != NULL ? strstr(function, " (") : NULL;
	const char *colon = file != NULL ? strchr(file, ':') : NULL;
	if (colon == NULL || !is_name(function + 2, (size_t)(file - function - 2)) ||
	    !is_name(file + 2, (size_t)(colon - file - 2)) || !isdigit((unsigned char)colon[1]))
		return;
	AUTO_FREE char *name = must_printf("%.*s", (int)(file - function - 2), function + 2);
	AUTO_FREE char *source = must_printf("%.*s", (int)(colon - file - 2), file + 2);
	add_frame(reader, json_make("{s:s, s:s, s:I}", "function", name, "file", source, "line",
				    (json_int_t)strtol(colon + 1, NULL, 10)));
}

static void read_valgrind_line(struct reader *reader, const char *line)
{
	if (begins(line, "valgrind: ")) {
		reader->unable = true;
		return;
	}
	if (!begins(line, "==") || !isdigit((unsigned char)line[2]))
		return;
	line += 2 + strspn(line + 2, "0123456789=");
	const char *summary = strstr(line, " errors from ");
	if (begins(line, "    at 0x") || begins(line, "    by 0x")) {
		read_valgrind_frame(reader, line);
		return;
	}
	for (size_t i = 0; i < sizeof valgrind_kinds / sizeof *valgrind_kinds; i++)
		if (strstr(line, valgrind_kinds[i].head) != NULL) {
			open_report(reader, valgrind_kinds[i].name);
			open_stack(reader);
			return;
		}
	if (begins(line, " Locks held: "))
		return; /* between a side and its stack */
	reader->stack = NULL;
	if (begins(line, " This conflicts with a previous "))
		open_stack(reader);
	else if (begins(line, " Process terminating with default action of signal "))
		reader->crashed = true;
	else if (begins(line, " ERROR SUMMARY: ") && summary != NULL)
		reader->stated = strtol(summary + strlen(" errors from "), NULL, 10);
}

static struct reader read_lines(const char *text, void (*read_line)(struct reader *, const char *))
{
	struct reader reader = { .reports = json_array(), .stated = -1 };
	while (*text != '\0') {
		const size_t length = strcspn(text, "\n");
		AUTO_FREE char *line = must_printf("%.*s", (int)length, text);
		read_line(&reader, line);
		text += length + (text[length] == '\n');
	}
	return reader;
}

static json_t *finish(const struct reader *reader, bool whole)
{
	return json_make("{s:o, s:b, s:b, s:b}", "reports", reader->reports, "whole", (int)whole,
			 "unable", (int)reader->unable, "crashed", (int)reader->crashed);
}

json_t *second_log_tsan(const char *text)
{
	const struct reader reader = read_lines(text, read_tsan_line);
	return finish(&reader, reader.stated == reader.total);
}

json_t *second_log_valgrind(const char *text)
{
	const struct reader reader = read_lines(text, read_valgrind_line);
	return finish(&reader, reader.stated >= reader.total);
}
