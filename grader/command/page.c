/* From what a grading left to a page; and the same by hand, from values in files. */
#include "command/page.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "command/commands.h"
#include "report/html.h"

enum { VALUE_BYTES_MAX = 256 * 1024 * 1024 };

static json_t *lab_record(const struct lab *lab, const struct grading *grading)
{
	json_t *parts = json_object();
	for (size_t i = 0; i < lab->part_count; i++)
		json_put_text(parts, lab->parts[i].id, lab->parts[i].title);
	return json_make("{s:s, s:s, s:s, s:s, s:o}", "lab", lab->name, "lab_number", lab->number,
			 "title", lab->title, "seed", json_text_of(grading->grade, "seed", "?"),
			 "parts", parts);
}

json_t *page_make(const struct lab *lab, const struct grading *grading)
{
	json_t *page = html_page_read(grading->folder);
	json_put(page, "class", lab_record(lab, grading));
	return page;
}

/* tool-page class|similar|student VALUE.json, tool-page folder FOLDER: a page on stdout, for tests
 * and for who works on the pages. */
int command_tool_page(int argc, char **argv)
{
	if (argc != 3)
		die("tool-page class|similar|student VALUE.json, or tool-page folder FOLDER");
	AUTO_FREE char *why = NULL;
	json_t *value = strcmp(argv[1], "folder") == 0
				? html_page_read(argv[2])
				: json_read_file(argv[2], VALUE_BYTES_MAX, &why);
	if (value == NULL)
		die("cannot read %s: %s", argv[2], why != NULL ? why : "?");
	if (strcmp(argv[1], "class") == 0)
		html_class(stdout, value);
	else if (strcmp(argv[1], "similar") == 0)
		html_similar(stdout, value);
	else
		html_student(stdout, value);
	json_decref(value);
	return fflush(stdout) != 0;
}
