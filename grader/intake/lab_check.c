/* Names in lab.conf. */
#include "intake/lab_check.h"

#include <string.h>

#include "base/die.h"

static bool has_part(const struct lab *lab, const char *id)
{
	bool found = false;
	for (size_t i = 0; i < lab->part_count; i++)
		found = found || strcmp(lab->parts[i].id, id) == 0;
	return found;
}

/* Tests that are there, and no chains: score.c looks one step back. */
static void check_after(const struct lab *lab)
{
	for (size_t i = 0; i < lab->after_tests.count; i++) {
		struct words all = { 0 };
		words_split(&all, lab->after_lists.item[i]);
		for (size_t j = 0; j < all.count; j++)
			if (lab_test_find(lab, all.item[j]) == NULL ||
			    words_has(&lab->after_tests, all.item[j]))
				die("labs/%s/lab.conf: '%s', after which %s is judged, is none of "
				    "the tests, or is itself judged after others",
				    lab->name, all.item[j], lab->after_tests.item[i]);
		words_fini(&all);
		if (lab_test_find(lab, lab->after_tests.item[i]) == NULL)
			die("labs/%s/lab.conf: '%s', which is judged after others, is none of the "
			    "tests",
			    lab->name, lab->after_tests.item[i]);
	}
}

void lab_names_check(const struct lab *lab)
{
	for (size_t i = 0; i < lab->first.count; i++)
		if (lab_test_find(lab, lab->first.item[i]) == NULL)
			die("labs/%s/lab.conf: '%s', which shall begin first, is none of the tests",
			    lab->name, lab->first.item[i]);
	for (size_t i = 0; i < lab->second_parts.count; i++)
		if (!has_part(lab, lab->second_parts.item[i]))
			die("labs/%s/lab.conf: '%s', which shall have a second opinion, is none of "
			    "the parts",
			    lab->name, lab->second_parts.item[i]);
	for (size_t i = 0; i < lab->given_tests.count; i++)
		if (lab_test_find(lab, lab->given_tests.item[i]) == NULL)
			die("labs/%s/lab.conf: '%s', which is given a program, is none of the "
			    "tests",
			    lab->name, lab->given_tests.item[i]);
	check_after(lab);
}
