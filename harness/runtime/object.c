/* Objects by address: a hash with chains, emptied by a generation number. */
#include "runtime/object.h"

#include "runtime/arena.h"
#include "runtime/events.h"
#include "runtime/finding.h"
#include "runtime/race.h"
#include "runtime/trie.h"

static uint32_t *bucket_of(uintptr_t address)
{
	uint32_t at = (uint32_t)((address >> 2) * 0x9e3779b97f4a7c15u >> 40) % OBJECT_HASH;

	if (rt->object_generation[at] != rt->generation) {
		rt->object_generation[at] = rt->generation;
		rt->object_hash[at] = 0;
	}
	return &rt->object_hash[at];
}

struct object *object_find(const void *address)
{
	for (uint32_t i = *bucket_of((uintptr_t)address); i; i = rt->object[i - 1].next)
		if (rt->object[i - 1].address == (uintptr_t)address)
			return &rt->object[i - 1];
	return NULL;
}

struct object *object_numbered(uint16_t number)
{
	for (uint32_t i = 0; i < rt->object_count; i++)
		if (rt->object[i].number == number && rt->object[i].address)
			return &rt->object[i];
	return NULL;
}

static struct object *object_clear(struct object *o, uintptr_t address,
				   enum explore_object_kind kind, uint32_t pc)
{
	uint32_t next = o->next;

	*o = (struct object){ .address = address,
			      .kind = (uint8_t)kind,
			      .owner = EXPLORE_NOBODY,
			      .unheard_by = EXPLORE_NOBODY,
			      .partner = EXPLORE_NOTHING,
			      .first_thread = self->id,
			      .first_pc = pc,
			      .number = (uint16_t)rt->object_numbers,
			      .next = next };
	if (rt->object_numbers < EXPLORE_NOTHING - 1)
		rt->object_numbers++;
	return o;
}

static struct object *object_new(uintptr_t address, enum explore_object_kind kind, uint32_t pc)
{
	uint32_t *bucket = bucket_of(address);
	uint32_t place = rt->objects_free;

	if (place) {
		rt->objects_free = rt->object[place - 1].next;
	} else {
		if (rt->object_count >= OBJECTS)
			finding_broken("more than 8192 synchronisation objects at once");
		place = ++rt->object_count;
	}
	struct object *o = &rt->object[place - 1];
	o->next = *bucket;
	*bucket = place;
	arena_note_object(address);
	return object_clear(o, address, kind, pc);
}

static void object_access(struct object *o, unsigned how, uint32_t pc)
{
	if (o->kind != EXPLORE_THREAD_OBJECT)
		access_check(o->address, 1, how, pc);
}

struct object *object_known(const void *address, enum explore_object_kind kind, uint32_t pc)
{
	struct object *o = object_find(address);

	if (!o)
		return object_new((uintptr_t)address, kind, pc);
	if (o->destroyed) {
		finding_on(EXPLORE_MISUSE, EXPLORE_USE_DESTROYED, o, pc);
	} else if (o->kind != kind) {
		bool a_word = o->kind == EXPLORE_ATOMIC || o->kind == EXPLORE_FUTEX;
		if (!a_word && kind != EXPLORE_ATOMIC && kind != EXPLORE_FUTEX)
			finding_on(EXPLORE_MISUSE, EXPLORE_BAD_ARGUMENT, o, pc);
		if (a_word && kind != EXPLORE_ATOMIC)
			o->kind = (uint8_t)kind;
	}
	return o;
}

struct object *object_at(const void *address, enum explore_object_kind kind, uint32_t pc)
{
	struct object *o = object_known(address, kind, pc);

	object_access(o, RECORD_ATOMIC, pc);
	return o;
}

void object_still(const struct object *o, const void *address, uint32_t pc)
{
	if (o->address == (uintptr_t)address && !o->destroyed)
		return;
	access_check((uintptr_t)address, 1, RECORD_ATOMIC, pc); /* freed: the better words */
	finding_on(EXPLORE_MISUSE, EXPLORE_USE_DESTROYED, o, pc);
}

struct object *object_init(const void *address, enum explore_object_kind kind, uint32_t pc)
{
	struct object *o = object_find(address);

	if (!o)
		o = object_new((uintptr_t)address, kind, pc);
	else
		o = object_clear(o, (uintptr_t)address, kind, pc);
	object_access(o, RECORD_WRITE, pc);
	event_step(EXPLORE_STEP_INIT, o->number, pc, 0);
	return o;
}

void object_destroy(struct object *o, uint32_t pc)
{
	object_access(o, RECORD_WRITE, pc);
	o->destroyed = true;
	event_step(EXPLORE_STEP_DESTROY, o->number, pc, 0);
}

void objects_forget(uintptr_t address, size_t bytes)
{
	for (uint32_t i = 0; i < rt->object_count; i++) {
		struct object *o = &rt->object[i];
		if (!o->address || o->address - address >= bytes)
			continue;
		uint32_t *link = bucket_of(o->address);
		while (*link != i + 1)
			link = &rt->object[*link - 1].next;
		*link = o->next;
		o->address = 0;
		o->next = rt->objects_free;
		rt->objects_free = i + 1;
	}
}

void objects_reset(void)
{
	rt->object_count = rt->object_numbers = rt->objects_free = 0;
}

static void held_fold(struct thread *t)
{
	t->locks = 0;
	for (uint32_t i = 0; i < t->held_count; i++)
		t->locks = trie_child(&rt->locksets, t->locks,
				      (uint64_t)t->held[i].object << 32 | t->held[i].pc);
}

void held_add(struct object *o, uint32_t pc)
{
	struct thread *t = self;

	if (t->held_count >= 2 * EXPLORE_HELD)
		finding_broken("a thread holds more than 16 locks");
	t->held[t->held_count++] = (struct held){ .object = o->number, .pc = pc };
	t->locks = trie_child(&rt->locksets, t->locks, (uint64_t)o->number << 32 | pc);
}

void held_remove(struct object *o)
{
	struct thread *t = self;

	for (uint32_t i = t->held_count; i--;) {
		if (t->held[i].object != o->number)
			continue;
		t->held_count--;
		for (uint32_t j = i; j < t->held_count; j++)
			t->held[j] = t->held[j + 1];
		if (i == t->held_count)
			t->locks = rt->locksets.node[t->locks].parent;
		else
			held_fold(t);
		return;
	}
}

bool held_is(const struct object *o)
{
	for (uint32_t i = 0; i < self->held_count; i++)
		if (self->held[i].object == o->number)
			return true;
	return false;
}

void object_unheard(struct object *o, uint32_t pc)
{
	o->unheard++;
	o->unheard_pc = pc;
	o->unheard_by = self->id;
	event_of(EXPLORE_EVENT_UNHEARD, self, EXPLORE_NOBODY, 0);
}
