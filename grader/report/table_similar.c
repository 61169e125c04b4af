/* similarity.csv: what similarity.html shows, for a spreadsheet. */
#include "base/auto.h"
#include "base/csv.h"
#include "base/die.h"
#include "report/form.h"
#include "report/tables.h"

static void put_number(FILE *out, const json_t *object, const char *key)
{
	AUTO_FREE char *text = must_printf(
		"%lld", (long long)json_integer_value(json_object_get(object, key)));
	csv_put(out, false, text);
}

static void put_text(FILE *out, bool first, const json_t *object, const char *key)
{
	AUTO_FREE char *text = form_line(object, key);
	csv_put_guarded(out, first, text);
}

void report_similarity_csv(FILE *out, const json_t *class)
{
	const json_t *pairs = json_object_get(json_object_get(class, "similarity"), "pairs");
	size_t i;
	json_t *pair;
	(void)fputs("entry_a,entry_b,file,percent_a,percent_b,run_tokens,a_first_line,a_last_line,"
		    "b_first_line,b_last_line\n",
		    out);
	json_array_foreach(pairs, i, pair)
	{
		const json_t *a = json_object_get(pair, "a"), *b = json_object_get(pair, "b");
		put_text(out, true, a, "entry");
		put_text(out, false, b, "entry");
		put_text(out, false, pair, "file");
		put_number(out, a, "percent");
		put_number(out, b, "percent");
		put_number(out, pair, "tokens");
		put_number(out, a, "first");
		put_number(out, a, "last");
		put_number(out, b, "first");
		put_number(out, b, "last");
		csv_end(out);
	}
}
