/* What the explorer's runtime found, in the words of a verdict. The texts hold threads and what
 * they did; lines come with the places, which the grader looks up. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "exploration.h"

static const struct law RACE = {
	.finding = "data-race",
	.name = "no data race",
	.why = "Two threads touch the same memory, one of them writes, and nothing orders them: a "
	       "lock that both hold, a join, or an atomic operation must.",
	.detector = "HB",
};
static const struct law USE_AFTER_FREE = {
	.finding = "use-after-free",
	.name = "no memory is used after its release",
	.why = "Who releases a block must know that nobody will touch it again.",
	.detector = "HEAP",
};
static const struct law OVERFLOW = {
	.finding = "heap-overflow",
	.name = "no access outside of a block",
	.why = "A block has as many bytes as were asked for.",
	.detector = "HEAP",
};
static const struct law BAD_FREE = {
	.finding = "bad-free",
	.name = "each block is released once",
	.why = "free() takes what malloc() gave, and once.",
	.detector = "HEAP",
};
static const struct law DEAD_MEMORY = {
	.finding = "dead-thread-memory",
	.name = "no thread uses what belonged to one that has ended",
	.why = "The stack and the thread-local variables of a thread end with it.",
	.detector = "HEAP",
};
static const struct law MISUSE = {
	.finding = "misuse",
	.name = "locks and conditions are used as POSIX allows",
	.why = "Used otherwise they do anything, and something else on another machine.",
};
static const struct law HARNESS = {
	.finding = "harness-memory",
	.name = "leaves the examiner's memory alone",
	.why = "What does not belong to the program may not be touched.",
};
static const struct law CRASH = {
	.finding = "died",
	.name = "the program goes on",
	.why = "No schedule may end the whole program.",
};
static const struct law NO_PROGRESS = {
	.finding = "no-progress",
	.name = "comes to an end",
	.why = "Waiting must sleep: a loop that asks again and again keeps others from running.",
};
static const struct law UNCONTROLLED = {
	.finding = "uncontrolled",
	.name = "uses only what the explorer controls",
	.why = "What the explorer does not schedule it cannot check, so it is refused by name.",
};
static const struct law FORK_LOCK = {
	.finding = "fork-with-lock",
	.name = "no fork while another thread holds a lock that the child needs",
	.why = "In the child only the forking thread goes on; locks of the others stay locked.",
};

__attribute__((format(printf, 2, 3))) static void say(struct verdict *v, const char *format, ...)
{
	va_list args;
	size_t used = strlen(v->what);

	va_start(args, format);
	(void)vsnprintf(v->what + used, sizeof(v->what) - used, format, args);
	va_end(args);
}

static const char *access_name(unsigned kind)
{
	static const char *const names[] = {
		"touches", "reads", "writes", "reads atomically", "writes atomically", "releases"
	};

	return names[kind <= EXPLORE_FREE ? kind : 0];
}

/* "writes 8 bytes, holding 1 lock" with the place. */
static void add_access(struct verdict *v, unsigned i, const struct explore_access *a)
{
	char held[32] = "no lock";

	if (a->held_count)
		(void)snprintf(held, sizeof(held), "%u lock%s", a->held_count,
			       a->held_count > 1 ? "s" : "");
	(void)snprintf(v->role[i], sizeof(v->role[i]), "T%u %s, holding %s", a->thread,
		       access_name(a->kind), held);
	v->law.where[i] = (struct where){ .place = a->at.pc };
}

static void say_memory(struct verdict *v, const struct explore_memory *m)
{
	switch (m->kind) {
	case EXPLORE_MEMORY_HEAP:
		say(v, "%llu byte%s at offset %lld of a block of %llu bytes",
		    (unsigned long long)m->bytes, m->bytes == 1 ? "" : "s", (long long)m->offset,
		    (unsigned long long)m->size);
		break;
	case EXPLORE_MEMORY_GLOBAL:
		say(v, "%llu byte%s of a global variable", (unsigned long long)m->bytes,
		    m->bytes == 1 ? "" : "s");
		break;
	case EXPLORE_MEMORY_STACK:
		say(v, "a local variable of T%u", m->thread);
		break;
	case EXPLORE_MEMORY_TLS:
		say(v, "a thread-local variable of T%u", m->thread);
		break;
	default:
		say(v, "memory");
	}
}

