/* Store histories: a load may return any store that neither happens-before nor coherence nor the
 * order of seq_cst hides from it.
 *
 * Source: store histories as in tsan11 (Lidbury, Donaldson 2017); the rules are those of ISO C17,
 * 5.1.2.4 and 7.17.3, where in doubt the narrower set. Not modelled: loads that see stores of the
 * future, consume. Weak executions are advisory. */
#include "runtime/stores.h"

#include "runtime/choose.h"

#define STALE_RARELY 3u
#define NO_LIMIT     255u

static struct history *history_of(struct object *o)
{
	if (o->history == 0)
		return NULL;
	return &rt->history[o->history - 1];
}

static struct store *store_at(struct history *h, uint32_t index)
{
	return &h->store[index % HISTORY_STORES];
}

/* The thread knows the store with this index: it, and who comes after it, reads nothing older. */
static void note_seen(struct history *h, const struct thread *t, uint32_t index)
{
	struct seen *seen = h->seen[t->id];

	if (index <= seen[0].index)
		return;
	if (seen[HISTORY_SEEN - 1].index > h->surely[t->id])
		h->surely[t->id] = seen[HISTORY_SEEN - 1].index;
	for (unsigned i = HISTORY_SEEN - 1; i; i--)
		seen[i] = seen[i - 1];
	seen[0] = (struct seen){ .index = index, .epoch = t->clock.at[t->id % THREADS] };
}

/* The oldest store that a load may return. */
static uint32_t oldest(struct history *h, const struct clock *view)
{
	uint32_t floor = h->count > HISTORY_STORES ? h->count - HISTORY_STORES : 0;

	for (uint32_t i = h->count - 1; i > floor; i--) {
		const struct store *s = store_at(h, i);
		if (s->epoch <= view->at[s->author])
			floor = i;
	}
	for (unsigned u = 0; u < THREADS; u++) {
		if (h->surely[u] > floor)
			floor = h->surely[u];
		for (unsigned i = 0; i < HISTORY_SEEN; i++)
			if (h->seen[u][i].index > floor && h->seen[u][i].epoch <= view->at[u])
				floor = h->seen[u][i].index;
	}
	return floor;
}

uint64_t store_load(struct object *o, uint64_t newest, bool seq_cst, bool acquire)
{
	struct thread *t = self;
	struct history *h = history_of(o);
	struct clock view = t->clock;

	if (!h || store_at(h, h->count - 1)->value != newest) { /* written as plain data since */
		o->history = 0;
		clock_join(acquire ? &t->clock : &t->acquired, &o->clock);
		return newest;
	}
	clock_join(&view, &t->view);
	if (seq_cst)
		clock_join(&view, &rt->fence_clock);
	uint32_t options = h->count - oldest(h, &view);
	uint32_t taken = rt->stale_left ? choose(EXPLORE_CHOOSE_STORE, options, STALE_RARELY) : 0;
	if (taken && rt->stale_left != NO_LIMIT)
		rt->stale_left--;
	uint32_t index = h->count - 1 - taken;
	note_seen(h, t, index);
	clock_join(acquire ? &t->clock : &t->acquired, &store_at(h, index)->clock);
	return store_at(h, index)->value;
}

void store_note(struct object *o, uint64_t old, uint64_t value, uint32_t epoch, bool seq_cst)
{
	struct thread *t = self;
	struct history *h = history_of(o);

	if (!h && rt->history_count == HISTORIES) /* NOLINT(clang-analyzer-core.NullDereference) */
		return;                           /* this one is always read as it is */
	bool known = h && store_at(h, h->count - 1)->value == old;
	if (!h) {
		h = &rt->history[rt->history_count++];
		o->history = rt->history_count;
	}
	if (!known)
		*h = (struct history){ .count = 1, .store = { { .value = old } } };
	uint32_t index = h->count++;
	*store_at(h, index) = (struct store){
		.value = value, .clock = o->clock, .epoch = epoch, .author = t->id
	};
	if (seq_cst && rt->fence_clock.at[t->id] < epoch)
		rt->fence_clock.at[t->id] = epoch; /* known to every later seq_cst load and fence */
	note_seen(h, t, index);
}

void store_seen(struct object *o)
{
	struct history *h = history_of(o);

	if (h)
		note_seen(h, self, h->count - 1);
}

void store_fence(void)
{
	clock_join(&rt->fence_clock, &self->clock);
	clock_join(&self->view, &rt->fence_clock);
}

void store_returned(const struct thread *t)
{
	clock_join(&rt->returned_clock, &t->clock);
}

void store_called(struct thread *t)
{
	clock_join(&t->view, &rt->returned_clock);
}
