/* The tree of callers: it is kept between executions, since they mostly repeat each other. */
#include "runtime/trie.h"

#include <string.h>

#define SLOTS (2 * TRIE_NODES)

uint32_t trie_child_slow(struct trie *trie, uint32_t parent, uint64_t key)
{
	uint64_t mixed = (key + parent * 0x9e3779b97f4a7c15u) * 0xd6e8feb86659fd93u;
	uint32_t at = (uint32_t)(mixed >> 32) % SLOTS;

	for (; trie->hash[at]; at = (at + 1) % SLOTS) {
		uint32_t n = trie->hash[at];
		if (trie->node[n].key != key || trie->node[n].parent != parent)
			continue;
		trie->node[parent].recent = n;
		return n;
	}
	if (trie->count + 1 >= TRIE_NODES)
		return parent;
	uint32_t n = ++trie->count;
	trie->node[n] = (struct trie_node){ .key = key, .parent = parent };
	trie->node[parent].recent = n;
	trie->hash[at] = n;
	return n;
}

void trie_trim(struct trie *trie)
{
	if (trie->count < TRIE_NODES / 2)
		return;
	trie->count = 0;
	trie->node[0].recent = 0;
	memset(trie->hash, 0, sizeof(trie->hash));
}
