/* The set of visited states. */
#include "visited.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS_MIN 1024u

struct bucket {
	uint64_t hash;
	uint32_t generation; /* of the set when it was filled; another one: empty */
	uint32_t bytes;
	size_t at; /* of the string */
};

struct visited {
	size_t bytes_max, limit, count, buckets, used, room;
	uint32_t generation;
	bool full;
	struct bucket *bucket; /* a power of two, at most half of them filled */
	uint8_t *text;
};

struct visited *visited_create(size_t bytes_max, size_t limit)
{
	struct visited *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	*v = (struct visited){ .bytes_max = bytes_max,
			       .limit = limit,
			       .buckets = BUCKETS_MIN,
			       .room = BUCKETS_MIN / 2 * bytes_max,
			       .generation = 1 };
	v->bucket = calloc(v->buckets, sizeof(*v->bucket));
	v->text = malloc(v->room);
	if (v->bucket && v->text)
		return v;
	visited_destroy(v);
	return NULL;
}

void visited_destroy(struct visited *v)
{
	if (!v)
		return;
	free(v->bucket);
	free(v->text);
	free(v);
}

void visited_clear(struct visited *v)
{
	v->count = v->used = 0;
	v->full = false;
	if (++v->generation != 0)
		return;
	memset(v->bucket, 0, v->buckets * sizeof(*v->bucket));
	v->generation = 1;
}

uint64_t visited_hash(uint64_t hash, const void *bytes, size_t count)
{
	const uint8_t *at = bytes;

	while (count > 0) {
		uint64_t word = 0;
		size_t n = count < sizeof(word) ? count : sizeof(word);
		memcpy(&word, at, n);
		hash = (hash ^ word ^ n) + 0x9e3779b97f4a7c15u;
		hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
		hash = (hash ^ hash >> 27) * 0x94d049bb133111ebu;
		hash ^= hash >> 31;
		at += n;
		count -= n;
	}
	return hash;
}

/* The bucket that holds the string, or the empty one where it belongs. */
static struct bucket *find(const struct visited *v, uint64_t hash, const void *string, size_t bytes)
{
	for (size_t i = hash & (v->buckets - 1);; i = (i + 1) & (v->buckets - 1)) {
		struct bucket *b = &v->bucket[i];
		if (b->generation != v->generation || (b->hash == hash && b->bytes == bytes &&
						       memcmp(v->text + b->at, string, bytes) == 0))
			return b;
	}
}

static bool grow_buckets(struct visited *v)
{
	size_t more = v->buckets * 2;
	struct bucket *old = v->bucket, *bucket = calloc(more, sizeof(*bucket));

	if (!bucket)
		return false;
	for (size_t i = 0; i < v->buckets; i++) {
		if (old[i].generation != v->generation)
			continue;
		size_t j = old[i].hash & (more - 1);
		while (bucket[j].generation == v->generation)
			j = (j + 1) & (more - 1);
		bucket[j] = old[i];
	}
	free(old);
	v->bucket = bucket;
	v->buckets = more;
	return true;
}

static bool make_room(struct visited *v, size_t bytes)
{
	if (v->count >= v->limit)
		return false;
	if (v->used + bytes > v->room) {
		uint8_t *text = realloc(v->text, v->room * 2);
		if (!text)
			return false;
		v->text = text;
		v->room *= 2;
	}
	return v->count < v->buckets / 2 || grow_buckets(v);
}

bool visited_add(struct visited *v, const void *string, size_t bytes)
{
	const uint64_t hash = visited_hash(bytes, string, bytes);

	assert(bytes <= v->bytes_max);
	if (find(v, hash, string, bytes)->generation == v->generation)
		return false;
	if (!make_room(v, bytes)) {
		v->full = true;
		return false;
	}
	*find(v, hash, string, bytes) = (struct bucket){
		.hash = hash, .generation = v->generation, .bytes = (uint32_t)bytes, .at = v->used
	};
	memcpy(v->text + v->used, string, bytes);
	v->used += bytes;
	v->count++;
	return true;
}

bool visited_has(const struct visited *v, const void *string, size_t bytes)
{
	return find(v, visited_hash(bytes, string, bytes), string, bytes)->generation ==
	       v->generation;
}

size_t visited_count(const struct visited *v)
{
	return v->count;
}

bool visited_full(const struct visited *v)
{
	return v->full;
}
