/* The search: take an operation that nothing unexplained precedes, apply it, go on; if that leads
 * nowhere take it back. A pair of (operations done, state) that was visited before is not tried
 * again. */
#include "linearize.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "visited.h"

/* Moments are searched like operations, with numbers behind them. */
#define ITEMS  (LINEARIZE_OPS + LINEARIZE_MOMENTS)
#define EVENTS (2 * ITEMS)
#define WORDS  ((ITEMS + 63) / 64)
#define NONE   UINT16_MAX

/* Calls and returns in the order of their stamps, as a list from which explained items are taken
 * out; event 0 is its head. */
struct event {
	uint32_t stamp;
	uint16_t item;
	uint16_t partner; /* of a call: its return, NONE if there is none; of a return: NONE */
	uint16_t before, after;
	bool is_return;
};

/* One step of the order under trial. */
struct step {
	uint16_t event, alternative;
};

struct linearizer {
	const struct specification *spec;
	const void *parameters;
	size_t state_bytes;
	struct visited *visited; /* of this history */
	struct visited *known;   /* hashes of histories found linearizable */
	uint64_t key, states, known_hits;

	const struct history *history;
	struct event event[EVENTS + 1];
	size_t events, returns_left;
	uint64_t done[WORDS];
	size_t words; /* of done that are in use */

	struct step step[ITEMS];
	uint8_t *undo; /* state before each step */
	size_t steps;
	_Alignas(16) uint8_t state[LINEARIZE_STATE];
	uint16_t order[ITEMS];
	size_t order_length, longest; /* operations, and steps, of the longest order */
};

struct linearizer *linearizer_create(const struct specification *spec, const void *parameters)
{
	struct linearizer *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->spec = spec;
	l->parameters = parameters;
	l->state_bytes = spec->state_bytes(parameters);
	assert(l->state_bytes <= LINEARIZE_STATE);
	l->undo = malloc(ITEMS * l->state_bytes);
	l->visited = visited_create(WORDS * sizeof(uint64_t) + l->state_bytes, LINEARIZE_BUDGET);
	l->known = visited_create(sizeof(uint64_t), LINEARIZE_BUDGET);
	if (l->undo && l->visited && l->known)
		return l;
	linearizer_destroy(l);
	return NULL;
}

void linearizer_destroy(struct linearizer *l)
{
	if (!l)
		return;
	visited_destroy(l->visited);
	visited_destroy(l->known);
	free(l->undo);
	free(l);
}

void linearizer_key(struct linearizer *l, uint64_t key)
{
	l->key = key;
	visited_clear(l->known);
}

const uint16_t *linearizer_order(const struct linearizer *l, size_t *count)
{
	*count = l->order_length;
	return l->order;
}

uint64_t linearizer_states(const struct linearizer *l)
{
	return l->states;
}

uint64_t linearizer_known(const struct linearizer *l)
{
	return l->known_hits;
}

/* Of equal stamps the call goes first: intervals that touch overlap. */
static int by_stamp(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->stamp != y->stamp)
		return x->stamp < y->stamp ? -1 : 1;
	if (x->is_return != y->is_return)
		return x->is_return ? 1 : -1;
	return x->item < y->item ? -1 : x->item > y->item;
}

static void add_event(struct linearizer *l, size_t item, uint32_t stamp, bool is_return)
{
	l->event[++l->events] = (struct event){
		.stamp = stamp, .item = (uint16_t)item, .partner = NONE, .is_return = is_return
	};
	l->returns_left += is_return;
}

static void link_events(struct linearizer *l)
{
	uint16_t call_of[ITEMS] = { 0 };

	qsort(l->event + 1, l->events, sizeof(l->event[0]), by_stamp);
	for (size_t i = 0; i <= l->events; i++) {
		struct event *e = &l->event[i];
		e->before = (uint16_t)(i == 0 ? l->events : i - 1);
		e->after = (uint16_t)(i == l->events ? 0 : i + 1);
		if (i == 0)
			continue;
		if (e->is_return)
			l->event[call_of[e->item]].partner = (uint16_t)i;
		else
			call_of[e->item] = (uint16_t)i;
	}
}

static void load(struct linearizer *l, const struct history *h)
{
	assert(h->count <= LINEARIZE_OPS && h->moments <= LINEARIZE_MOMENTS);
	l->history = h;
	l->events = l->returns_left = l->steps = l->order_length = l->longest = 0;
	l->words = (h->count + h->moments + 63) / 64;
	memset(l->done, 0, sizeof(l->done));
	for (size_t i = 0; i < h->count; i++) {
		assert(h->op[i].call > 0 && (!h->op[i].back || h->op[i].call < h->op[i].back));
		add_event(l, i, h->op[i].call, false);
		if (h->op[i].back)
			add_event(l, i, h->op[i].back, true);
	}
	for (size_t i = 0; i < h->moments; i++) {
		add_event(l, h->count + i, h->moment[i].stamp, false);
		add_event(l, h->count + i, h->moment[i].stamp, true);
	}
	link_events(l);
	memset(l->state, 0, sizeof(l->state));
	l->spec->start(l->parameters, l->state);
}

