/* report/html_write.h - the tools that the files of the HTML report share. What is printed through
 * them is escaped unless it is our own constant. [MT-Confined] to one stream. */
#ifndef GRADER_HTML_WRITE_H
#define GRADER_HTML_WRITE_H
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

/* Text for content and for attributes in double quotes: the five characters as references, and what
 * no text should hold (control characters, those that turn the direction of writing) as \uNNNN,
 * although the sanitiser has been there before. */
void html_text(FILE *out, const char *text);
/* The same for a piece of a text. */
void html_bytes(FILE *out, const char *text, size_t length);

/* As printf, but %s is escaped. Knows %s %d %u %zu %ld %lld %% and no flags; dies on others. */
void html_put(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The overview has the constant script, which comes at the end and may run; the page of similar
 * hand-ins has the overview's look and no script; a student's page has a look of its own. */
enum html_kind { HTML_OVERVIEW, HTML_SIMILAR, HTML_STUDENT };

/* The page up to <main>: policy, title, style. */
void html_begin(FILE *out, const char *title, enum html_kind kind);
void html_end(FILE *out, enum html_kind kind);

/* html_style.c: the look of a page of this kind. */
void html_style(FILE *out, enum html_kind kind);
/* html_script.c: the script between its tags; the base64 of its SHA-256. */
enum { HTML_SCRIPT_SUM_BYTES = 45 };
void html_script(FILE *out);
void html_script_sum(char out[static HTML_SCRIPT_SUM_BYTES]);

/* A status or a state as a sign and a word, "pass", "fail", "final", ...: colour is never alone. */
void html_status(FILE *out, const char *status);

/* Points: hundredths, or a number of grade.json in hundredths. Numbers beyond 10^12 are cut. */
void html_points(FILE *out, long hundredths);
long html_hundredths(const json_t *object, const char *key);
/* An integer of ours, 0 if it is none. */
long html_integer(const json_t *object, const char *key);
/* "1 test", "2 tests". */
void html_count(FILE *out, long count, const char *noun);

/* Milliseconds for people: "840 ms", "12.4 s", "3 min 05 s". */
void html_duration(FILE *out, long long ms);

/* "2026-11-21T20:46:14Z" as "21 Nov 2026, 20:46 UTC"; any other text as it is. */
void html_time(FILE *out, const char *utc);

/* What a page may use as an id: letters, digits, "-", "_", "."; all else becomes "_". */
void html_id(FILE *out, const char *text);
/* true: a folder's name that batch.md 3.8 allows, so that a link can be made of it. */
bool html_is_entry(const char *name);

/* Names of the members, "Jane Doe, Al Smith"; of an entry without any, its own. */
void html_people(FILE *out, const json_t *entry);

/* html_chart.c: how the scores of a class are spread; a bar of three counts; a bar of one. */
void html_distribution(FILE *out, const json_t *class);
void html_bar(FILE *out, long bad, long blocked, long good);
void html_share(FILE *out, long part, long whole);

/* One of the class's entries by its name; NULL: there is none. true: it has a page of its own. */
const json_t *html_entry_named(const json_t *class, const char *name);
bool html_has_page(const json_t *entry);

/* html_class_table.c, html_class_lists.c: sections of the overview. */
void html_entries(FILE *out, const json_t *class);
void html_class_tests(FILE *out, const json_t *class);
void html_class_findings(FILE *out, const json_t *class);

/* html_picture.c: a picture that the grader has drawn, if it holds nothing but shapes and text; it
 * says so if it does not. */
void html_picture(FILE *out, const char *svg);

/* What the files of a student's page share. */
struct html_page {
	FILE *out;
	const json_t *page, *class, *entry, *grade, *run, *tests, *sources;
};
/* html_student_head.c: up to <main>. */
void html_student_head(const struct html_page *page);
/* html_finding.c: a test's finding, in full; the earlier test that has told the same, NULL if none
 * has. */
void html_finding(const struct html_page *page, const json_t *test);
const json_t *html_told_by(const struct html_page *page, const json_t *test);
/* "bqueue.c:51" with a link if the page shows that line. */
void html_place(const struct html_page *page, const json_t *place);
/* html_source.c */
void html_sources(const struct html_page *page);
long html_source_index(const struct html_page *page, const char *file);
/* html_times.c: what it cost, and second opinions. */
void html_times(const struct html_page *page);
void html_test_times(const struct html_page *page, const char *test);

#endif
