/* File by file: made ready, compared, told. */
#include "batch/similar_hands.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/objects.h"
#include "batch/similar_pairs.h"
#include "batch/similar_text.h"
#include "batch/sql.h"
#include "intake/collect.h"

enum { GIVEN_TOKENS = 12, GIVEN_CPU_S = 5, GIVEN_MAX = 4, NAMES_MAX = 1000 };

/* One file of all hand-ins. */
struct texts {
	struct store *store;
	const struct hand *hands; /* of all entries      */
	char **text;              /* what is left of each */
	size_t *hand;             /* whose it is          */
	size_t count;
};

/* A team, or two hand-ins of one person. */
static bool same_people(const void *user, size_t a, size_t b)
{
	const struct texts *texts = user;
	const struct hand *one = &texts->hands[texts->hand[a]];
	const struct hand *other = &texts->hands[texts->hand[b]];
	if (one->group != NULL && other->group != NULL && strcmp(one->group, other->group) == 0)
		return true;
	return sql_value(texts->store->db, 0,
			 "SELECT 1 FROM members m JOIN members n ON n.run_id = m.run_id AND "
			 "(m.login = n.login OR m.sid = n.sid OR m.lms_id = n.lms_id OR m.email = "
			 "n.email) WHERE m.run_id = ? AND m.entry = ? AND n.entry = ? LIMIT 1",
			 "itt", texts->store->run, one->name, other->name) != 0;
}

/* What the lab gave: the file's skeleton, and the contract. */
static size_t given_read(const struct lab *lab, const char *file, char *given[GIVEN_MAX])
{
	const char *const names[] = { file, lab->header };
	size_t count = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		AUTO_FREE char *path = lab_path(lab, "labs/%s/%s", lab->name,
						names[i] != NULL ? names[i] : "");
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		if (names[i] != NULL && file_exists(path) &&
		    file_read(path, SOURCE_BYTES_MAX, &bytes, &length) == 0)
			given[count++] = similar_text(bytes, length);
	}
	return count;
}

/* Takes out of a text what was given. Compared with a copy of itself, too: whoever upsets the
 * comparing does so here, alone. NULL, or why it must be left out. */
static const char *take_given_out(char *text, char *const given[GIVEN_MAX], size_t given_count)
{
	const char *texts[GIVEN_MAX + 2] = { text };
	for (size_t i = 0; i < given_count; i++)
		texts[i + 1] = given[i];
	texts[given_count + 1] = text;
	const struct similar_job job = { .texts = texts,
					 .count = given_count + 2,
					 .olds = given_count + 1,
					 .min_tokens = GIVEN_TOKENS,
					 .cpu_s = GIVEN_CPU_S };
	struct similar_answer answer;
	const char *why = similar_run_box(&job, &answer);
	for (size_t i = 0; why == NULL && i < answer.count; i++)
		if (answer.runs[i].a == 0 && answer.runs[i].b <= given_count)
			similar_text_blank(text, answer.runs[i].a_first, answer.runs[i].a_last);
	similar_answer_fini(&answer);
	return why;
}

static void texts_read(struct texts *texts, const char *file, char *const given[GIVEN_MAX],
		       size_t given_count, size_t hand_count, json_t *left_out)
{
	for (size_t i = 0; i < hand_count; i++) {
		AUTO_FREE char *object = object_path(texts->store->out, texts->hands[i].hash);
		AUTO_FREE char *path = must_printf("%s/%s", object, file);
		AUTO_FREE char *bytes = NULL;
		size_t length = 0;
		if (!file_exists(path) || file_read(path, SOURCE_BYTES_MAX, &bytes, &length) != 0)
			continue;
		char *text = similar_text(bytes, length);
		const char *why = take_given_out(text, given, given_count);
		if (why != NULL) {
			(void)json_array_append_new(left_out, json_make("{s:s, s:s, s:s}", "entry",
									texts->hands[i].name,
									"file", file, "why", why));
			free(text);
			continue;
		}
		texts->hand[texts->count] = i;
		texts->text[texts->count++] = text;
	}
}