/* What matters of a history: the order of its events, not their stamps. */
static uint64_t hash_history(const struct linearizer *l)
{
	const struct history *h = l->history;
	uint64_t hash = visited_hash(l->key, &h->count, sizeof(h->count));

	for (size_t i = 1; i <= l->events; i++) {
		const uint32_t what = l->event[i].item * 2u + l->event[i].is_return;
		hash = visited_hash(hash, &what, sizeof(what));
	}
	for (size_t i = 0; i < h->count; i++) {
		const struct operation *o = &h->op[i];
		hash = visited_hash(hash, &o->op, sizeof(o->op));
		hash = visited_hash(hash, o->arg, sizeof(o->arg));
		if (o->back)
			hash = visited_hash(hash, o->result, sizeof(o->result));
	}
	for (size_t i = 0; i < h->moments; i++)
		hash = visited_hash(hash, h->moment[i].operations, sizeof(h->moment[i].operations));
	return hash;
}

static bool is_done(const struct linearizer *l, size_t item)
{
	return l->done[item / 64] >> (item % 64) & 1;
}

static void flip_done(struct linearizer *l, size_t item)
{
	l->done[item / 64] ^= 1ull << (item % 64);
}

static bool all_sleep(const struct linearizer *l, const struct asleep *moment)
{
	for (size_t i = 0; i < l->history->count; i++)
		if (moment->operations[i / 64] >> (i % 64) & 1)
			if (is_done(l, i) ||
			    !l->spec->sleeps(l->parameters, l->state, &l->history->op[i]))
				return false;
	return true;
}

/* Changes the state as the item does, if it can. */
static bool apply(struct linearizer *l, size_t item, unsigned alternative)
{
	const struct history *h = l->history;

	if (item >= h->count)
		return alternative == 0 && all_sleep(l, &h->moment[item - h->count]);
	if (h->op[item].back)
		return alternative == 0 && l->spec->apply(l->parameters, l->state, &h->op[item]);
	return l->spec->effect(l->parameters, l->state, &h->op[item], alternative);
}

static void take_out(struct linearizer *l, uint16_t event)
{
	struct event *e = &l->event[event];

	l->event[e->before].after = e->after;
	l->event[e->after].before = e->before;
}

static void put_back(struct linearizer *l, uint16_t event)
{
	l->event[l->event[event].before].after = event;
	l->event[l->event[event].after].before = event;
}

/* True if this pair was not visited before. */
static bool is_new(struct linearizer *l)
{
	uint8_t pair[WORDS * sizeof(uint64_t) + LINEARIZE_STATE];
	const size_t done_bytes = l->words * sizeof(uint64_t);

	memcpy(pair, l->done, done_bytes);
	memcpy(pair + done_bytes, l->state, l->state_bytes);
	return visited_add(l->visited, pair, done_bytes + l->state_bytes);
}

/* Called where an order ends, well or not: the longest one is kept. */
static void keep_order(struct linearizer *l)
{
	size_t n = 0;

	if (l->steps <= l->longest)
		return;
	l->longest = l->steps;
	for (size_t i = 0; i < l->steps; i++)
		if (l->event[l->step[i].event].item < l->history->count)
			l->order[n++] = l->event[l->step[i].event].item;
	l->order_length = n;
}

/* Tries the call's item, from this alternative on. True: it is the next step of the order. */
static bool advance(struct linearizer *l, uint16_t call, unsigned alternative)
{
	const size_t item = l->event[call].item;
	uint8_t *before = l->undo + l->steps * l->state_bytes;

	memcpy(before, l->state, l->state_bytes);
	for (; apply(l, item, alternative); alternative++) {
		flip_done(l, item);
		if (is_new(l)) {
			l->step[l->steps++] = (struct step){ .event = call,
							     .alternative = (uint16_t)alternative };
			take_out(l, call);
			if (l->event[call].partner != NONE) {
				take_out(l, l->event[call].partner);
				l->returns_left--;
			}
			return true;
		}
		flip_done(l, item);
		memcpy(l->state, before, l->state_bytes);
	}
	return false;
}

static struct step retreat(struct linearizer *l)
{
	struct step s = l->step[--l->steps];

	if (l->event[s.event].partner != NONE) {
		put_back(l, l->event[s.event].partner);
		l->returns_left++;
	}
	put_back(l, s.event);
	flip_done(l, l->event[s.event].item);
	memcpy(l->state, l->undo + l->steps * l->state_bytes, l->state_bytes);
	return s;
}

static enum linearize_verdict search(struct linearizer *l)
{
	uint16_t at = l->event[0].after;

	while (l->returns_left > 0) {
		if (at != 0 && !l->event[at].is_return) {
			at = advance(l, at, 0) ? l->event[0].after : l->event[at].after;
			continue;
		}
		/* A return that nothing explains: what was tried last was wrong. */
		keep_order(l);
		if (visited_full(l->visited))
			return LINEARIZE_RAN_OUT;
		if (l->steps == 0)
			return NOT_LINEARIZABLE;
		struct step s = retreat(l);
		at = advance(l, s.event, s.alternative + 1u) ? l->event[0].after
							     : l->event[s.event].after;
	}
	keep_order(l);
	return LINEARIZABLE;
}

enum linearize_verdict linearize(struct linearizer *l, const struct history *h)
{
	load(l, h);
	const uint64_t hash = hash_history(l);
	l->states = 0;
	if (visited_has(l->known, &hash, sizeof(hash))) {
		l->known_hits++;
		return LINEARIZABLE;
	}
	visited_clear(l->visited);
	enum linearize_verdict verdict = search(l);
	l->states = visited_count(l->visited);
	if (verdict == LINEARIZABLE)
		(void)visited_add(l->known, &hash, sizeof(hash)); /* full: it is searched again */
	return verdict;
}
