/* trie.h - chains of callers and sets of locks as nodes of a tree: equal ones share a number. */
#ifndef RUNTIME_TRIE_H
#define RUNTIME_TRIE_H
#include "runtime/state.h"

/* The child of `parent` with this key, made if it is new; the parent itself if the tree is full
 * (deeper chains are cut in reports then). Node 0 is the root. */
uint32_t trie_child_slow(struct trie *trie, uint32_t parent, uint64_t key);
/* Forgets all, once it is half full: between executions. */
void trie_trim(struct trie *trie);

static inline uint32_t trie_child(struct trie *trie, uint32_t parent, uint64_t key)
{
	uint32_t recent = trie->node[parent].recent;

	if (recent && trie->node[recent].key == key)
		return recent;
	return trie_child_slow(trie, parent, key);
}
#endif
