/* directed FOLDER - schedules as text, against the real runtime: plays the given queues of lab 3
 * (FOLDER/bug1 .. bug6, with their lines), without a box, over the wire.
 *
 * Any execution told as text and played again makes the same choices; the same text makes the same
 * execution twice, whatever it says; and what cannot be done is refused by its line. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "directed.h"
#include "wire.h"

/* Of lab 3's binding. */
enum {
	OP_BQ_CREATE = WIRE_OP_LAB,
	OP_BQ_DESTROY,
	OP_BQ_PUSH,
	OP_BQ_POP,
	OP_BQ_POP_UNTIL = WIRE_OP_LAB + 7,
	OP_BQ_CLOSE = WIRE_OP_LAB + 9,
};

enum { EXECUTIONS = 300, TEXTS = 300, BUGS = 6, WORDS = 12 };

static const struct scenario {
	int64_t capacity;
	uint16_t op[4][2]; /* of T1..T3 and the closer: at most two each; 0: none */
	uint8_t closer;
} scenarios[BUGS] = {
	{ 1, { { OP_BQ_PUSH }, { OP_BQ_POP }, { OP_BQ_POP } }, 1 },
	{ 1, { { OP_BQ_PUSH, OP_BQ_PUSH }, { OP_BQ_POP }, { OP_BQ_POP } }, 1 },
	{ 1, { { OP_BQ_PUSH }, { OP_BQ_POP } }, 1 },
	{ 2, { { OP_BQ_PUSH, OP_BQ_PUSH }, { OP_BQ_POP }, { OP_BQ_POP } }, 1 },
	{ 1, { { OP_BQ_PUSH }, { OP_BQ_POP_UNTIL }, { OP_BQ_POP } }, 1 },
	{ 1, { { OP_BQ_PUSH }, { OP_BQ_POP }, { OP_BQ_CLOSE } }, 0 },
};

static struct explore_area *area;
static int wire, passed, failed;
static uint32_t asked;
static uint64_t random_state = 1;
static struct code_lines lines;
static struct execution x, again;

static _Noreturn void give_up(const char *what)
{
	printf("%s\n%d passed, %d failed\n", what, passed, failed + 1);
	exit(1);
}

static void expect(bool good, const char *what, const char *text, const char *why)
{
	passed += good;
	failed += !good;
	if (!good)
		printf("FAIL %s\n%s%s\n", what, text, why);
}

static unsigned below(unsigned n)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((random_state >> 33) % n);
}

static void ask(int64_t first, int64_t count, int file)
{
	static struct wire_message m;
	struct wire_head call = {
		.kind = WIRE_CALL, .op = WIRE_OP_EXPLORE, .seq = ++asked, .arg = { first, count }
	};

	if (wire_send(wire, &call, NULL, &file, file >= 0) || wire_receive(wire, &m, 0) ||
	    m.head.kind != WIRE_RETURN || m.head.arg[0] || m.head.arg[1] != count)
		give_up("the player does not answer");
}

static bool play(void *unused, struct execution *e, const struct explore_event **event)
{
	(void)unused;
	area->plan[0] = e->plan;
	memcpy(area->slot[0].choice, e->choice, e->plan.prefix * sizeof(e->choice[0]));
	ask(0, 1, -1);
	e->answer = area->slot[0].answer;
	memcpy(e->choice, area->slot[0].choice, e->answer.choices * sizeof(e->choice[0]));
	if (e->answer.end == EXPLORE_END_BROKEN || e->answer.strayed)
		give_up(e->answer.finding.text);
	*event = area->event;
	return true;
}

static const struct directed director = {
	.play = play, .lines = &lines, .threads = 3, .first_phase = 1
};

static void add(uint8_t thread, uint8_t phase, uint16_t op)
{
	struct explore_op *o = &area->script.op[area->script.ops++];

	*o = (struct explore_op){ .thread = thread, .phase = phase, .op = op };
	if (op == OP_BQ_PUSH)
		o->arg[0] = 100 + area->script.ops;
	if (op == OP_BQ_POP_UNTIL)
		o->arg[0] = 1000 + EXPLORE_START_NS / 1000;
}

static void make_script(const struct scenario *s)
{
	area->script = (struct explore_script){ .threads = 4, .phases = 4 };
	add(4, 0, OP_BQ_CREATE);
	area->script.op[0].arg[0] = s->capacity;
	for (uint8_t t = 1; t <= 3; t++)
		for (unsigned i = 0; i < 2 && s->op[t - 1][i]; i++)
			add(t, 1, s->op[t - 1][i]);
	if (s->closer)
		add(s->closer, 2, OP_BQ_CLOSE);
	add(4, 3, OP_BQ_DESTROY);
}