static const char *misuse_text(unsigned sub)
{
	static const char *const texts[] = {
		[EXPLORE_RELOCK] = "locks a mutex that it holds already: it waits for itself",
		[EXPLORE_UNLOCK_STRANGER] = "unlocks a mutex that another thread holds",
		[EXPLORE_UNLOCK_FREE] = "unlocks a mutex that nobody holds",
		[EXPLORE_DESTROY_HELD] = "destroys a mutex that is locked",
		[EXPLORE_DESTROY_WAITED] = "destroys what a thread is waiting for",
		[EXPLORE_EXIT_HOLDING] = "ends with a lock in its hands",
		[EXPLORE_USE_DESTROYED] = "uses a lock or condition that was destroyed",
		[EXPLORE_NOT_INITIALISED] = "uses a lock or condition that was never initialised",
		[EXPLORE_JOIN_TWICE] = "joins a thread that was joined or detached before",
		[EXPLORE_JOIN_SELF] = "joins itself",
		[EXPLORE_WAIT_UNLOCKED] = "waits for a condition without holding the mutex",
		[EXPLORE_TWO_MUTEXES] = "waits for a condition with another mutex than others do",
		[EXPLORE_BAD_ARGUMENT] = "gives an argument that POSIX does not allow",
		[EXPLORE_CLOSE_TWICE] = "closes a descriptor that is closed already",
	};
	const char *text = sub < sizeof(texts) / sizeof(texts[0]) ? texts[sub] : NULL;

	return text ? text : "uses a lock or condition in a way that POSIX does not allow";
}

static void heap_verdict(const struct explore_finding *f, struct verdict *v)
{
	v->law = f->kind == EXPLORE_USE_AFTER_FREE ? USE_AFTER_FREE
		 : f->kind == EXPLORE_OVERFLOW     ? OVERFLOW
		 : f->kind == EXPLORE_BAD_FREE     ? BAD_FREE
						   : DEAD_MEMORY;
	add_access(v, 0, &f->later);
	say(v, "T%u %s ", f->later.thread, access_name(f->later.kind));
	if (f->kind == EXPLORE_BAD_FREE)
		say(v, "%s",
		    f->sub == 1   ? "a block that was released before"
		    : f->sub == 2 ? "the inside of a block"
				  : "what malloc never gave");
	else
		say_memory(v, &f->memory);
	if (f->memory.freed_by != EXPLORE_NOBODY && f->memory.freed.pc) {
		say(v, ", which T%u had released", f->memory.freed_by);
		v->law.where[1].place = f->memory.freed.pc;
		(void)snprintf(v->role[1], sizeof(v->role[1]), "T%u released it here",
			       f->memory.freed_by);
	} else if (f->kind == EXPLORE_OVERFLOW && f->memory.allocated.pc) {
		v->law.where[1].place = f->memory.allocated.pc;
		(void)snprintf(v->role[1], sizeof(v->role[1]), "its block was asked for here");
	} else if (f->kind == EXPLORE_DEAD_MEMORY) {
		say(v, ", which has ended");
	}
}

static void other_verdict(const struct explore_finding *f, struct verdict *v)
{
	const unsigned t = f->later.thread;
	const char *name = NULL;

	v->law.where[0].place = f->later.at.pc;
	(void)snprintf(v->role[0], sizeof(v->role[0]), "T%u is here", t);
	switch (f->kind) {
	case EXPLORE_MISUSE:
		v->law = MISUSE;
		say(v, "T%u %s", t, misuse_text(f->sub));
		break;
	case EXPLORE_HARNESS:
		v->law = HARNESS;
		say(v, "T%u %s memory that belongs to the examiner", t, access_name(f->later.kind));
		break;
	case EXPLORE_NO_PROGRESS:
		v->law = NO_PROGRESS;
		say(v,
		    f->sub ? "T%u runs in a loop that never ends and never waits"
			   : "the threads go round without end; T%u is among them",
		    t);
		break;
	case EXPLORE_UNCONTROLLED:
		v->law = UNCONTROLLED;
		say(v, "T%u calls %s", t, f->text);
		break;
	case EXPLORE_FORK_LOCK:
		v->law = FORK_LOCK;
		say(v,
		    "the child of a fork by T%u waits for a lock whose holder does not exist in "
		    "it",
		    t);
		break;
	case EXPLORE_CRASH:
		name = sigabbrev_np(f->sub);
		v->law = CRASH;
		say(v, "T%u is ended by signal %u (SIG%s)", t, f->sub, name ? name : "?");
		break;
	default:
		v->law = CRASH;
		say(v,
		    f->kind == EXPLORE_EXIT ? "T%u ends the program by exit(%u)"
					    : "T%u ends the program by abort(), status %u",
		    t, f->sub);
		if (f->kind == EXPLORE_ASSERTION)
			say(v, ": %s", f->text);
	}
	v->law.where[0] = (struct where){ .place = f->later.at.pc };
}

/* Roles stand in the verdict, which may have been copied. */
static void bind_roles(struct verdict *v)
{
	for (unsigned i = 0; i < 2; i++)
		v->law.where[i].role = v->role[i];
}

