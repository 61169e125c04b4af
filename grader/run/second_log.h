/* run/second_log.h - what the detectors of others wrote about a stress, as JSON. The submission ran
 * in the same process or beside it and can have written every byte: nothing of the text is taken
 * over but numbers, names of the closed list below and identifiers, and everything is bounded.
 * Pure. Source of the forms: ThreadSanitizer of gcc 12 and clang 14 without symbols (symbolize=0),
 * helgrind and drd of valgrind 3.19. [MT-Safe] */
#ifndef GRADER_SECOND_LOG_H
#define GRADER_SECOND_LOG_H
#include <jansson.h>

enum { SECOND_REPORTS_MAX = 12, SECOND_FRAMES_MAX = 16, SECOND_NAME_BYTES = 64 };

/* {"reports":[{"kind":"data race","stacks":[[FRAME,...],[FRAME,...]]},...],"whole":true,
 * "unable":false,"crashed":false}. At most SECOND_REPORTS_MAX reports: the first ones, and the
 * last. "whole": at its end the detector says how many there were, and so many there are (valgrind
 * counts kinds, too, that are left out here: signals without the lock); "unable": the detector
 * itself did not start; "crashed": it saw the program crash. At most two stacks, the two sides,
 * innermost frame first. FRAME is {"at":"0x1a2f"}, an address of the linked program as
 * programs_lines takes it (TSan), or {"function","file","line"} (valgrind). Returned. */
json_t *second_log_tsan(const char *text);
json_t *second_log_valgrind(const char *text);

#endif
