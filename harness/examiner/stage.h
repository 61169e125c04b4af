/* stage.h - the one poll loop of an examiner, and the only ways to wait in it.
 *
 * Clients, backend and wires are sources of one stage; they move bytes whenever the test waits. A
 * test never sleeps: it waits for a condition. A wait ends early only when nothing can come any
 * more, which is decided by what the subject does, never by how long it takes: its main process has
 * ended; or it was quiescent (all its tasks asleep, none has run, nothing of its output unread) for
 * 2 s on end, or for 10 s in all with short wake-ups in between; or it had 200 wake-ups or 2 s of
 * CPU time without any byte moving. A busy machine keeps tasks runnable, hence not quiescent. If
 * none of these comes about in 60 s, that is a fault of ours. All of these times are longer on a
 * slow machine, by lab_factor(). [MT-Confined] */
#ifndef STAGE_H
#define STAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "runner.h"

#define STAGE_SOURCES_MAX 1024

struct source {
	int fd; /* -1: the slot is free                                                        */
	short events;
	void (*ready)(void *self, short revents);
	void *self;
};

struct stage {
	struct source source[STAGE_SOURCES_MAX];
	size_t count;      /* slots in use or free again                                       */
	uint64_t progress; /* grows with every byte, frame or connection that moved            */
	bool traced;       /* the subject's own switches are then mostly the tracer's          */
	pid_t frozen;      /* process that the test has stopped or holds: counts as asleep     */
	struct pulse (*pulse)(void); /* NULL: runner_pulse; a unit test has no runner          */
};

/* Adds a source; self is borrowed until stage_remove. Returns its slot. */
size_t stage_add(struct stage *stage, const struct source *source);
void stage_events(struct stage *stage, size_t slot, short events);
void stage_remove(struct stage *stage, size_t slot);

/* Polls once for at most wait_ms and lets the ready sources work. True if something moved. */
bool stage_poll(struct stage *stage, int wait_ms);

/* State of one wait; starts as zeros. */
struct wait {
	uint64_t begun_us, quiet_us, asleep_us, last_us; /* moments; asleep_us in all */
	uint64_t progress, wakeups, cpu_us, tasks;       /* when counting began */
	uint64_t last_switches; /* of the look before, while a process is frozen */
	unsigned idle_turns;
	bool ended;
	bool patient; /* the subject may compute as long as it likes: its end is sure without us */
};
/* One turn of a wait. False: nothing can come any more. */
bool stage_turn(struct stage *stage, struct wait *wait);

/* One look at the subject, for waits that end when somebody sleeps; quiet as compared with the look
 * before, through the same *wait. */
struct pulse stage_pulse(const struct stage *stage, struct wait *wait);

/* Waits until the condition, an expression looked at after every event, holds. Its value is the
 * condition's; false means that it never came true in the sense above. */
#define WAIT_UNTIL(stage, condition)                           \
	__extension__({                                        \
		struct wait wait_ = { 0 };                     \
		bool held_;                                    \
		do                                             \
			held_ = (condition);                   \
		while (!held_ && stage_turn((stage), &wait_)); \
		held_;                                         \
	})

/* Waits until the subject is asleep and all its bytes are read. False: it never sleeps (200
 * wake-ups or 0.5 s of CPU without any byte moving). True also if it has ended. */
bool stage_settle(struct stage *stage);

/* How the subject's main process ended, once all that it is about to do is done. */
struct ending stage_ending(struct stage *stage);

/* Lets real time go by until cl_now_us() reaches until_us, serving all sources. For lower bounds.
 */
void stage_until(struct stage *stage, uint64_t until_us);
#endif
