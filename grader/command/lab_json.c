/* A lab as JSON. */
#include "command/lab_json.h"

#include "base/json.h"

static json_t *test_to_json(const struct lab_test *test)
{
	json_t *builds = json_array();
	for (size_t i = 0; i < test->builds.count; i++)
		(void)json_array_append_new(builds, json_string(test->builds.item[i]));
	return json_make("{s:s, s:s, s:b, s:s, s:I, s:s, s:s, s:b, s:o}", "id", test->id, "part",
			 test->part, "gate", test->gate, "title", test->title, "points",
			 (json_int_t)test->points, "detector", test->detector, "about", test->about,
			 "hidden", test->hidden, "builds", builds);
}

json_t *lab_to_json(const struct lab *lab)
{
	json_t *tests = json_array();
	for (size_t i = 0; i < lab->test_count; i++)
		(void)json_array_append_new(tests, test_to_json(&lab->tests[i]));
	return json_make("{s:s, s:s, s:o}", "lab", lab->name, "number", lab->number, "tests",
			 tests);
}
