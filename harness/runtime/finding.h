/* finding.h - what was found: fills the answer and ends the execution. None of these returns. */
#ifndef RUNTIME_FINDING_H
#define RUNTIME_FINDING_H
#include "runtime/state.h"

/* Something at a place, without an object or memory. */
_Noreturn void finding_at(enum explore_finding_kind kind, unsigned sub, uint32_t pc);
/* Something done to an object. */
_Noreturn void finding_on(enum explore_finding_kind kind, unsigned sub, const struct object *o,
			  uint32_t pc);
/* With a text. */
_Noreturn void finding_said(enum explore_finding_kind kind, uint32_t pc, const char *text);
_Noreturn void finding_uncontrolled(const char *what, uint32_t pc);
/* An access to memory that is not the submission's to touch; how: RECORD_ bits. */
_Noreturn void finding_access(enum explore_finding_kind kind, unsigned sub, uintptr_t address,
			      size_t bytes, unsigned how, uint32_t pc);
/* Two accesses of one cell. */
_Noreturn void finding_race(uintptr_t cell, const struct record *earlier,
			    const struct record *later);
/* Threads sleep after the last phase. */
_Noreturn void finding_stuck(void);
/* The runtime came to a limit of its own. */
_Noreturn void finding_broken(const char *text);

/* memory.c: whose memory that is. */
void memory_describe(uintptr_t address, uint64_t bytes, struct explore_memory *m);
/* A number for these 8 bytes that is the same on every run. */
uint64_t memory_number(uintptr_t address);
/* A place with its callers: node of rt->stacks. */
void place_describe(uint32_t pc, uint32_t node, struct explore_place *place);
#endif
