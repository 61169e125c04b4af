/* The writers are in report/; here is where their bytes go, and what is left of a file if there is
 * no grade. */
#include "command/form_out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "report/forms.h"
#include "report/html.h"
#include "report/junit.h"

typedef bool form_writer(FILE *out, const struct form_out *form, const json_t *grade,
			 const json_t *run);

static bool write_gradescope(FILE *out, const struct form_out *form, const json_t *grade,
			     const json_t *run)
{
	(void)form;
	return report_gradescope(out, grade, run);
}

static bool write_autolab(FILE *out, const struct form_out *form, const json_t *grade,
			  const json_t *run)
{
	(void)run;
	report_autolab(out, grade, form->by_parts);
	return true;
}

static bool write_classroom(FILE *out, const struct form_out *form, const json_t *grade,
			    const json_t *run)
{
	(void)form;
	(void)run;
	report_classroom(out, grade);
	return true;
}

static bool write_classroom_result(FILE *out, const struct form_out *form, const json_t *grade,
				   const json_t *run)
{
	(void)form;
	report_classroom_result(out, grade, run);
	return true;
}

static bool write_junit(FILE *out, const struct form_out *form, const json_t *grade,
			const json_t *run)
{
	(void)form;
	report_junit(out, grade, run);
	return true;
}

static bool write_tap(FILE *out, const struct form_out *form, const json_t *grade,
		      const json_t *run)
{
	(void)run;
	report_tap(out, grade, form->tap);
	return true;
}

static bool write_html(FILE *out, const struct form_out *form, const json_t *grade,
		       const json_t *run)
{
	(void)grade; /* the page holds it */
	if (run == NULL)
		(void)json_object_del(form->page, "run");
	html_student(out, form->page);
	return true;
}

static form_writer *writer_of(const char *format)
{
	static const struct {
		const char *name;
		form_writer *write;
	} writers[] = {
		{ "gradescope", write_gradescope },
		{ "autolab", write_autolab },
		{ "classroom", write_classroom },
		{ "classroom-result", write_classroom_result },
		{ "junit", write_junit },
		{ "tap", write_tap },
		{ "html", write_html },
	};
	for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
		if (strcmp(writers[i].name, format) == 0)
			return writers[i].write;
	return NULL;
}

static void check_place(const char *path)
{
	struct stat info;
	if (lstat(path, &info) == 0 && !S_ISREG(info.st_mode))
		die("--out=%s is no ordinary file; leave --out away to write to standard output",
		    path);
	int error = file_write(path, "", 0, 0644);
	if (error == 0 && unlink(path) != 0)
		error = errno;
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}

/* A child of ours that ends leaves the file to its parent. */
static void remove_unfinished(int status, void *context)
{
	const struct form_out *form = context;
	if (status != 0 && status != 1 && form->owner == getpid())
		(void)unlink(form->path);
}

bool form_out_is_gradual(const struct form_out *form)
{
	return form->format != NULL && form->path != NULL &&
	       strcmp(form->format, "gradescope") == 0;
}

void form_out_begin(struct form_out *form)
{
	if (form->format == NULL && (form->path != NULL || form->no_times))
		die("--out and --no-times belong to --format; the formats are " FORM_OUT_NAMES);
	if (form->format == NULL)
		return;
	if (writer_of(form->format) == NULL)
		die("there is no format '%s'; the formats are " FORM_OUT_NAMES, form->format);
	if (form->path != NULL)
		check_place(form->path);
	form->owner = getpid();
	if (!form_out_is_gradual(form))
		return;
	struct form_out *kept = must_alloc(sizeof *kept); /* outlives who called */
	*kept = *form;
	if (on_exit(remove_unfinished, kept) != 0)
		die("out of memory");
}

/* The bytes of the form, NULL if there shall be none. Returned. */
static char *make(const struct form_out *form, const json_t *grade, const json_t *run,
		  size_t *length)
{
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, length);
	if (out == NULL)
		die("out of memory");
	bool wanted = writer_of(form->format)(out, form, grade, form->no_times ? NULL : run);
	if (fclose(out) != 0 || bytes == NULL)
		die("out of memory");
	if (wanted)
		return bytes;
	free(bytes);
	return NULL;
}

static void put(const struct form_out *form, const char *bytes, size_t length)
{
	if (form->path == NULL) {
		(void)fwrite(bytes, 1, length, stdout);
		if (fflush(stdout) != 0)
			die_errno(errno, "cannot write to standard output");
		return;
	}
	int error = file_write(form->path, bytes, length, 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", form->path);
}

void form_out_partial(const json_t *grade, void *context)
{
	const struct form_out *form = context;
	size_t length = 0;
	AUTO_FREE char *bytes = make(form, grade, NULL, &length);
	if (bytes != NULL)
		put(form, bytes, length);
}

/* GitHub names the file itself; it belongs to one step and is added to. */
static void add_summary(const json_t *grade)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	if (path == NULL || *path == '\0')
		return;
	FILE *out = fopen(path, "ae");
	if (out == NULL) {
		(void)fprintf(stderr, "grade: cannot add to the step's summary: %s\n",
			      strerror(errno));
		return;
	}
	report_classroom_summary(out, grade);
	(void)fclose(out); /* a comfort: the form itself has been written */
}

void form_out_finish(struct form_out *form, const json_t *grade, const json_t *run)
{
	if (form->format == NULL)
		return;
	size_t length = 0;
	AUTO_FREE char *bytes = make(form, grade, run, &length);
	if (bytes != NULL)
		put(form, bytes, length);
	else if (form->path != NULL)
		(void)unlink(form->path); /* there may be none */
	if (strcmp(form->format, "classroom") == 0)
		add_summary(grade);
	json_decref(form->page);
	form->page = NULL;
}
