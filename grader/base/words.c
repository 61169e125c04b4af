/* A growing list of texts. */
#include "base/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"

/* The list owns `text` from now on. */
static void give(struct words *words, char *text)
{
	char **item = reallocarray(words->item, words->count + 2, sizeof *item);
	if (item == NULL)
		die("out of memory");
	item[words->count++] = text;
	item[words->count] = NULL;
	words->item = item;
}

void words_add(struct words *words, const char *text)
{
	give(words, must_strdup(text));
}

void words_addf(struct words *words, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	int length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		die("out of memory");
	give(words, text);
}

void words_split(struct words *words, const char *text)
{
	if (text == NULL)
		return;
	for (;;) {
		text += strspn(text, " \t");
		size_t length = strcspn(text, " \t");
		if (length == 0)
			return;
		words_addf(words, "%.*s", (int)length, text);
		text += length;
	}
}

void words_add_all(struct words *words, const struct words *others)
{
	for (size_t i = 0; i < others->count; i++)
		words_add(words, others->item[i]);
}

bool words_has(const struct words *words, const char *text)
{
	for (size_t i = 0; i < words->count; i++)
		if (strcmp(words->item[i], text) == 0)
			return true;
	return false;
}

static int compare(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

void words_sort(struct words *words)
{
	if (words->count > 1)
		qsort(words->item, words->count, sizeof *words->item, compare);
}

const char *const *words_vector(const struct words *words)
{
	static const char *const empty[] = { NULL };
	return words->item != NULL ? (const char *const *)words->item : empty;
}

void words_fini(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->item[i]);
	free(words->item);
	*words = (struct words){ 0 };
}
