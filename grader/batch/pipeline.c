/* One loop around one poll. What a submission did is in grade.json, written by our own program
 * outside any box; whatever else happens to that program is our fault, and tried again. */
#include "batch/pipeline.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/file.h"
#include "base/text.h"
#include "batch/abandon.h"
#include "batch/command.h"
#include "batch/fresh.h"
#include "batch/progress.h"
#include "batch/queue.h"
#include "batch/room.h"

enum { TICK_MS = 500, SLOTS_MAX = 1024 };

struct pipeline {
	struct store *store;
	const struct pipeline_options *options;
	struct pipeline_costs *costs;
	struct pipeline_end *end;
	struct slot *slots;
	unsigned slot_count;
	struct queue queue;
	struct fresh fresh;
	struct progress progress;
	int signals;
	unsigned interrupts;
	bool full;        /* the disk */
	struct words row; /* submissions with infra results, since the last that was graded */
};

static struct work *work_of(struct pipeline *pipeline, const struct slot *slot)
{
	return &pipeline->queue.item[slot->work];
}

static size_t running(const struct pipeline *pipeline)
{
	size_t count = 0;
	for (unsigned i = 0; i < pipeline->slot_count; i++)
		count += pipeline->slots[i].pid > 0;
	return count;
}

/* A log that only failures have. */
static void keep_log(const struct pipeline *pipeline, const struct slot *slot, const char *reason)
{
	AUTO_FREE char *folder = must_printf("%s/infra/%lld", pipeline->store->out, slot->attempt);
	AUTO_FREE char *path = must_printf("%s/log", folder);
	AUTO_FREE char *clean = text_clean(slot->log, slot->log_bytes);
	AUTO_FREE char *text = must_printf("%s\n\n%s", reason, clean);
	if (folder_make(folder) == 0)
		(void)file_write(path, text, strlen(text), 0644); /* a log is a comfort */
}

static void start(struct pipeline *pipeline, struct slot *slot, size_t index);

/* Is it the machine? After a row of failures one that has its grade is asked: what it can no longer
 * give, nobody can. */
static bool is_machine(struct pipeline *pipeline, const struct slot *slot)
{
	const struct work *work = work_of(pipeline, slot);
	if (!work->control && !words_has(&pipeline->row, work->hash))
		words_add(&pipeline->row, work->hash);
	if (!work->control && pipeline->row.count < PIPELINE_INFRA_ROW)
		return false;
	words_fini(&pipeline->row);
	if (!work->control && queue_control(&pipeline->queue, pipeline->store))
		return false;
	pipeline->end->broken = "five gradings of different submissions failed in a row";
	return true;
}

/* Our fault: again at once, then at the end and alone, then no grade. */
static void failed(struct pipeline *pipeline, struct slot *slot, const char *reason)
{
	free(pipeline->end->last_reason);
	pipeline->end->last_reason = must_strdup(reason);
	if (is_machine(pipeline, slot))
		return;
	struct work *work = work_of(pipeline, slot);
	work->tries++;
	if (work->tries >= (unsigned)pipeline->options->max_attempts) {
		store_ungraded(pipeline->store, work->hash, reason);
		fresh_mark(&pipeline->fresh, work->hash);
	} else if (work->tries == 1 && pipeline->interrupts == 0) {
		start(pipeline, slot, slot->work);
	} else {
		queue_last(&pipeline->queue, slot->work);
	}
}

static void start(struct pipeline *pipeline, struct slot *slot, size_t index)
{
	const struct work *work = &pipeline->queue.item[index];
	const uint64_t begin = clock_us();
	slot->work = index;
	slot->attempt = store_attempt(pipeline->store, work->hash, slot->number);
	free(slot->folder);
	slot->folder = must_printf("%s/spool/%lld", pipeline->store->out, slot->attempt);
	struct words argv = { 0 };
	command_make(pipeline->store, pipeline->options, work->hash, slot->folder, &argv);
	int error = folder_make(slot->folder);
	if (error == 0)
		error = slot_start(slot, &argv);
	words_fini(&argv);
	pipeline->costs->commit_us += clock_us() - begin;
	if (error != 0) /* no process, no room: nothing that a submission could do about */
		die_errno(error,
			  "cannot start a grading. What was graded is kept: %srun the same "
			  "command again",
			  error == ENOSPC ? "make room and " : "");
}