/* The number of the file on the student's page (report/html_source.c), for a link to its line. */
static json_int_t source_of(const struct texts *texts, size_t text, const char *file)
{
	AUTO_FREE char *object = object_path(texts->store->out,
					     texts->hands[texts->hand[text]].hash);
	struct words names = { 0 };
	json_int_t number = 0;
	(void)folder_list(object, NAMES_MAX, &names); /* it has been read a moment ago */
	for (size_t i = 0; i < names.count && strcmp(names.item[i], file) <= 0; i++) {
		AUTO_FREE char *path = must_printf("%s/%s", object, names.item[i]);
		number += file_exists(path);
	}
	words_fini(&names);
	return number;
}

static json_t *side_make(const struct texts *texts, size_t text, const char *file, long percent,
			 long first, long last)
{
	return json_make("{s:s, s:I, s:I, s:I, s:I}", "entry", texts->hands[texts->hand[text]].name,
			 "percent", (json_int_t)percent, "first", (json_int_t)first, "last",
			 (json_int_t)last, "source", source_of(texts, text, file));
}

static json_t *pair_make(const struct texts *texts, const struct similar_pair *pair,
			 const char *file)
{
	json_t *value = json_make("{s:s, s:I}", "file", file, "tokens",
				  (json_int_t)pair->run.tokens);
	json_put(value, "a",
		 side_make(texts, pair->a, file, pair->a_percent, pair->run.a_first,
			   pair->run.a_last));
	json_put(value, "b",
		 side_make(texts, pair->b, file, pair->b_percent, pair->run.b_first,
			   pair->run.b_last));
	return value;
}

/* Adds what was found in one file to the answer. */
static void put_found(json_t *value, const struct texts *texts, const char *file, const char *why,
		      const struct similar_found *found)
{
	json_t *pairs = json_object_get(value, "pairs");
	for (size_t i = 0; i < found->count && i < SIMILAR_SHOWN_MAX; i++)
		(void)json_array_append_new(pairs, pair_make(texts, &found->pairs[i], file));
	(void)json_array_append_new(json_object_get(value, "files"),
				    json_make("{s:s, s:I, s:I, s:I, s:b, s:o}", "file", file,
					      "texts", (json_int_t)texts->count, "pairs",
					      (json_int_t)found->count, "failed",
					      (json_int_t)found->failed, "more", (int)found->more,
					      "why", why != NULL ? json_string(why) : json_null()));
}

static void compare_file(const struct lab *lab, const struct batch_conf *conf, const char *file,
			 const struct texts *all, size_t hand_count, json_t *value)
{
	char *given[GIVEN_MAX];
	const size_t given_count = given_read(lab, file, given);
	struct texts texts = { .store = all->store,
			       .hands = all->hands,
			       .text = must_alloc((hand_count + 1) * sizeof *texts.text),
			       .hand = must_alloc((hand_count + 1) * sizeof *texts.hand) };
	texts_read(&texts, file, given, given_count, hand_count,
		   json_object_get(value, "left_out"));
	const struct similar_task task = { .texts = (const char *const *)texts.text,
					   .count = texts.count,
					   .min_tokens = conf->min_tokens,
					   .above = conf->report_above,
					   .skip = same_people,
					   .user = &texts };
	struct similar_found found;
	const char *why = similar_pairs(&task, &found);
	put_found(value, &texts, file, why, &found);
	similar_found_fini(&found);
	for (size_t i = 0; i < texts.count; i++)
		free(texts.text[i]);
	free(texts.text);
	free(texts.hand);
	for (size_t i = 0; i < given_count; i++)
		free(given[i]);
}

json_t *similar_compare(struct store *store, const struct lab *lab, const struct batch_conf *conf,
			const struct hand *hands, size_t hand_count)
{
	json_t *value = json_make("{s:s, s:I, s:I, s:I, s:[], s:[], s:[]}", "format",
				  "interleave-similar/1", "entries", (json_int_t)hand_count,
				  "min_tokens", (json_int_t)conf->min_tokens, "report_above",
				  (json_int_t)conf->report_above, "files", "left_out", "pairs");
	const struct texts all = { .store = store, .hands = hands };
	for (size_t i = 0; i < lab->files.count; i++)
		compare_file(lab, conf, lab->files.item[i], &all, hand_count, value);
	return value;
}