static pid_t start_player(const char *program, int file)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
		give_up("no socket");
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(pair[1], 3);
		if (pair[0] != 3)
			(void)close(pair[0]);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	wire = fcntl(pair[0], F_DUPFD, 10);
	(void)close(pair[0]);
	(void)close(pair[1]);
	asked = 0;
	ask(0, 0, file);
	return pid;
}

static int by_pc(const void *left, const void *right)
{
	const struct code_line *a = left, *b = right;

	return a->pc < b->pc ? -1 : a->pc > b->pc;
}

static void read_lines(const char *path)
{
	json_error_t error;
	json_t *all = json_load_file(path, 0, &error), *place;
	const char *address;

	if (!all)
		give_up(error.text);
	lines.at = calloc(json_object_size(all) + 1, sizeof(*lines.at));
	lines.count = 0;
	json_object_foreach(all, address, place)
	{
		struct code_line *l = &lines.at[lines.count++];
		l->pc = (uint32_t)strtoul(address, NULL, 16);
		l->line = (uint32_t)json_integer_value(json_object_get(place, "line"));
		(void)snprintf(l->file, sizeof(l->file), "%s",
			       json_string_value(json_object_get(place, "file")));
	}
	qsort(lines.at, lines.count, sizeof(*lines.at), by_pc);
	json_decref(all);
}

/* Plays a text under a plan. The error's line; 0: it could be played, in `again`. */
static uint32_t play_text(const char *text, const struct explore_plan *plan,
			  struct steps_error *error)
{
	const struct explore_event *event;
	struct steps steps;

	if (steps_parse(text, strlen(text), &steps, error))
		return error->line;
	again = (struct execution){ .plan = { .flags = EXPLORE_RACES_OFF, .k = 1, .depth = 1 } };
	if (plan)
		again.plan = *plan;
	else
		directed_plan(&steps, &again.plan);
	const int status = directed_play(&director, &steps, &again, &event, error);
	steps_free(&steps);
	return status ? error->line : 0;
}

/* An execution, told and played, is the same. */
static void check_told(unsigned seed)
{
	static const uint8_t strategies[] = { EXPLORE_RANDOM, EXPLORE_PCT, EXPLORE_POS };
	const struct explore_event *event;
	struct steps steps;
	struct steps_error error = { 0 };

	x.plan = (struct explore_plan){ .index = seed,
					.seed = seed,
					.flags = EXPLORE_RACES_OFF | EXPLORE_EVENT_LOG |
						 (seed % 4 == 0 ? (uint32_t)EXPLORE_HEAP : 0),
					.k = 30,
					.depth = 3,
					.strategy = strategies[seed % 3],
					.spurious_max = (uint8_t)(seed % 5 < 2 ? 2 : 0),
					.timeout_max = (uint8_t)(seed % 7 < 4 ? 1 : 0) };
	(void)play(NULL, &x, &event);
	if (directed_steps(&director, &x, event, &steps))
		give_up("an execution cannot be told");
	char *text = steps_text(&steps);
	x.plan.prefix = 0;
	const uint32_t line = play_text(text, &x.plan, &error);
	const bool same = !line && again.answer.hash == x.answer.hash;
	expect(same, "told and played again", text, line ? error.text : "another execution");
	free(text);
	steps_free(&steps);
}

/* Words as a student could write them. */
static void random_text(char *text, size_t bytes)
{
	size_t used = 0;

	for (unsigned i = 0; i < WORDS && used + 40 < bytes; i++) {
		const unsigned t = 1 + below(3), o = 1 + (t + below(2)) % 3;
		switch (below(8)) {
		case 0:
			used += (size_t)sprintf(text + used, "spurious T%u\n", t);
			break;
		case 1:
			used += (size_t)sprintf(text + used, "timeout T%u\n", t);
			break;
		case 2:
			used += (size_t)sprintf(text + used, "T%u>T%u\n", t, o);
			break;
		case 3:
			used += (size_t)sprintf(text + used, "T%u*%u\n", t, 1 + below(4));
			break;
		case 4:
			used += (size_t)sprintf(text + used, "T%u@%s:%u\n", t,
						lines.at[below((unsigned)lines.count)].file,
						lines.at[below((unsigned)lines.count)].line);
			break;
		default:
			used += (size_t)sprintf(text + used, "T%u\n", t);
		}
	}
}

