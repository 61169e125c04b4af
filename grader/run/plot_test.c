/* Which records of a plot pass: the shape, and nothing beside it. */
#include "run/plot.h"

#include <check.h>

TCase *plot_test(void);

static const char good[] =
	"{\"rec\":\"plot\",\"title\":\"t\",\"x\":\"threads\",\"y\":\"tasks\",\"charts\":"
	"[{\"name\":\"n\",\"about\":\"a\",\"mark\":2,\"values\":[1,2.5,0]}]}";

static json_t *record_of(const char *text)
{
	json_t *record = json_loads(text, 0, NULL);

	ck_assert_ptr_nonnull(record);
	return record;
}

START_TEST(a_plot_passes)
{
	json_t *record = record_of(good);

	ck_assert(plot_is_formed(record));
	json_object_set_new(record, "more", json_true());
	ck_assert(!plot_is_formed(record));
	json_decref(record);
}
END_TEST

static const struct {
	const char *key, *value; /* of the first chart */
} wrong[] = {
	{ "name", "1" },        { "about", "null" },      { "mark", "0" },
	{ "mark", "4" },        { "mark", "1.5" },        { "values", "[1]" },
	{ "values", "[1,-1]" }, { "values", "[1,1e13]" }, { "values", "[1,\"2\"]" },
	{ "values", "3" },      { "more", "1" },
};

START_TEST(a_flawed_chart_does_not)
{
	json_t *record = record_of(good);
	json_t *chart = json_array_get(json_object_get(record, "charts"), 0);

	json_object_set_new(chart, wrong[_i].key,
			    json_loads(wrong[_i].value, JSON_DECODE_ANY, NULL));
	ck_assert_msg(!plot_is_formed(record), "%s: %s", wrong[_i].key, wrong[_i].value);
	json_decref(record);
}
END_TEST

START_TEST(a_plot_without_charts_does_not)
{
	json_t *record = record_of(good);

	json_object_set_new(record, "charts", json_array());
	ck_assert(!plot_is_formed(record));
	json_object_set_new(record, "charts", json_string("none"));
	ck_assert(!plot_is_formed(record));
	json_decref(record);
}
END_TEST

TCase *plot_test(void)
{
	TCase *tests = tcase_create("run/plot");

	tcase_add_test(tests, a_plot_passes);
	tcase_add_loop_test(tests, a_flawed_chart_does_not, 0, sizeof wrong / sizeof wrong[0]);
	tcase_add_test(tests, a_plot_without_charts_does_not);
	return tests;
}
