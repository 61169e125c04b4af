/* under_gdb PLAYER FILE GDB ARGUMENT... - one schedule, in a player that a debugger holds.
 *
 * It stands in the examiner's place: makes the shared area, writes script and choices of FILE into
 * it, starts GDB ARGUMENT... PLAYER with the wire as descriptor 3, and has the one slot played. No
 * sandbox: whoever debugs a program runs it. FILE is made by `grade replay --gdb`; numbers only:
 *
 *   plan FLAGS SPURIOUS TIMEOUTS POINTS PHASES      as in struct explore_plan
 *   op THREAD PHASE OP ARG ARG ARG ARG              one line for each operation of the script
 *   choice HEX TIMES                                in their order
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore.h"
#include "wire.h"

#define LINE_BYTES 256

static _Noreturn void give_up(const char *what)
{
	(void)fprintf(stderr, "under_gdb: %s\n", what);
	exit(2);
}

/* NOLINTBEGIN(cert-err34-c): the grader wrote the numbers, and the runtime looks at each. */
static void add_op(struct explore_script *s, const char *line)
{
	struct explore_op *o = &s->op[s->ops];

	if (s->ops == EXPLORE_OPS || sscanf(line,
					    "op %" SCNu8 " %" SCNu8 " %" SCNu16 " %" SCNd64
					    " %" SCNd64 " %" SCNd64 " %" SCNd64,
					    &o->thread, &o->phase, &o->op, &o->arg[0], &o->arg[1],
					    &o->arg[2], &o->arg[3]) != 7)
		give_up("an operation that is not of its form");
	s->ops++;
	s->threads = o->thread > s->threads ? o->thread : s->threads;
	s->phases = o->phase + 1u > s->phases ? o->phase + 1u : s->phases;
}

static void add_choices(struct explore_area *a, const char *line)
{
	unsigned choice = 0, times = 0;

	if (sscanf(line, "choice %x %u", &choice, &times) != 2 || choice > UINT16_MAX ||
	    times > EXPLORE_CHOICES - a->plan[0].prefix)
		give_up("a choice that is not of its form");
	while (times-- > 0)
		a->slot[0].choice[a->plan[0].prefix++] = (uint16_t)choice;
}

static void read_file(const char *path, struct explore_area *a)
{
	struct explore_plan *p = &a->plan[0];
	char line[LINE_BYTES];
	FILE *file = fopen(path, "r");

	if (!file)
		give_up(strerror(errno));
	*p = (struct explore_plan){ .k = 1, .depth = 1, .strategy = EXPLORE_DEFAULT };
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "op ", 3) == 0)
			add_op(&a->script, line);
		else if (strncmp(line, "choice ", 7) == 0)
			add_choices(a, line);
		else if (sscanf(line, "plan %" SCNu32 " %" SCNu8 " %" SCNu8 " %" SCNu32 " %" SCNu8,
				&p->flags, &p->spurious_max, &p->timeout_max, &p->points_max,
				&p->phases) != 5)
			give_up("a line that is not of its form");
	}
	(void)fclose(file);
}
/* NOLINTEND(cert-err34-c) */

static pid_t start(char **command, char *player, int wire)
{
	const pid_t pid = fork();

	if (pid == 0) {
		unsigned n = 0;
		while (command[n])
			n++;
		char **all = calloc(n + 2, sizeof(*all));
		if (!all)
			_exit(127);
		memcpy(all, command, n * sizeof(*all));
		all[n] = player;
		if (dup2(wire, 3) < 0)
			_exit(127);
		(void)execvp(all[0], all);
		(void)fprintf(stderr, "%s: %s\n", all[0], strerror(errno));
		_exit(127);
	}
	(void)close(wire);
	if (pid < 0)
		give_up(strerror(errno));
	(void)signal(SIGINT, SIG_IGN); /* the debugger's */
	return pid;
}

/* False: the player has gone. */
static bool ask(int wire, int64_t first, int64_t count, int file)
{
	static struct wire_message m;
	static uint32_t asked;
	const struct wire_head call = {
		.kind = WIRE_CALL, .op = WIRE_OP_EXPLORE, .seq = ++asked, .arg = { first, count }
	};

	return wire_send(wire, &call, NULL, &file, file >= 0) == 0 &&
	       wire_receive(wire, &m, 0) == 0 && m.head.kind == WIRE_RETURN;
}

int main(int argc, char **argv)
{
	const int file = memfd_create("explore", MFD_CLOEXEC);
	int pair[2], status = 0;

	if (argc < 4)
		give_up("usage: under_gdb PLAYER FILE GDB ARGUMENT...");
	if (file < 0 || ftruncate(file, sizeof(struct explore_area)) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		give_up(strerror(errno));
	struct explore_area *a = mmap(NULL, sizeof(*a), PROT_READ | PROT_WRITE, MAP_SHARED, file,
				      0);
	if (a == MAP_FAILED)
		give_up(strerror(errno));
	a->magic = EXPLORE_MAGIC;
	a->version = EXPLORE_VERSION;
	a->bytes = sizeof(*a);
	read_file(argv[2], a);
	const int wire = fcntl(pair[0], F_DUPFD_CLOEXEC, 10);
	(void)close(pair[0]);
	const pid_t debugger = start(argv + 3, argv[1], pair[1]);
	if (ask(wire, 0, 0, file) && ask(wire, 0, 1, -1))
		(void)printf("[the schedule is over%s]\n",
			     a->slot[0].answer.strayed ? "; it did not fit this program" : "");
	(void)fflush(stdout);
	(void)close(wire);
	(void)waitpid(debugger, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