static void finish(struct pipeline *pipeline, struct slot *slot, bool stopped)
{
	struct slot_end ended;
	slot_reap(slot, &ended);
	const uint64_t begin = clock_us();
	struct work *work = work_of(pipeline, slot);
	struct result result = { 0 };
	AUTO_FREE char *fault = command_result(pipeline->store, pipeline->options, work->hash, slot,
					       &ended, &result);
	/* Before its folder goes. What it printed about its disk would be a submission's to say. */
	const bool full = fault != NULL && !stopped &&
			  !room_has_mib(pipeline->store->out, ROOM_FULL_MIB);
	if (fault == NULL && work->control) {
		store_attempt_end(pipeline->store, slot->attempt, "ok", &result);
	} else if (fault == NULL) {
		store_verdict(pipeline->store, work->hash, &result, slot->attempt);
		fresh_mark(&pipeline->fresh, work->hash);
		progress_took(&pipeline->progress, ended.wall_ms);
		pipeline->end->graded++;
		words_fini(&pipeline->row);
	} else {
		AUTO_FREE char *outcome = must_printf("infra: %s", fault);
		store_attempt_end(pipeline->store, slot->attempt,
				  stopped || full ? "stopped" : outcome, &result);
	}
	(void)folder_remove(slot->folder); /* what stays goes at the next start */
	pipeline->costs->commit_us += clock_us() - begin;
	if (full) {
		pipeline->end->full = true;
		free(pipeline->end->last_reason);
		pipeline->end->last_reason = must_strdup(fault);
		pipeline->end->broken = "the disk is full";
	} else if (fault != NULL && !stopped) {
		keep_log(pipeline, slot, fault);
		failed(pipeline, slot, fault);
	}
	result_fini(&result);
}

static void end_all(struct pipeline *pipeline)
{
	for (unsigned i = 0; i < pipeline->slot_count; i++)
		slot_kill(&pipeline->slots[i]);
	for (unsigned i = 0; i < pipeline->slot_count; i++)
		if (pipeline->slots[i].pid > 0)
			finish(pipeline, &pipeline->slots[i], true);
}

static bool alone_runs(struct pipeline *pipeline)
{
	for (unsigned i = 0; i < pipeline->slot_count; i++)
		if (pipeline->slots[i].pid > 0 && work_of(pipeline, &pipeline->slots[i])->alone)
			return true;
	return false;
}

static void dispatch(struct pipeline *pipeline)
{
	pipeline->full = false;
	for (unsigned i = 0; i < pipeline->slot_count; i++) {
		struct slot *slot = &pipeline->slots[i];
		if (slot->pid > 0 || pipeline->interrupts > 0 || alone_runs(pipeline) ||
		    !queue_has(&pipeline->queue, running(pipeline)))
			continue;
		if (!room_has_mib(pipeline->store->out, pipeline->options->free_mib)) {
			pipeline->full = true;
			return;
		}
		start(pipeline, slot, queue_take(&pipeline->queue));
	}
}

