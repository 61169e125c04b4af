/* Candidates of one look at all, a closer look at each, then at what is between those that are
 * alike. */
#include "batch/similar_pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"

enum { ALL_CPU_S = 120, TWO_CPU_S = 10, PERCENT = 100, SUGGESTS = 4 };

/* Two texts that a run names, and how many tokens of each are in such runs. */
struct candidate {
	size_t a, b;
	long a_tokens, b_tokens, share;
};

static int by_number(size_t a, size_t b)
{
	return a < b ? -1 : a > b;
}

static int by_texts(const void *left, const void *right)
{
	const struct candidate *x = left, *y = right;
	return x->a != y->a ? by_number(x->a, y->a) : by_number(x->b, y->b);
}

static int by_share(const void *left, const void *right)
{
	const struct candidate *x = left, *y = right;
	return x->share != y->share ? (x->share > y->share ? -1 : 1) : by_texts(left, right);
}

static long percent(long part, long whole)
{
	const long share = whole > 0 ? (part * PERCENT + whole / 2) / whole : 0;
	return share < PERCENT ? share : PERCENT;
}

static struct candidate candidate_of(const struct similar_run *run)
{
	if (run->a < run->b)
		return (struct candidate){ .a = run->a, .b = run->b, .a_tokens = run->tokens };
	return (struct candidate){ .a = run->b, .b = run->a, .b_tokens = run->tokens };
}

/* Runs of the same two texts become one; the best of them come first. Returned (free). */
static struct candidate *candidates_make(const struct similar_task *task,
					 const struct similar_answer *answer, size_t *count)
{
	struct candidate *list = must_alloc((answer->count + 1) * sizeof *list);
	for (size_t i = 0; i < answer->count; i++)
		list[i] = candidate_of(&answer->runs[i]);
	qsort(list, answer->count, sizeof *list, by_texts);
	size_t merged = 0;
	for (size_t i = 0; i < answer->count; i++) {
		if (merged > 0 && by_texts(&list[merged - 1], &list[i]) == 0) {
			list[merged - 1].a_tokens += list[i].a_tokens;
			list[merged - 1].b_tokens += list[i].b_tokens;
		} else {
			list[merged++] = list[i];
		}
	}
	const long least = task->above / SUGGESTS;
	*count = 0;
	for (size_t i = 0; i < merged; i++) {
		const long a = percent(list[i].a_tokens, answer->tokens[list[i].a]);
		const long b = percent(list[i].b_tokens, answer->tokens[list[i].b]);
		list[i].share = a > b ? a : b;
		if (list[i].share >= least && !task->skip(task->user, list[i].a, list[i].b))
			list[(*count)++] = list[i];
	}
	qsort(list, *count, sizeof *list, by_share);
	return list;
}

/* What is known of the search so far. */
struct search {
	const struct similar_task *task;
	struct similar_found *found;
	struct candidate *seen; /* pairs that were looked at; room for the bound */
	size_t *cluster;        /* of each text: the number of one that it is like, or its own */
};

static size_t cluster_of(const struct search *search, size_t text)
{
	while (search->cluster[text] != text)
		text = search->cluster[text];
	return text;
}

static void keep(struct search *search, size_t a, size_t b, const struct similar_answer *answer)
{
	struct similar_found *found = search->found;
	struct similar_pair pair = { .a = a, .b = b };
	long tokens[2] = { 0, 0 };
	for (size_t i = 0; i < answer->count; i++) {
		struct similar_run run = answer->runs[i];
		tokens[run.a] += run.tokens;
		if (run.tokens <= pair.run.tokens)
			continue;
		pair.run = run.a == 0 ? run
				      : (struct similar_run){ .a_first = run.b_first,
							      .a_last = run.b_last,
							      .b_first = run.a_first,
							      .b_last = run.a_last,
							      .tokens = run.tokens };
	}
	pair.a_percent = percent(tokens[0], answer->tokens[0]);
	pair.b_percent = percent(tokens[1], answer->tokens[1]);
	const long above = search->task->above > 0 ? search->task->above : 1;
	if (pair.a_percent < above && pair.b_percent < above)
		return;
	pair.run.a = a;
	pair.run.b = b;
	found->pairs = must_realloc(found->pairs, (found->count + 1) * sizeof pair);
	found->pairs[found->count++] = pair;
	const size_t one = cluster_of(search, a), other = cluster_of(search, b);
	search->cluster[one > other ? one : other] = one > other ? other : one;
}

