/* race.h - every access to memory: whose it is, whether it may be touched, and by whom it was
 * touched before. */
#ifndef RUNTIME_RACE_H
#define RUNTIME_RACE_H
#include "runtime/state.h"

/* The current thread accesses [address, address + bytes); how: RECORD_ bits. Ends the execution if
 * that is a finding. */
void access_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc);
/* As access_check, without the questions whose memory it is. */
void race_check(uintptr_t address, size_t bytes, unsigned how, uint32_t pc);
/* Forgets all accesses of [address, address + bytes): the memory begins a new life. */
void race_forget(uintptr_t address, size_t bytes);
#endif