bool finding_verdict(const struct execution *e, struct verdict *v)
{
	const struct explore_finding *f = &e->answer.finding;

	if (e->answer.end != EXPLORE_END_FINDING)
		return false;
	switch (f->kind) {
	case EXPLORE_RACE:
		v->law = RACE;
		add_access(v, 0, &f->later);
		add_access(v, 1, &f->earlier);
		say(v, "T%u %s ", f->later.thread, access_name(f->later.kind));
		say_memory(v, &f->memory);
		say(v, " that T%u %s, and nothing says which comes first", f->earlier.thread,
		    access_name(f->earlier.kind));
		break;
	case EXPLORE_USE_AFTER_FREE:
	case EXPLORE_OVERFLOW:
	case EXPLORE_BAD_FREE:
	case EXPLORE_DEAD_MEMORY:
		heap_verdict(f, v);
		break;
	default:
		other_verdict(f, v);
	}
	bind_roles(v);
	return true;
}

static const char *object_name(const struct explore_finding *f, unsigned object)
{
	static const char *const names[] = {
		[EXPLORE_MUTEX] = "a mutex",
		[EXPLORE_CONDITION] = "a condition variable",
		[EXPLORE_SEMAPHORE] = "a semaphore",
		[EXPLORE_BARRIER] = "a barrier",
		[EXPLORE_RWLOCK] = "a read-write lock",
		[EXPLORE_ONCE] = "a once",
		[EXPLORE_SPIN] = "a spin lock",
		[EXPLORE_FUTEX] = "a futex",
		[EXPLORE_THREAD_OBJECT] = "a thread",
	};
	const unsigned kind = object < f->objects && object < EXPLORE_OBJECTS
				      ? f->about[object].kind
				      : 0;
	const char *name = kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;

	return name ? name : "something";
}

static bool waits_for_lock(const struct explore_thread *t)
{
	return t->state == EXPLORE_ASLEEP && t->owner != EXPLORE_NOBODY;
}

/* Follows "waits for what X holds" from a thread; true if it comes back to it. */
static bool in_cycle(const struct explore_finding *f, unsigned thread)
{
	unsigned at = thread;

	for (unsigned i = 0; i < EXPLORE_THREADS && at < f->threads; i++) {
		if (!waits_for_lock(&f->thread[at]))
			return false;
		at = f->thread[at].owner;
		if (at == thread)
			return true;
	}
	return false;
}

void finding_stuck(const struct exploration *x, const struct execution *e, unsigned op,
		   struct verdict *v)
{
	const struct explore_finding *f = &e->answer.finding;
	static const struct explore_thread unknown = { .owner = EXPLORE_NOBODY,
						       .object = EXPLORE_NOTHING };
	const unsigned number = x->script->op[op].thread;
	const char *function = x->name_of(x->script->op[op].op);
	/* An execution that came to its end all the same says less. */
	const struct explore_thread *t = number < f->threads ? &f->thread[number] : &unknown;

	*v = (struct verdict){
		.law = { .finding = "lost-wakeup",
			 .name = "every wait ends",
			 .why = "Whoever sleeps must be woken once it could go on." }
	};
	say(v, "T%u sleeps in %s for ever, waiting for %s", number, function,
	    object_name(f, t->object));
	v->law.where[0].place = t->at.pc;
	(void)snprintf(v->role[0], sizeof(v->role[0]), "T%u sleeps here", number);
	if (waits_for_lock(t) && t->owner < f->threads) {
		const struct explore_thread *o = &f->thread[t->owner];
		const bool gone = o->state == EXPLORE_IDLE || o->state == EXPLORE_OVER;
		v->law.finding = gone                  ? "unlock-missing"
				 : in_cycle(f, number) ? "deadlock"
						       : "lost-wakeup";
		v->law.name = "every lock is given back";
		v->law.why = gone ? "A path leaves a function with the lock held: nobody else gets "
				    "it any more."
				  : "Each holds what the other waits for: take locks in one order.";
		say(v, " that T%u holds%s", t->owner, gone ? ", though it has returned" : "");
		for (unsigned i = 0; i < o->held_count; i++)
			if (o->held[i].object == t->object) {
				v->law.where[1].place = o->held[i].pc;
				(void)snprintf(v->role[1], sizeof(v->role[1]), "T%u took it here",
					       t->owner);
			}
	} else if (t->object < f->objects && t->object < EXPLORE_OBJECTS &&
		   f->about[t->object].unheard) {
		const struct explore_object *o = &f->about[t->object];
		say(v, "; %u wake-up%s found nobody asleep, the last one by T%u", o->unheard,
		    o->unheard == 1 ? "" : "s", o->unheard_by);
		v->law.where[1].place = o->unheard_pc;
		(void)snprintf(v->role[1], sizeof(v->role[1]), "T%u's wake-up found nobody",
			       o->unheard_by);
	}
	bind_roles(v);
}