/* Ctrl-C: finish what runs; again, or SIGTERM: end it. */
static void take_signals(struct pipeline *pipeline)
{
	struct signalfd_siginfo info;
	while (read(pipeline->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		pipeline->interrupts += info.ssi_signo == SIGINT ? 1 : 2;
		if (pipeline->interrupts == 1)
			(void)fputs(
				"\ngrade: finishing what runs; once more Ctrl-C ends it at once\n",
				stderr);
	}
	if (pipeline->interrupts > 1)
		end_all(pipeline);
}

static void wait_a_little(struct pipeline *pipeline)
{
	struct pollfd fds[2 * SLOTS_MAX + 1];
	nfds_t count = 0;
	fds[count++] = (struct pollfd){ .fd = pipeline->signals, .events = POLLIN };
	for (unsigned i = 0; i < pipeline->slot_count; i++) {
		fds[count++] = (struct pollfd){ .fd = pipeline->slots[i].ended, .events = POLLIN };
		fds[count++] = (struct pollfd){ .fd = pipeline->slots[i].output, .events = POLLIN };
	}
	if (poll(fds, count, TICK_MS) < 0 && errno != EINTR)
		die_errno(errno, "cannot wait");
	take_signals(pipeline);
	for (unsigned i = 0; i < pipeline->slot_count; i++) {
		struct slot *slot = &pipeline->slots[i];
		if (slot->pid == 0)
			continue;
		slot_drain(slot);
		const bool late = clock_us() - slot->started_us >
				  (uint64_t)pipeline->options->bound_s * 1000000;
		if (late)
			slot_kill(slot);
		if (late || fds[1 + 2 * i].revents != 0)
			finish(pipeline, slot, false);
	}
}

static void signals_of(sigset_t *set)
{
	(void)sigemptyset(set);
	(void)sigaddset(set, SIGINT);
	(void)sigaddset(set, SIGTERM);
}

static int open_signals(void)
{
	sigset_t set;
	signals_of(&set);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	const int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		die_errno(errno, "cannot watch for signals");
	return fd;
}

static void set_up(struct pipeline *pipeline)
{
	size_t cores = 0;
	AUTO_FREE int *list = slot_cores(&cores);
	pipeline->slot_count = pipeline->options->slots;
	if (pipeline->slot_count > cores || pipeline->slot_count > SLOTS_MAX)
		die("%u slots, but %zu cores", pipeline->slot_count, cores); /* refused before */
	pipeline->slots = must_alloc(pipeline->slot_count * sizeof *pipeline->slots);
	for (unsigned i = 0; i < pipeline->slot_count; i++)
		slot_init(&pipeline->slots[i], i, list[i]);
	pipeline->signals = open_signals();
	AUTO_FREE char *spool = must_printf("%s/spool", pipeline->store->out);
	(void)folder_remove(spool); /* of a batch that was ended; what stays is in nobody's way */
	room_sweep(pipeline->store->out);
	abandon_arm(pipeline->store, pipeline->slots, pipeline->slot_count);
}

static void tear_down(struct pipeline *pipeline)
{
	abandon_disarm();
	for (unsigned i = 0; i < pipeline->slot_count; i++)
		slot_fini(&pipeline->slots[i]);
	free(pipeline->slots);
	sigset_t set;
	signals_of(&set);
	(void)close(pipeline->signals);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	queue_fini(&pipeline->queue);
	fresh_fini(&pipeline->fresh);
	words_fini(&pipeline->row);
}

static void show(struct pipeline *pipeline)
{
	const char *what = NULL;
	for (unsigned i = 0; what == NULL && i < pipeline->slot_count; i++)
		if (pipeline->slots[i].pid > 0)
			what = work_of(pipeline, &pipeline->slots[i])->entry;
	progress_show(&pipeline->progress, pipeline->store, running(pipeline), what,
		      pipeline->full ? "waiting: the disk of OUT is nearly full" : NULL);
}

void pipeline_run(struct store *store, const struct pipeline_options *options,
		  struct pipeline_costs *costs, struct pipeline_end *end)
{
	struct pipeline pipeline = {
		.store = store, .options = options, .costs = costs, .end = end
	};
	*end = (struct pipeline_end){ 0 };
	const uint64_t begin = clock_us();
	set_up(&pipeline);
	queue_fill(&pipeline.queue, store, &options->only);
	fresh_init(&pipeline.fresh, store, costs);
	AUTO_FREE char *number = must_printf("%.*s", (int)strcspn(options->lab, "-"), options->lab);
	progress_begin(&pipeline.progress, number, pipeline.slot_count);
	for (;;) {
		if (end->broken == NULL)
			dispatch(&pipeline);
		if (end->broken != NULL && pipeline.interrupts < 2) {
			pipeline.interrupts = 2;
			end_all(&pipeline);
		}
		const bool over = running(&pipeline) == 0 &&
				  (pipeline.interrupts > 0 || !queue_has(&pipeline.queue, 0));
		if (over)
			break;
		show(&pipeline);
		fresh_if_time(&pipeline.fresh);
		wait_a_little(&pipeline);
	}
	end->stopped = pipeline.interrupts > 0 && end->broken == NULL;
	end->wall_us = clock_us() - begin;
	progress_end(&pipeline.progress, store);
	tear_down(&pipeline);
}
