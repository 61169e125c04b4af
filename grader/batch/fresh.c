/* The more it costs the rarer it is. */
#include "batch/fresh.h"

#include "base/clock.h"
#include "base/json.h"
#include "batch/class.h"
#include "batch/outputs.h"

enum { SHORTEST_US = 1000000, HTML_US = 10000000, SHARE = 50 };

void fresh_init(struct fresh *fresh, struct store *store, struct pipeline_costs *costs)
{
	*fresh = (struct fresh){ .store = store, .costs = costs };
	fresh->next_us = clock_us() + SHORTEST_US;
	fresh->html_us = clock_us() + HTML_US;
}

void fresh_fini(struct fresh *fresh)
{
	words_fini(&fresh->hashes);
}

void fresh_mark(struct fresh *fresh, const char *hash)
{
	words_add(&fresh->hashes, hash);
}

void fresh_if_time(struct fresh *fresh)
{
	const uint64_t begin = clock_us();
	if (begin < fresh->next_us || fresh->hashes.count == 0)
		return;
	json_t *class = class_make(fresh->store);
	size_t i;
	json_t *entry;
	json_array_foreach(json_object_get(class, "entries"), i, entry)
	{
		if (words_has(&fresh->hashes, json_text_of(entry, "submission", "")))
			outputs_entry(fresh->store, class, entry);
	}
	outputs_class(fresh->store, class, begin >= fresh->html_us);
	json_decref(class);
	words_fini(&fresh->hashes);
	const uint64_t end = clock_us();
	const uint64_t pause = (end - begin) * SHARE;
	fresh->costs->report_us += end - begin;
	fresh->next_us = end + (pause > SHORTEST_US ? pause : SHORTEST_US);
	if (begin >= fresh->html_us)
		fresh->html_us = end + HTML_US;
}
