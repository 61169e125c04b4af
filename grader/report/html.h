/* report/html.h - the report as a page: one for a whole class, one for each submission. A page
 * stands for itself: nothing is fetched, no page of a student has a script, and the one of the
 * class has a constant one that the page's policy names by its hash. Whatever text comes in, it
 * comes out as text. Same value, same bytes. All functions are [MT-Confined] to their values.
 *
 * Source: formats.md section 6; HTML Living Standard; Content Security Policy Level 3; for the
 * table, the sortable table pattern of the ARIA Authoring Practices. */
#ifndef GRADER_HTML_H
#define GRADER_HTML_H
#include <jansson.h>
#include <stdio.h>

/* The overview of a class, format interleave-class/1. Its links lead to
 * entries/ENTRY/report.html. Two keys that the page shows if they are there: "parts" {"A": title},
 * and in a finding "why", the law that it breaks: what to teach. */
void html_class(FILE *out, const json_t *class);

/* Whose hand-ins are alike, the class's key "similarity": a page beside the overview, which links
 * to lines of entries/ENTRY/report.html. */
void html_similar(FILE *out, const json_t *class);

/* One submission: {"class": {"lab", "lab_number", "title", "seed", "parts" or none}, "entry": one
 * of the class's entries or null, "grade", "run": grade.json and run.json or null, "sources":
 * [{"name", "text"}], "schedules": {TOKEN: schedules/TOKEN.json}, "plots": {"TEST.svg": its text}}.
 * Whatever is missing is left out; of a hidden test no more is shown than how it ended. */
void html_student(FILE *out, const json_t *value);

/* "grade", "run", "sources", "schedules" and "plots" of such a page from what a grading left in
 * its folder (build/run/LAB/HASH); sources are made clean, line by line. What is not there or
 * cannot be read is left out. Returned. */
json_t *html_page_read(const char *folder);

/* A source as the page wants it: every line clean, as text_clean makes it, and none left out.
 * Returned (free). */
char *html_source_clean(const char *bytes, size_t length);

#endif
