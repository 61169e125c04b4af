/* A second, simpler loop over slots: nothing is retried or committed here, only compared. */
#include "batch/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "batch/command.h"
#include "batch/sql.h"

enum { TICK_MS = 1000, GRADE_BYTES_MAX = 8 << 20 };

struct audit {
	struct store *store;
	const struct pipeline_options *options;
	const struct words *sample;
	struct audit_end *end;
	struct words differ; /* hashes */
};

static void add_all(struct store *store, const char *text, const char *format, struct words *sample)
{
	sqlite3_stmt *row = sql_query(store->db, text, format, store->run, store->key);
	while (sql_step(row))
		if (!words_has(sample, sql_text(row, 0)))
			words_add(sample, sql_text(row, 0));
	sql_end(row);
}

#define GRADED                                                                    \
	"FROM entries e JOIN verdicts v ON v.hash = e.hash AND v.grade_key = ?2 " \
	"WHERE e.run_id = ?1 AND e.state = 'final' "

/* In the order of a sum over seed and hash: as good as drawn, and the same each time. */
static void draw(struct store *store, const char *seed, size_t wanted, struct words *sample)
{
	struct words all = { 0 };
	struct words order = { 0 };
	add_all(store, "SELECT DISTINCT e.hash " GRADED, "it", &all);
	for (size_t i = 0; i < all.count; i++) {
		char sum[HASH_HEX_BYTES];
		struct hash hash;
		hash_init(&hash);
		hash_text(&hash, seed);
		hash_text(&hash, all.item[i]);
		hash_final_hex(&hash, sum);
		words_addf(&order, "%s %s", sum, all.item[i]);
	}
	words_sort(&order);
	for (size_t i = 0; i < order.count && sample->count < wanted; i++)
		if (!words_has(sample, order.item[i] + HASH_HEX_BYTES))
			words_add(sample, order.item[i] + HASH_HEX_BYTES);
	words_fini(&order);
	words_fini(&all);
}

static size_t share(struct store *store, long percent)
{
	const long long graded = sql_value(store->db, 0, "SELECT count(DISTINCT e.hash) " GRADED,
					   "it", store->run, store->key);
	return ((size_t)graded * (size_t)percent + 99) / 100;
}

void audit_draw_few(struct store *store, const char *seed, long percent, struct words *sample)
{
	draw(store, seed, share(store, percent), sample);
}

void audit_draw(struct store *store, const char *seed, long percent, size_t least,
		struct words *sample)
{
	size_t wanted = share(store, percent);
	wanted = wanted > least ? wanted : least;
	add_all(store, "SELECT e.hash " GRADED "ORDER BY v.score_c, e.hash LIMIT 1", "it", sample);
	add_all(store, "SELECT e.hash " GRADED "ORDER BY v.score_c DESC, e.hash LIMIT 1", "it",
		sample);
	add_all(store,
		"SELECT min(e.hash) FROM entries e JOIN verdicts v ON v.hash = e.hash AND "
		"v.grade_key = ?2 JOIN findings f ON f.verdict_id = v.id WHERE e.run_id = ?1 AND "
		"e.state = 'final' GROUP BY f.finding_id ORDER BY 1",
		"it", sample);
	draw(store, seed, wanted, sample);
}

static void write_diff(const char *first, const char *second, const char *to)
{
	const char *const argv[] = { "diff", "-u", first, second, NULL };
	const void *borrowed = argv;
	char **arguments = NULL;
	memcpy(&arguments, &borrowed, sizeof arguments); /* posix_spawnp does not write to them */
	posix_spawn_file_actions_t actions;
	pid_t child;
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, to,
					       O_WRONLY | O_CREAT | O_TRUNC, 0644);
	const int error = posix_spawnp(&child, "diff", &actions, NULL, arguments, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	if (error == 0)
		(void)waitpid(child, NULL, 0);
	else
		(void)fprintf(stderr, "grade: diff cannot be started: %s\n", strerror(error));
}

