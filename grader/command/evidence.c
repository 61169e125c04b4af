/* Evidence on its way: made harmless, written, and held against what we know ourselves. */
#include "command/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

const char evidence_format[] = "interleave-evidence/1";

/* A text that holds what must not be shown, as one that may be. NULL: it may be as it is. */
static json_t *cleaned(const json_t *value)
{
	const char *text = json_string_value(value);
	if (text == NULL)
		return NULL;
	AUTO_FREE char *escaped = text_escape(text);
	return strcmp(text, escaped) != 0 ? json_string(escaped) : NULL;
}

void evidence_clean(json_t *value)
{
	size_t i;
	const char *key;
	json_t *inner;
	json_array_foreach(value, i, inner)
	{
		json_t *clean = cleaned(inner);
		if (clean != NULL)
			(void)json_array_set_new(value, i, clean);
		else
			evidence_clean(inner);
	}
	json_object_foreach(value, key, inner)
	{
		json_t *clean = cleaned(inner);
		if (clean != NULL)
			json_put(value, key, clean); /* of a key that is there: no new place */
		else
			evidence_clean(inner);
	}
}

/* In place of evidence that would be too much. */
static json_t *too_large(const json_t *evidence, size_t bytes)
{
	static const char *const keys[] = { "format", "lab", "seed", "submission" };
	json_t *short_form = json_object();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		json_put(short_form, keys[i], json_incref(json_object_get(evidence, keys[i])));
	json_put(short_form, "too_large", json_integer((json_int_t)bytes));
	return short_form;
}

void evidence_write(const char *path, const json_t *evidence)
{
	char *text = json_dumps(evidence, JSON_COMPACT);
	if (text == NULL)
		die("out of memory for the evidence");
	if (strlen(text) > EVIDENCE_BYTES_MAX) {
		json_t *instead = too_large(evidence, strlen(text));
		free(text);
		text = json_dumps(instead, JSON_COMPACT);
		json_decref(instead);
	}
	int error = text != NULL ? file_write(path, text, strlen(text), 0644) : 0;
	if (text == NULL || error != 0)
		die_errno(error, "cannot write %s", path);
	free(text);
}

static char *differs(const char *what, const char *theirs, const char *ours)
{
	if (strcmp(theirs, ours) == 0)
		return NULL;
	AUTO_FREE char *clean = text_clean_line(theirs, strlen(theirs));
	return must_printf("the evidence is of another %s: %.80s, not %s", what, clean, ours);
}

char *evidence_mismatch(const json_t *evidence, const struct lab *lab, const char *seed,
			const struct submission *submission, const char *lab_hash)
{
	const json_t *versions = json_object_get(evidence, "versions");
	const json_t *bytes = json_object_get(evidence, "too_large");
	char *why = differs("lab", json_text_of(evidence, "lab", ""), lab->name);
	if (why == NULL)
		why = differs("seed", json_text_of(evidence, "seed", ""), seed);
	if (why == NULL)
		why = differs("submission", json_text_of(evidence, "submission", ""),
			      submission->hash);
	if (why == NULL && bytes != NULL)
		why = must_printf("there was more evidence than is taken: %lld bytes, not %d",
				  (long long)json_integer_value(bytes), EVIDENCE_BYTES_MAX);
	if (why == NULL)
		why = differs("state of the lab and its tests",
			      json_text_of(versions, "lab_hash", ""), lab_hash);
	if (why == NULL)
		why = differs("compiler", json_text_of(evidence, "compiler", ""),
			      lab->compiler != NULL ? lab->compiler : "");
	return why;
}
