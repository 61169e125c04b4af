/* object.h - the synchronisation objects of an execution, found by address, numbered in order of
 * first use. */
#ifndef RUNTIME_OBJECT_H
#define RUNTIME_OBJECT_H
#include "runtime/state.h"

/* The object at this address, made if it is new. One that was destroyed, or is used as another kind
 * than before, is a finding. The use counts as an access of its memory: freed or unordered
 * initialisation is found. */
struct object *object_at(const void *address, enum explore_object_kind kind, uint32_t pc);
/* As object_at, without an access: atomics make theirs after their point. */
struct object *object_known(const void *address, enum explore_object_kind kind, uint32_t pc);
/* After a point: o is still what stands at this address; else it was freed or destroyed meanwhile.
 */
void object_still(const struct object *o, const void *address, uint32_t pc);
/* A fresh one, whatever stood there before; its initialisation counts as a write. */
struct object *object_init(const void *address, enum explore_object_kind kind, uint32_t pc);
/* Its destruction: a write; later uses are findings. */
void object_destroy(struct object *o, uint32_t pc);
/* NULL: no object is known there. */
struct object *object_find(const void *address);
struct object *object_numbered(uint16_t number);
/* The heap block [address, address + bytes) is no more: neither are the objects in it. */
void objects_forget(uintptr_t address, size_t bytes);
void objects_reset(void);

/* The current thread holds o, or no longer. */
void held_add(struct object *o, uint32_t pc);
void held_remove(struct object *o);
bool held_is(const struct object *o);

/* A signal, post or wake found nobody: remembered for the report. */
void object_unheard(struct object *o, uint32_t pc);
#endif
