/* The detectors of a subject: draws the error that it is to commit, and reads what they wrote once
 * nobody is left who could write. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/words.h"
#include "run/report.h"
#include "run/runner.h"

enum { REPORTS_MAX = 64 };

/* Whoever else of the submission runs could read the values and write the report itself. */
static bool is_alone(const struct subject *subject)
{
	static struct task tasks[TASKS_MAX];
	bool cut = false;
	const size_t count = tasks_list(subject->box.init, tasks, TASKS_MAX, &cut);
	size_t alive = 0;
	for (size_t i = 0; i < count; i++)
		alive += tasks[i].state != 'Z' && tasks[i].state != 'X';
	return alive <= 1;
}

static json_t *draw(struct runner *runner)
{
	struct subject *subject = &runner->subject;
	uint64_t random[PLANT_RANDOMS];
	if (runner->spec->plant == NULL || !subject->running)
		return ask_refuse("there is nothing to plant an error in");
	if (subject->plant.kind != PLANT_NONE)
		return ask_refuse("this subject was told already");
	if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
		return ask_refuse(strerror(errno));
	subject->plant = plant_draw(runner->spec->plant, random);
	subject->plant.alone = is_alone(subject);
	return json_pack("{s:b,s:i,s:I,s:I,s:i,s:i}", "ok", 1, "kind", (int)subject->plant.kind,
			 "bytes", (json_int_t)subject->plant.bytes, "offset",
			 (json_int_t)subject->plant.offset, "left", subject->plant.left, "right",
			 subject->plant.right);
}

json_t *detector_answer(struct runner *runner, const char *ask)
{
	if (strcmp(ask, "plants") == 0)
		return json_pack("{s:b,s:b}", "ok", 1, "plants", runner->spec->plant != NULL);
	return draw(runner);
}

int detector_watch(struct runner *runner)
{
	struct subject *subject = &runner->subject;
	char path[64];
	const int out_dir = subject->box.dirs[BOX_DIR_OUT];
	subject->plant = (struct plant){ .kind = PLANT_NONE };
	subject->watch = -1;
	/* What a build without detectors removes proves nothing, and the end of a watch costs a
	 * wait for all processors. */
	if (out_dir < 0 || runner->spec->plant == NULL)
		return 0;
	AUTO_FD int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", out_dir);
	if (fd < 0 || inotify_add_watch(fd, path, IN_DELETE | IN_MOVED_FROM | IN_ONLYDIR) < 0)
		return errno;
	subject->watch = take_fd(&fd);
	return 0;
}

/* Nothing in /out is the submission's to remove: there lie only its detector's reports. */
static bool was_removed_from(struct subject *subject)
{
	AUTO_FD int fd = take_fd(&subject->watch);
	char event[4096];
	return fd >= 0 && read(fd, event, sizeof event) > 0; /* a queue that ran over is an event */
}

static void list_reports(int out_dir, struct words *names)
{
	AUTO_FD int fd = out_dir >= 0 ? openat(out_dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
				      : -1;
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	if (folder == NULL)
		return;
	(void)take_fd(&fd);
	/* cppcheck-suppress readdirCalled; the stream is ours alone */
	for (struct dirent *entry; names->count < REPORTS_MAX && (entry = readdir(folder)) != NULL;)
		if (strncmp(entry->d_name, "sanitizer", strlen("sanitizer")) == 0)
			words_add(names, entry->d_name);
	(void)closedir(folder);
	words_sort(names); /* which one is told must not depend on the folder's order */
}

/* One that cannot be read, or holds nothing any more, was one, too. */
static void read_report(int out_dir, const char *name, char text[static REPORT_BYTES + 1])
{
	const struct box_result outputs = { .out_dir = out_dir };
	AUTO_FD int fd = box_out_open(&outputs, name, UINT64_MAX);
	ssize_t length = fd >= 0 ? read(fd, text, REPORT_BYTES) : -1;
	report_clean(text, length > 0 ? (size_t)length : 0);
}

void detector_collect(struct runner *runner)
{
	static char text[REPORT_BYTES + 1];
	const struct plant plant = runner->subject.plant;
	const int out_dir = runner->subject.box.dirs[BOX_DIR_OUT];
	bool reported = false, doubtful = false, told = false;
	struct words names = { 0 };
	list_reports(out_dir, &names);
	for (size_t i = 0; i < names.count; i++) {
		read_report(out_dir, names.item[i], text);
		if (!reported && plant_is_reported(&plant, text)) {
			reported = true;
		} else if (plant.kind != PLANT_NONE && plant_is_alike(text)) {
			doubtful = true;
		} else if (!told) {
			told = true;
			json_array_append_new(runner->records, report_record(text));
		}
	}
	words_fini(&names);
	const bool removed = was_removed_from(&runner->subject);
	if (runner->spec->plant != NULL && (removed || plant.kind != PLANT_NONE))
		json_array_append_new(runner->records,
				      json_pack("{s:s,s:s,s:b,s:b,s:b}", "rec", "control",
						"planted", runner->spec->plant, "reported",
						reported && !doubtful, "alone", plant.alone,
						"removed", removed));
	runner->subject.plant = (struct plant){ .kind = PLANT_NONE };
}