static void look_at(struct search *search, size_t a, size_t b)
{
	if (search->found->compared == SIMILAR_COMPARED_MAX) {
		search->found->more = true;
		return;
	}
	search->seen[search->found->compared++] = (struct candidate){ .a = a, .b = b };
	const char *const texts[] = { search->task->texts[a], search->task->texts[b] };
	const struct similar_job job = { .texts = texts,
					 .count = 2,
					 .min_tokens = search->task->min_tokens,
					 .cpu_s = TWO_CPU_S };
	struct similar_answer answer;
	if (similar_run_box(&job, &answer) != NULL)
		search->found->failed++;
	else
		keep(search, a, b, &answer);
	similar_answer_fini(&answer);
}

/* Whoever is like the same text may be like each other. */
static void look_within(struct search *search)
{
	const size_t known = search->found->compared;
	qsort(search->seen, known, sizeof *search->seen, by_texts);
	for (size_t a = 0; a < search->task->count; a++) {
		for (size_t b = a + 1; b < search->task->count && !search->found->more; b++) {
			const struct candidate key = { .a = a, .b = b };
			if (cluster_of(search, a) == cluster_of(search, b) &&
			    bsearch(&key, search->seen, known, sizeof key, by_texts) == NULL &&
			    !search->task->skip(search->task->user, a, b))
				look_at(search, a, b);
		}
	}
}

static int by_likeness(const void *left, const void *right)
{
	const struct similar_pair *x = left, *y = right;
	const long most_x = x->a_percent > x->b_percent ? x->a_percent : x->b_percent;
	const long most_y = y->a_percent > y->b_percent ? y->a_percent : y->b_percent;
	if (most_x != most_y)
		return most_x > most_y ? -1 : 1;
	if (x->run.tokens != y->run.tokens)
		return x->run.tokens > y->run.tokens ? -1 : 1;
	return x->a != y->a ? by_number(x->a, y->a) : by_number(x->b, y->b);
}

const char *similar_pairs(const struct similar_task *task, struct similar_found *found)
{
	*found = (struct similar_found){ 0 };
	const struct similar_job job = { .texts = task->texts,
					 .count = task->count,
					 .min_tokens = task->min_tokens,
					 .cpu_s = ALL_CPU_S };
	struct similar_answer answer = { 0 };
	const char *why = task->count > 1 ? similar_run_box(&job, &answer) : NULL;
	if (why != NULL || task->count < 2)
		return why;
	size_t count = 0;
	AUTO_FREE struct candidate *list = candidates_make(task, &answer, &count);
	AUTO_FREE struct candidate *seen = must_alloc(SIMILAR_COMPARED_MAX * sizeof *seen);
	AUTO_FREE size_t *cluster = must_alloc(task->count * sizeof *cluster);
	for (size_t i = 0; i < task->count; i++)
		cluster[i] = i;
	struct search search = { .task = task, .found = found, .seen = seen, .cluster = cluster };
	for (size_t i = 0; i < count && !found->more; i++)
		look_at(&search, list[i].a, list[i].b);
	look_within(&search);
	if (found->count > 0)
		qsort(found->pairs, found->count, sizeof *found->pairs, by_likeness);
	similar_answer_fini(&answer);
	return NULL;
}

void similar_found_fini(struct similar_found *found)
{
	free(found->pairs);
	*found = (struct similar_found){ 0 };
}
