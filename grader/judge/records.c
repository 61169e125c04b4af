/* Sorts evidence. A record of a kind that we do not know proves nothing, so it spoils the whole. */
#include "judge/records.h"

#include <string.h>

#include "base/json.h"

static void keep_first(const json_t **slot, const json_t *record)
{
	if (*slot == NULL)
		*slot = record;
}

static void add_law(struct records *records, const json_t *record)
{
	const json_t *held = json_object_get(record, "held");
	records->laws++;
	records->unknown = records->unknown || !json_is_boolean(held) ||
			   json_text_of(record, "name", NULL) == NULL;
	if (json_is_false(held))
		keep_first(&records->broken, record);
}

/* What something else could have reported was not, and a report that is gone may have been any. */
static void add_control(struct records *records, const json_t *record)
{
	const json_t *reported = json_object_get(record, "reported");
	const json_t *alone = json_object_get(record, "alone");
	const json_t *removed = json_object_get(record, "removed");
	records->controls++;
	records->unknown = records->unknown || !json_is_boolean(reported) ||
			   !json_is_boolean(alone) || !json_is_boolean(removed) ||
			   json_text_of(record, "planted", NULL) == NULL;
	if (!json_is_true(reported) || !json_is_true(alone) || !json_is_false(removed))
		keep_first(&records->silent, record);
}

static void add(struct records *records, const json_t *record)
{
	const char *kind = json_text_of(record, "rec", "");
	if (strcmp(kind, "begin") == 0) {
		records->begins++;
		keep_first(&records->begin, record);
	} else if (strcmp(kind, "end") == 0) {
		records->ends++;
		keep_first(&records->end, record);
	} else if (strcmp(kind, "law") == 0) {
		add_law(records, record);
	} else if (strcmp(kind, "control") == 0) {
		add_control(records, record);
	} else if (strcmp(kind, "fact") == 0) {
		records->facts++;
		keep_first(&records->fact, record);
	} else if (strcmp(kind, "fault") == 0) {
		keep_first(&records->fault, record);
	} else if (strcmp(kind, "skip") == 0) {
		keep_first(&records->skip, record);
	} else if (strcmp(kind, "sanitizer") == 0) {
		keep_first(&records->sanitizer, record);
	} else if (strcmp(kind, "schedule") == 0) {
		keep_first(&records->schedule, record);
	} else if (strcmp(kind, "note") != 0 && strcmp(kind, "wall") != 0 &&
		   strcmp(kind, "plot") != 0) {
		records->unknown = true;
	}
}

struct records records_sort(const json_t *array)
{
	struct records records = { 0 };
	size_t i;
	json_t *record;
	json_array_foreach(array, i, record) add(&records, record);
	return records;
}
