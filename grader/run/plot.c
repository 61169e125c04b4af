/* Key by key, as with schedules. */
#include "run/plot.h"

#include <stddef.h>

enum { TEXT_MAX = 120 };

static const double VALUE_MAX = 1e12;

static bool is_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return json_is_string(value) && json_string_length(value) <= TEXT_MAX;
}

static bool is_chart(const json_t *chart)
{
	const json_t *mark = json_object_get(chart, "mark");
	const json_t *values = json_object_get(chart, "values");
	const size_t count = json_array_size(values);
	size_t i;
	json_t *value;
	json_array_foreach(values, i, value) if (!json_is_number(value) ||
						 !(json_number_value(value) >= 0) ||
						 json_number_value(value) > VALUE_MAX) return false;
	return is_text(chart, "name") && is_text(chart, "about") && count >= 2 &&
	       count <= PLOT_VALUES_MAX && json_is_integer(mark) && json_integer_value(mark) >= 1 &&
	       json_integer_value(mark) <= (json_int_t)count && json_object_size(chart) == 4;
}

bool plot_is_formed(const json_t *record)
{
	const json_t *charts = json_object_get(record, "charts");
	const size_t count = json_array_size(charts);
	size_t i;
	json_t *chart;
	json_array_foreach(charts, i, chart) if (!is_chart(chart)) return false;
	return is_text(record, "rec") && is_text(record, "title") && is_text(record, "x") &&
	       is_text(record, "y") && count >= 1 && count <= PLOT_CHARTS_MAX &&
	       json_object_size(record) == 5;
}
