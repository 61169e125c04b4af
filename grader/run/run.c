/* Runs jobs side by side, each in a runner of its own, and collects what they found. */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "run/runner.h"

enum { SLOTS_MAX = 64, RESULT_MAX = 64 << 20 };

struct slot {
	pid_t pid; /* 0 = free */
	int fd;
	size_t job;
	char *text;
	size_t length, room;
};

static _Noreturn void runner_main(const struct run_job *job, int fd, pid_t parent)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	json_t *records = runner_run(job);
	FILE *file = fdopen(fd, "w");
	bool good = file != NULL && json_dumpf(records, file, JSON_COMPACT) == 0 &&
		    fclose(file) == 0;
	_exit(good ? 0 : 1);
}

static void slot_start(struct slot *slot, const struct run_job *jobs, size_t job)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		die_errno(errno, "cannot make a pipe");
	(void)fflush(NULL);
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid < 0)
		die_errno(errno, "cannot fork a runner");
	if (pid == 0) {
		(void)close(ends[0]);
		runner_main(&jobs[job], ends[1], parent);
	}
	(void)close(ends[1]);
	*slot = (struct slot){ .pid = pid, .fd = ends[0], .job = job };
}

/* False at the end. */
static bool slot_read(struct slot *slot)
{
	if (slot->length == slot->room) {
		slot->room = slot->room > 0 ? slot->room * 2 : 65536;
		char *grown = slot->room <= RESULT_MAX ? realloc(slot->text, slot->room) : NULL;
		if (grown == NULL)
			die("a runner wrote more than %d bytes", RESULT_MAX);
		slot->text = grown;
	}
	ssize_t count = read(slot->fd, slot->text + slot->length, slot->room - slot->length);
	if (count > 0)
		slot->length += (size_t)count;
	return count > 0 || (count < 0 && errno == EINTR);
}

static json_t *lost_runner(const char *why, int status)
{
	return json_pack("[{s:s,s:s,s:s,s:s,s:i}]", "rec", "fact", "by", "grade", "setup", "failed",
			 "step", why, "errno", status);
}

static void slot_finish(struct slot *slot, run_done *done, void *context)
{
	int status = 0;
	json_error_t error;
	while (waitpid(slot->pid, &status, 0) < 0 && errno == EINTR)
		;
	json_t *records = status == 0 ? json_loadb(slot->text, slot->length, JSON_REJECT_DUPLICATES,
						   &error)
				      : NULL;
	if (records == NULL)
		records = lost_runner("keep the runner alive", status);
	(void)close(slot->fd);
	free(slot->text);
	size_t job = slot->job;
	*slot = (struct slot){ .fd = -1 };
	done(job, records, context);
	json_decref(records);
}

void run_jobs(const struct run_job *jobs, size_t count, unsigned slots, run_done *done,
	      void *context)
{
	struct slot table[SLOTS_MAX];
	struct pollfd polls[SLOTS_MAX];
	size_t next = 0, busy = 0;
	if (slots == 0 || slots > SLOTS_MAX)
		slots = slots == 0 ? 1 : SLOTS_MAX;
	(void)box_host_probe();
	for (unsigned i = 0; i < slots; i++)
		table[i] = (struct slot){ .fd = -1 };
	while (next < count || busy > 0) {
		for (unsigned i = 0; i < slots; i++) {
			if (table[i].pid == 0 && next < count) {
				slot_start(&table[i], jobs, next++);
				busy++;
			}
			polls[i] = (struct pollfd){ .fd = table[i].fd, .events = POLLIN };
		}
		if (poll(polls, slots, -1) < 0)
			continue;
		for (unsigned i = 0; i < slots; i++) {
			if (polls[i].revents == 0 || slot_read(&table[i]))
				continue;
			slot_finish(&table[i], done, context);
			busy--;
		}
	}
}
