/* run/plant.h - planted errors as the runner sees them: draws what a subject is to commit, and
 * knows its detector's report again. Nothing here does I/O. See harness/README.md, "Planted
 * errors". Source of the report's form: the address sanitizers of gcc 12 and clang 14. [MT-Safe] */
#ifndef GRADER_PLANT_H
#define GRADER_PLANT_H
#include <stdbool.h>
#include <stdint.h>

/* The closed list; numbers as in the order that the subject gets (labs/common/plant.h). */
enum plant_kind { PLANT_NONE, PLANT_HEAP_READ, PLANT_HEAP_WRITE, PLANT_FREED_READ, PLANT_KINDS };

struct plant {
	enum plant_kind kind; /* PLANT_NONE: the subject was told nothing      */
	bool alone;           /* no other task of the subject was there        */
	uint64_t bytes, offset;
	bool undefined;  /* the build looks for undefined arithmetic, too: then, first, */
	int left, right; /* ... these are added, and the sum is too large              */
};

enum { PLANT_RANDOMS = 5 };

/* Makes kind and values of random numbers; `detectors` are the words of the build's `plant`. alone
 * is false. */
struct plant plant_draw(const char *detectors, const uint64_t random[PLANT_RANDOMS]);

/* True if the text, NUL-terminated, is the report of exactly these errors and of nothing else. Any
 * other text, too, is safe to look at. */
bool plant_is_reported(const struct plant *plant, const char *text);

/* True if the text's first stack begins in a function of ours: a report of a planted error, though
 * perhaps not of this one, not whole, or in words that nobody here knows. Such a text shows drawn
 * values and is nobody's memory error; beside it nothing counts as reported. */
bool plant_is_alike(const char *text);

#endif
