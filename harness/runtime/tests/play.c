/* play PLAYER - has a hooked player of lab 3 play a script over the wire, as the examiner does.
 *
 * Two pushers and two poppers on a queue of one slot, then close, then destroy: every operation
 * must return, no block may be left, and a slot played again by fork must make the same choices. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore.h"
#include "wire.h"

#define BATCHES 20u

enum { CREATE = WIRE_OP_LAB, DESTROY, PUSH, POP, CLOSE = WIRE_OP_LAB + 9 };

static struct explore_area *area;
static int wire;
static unsigned asked;

static _Noreturn void give_up(const char *what)
{
	(void)printf("%s\n0 passed, 1 failed\n", what);
	exit(1);
}

static void ask(const int64_t first, const int64_t count, int file)
{
	static struct wire_message m;
	struct wire_head call = {
		.kind = WIRE_CALL, .op = WIRE_OP_EXPLORE, .seq = ++asked, .arg = { first, count }
	};

	if (wire_send(wire, &call, NULL, &file, file >= 0) || wire_receive(wire, &m, 0) ||
	    m.head.kind != WIRE_RETURN || m.head.arg[0])
		give_up("the player does not answer");
	if (m.head.arg[1] != count)
		give_up("the batch ended early");
}

static void start_player(const char *program)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) || pair[1] == 3)
		give_up("no socket");
	if (fork() == 0) {
		(void)dup2(pair[1], 3);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	wire = fcntl(pair[0], F_DUPFD_CLOEXEC, 10);
	(void)close(pair[0]);
	(void)close(pair[1]);
}

static void script(void)
{
	static const struct explore_op ops[] = {
		{ .thread = 1, .phase = 0, .op = CREATE, .arg = { 1 } },
		{ .thread = 1, .phase = 1, .op = PUSH, .arg = { 11 } },
		{ .thread = 1, .phase = 1, .op = PUSH, .arg = { 12 } },
		{ .thread = 2, .phase = 1, .op = PUSH, .arg = { 21 } },
		{ .thread = 3, .phase = 1, .op = POP },
		{ .thread = 3, .phase = 1, .op = POP },
		{ .thread = 4, .phase = 1, .op = POP },
		{ .thread = 4, .phase = 1, .op = POP }, /* sleeps until close */
		{ .thread = 1, .phase = 2, .op = CLOSE },
		{ .thread = 1, .phase = 3, .op = DESTROY },
	};

	area->script = (struct explore_script){ .threads = 4,
						.phases = 4,
						.ops = sizeof(ops) / sizeof(ops[0]) };
	memcpy(area->script.op, ops, sizeof(ops));
}

static void plan(unsigned slot, uint64_t index)
{
	area->plan[slot] = (struct explore_plan){ .index = index,
						  .seed = index,
						  .flags = EXPLORE_HEAP,
						  .k = 40,
						  .strategy = EXPLORE_RANDOM,
						  .spurious_max = 2 };
}

static void check(unsigned slot, uint64_t index)
{
	const struct explore_answer *a = &area->slot[slot].answer;
	unsigned asleep = 0;
	int64_t sum = 0;

	if (a->index != index || a->end != EXPLORE_END_DONE || a->blocks)
		give_up("an execution did not end well");
	for (unsigned i = 0; i < area->script.ops; i++) {
		const struct explore_history *h = &a->history[i];
		if (!h->call || h->back <= h->call)
			give_up("an operation has not returned");
		asleep += h->asleep == 1u << 1;
		if (area->script.op[i].op == POP && h->result[0] == 0)
			sum += h->result[1];
	}
	if (asleep != 1 || sum != 11 + 12 + 21)
		give_up("exactly one pop must sleep, and three items come out");
}

int main(int argc, char **argv)
{
	int file = memfd_create("explore", MFD_CLOEXEC);

	if (argc != 2 || file < 0 || ftruncate(file, sizeof(*area)))
		return 2;
	area = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (area == MAP_FAILED)
		return 2;
	area->magic = EXPLORE_MAGIC;
	area->version = EXPLORE_VERSION;
	area->bytes = sizeof(*area);
	script();
	start_player(argv[1]);
	ask(0, 0, file);
	for (unsigned b = 0; b < BATCHES; b++) {
		for (unsigned i = 0; i < EXPLORE_SLOTS; i++)
			plan(i, b * EXPLORE_SLOTS + i);
		ask(0, EXPLORE_SLOTS / 2, -1);
		ask(EXPLORE_SLOTS / 2, EXPLORE_SLOTS / 2, -1);
		for (unsigned i = 0; i < EXPLORE_SLOTS; i++)
			check(i, b * EXPLORE_SLOTS + i);
	}
	uint64_t hash = area->slot[5].answer.hash;
	area->plan[5].flags |= EXPLORE_FORK;
	ask(5, 1, -1);
	if (area->slot[5].answer.hash != hash)
		give_up("another hash in a fork");
	(void)close(wire);
	(void)wait(NULL);
	(void)puts("1 passed, 0 failed");
	return 0;
}
