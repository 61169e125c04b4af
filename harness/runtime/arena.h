/* arena.h - the heap of explored programs. */
#ifndef RUNTIME_ARENA_H
#define RUNTIME_ARENA_H
#include "runtime/state.h"

int arena_start(void); /* once; 0 or errno */
void arena_reset(void);

/* An access: finding unless all bytes are in a live block. */
void arena_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc);
/* The block that this address belongs to, live or freed, red zone included; NULL: none yet. */
struct block *arena_block_at(uintptr_t address);
/* There is a synchronisation object at this address. */
void arena_note_object(uintptr_t address);

/* NULL: the arena is full. align: a power of two. */
void *arena_allocate(size_t bytes, size_t align, uint32_t pc);
void arena_free(void *p, uint32_t pc);
#endif