/* A text that can be played to its end: what fails is cut off, line by line. */
static void check_random(void)
{
	char text[WORDS * 40 + 64];
	struct steps_error error = { 0 }, second;
	uint32_t line;

	random_text(text, sizeof(text));
	while ((line = play_text(text, NULL, &error)) != 0) {
		char *at = text;
		for (uint32_t i = 1; i < line; i++)
			at = strchr(at, '\n') + 1;
		if (play_text(text, NULL, &second) != line || strcmp(error.text, second.text) != 0)
			expect(false, "the same text, the same error", text, second.text);
		*at = '\0';
	}
	const uint64_t hash = again.answer.hash;
	line = play_text(text, NULL, &error);
	expect(!line && again.answer.hash == hash, "the same text, the same execution", text,
	       error.text);
}

static const struct refusal {
	const char *text, *says;
	unsigned bug;
	uint32_t line;
} refusals[] = {
	{ "T1*100", "has nothing to do", 1, 1 },
	{ "T2*2\nT2", "T2 cannot go on: it is asleep at bug1.c:", 1, 2 },
	{ "T1\nT2", "waits at bug1.c:23 for a lock that another thread holds", 1, 2 },
	{ "T4", "there is no T4 to steer: the threads are T1 to T3", 1, 1 },
	{ "T0", "there is no T0", 1, 1 },
	{ "T15*1000000", "there is no T15", 1, 1 },
	{ "T1>T2", "T1 wakes no T2", 1, 1 },
	{ "T2*2\nT1\nT1>T3", "T3 does not wait there", 1, 3 },
	{ "T1\nT2@bug1.c:23\nT1>T2", "T1 wakes no T2", 1, 3 }, /* it only gives the lock back */
	{ "T1@bug1.c:4711", "bug1.c:4711 is no line at which", 1, 1 },
	{ "T1@bug2.c:9", "bug2.c:9 is no line at which", 1, 1 },
	{ "T1@bug1.c:25", "T1 never comes to bug1.c:25", 1, 1 },
	{ "spurious T2", "T2 does not wake without cause here", 1, 1 },
	{ "timeout T2", "T2 waits until no deadline here", 1, 1 },
	{ "T2*2\ntimeout T2", "T2 waits until no deadline here", 1, 2 },
	{ "T1<2", "every load of this test sees the newest store", 1, 1 },
	{ "T2*2\nT1*2\ntimeout T2", "add a step of it", 5, 3 },
	{ "T2\ntimeout T2\nT2*2", "T2 waits until no deadline here", 5, 2 },
};

static void check_refusals(unsigned bug)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		struct steps_error error = { 0 };
		if (r->bug != bug)
			continue;
		const uint32_t line = play_text(r->text, NULL, &error);
		expect(line == r->line && strstr(error.text, r->says), r->text, error.text,
		       line ? "" : "was played");
	}
}

/* T1@file:line takes no step where T1 stands there; a thread's way to its first point is none. */
static void check_meaning(void)
{
	struct steps_error error = { 0 };

	(void)play_text("T2*2 T1*2 T3*2 T2", NULL, &error);
	const uint64_t hash = again.answer.hash;
	expect(play_text("T2*2 T1*2 T3@bug1.c:23 T3@bug1.c:23 T3*2 T2", NULL, &error) == 0 &&
		       again.answer.hash == hash,
	       "standing there is no step", "", error.text);
	expect(play_text("T2*2 T1 T1>T2 T3*2 T2*1", NULL, &error) == 0 && again.answer.hash == hash,
	       "who is woken by default may be named", "", error.text);
}

int main(int argc, char **argv)
{
	const int file = memfd_create("explore", MFD_CLOEXEC);

	if (argc != 2 || file < 0 || ftruncate(file, sizeof(*area)))
		return 2;
	area = mmap(NULL, sizeof(*area), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (area == MAP_FAILED)
		return 2;
	for (unsigned bug = 1; bug <= BUGS; bug++) {
		char path[512];
		memset(area, 0, sizeof(*area));
		area->magic = EXPLORE_MAGIC;
		area->version = EXPLORE_VERSION;
		area->bytes = sizeof(*area);
		make_script(&scenarios[bug - 1]);
		(void)snprintf(path, sizeof(path), "%s/bug%u.lines", argv[1], bug);
		read_lines(path);
		(void)snprintf(path, sizeof(path), "%s/bug%u", argv[1], bug);
		const pid_t player = start_player(path, file);
		for (unsigned i = 0; i < EXECUTIONS; i++)
			check_told(i);
		for (unsigned i = 0; i < TEXTS; i++)
			check_random();
		check_refusals(bug);
		if (bug == 1)
			check_meaning();
		(void)close(wire);
		(void)waitpid(player, NULL, 0);
		free(lines.at);
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
