/* Spawn to exit: what a box costs. In process against posix_spawn, as a command against others;
 * interleaved, so that a busy neighbour meets all of them alike.
 * Usage: box_bench [ROUNDS]. ISOLATE=program and NSJAIL=program add those peers. */
#include <jansson.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sandbox/job.h"

enum { SUBJECTS_MAX = 8, ROUNDS_MAX = 100000, WORDS_MAX = 40, DEFAULT_ROUNDS = 200 };

static char program[] = "/usr/bin/true";

struct subject {
	const char *name;
	bool (*in_process)(void); /* a launch of this process  */
	char *argv[WORDS_MAX];    /* or a command                                              */
	double *wall, *cpu;       /* microseconds, a value each round                          */
	unsigned failed;
};

static double job_cpu_us; /* of processes that are not our children */

static double now_us(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Of this process and of all that it has waited for. */
static double cpu_us(void)
{
	double sum = 0;
	static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	for (size_t i = 0; i < 2; i++) {
		struct rusage usage;
		(void)getrusage(whose[i], &usage);
		sum += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
	}
	return sum;
}

static bool run_box(void)
{
	static const char *const argv[] = { program, NULL };
	static const struct box_bind usr[] = { { .host = "/usr", .path = "/usr" },
					       { .path = NULL } };
	const struct box_spec spec = {
		.policy = BOX_POLICY_LAB1, .argv = argv, .binds = usr, .input = -1, .tmp = true
	};
	struct box_result result;
	box_run(&spec, &result);
	bool good = result.status == BOX_EXITED && result.code == 0;
	box_result_fini(&result);
	return good;
}

/* CPU time of a process so far, by /proc/PID/schedstat. */
static uint64_t thread_us(pid_t pid)
{
	char path[64];
	char text[64] = "";
	(void)snprintf(path, sizeof path, "/proc/%d/schedstat", pid);
	FILE *file = fopen(path, "re");
	if (file != NULL) {
		if (fgets(text, sizeof text, file) == NULL)
			text[0] = '\0';
		(void)fclose(file);
	}
	return strtoull(text, NULL, 10) / 1000; /* nanoseconds */
}

/* As the runner does it: the job and its network are there, a box is started in it and ends. */
static bool run_in_job(void)
{
	static const char *const argv[] = { program, NULL };
	static const struct box_bind usr[] = { { .host = "/usr", .path = "/usr" },
					       { .path = NULL } };
	static const struct box_spec spec = {
		.policy = BOX_POLICY_LAB1, .argv = argv, .binds = usr, .input = -1, .tmp = true
	};
	static struct job job;
	static uint64_t served_us; /* by the job itself */
	struct box_fault fault;
	struct box box;
	if (job.pid == 0 && job_open(&job, &spec, 1, &fault) != 0)
		return false;
	bool good = job_start(&job, 0, false, NULL, 0, &box, &fault) == 0;
	if (good)
		box_go(&box);
	while (good && !box.ended)
		good = box_read(&box, true, &fault) <= BOX_EVENT_ENDED;
	good = good && box.wait_status == 0;
	box_end(&box);
	struct box_usage usage;
	box_account(&box, &usage);
	box_destroy(&box);
	/* Looking at what the job used is no part of a launch. */
	const double looked_us = cpu_us();
	const uint64_t before = served_us;
	served_us = thread_us(job.pid);
	job_cpu_us = (double)(usage.group.cpu_us + served_us - before) - (cpu_us() - looked_us);
	return good;
}

static bool run_command(char *const *argv)
{
	pid_t pid;
	int status;
	return posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0 &&
	       waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void measure(struct subject *subject, size_t round)
{
	double wall = now_us(), cpu = cpu_us();
	job_cpu_us = 0;
	if (!(subject->in_process != NULL ? subject->in_process() : run_command(subject->argv)))
		subject->failed++;
	subject->cpu[round] = cpu_us() - cpu + job_cpu_us;
	subject->wall[round] = now_us() - wall;
}

static int by_value(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static double mean(const double *values, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum / (double)count;
}

/* Words of a command line without quotes. */
static void split(struct subject *subject, const char *line)
{
	static char copies[SUBJECTS_MAX][1024];
	static size_t used;
	char *rest = copies[used++];
	(void)snprintf(rest, sizeof copies[0], "%s", line);
	size_t count = 0;
	for (char *word; (word = strsep(&rest, " ")) != NULL && count + 1 < WORDS_MAX;)
		if (*word != '\0')
			subject->argv[count++] = word;
}

static bool exists(const char *path)
{
	return access(path, X_OK) == 0;
}

static size_t choose(struct subject *subjects)
{
	size_t count = 0;
	char line[1024];
	subjects[count++] = (struct subject){ .name = "posix_spawn" };
	split(&subjects[0], program);
	subjects[count++] = (struct subject){ .name = "box, in process", .in_process = run_box };
	subjects[count++] = (struct subject){ .name = "box in a job, in process",
					      .in_process = run_in_job };
	subjects[count] = (struct subject){ .name = "build/box, command" };
	split(&subjects[count++], "build/box --usr --tmp /usr/bin/true");
	if (exists("/usr/bin/bwrap")) {
		subjects[count] = (struct subject){ .name = "bubblewrap, command" };
		split(&subjects[count++],
		      "/usr/bin/bwrap --unshare-all --die-with-parent --new-session --cap-drop ALL "
		      "--ro-bind /usr /usr --symlink usr/lib /lib --symlink usr/lib64 /lib64 "
		      "--proc /proc --dev /dev --tmpfs /tmp /usr/bin/true");
	}
	if (getenv("ISOLATE") != NULL) {
		subjects[count] = (struct subject){ .name = "isolate, command" };
		(void)snprintf(line, sizeof line, "%s --cg --silent --run -- /usr/bin/true",
			       getenv("ISOLATE"));
		split(&subjects[count++], line);
	}
	if (getenv("NSJAIL") != NULL) {
		subjects[count] = (struct subject){ .name = "nsjail, command" };
		(void)snprintf(line, sizeof line,
			       "%s -Mo -Q -R /usr -s usr/lib:/lib -s usr/lib64:/lib64 -T /tmp -- "
			       "/usr/bin/true",
			       getenv("NSJAIL"));
		split(&subjects[count++], line);
	}
	return count;
}

static void show(struct subject *subjects, size_t count, size_t rounds, FILE *json)
{
	struct utsname host;
	json_t *list = json_array();
	(void)uname(&host);
	(void)printf("%-24s %10s %10s %10s %7s %7s %6s\n", "spawn to exit, us", "median", "p10",
		     "CPU mean", "x wall", "x CPU", "failed");
	for (size_t i = 0; i < count; i++) {
		struct subject *it = &subjects[i];
		const double cpu = mean(it->cpu, rounds), base = mean(subjects[0].cpu, rounds);
		qsort(it->wall, rounds, sizeof *it->wall, by_value);
		const double median = it->wall[rounds / 2], p10 = it->wall[rounds / 10];
		const double of = i == 0 ? median : subjects[0].wall[rounds / 2];
		(void)printf("%-24s %10.0f %10.0f %10.0f %7.2f %7.2f %6u\n", it->name, median, p10,
			     cpu, median / of, cpu / base, it->failed);
		json_array_append_new(list, json_pack("{s:s,s:f,s:f,s:f,s:f,s:i}", "name", it->name,
						      "median_us", median, "p10_us", p10, "cpu_us",
						      cpu, "cpu_ratio", cpu / base, "failed",
						      (int)it->failed));
	}
	(void)printf("%zu rounds, interleaved; Linux %s, %ld cores, isolation %s\n", rounds,
		     host.release, sysconf(_SC_NPROCESSORS_ONLN),
		     box_mode_name(box_host_probe()->mode));
	json_t *all = json_pack("{s:i,s:s,s:o}", "rounds", (int)rounds, "kernel", host.release,
				"subjects", list);
	if (json != NULL)
		(void)json_dumpf(all, json, JSON_INDENT(1));
	json_decref(all);
}

int main(int argc, char **argv)
{
	static struct subject subjects[SUBJECTS_MAX];
	const long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : DEFAULT_ROUNDS;
	if (rounds < 1 || rounds > ROUNDS_MAX) {
		(void)fprintf(stderr, "box_bench: ROUNDS is a number from 1 to %d\n", ROUNDS_MAX);
		return 2;
	}
	size_t count = choose(subjects);
	for (size_t i = 0; i < count; i++) {
		subjects[i].wall = calloc((size_t)rounds, sizeof(double));
		subjects[i].cpu = calloc((size_t)rounds, sizeof(double));
		if (subjects[i].wall == NULL || subjects[i].cpu == NULL)
			return 2;
	}
	(void)box_host_probe();
	for (size_t round = 0; round < (size_t)rounds; round++)
		for (size_t i = 0; i < count; i++) /* in another order each round */
			measure(&subjects[(i + round) % count], round);
	(void)mkdir("build/bench", 0755);
	FILE *json = fopen("build/bench/box.json", "we");
	show(subjects, count, (size_t)rounds, json);
	if (json != NULL)
		(void)fclose(json);
	unsigned failed = 0;
	for (size_t i = 0; i < count; i++) {
		failed += subjects[i].failed;
		free(subjects[i].wall);
		free(subjects[i].cpu);
	}
	return failed == 0 ? 0 : 1;
}
