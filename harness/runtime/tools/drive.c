/* drive - explores a program with a main of its own: for tests, benches and by hand.
 *
 * The program's main (renamed to program_main) is the one operation of T1; its return ends the
 * execution, as the end of main ends a process. What the examiner does for a test, this does in
 * few lines: seeds, the mix of strategies, bounded search, and the first finding as text. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "runtime/process.h"
#include "runtime/runtime.h"
#include "runtime/tools/drive.h"

static char *program_arguments[] = { (char[]){ "program" }, NULL };

static void call_main(uint16_t op, const int64_t arg[EXPLORE_ARGS], int64_t result[EXPLORE_ARGS])
{
	(void)op;
	(void)arg;
	result[0] = 0;
	process_exit(program_main(1, program_arguments), 0);
}

static const char *value_of(const char *argument, const char *name)
{
	size_t length = strlen(name);

	return strncmp(argument, name, length) ? NULL : argument + length;
}

static int drive_parse(struct drive *d, int argc, char **argv)
{
	static const struct {
		const char *name;
		enum explore_flag flag;
	} flags[] = { { "--weak", EXPLORE_WEAK },
		      { "--fork", EXPLORE_FORK },
		      { "--all-accesses", EXPLORE_ALL_ACCESSES },
		      { "--events", EXPLORE_EVENT_LOG },
		      { "--wall-step", EXPLORE_WALL_STEP } };

	for (int i = 1; i < argc; i++) {
		const char *v;
		bool known = false;
		for (unsigned f = 0; f < sizeof(flags) / sizeof(flags[0]); f++)
			if (strcmp(argv[i], flags[f].name) == 0) {
				d->flags |= flags[f].flag;
				known = true;
			}
		if (known)
			continue;
		if ((v = value_of(argv[i], "--strategy=")))
			d->strategy = v;
		else if ((v = value_of(argv[i], "--seed=")))
			d->seed = strtoull(v, NULL, 0);
		else if ((v = value_of(argv[i], "-n")))
			d->count = strtoull(*v ? v : i + 1 < argc ? argv[++i] : "0", NULL, 0);
		else if ((v = value_of(argv[i], "--points=")))
			d->points_max = (uint32_t)strtoul(v, NULL, 10);
		else if ((v = value_of(argv[i], "--vt="))) {
			d->flags |= EXPLORE_VT;
			d->cores = (uint8_t)strtoul(v, NULL, 10);
		} else if (strcmp(argv[i], "--hash") == 0)
			d->hash = true;
		else if (strcmp(argv[i], "--keep") == 0)
			d->keep = true;
		else if (strcmp(argv[i], "--no-spurious") == 0)
			d->calm = true;
		else
			return -1;
	}
	return 0;
}

/* One thread, one phase, one operation: the rest of the area is zero. */
static int area_make(int file)
{
	static const struct {
		uint32_t magic, version;
		uint64_t bytes;
		struct explore_script script;
	} head = { .magic = EXPLORE_MAGIC,
		   .version = EXPLORE_VERSION,
		   .bytes = sizeof(struct explore_area),
		   .script = { .threads = 1, .phases = 1, .ops = 1, .op = { { .thread = 1 } } } };

	static_assert(offsetof(struct explore_area, plan) == sizeof(head), "the area's beginning");
	return ftruncate(file, sizeof(struct explore_area)) ||
	       pwrite(file, &head, sizeof(head), 0) != sizeof(head);
}

static double cpu_seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	struct drive d = { .strategy = "mix", .count = 1000, .k = 1 };
	int file = memfd_create("explore", MFD_CLOEXEC);
	if (drive_parse(&d, argc, argv)) {
		(void)fprintf(
			stderr,
			"usage: %s [--strategy=mix|random|pct2|pct3|pos|icb] [-n N] [--seed=S]\n"
			"\t[--hash] [--weak] [--fork] [--all-accesses] [--keep] [--no-spurious]\n"
			"\t[--events] [--points=MAX] [--vt=CORES] [--wall-step]\n",
			argv[0]);
		return 2;
	}
	if (file < 0 || area_make(file)) {
		(void)fprintf(stderr, "%s: no memory file\n", argv[0]);
		return 2;
	}
	int err = runtime_start(file, call_main);
	if (err) {
		(void)fprintf(stderr, "%s: the runtime does not start: %s\n", argv[0],
			      strerror(err));
		return 2;
	}
	double start = cpu_seconds();
	if (strcmp(d.strategy, "icb") == 0)
		drive_icb(&d);
	else if (drive_seeds(&d))
		return 2;
	double seconds = cpu_seconds() - start;
	(void)printf("%s: %s, %llu executions, first at %llu, %.0f/s, %.1f points", argv[0],
		     d.found ? d.found : "clean", (unsigned long long)d.played,
		     (unsigned long long)d.first, (double)d.played / (seconds > 0 ? seconds : 1),
		     (double)d.points / (double)(d.played ? d.played : 1));
	if (d.hash)
		(void)printf(", hash %016llx", (unsigned long long)d.all_hashes);
	(void)puts("");
	return d.found ? 1 : 0;
}