/* Both files, and what diff says of them. */
static void keep(struct audit *audit, const char *hash, const char *then, size_t then_length,
		 const struct result *result)
{
	AUTO_FREE char *folder = must_printf("%s/audit/%s", audit->store->out, hash);
	AUTO_FREE char *first = must_printf("%s/stored.json", folder);
	AUTO_FREE char *second = must_printf("%s/again.json", folder);
	AUTO_FREE char *diff = must_printf("%s/grade.diff", folder);
	int error = folder_make(folder);
	if (error == 0)
		error = file_write(first, then, then_length, 0644);
	if (error == 0)
		error = file_write(second, result->grade, result->grade_bytes, 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", folder);
	write_diff(first, second, diff);
}

static void compare(struct audit *audit, const char *hash, const struct result *result)
{
	sqlite3_stmt *row = sql_query(audit->store->db,
				      "SELECT json FROM verdicts WHERE hash = ? AND grade_key = ?",
				      "tt", hash, audit->store->key);
	size_t length = 0;
	const char *then = sql_step(row) ? sql_bytes(row, 0, &length) : "";
	if (length != result->grade_bytes || memcmp(then, result->grade, length) != 0) {
		keep(audit, hash, then, length, result);
		if (!words_has(&audit->differ, hash))
			words_add(&audit->differ, hash);
		audit->end->differences++;
	}
	sql_end(row);
}

static void start(struct audit *audit, struct slot *slot, size_t index)
{
	const char *hash = audit->sample->item[index];
	struct words argv = { 0 };
	slot->work = index;
	free(slot->folder);
	slot->folder = must_printf("%s/spool/audit-%u", audit->store->out, slot->number);
	(void)folder_remove(slot->folder); /* folder_make tells */
	command_make(audit->store, audit->options, hash, slot->folder, &argv);
	int error = folder_make(slot->folder);
	if (error == 0)
		error = slot_start(slot, &argv);
	words_fini(&argv);
	if (error != 0)
		die_errno(error, "cannot start a grading");
}

static void finish(struct audit *audit, struct slot *slot)
{
	struct slot_end ended;
	struct result result = { 0 };
	const char *hash = audit->sample->item[slot->work];
	slot_reap(slot, &ended);
	AUTO_FREE char *fault = command_result(audit->store, audit->options, hash, slot, &ended,
					       &result);
	if (fault == NULL) {
		compare(audit, hash, &result);
	} else {
		audit->end->lost++;
		(void)fprintf(stderr, "grade: audit: %.12s could not be graded again: %s\n", hash,
			      fault);
	}
	(void)folder_remove(slot->folder);
	result_fini(&result);
}

/* A busy process on each core. They end with us. */
static void load_begin(const int *cores, size_t count, pid_t *pids)
{
	for (size_t i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] != 0)
			continue;
		cpu_set_t set;
		CPU_ZERO(&set);
		CPU_SET((size_t)cores[i], &set);
		(void)sched_setaffinity(0, sizeof set, &set);
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (volatile unsigned long turns = 0;; turns++) {
		}
	}
}

static void load_end(size_t count, const pid_t *pids)
{
	for (size_t i = 0; i < count; i++) {
		if (pids[i] <= 0)
			continue;
		(void)kill(pids[i], SIGKILL);
		(void)waitpid(pids[i], NULL, 0);
	}
}

static void run_sample(struct audit *audit, struct slot *slots, unsigned count)
{
	size_t next = 0;
	size_t running = 0;
	while (next < audit->sample->count || running > 0) {
		struct pollfd fds[2];
		for (unsigned i = 0; i < count; i++) {
			if (slots[i].pid == 0 && next < audit->sample->count) {
				start(audit, &slots[i], next++);
				running++;
			}
		}
		for (unsigned i = 0; i < count; i++) {
			struct slot *slot = &slots[i];
			if (slot->pid == 0)
				continue;
			fds[0] = (struct pollfd){ .fd = slot->ended, .events = POLLIN };
			fds[1] = (struct pollfd){ .fd = slot->output, .events = POLLIN };
			if (poll(fds, 2, TICK_MS / (int)count / 10) < 0 && errno != EINTR)
				die_errno(errno, "cannot wait");
			slot_drain(slot);
			if (clock_us() - slot->started_us >
			    (uint64_t)audit->options->bound_s * 1000000)
				slot_kill(slot);
			if (fds[0].revents != 0) {
				finish(audit, slot);
				running--;
			}
		}
	}
}

static void run_condition(struct audit *audit, const struct audit_condition *condition)
{
	size_t cores = 0;
	AUTO_FREE int *list = slot_cores(&cores);
	const unsigned count = condition->slots < cores ? condition->slots : (unsigned)cores;
	struct slot *slots = must_alloc(count * sizeof *slots);
	AUTO_FREE pid_t *busy = must_alloc(cores * sizeof *busy);
	for (unsigned i = 0; i < count; i++)
		slot_init(&slots[i], i, list[i]);
	if (condition->load)
		load_begin(list, cores, busy);
	(void)fprintf(stderr, "audit: %zu submission%s, %u at once%s\n", audit->sample->count,
		      audit->sample->count == 1 ? "" : "s", count,
		      condition->load ? ", every core busy" : "");
	run_sample(audit, slots, count);
	if (condition->load)
		load_end(cores, busy);
	for (unsigned i = 0; i < count; i++)
		slot_fini(&slots[i]);
	free(slots);
}

void audit_run(struct store *store, const struct pipeline_options *options,
	       const struct words *sample, const struct audit_condition *conditions, size_t count,
	       struct audit_end *end)
{
	*end = (struct audit_end){ .sample = sample->count, .conditions = count };
	struct audit audit = { .store = store, .options = options, .sample = sample, .end = end };
	for (size_t i = 0; i < count; i++)
		run_condition(&audit, &conditions[i]);
	sql_do(store->db,
	       "INSERT OR REPLACE INTO audits (run_id, sample, conditions, differences) "
	       "VALUES (?, ?, ?, ?)",
	       "iiii", store->run, (long long)end->sample, (long long)end->conditions,
	       (long long)end->differences);
	words_fini(&audit.differ);
}

void audit_print(FILE *out, const struct store *store, const struct audit_end *end)
{
	(void)fprintf(out, "audit: %zu submission%s x %zu condition%s, %zu difference%s",
		      end->sample, end->sample == 1 ? "" : "s", end->conditions,
		      end->conditions == 1 ? "" : "s", end->differences,
		      end->differences == 1 ? "" : "s");
	if (end->lost > 0)
		(void)fprintf(out, ", %zu without a grade by our fault", end->lost);
	if (end->differences > 0)
		(void)fprintf(out, ": a defect of the grader, see %s/audit", store->out);
	(void)fputs("\n", out);
}
