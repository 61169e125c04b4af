/* A lab as JSON. */
#include "command/lab_json.h"

#include "base/json.h"

static json_t *strings(const struct words *words)
{
	json_t *list = json_array();
	for (size_t i = 0; i < words->count; i++)
		(void)json_array_append_new(list, json_string(words->item[i]));
	return list;
}

static json_t *test_to_json(const struct lab *lab, const struct lab_test *test)
{
	struct words after = { 0 };
	words_split(&after, lab_after(lab, test->id));
	json_t *others = strings(&after);
	words_fini(&after);
	return json_make("{s:s, s:s, s:b, s:s, s:I, s:s, s:s, s:b, s:o, s:o}", "id", test->id,
			 "part", test->part, "gate", test->gate, "title", test->title, "points",
			 (json_int_t)test->points, "detector", test->detector, "about", test->about,
			 "hidden", test->hidden, "builds", strings(&test->builds), "after", others);
}

json_t *lab_to_json(const struct lab *lab)
{
	json_t *tests = json_array();
	for (size_t i = 0; i < lab->test_count; i++)
		(void)json_array_append_new(tests, test_to_json(lab, &lab->tests[i]));
	return json_make("{s:s, s:s, s:o}", "lab", lab->name, "number", lab->number, "tests",
			 tests);
}
