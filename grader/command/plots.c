/* The records were looked at when they came, and if evidence came from elsewhere once more
 * (run/plot.h). */
#include "command/plots.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/text.h"
#include "report/plot.h"

static void write_one(const char *folder, const char *job, const json_t *record,
		      struct words *names)
{
	AUTO_FREE char *name = must_printf("plots/%.*s.svg", (int)strcspn(job, " "), job);
	AUTO_FREE char *path = must_printf("%s/%s", folder, name);
	AUTO_FREE char *below = must_printf("%s/plots", folder);
	if (mkdir(below, 0755) != 0 && errno != EEXIST)
		die_errno(errno, "cannot make %s", below);
	FILE *out = fopen(path, "we");
	if (out == NULL)
		die_errno(errno, "cannot write %s", path);
	plot_svg(out, record);
	if (fclose(out) != 0)
		die_errno(errno, "cannot write %s", path);
	words_add(names, name);
}

void plots_write(const char *folder, json_t *all, struct words *names)
{
	const char *job;
	json_t *records;
	json_object_foreach(all, job, records)
	{
		AUTO_FREE char *old = must_printf("%s/plots/%.*s.svg", folder,
						  (int)strcspn(job, " "), job);
		(void)unlink(old); /* mostly there is none */
		size_t i;
		json_t *record;
		json_array_foreach(records, i,
				   record) if (strcmp(json_text_of(record, "rec", ""), "plot") == 0)
			write_one(folder, job, record, names);
	}
}
