/* A list that is made once and added to at its end. */
#include "batch/queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "batch/sql.h"

static struct work *add(struct queue *queue)
{
	if (queue->count == queue->room) {
		queue->room += 64;
		queue->item = must_realloc(queue->item, queue->room * sizeof *queue->item);
	}
	queue->item[queue->count] = (struct work){ .entry = NULL };
	return &queue->item[queue->count++];
}

static void give_up(struct store *store, const char *hash)
{
	store_ungraded(store, hash, "the machine or the batch stopped three times while this ran");
	store_forgive(store, hash);
}

/* Good ones first, then those that failed before by our fault, then suspects. */
enum trouble { TROUBLE_NONE, TROUBLE_INFRA, TROUBLE_SUSPECT, TROUBLE_COUNT };

static enum trouble trouble_of(long long crashes, long long failures)
{
	if (crashes >= QUEUE_CRASHES_SUSPECT)
		return TROUBLE_SUSPECT;
	return failures > 0 ? TROUBLE_INFRA : TROUBLE_NONE;
}

static void add_those(struct queue *queue, struct store *store, const struct words *only,
		      enum trouble wanted)
{
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT hash, min(name), (SELECT count(*) FROM attempts a WHERE a.run_id = "
		"e.run_id AND "
		"a.hash = e.hash AND a.ended IS NULL), (SELECT count(*) FROM attempts a WHERE "
		"a.run_id = e.run_id AND a.hash = e.hash AND a.outcome LIKE 'infra%') "
		"FROM entries e WHERE run_id = ? AND state = 'queued' GROUP BY hash ORDER BY "
		"min(name)",
		"i", store->run);
	while (sql_step(row)) {
		const char *hash = sql_text(row, 0);
		const char *name = sql_text(row, 1);
		const enum trouble trouble = trouble_of(sql_number(row, 2, 0),
							sql_number(row, 3, 0));
		if ((only->count > 0 && !words_has(only, name)) || trouble != wanted ||
		    strlen(hash) != HASH_HEX_BYTES - 1)
			continue;
		struct work *work = add(queue);
		memcpy(work->hash, hash, sizeof work->hash);
		work->entry = must_strdup(name);
		work->crashes = sql_number(row, 2, 0);
		work->alone = trouble == TROUBLE_SUSPECT;
	}
	sql_end(row);
}

void queue_fill(struct queue *queue, struct store *store, const struct words *only)
{
	*queue = (struct queue){ 0 };
	for (int trouble = 0; trouble < TROUBLE_COUNT; trouble++)
		add_those(queue, store, only, (enum trouble)trouble);
	size_t kept = 0;
	for (size_t i = 0; i < queue->count; i++) {
		if (queue->item[i].crashes < QUEUE_CRASHES_MAX) {
			queue->item[kept++] = queue->item[i];
			continue;
		}
		give_up(store, queue->item[i].hash);
		free(queue->item[i].entry);
	}
	queue->count = kept;
}

void queue_fini(struct queue *queue)
{
	for (size_t i = 0; i < queue->count; i++)
		free(queue->item[i].entry);
	free(queue->item);
	*queue = (struct queue){ 0 };
}

bool queue_has(const struct queue *queue, size_t running)
{
	return queue->next < queue->count && (!queue->item[queue->next].alone || running == 0);
}

size_t queue_take(struct queue *queue)
{
	return queue->next++;
}

void queue_last(struct queue *queue, size_t index)
{
	(void)add(queue);
	struct work *work = &queue->item[queue->count - 1];
	*work = queue->item[index];
	queue->item[index].entry = NULL;
	work->alone = true;
}

bool queue_control(struct queue *queue, struct store *store)
{
	sqlite3_stmt *row = sql_query(
		store->db,
		"SELECT e.hash, e.name FROM entries e JOIN verdicts v ON v.hash = e.hash AND "
		"v.grade_key = ?2 WHERE e.run_id = ?1 AND e.state = 'final' "
		"ORDER BY v.wall_ms, e.name LIMIT 1",
		"it", store->run, store->key);
	const bool found = sql_step(row);
	if (found) {
		struct work *work = add(queue);
		*work = (struct work){ .alone = true, .control = true };
		memcpy(work->hash, sql_text(row, 0), sizeof work->hash);
		work->entry = must_strdup(sql_text(row, 1));
		const struct work control = *work;
		memmove(&queue->item[queue->next + 1], &queue->item[queue->next],
			(queue->count - 1 - queue->next) * sizeof *queue->item);
		queue->item[queue->next] = control;
	}
	sql_end(row);
	return found;
}
