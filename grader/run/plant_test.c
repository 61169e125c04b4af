/* The report of the planted error, word for word as gcc 12 writes it, and everything that is not
 * it. */
#include "run/plant.h"

#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TCase *plant_test(void);

enum { TEXT_BYTES = 4096 };

struct words {
	const char *before, *error, *access, *function, *side;
};

static const struct words right[PLANT_KINDS] = {
	[PLANT_HEAP_READ] = { "", "heap-buffer-overflow", "READ", "plant_heap_read",
			      "to the right of" },
	[PLANT_HEAP_WRITE] = { "", "heap-buffer-overflow", "WRITE", "plant_heap_write",
			       "to the right of" },
	[PLANT_FREED_READ] = { "", "heap-use-after-free", "READ", "plant_freed_read", "inside of" },
};

static const char *report(const struct words *words, uint64_t bytes, uint64_t offset)
{
	static char text[TEXT_BYTES];
	(void)snprintf(text, sizeof text,
		       "%s=================================================================\n"
		       "==2==ERROR: AddressSanitizer: %s on address 0x7ff32b89ef2d at pc "
		       "0x55958dd8626b bp "
		       "0x7fff45ec72b0 sp 0x7fff45ec72a8\n"
		       "%s of size 1 at 0x7ff32b89ef2d thread T0\n"
		       "    #0 0x55958dd8626a in %s labs/common/plant.c:15\n"
		       "    #1 0x55958dd864d8 in commit labs/common/plant.c:42\n"
		       "    #2 0x7ff32b045249 in plant_serve labs/common/plant.c:60\n"
		       "\n"
		       "0x7ff32b89ef2d is located %llu bytes %s %llu-byte region "
		       "[0x7ff32b87d800,0x7ff32b89ef28)\n"
		       "allocated by thread T0 here:\n"
		       "    #0 0x7ff32bab89cf in __interceptor_malloc asan_malloc_linux.cpp:69\n"
		       "\n"
		       "SUMMARY: AddressSanitizer: %s labs/common/plant.c:15 in %s\n"
		       "Shadow bytes around the buggy address:\n"
		       "==2==ABORTING\n",
		       words->before, words->error, words->access, words->function,
		       (unsigned long long)offset, words->side, (unsigned long long)bytes,
		       words->error, words->function);
	return text;
}

static struct plant draw(unsigned *state)
{
	uint64_t random[PLANT_RANDOMS];
	for (size_t i = 0; i < PLANT_RANDOMS; i++)
		random[i] = (uint64_t)rand_r(state) << 16 ^ (uint64_t)rand_r(state);
	return plant_draw("address", random);
}

START_TEST(what_is_drawn_is_an_error_that_the_detector_can_see)
{
	unsigned state = 1, seen[PLANT_KINDS] = { 0 };
	for (int i = 0; i < 10000; i++) {
		const struct plant plant = draw(&state);
		ck_assert(plant.kind > PLANT_NONE && plant.kind < PLANT_KINDS);
		ck_assert(plant.bytes >= 64 && plant.bytes < 256u << 10);
		ck_assert(plant.offset < (plant.kind == PLANT_FREED_READ ? plant.bytes : 8));
		ck_assert(!plant.alone);
		seen[plant.kind]++;
	}
	for (int kind = PLANT_NONE + 1; kind < PLANT_KINDS; kind++)
		ck_assert_msg(seen[kind] > 2000, "kind %d comes %u times", kind, seen[kind]);
}
END_TEST

START_TEST(the_report_of_exactly_this_error_is_known_again)
{
	unsigned state = 2;
	for (int i = 0; i < 1000; i++) {
		const struct plant plant = draw(&state);
		ck_assert(plant_is_reported(&plant,
					    report(&right[plant.kind], plant.bytes, plant.offset)));
	}
	/* Later versions say "after". */
	struct words later = right[PLANT_HEAP_READ];
	later.side = "after";
	const struct plant plant = { .kind = PLANT_HEAP_READ, .bytes = 100, .offset = 3 };
	ck_assert(plant_is_reported(&plant, report(&later, 100, 3)));
}
END_TEST

START_TEST(other_values_kinds_and_functions_are_not_it)
{
	for (int kind = PLANT_NONE + 1; kind < PLANT_KINDS; kind++) {
		const struct plant plant = { .kind = (enum plant_kind)kind,
					     .bytes = 1000,
					     .offset = 5 };
		ck_assert(plant_is_reported(&plant, report(&right[kind], 1000, 5)));
		ck_assert(!plant_is_reported(&plant, report(&right[kind], 1001, 5)));
		ck_assert(!plant_is_reported(&plant, report(&right[kind], 1000, 6)));
		ck_assert(!plant_is_reported(&plant, report(&right[kind], 100, 5)));
		ck_assert(!plant_is_reported(&plant, report(&right[kind], 1000, 15)));
		for (int other = PLANT_NONE + 1; other < PLANT_KINDS; other++)
			ck_assert_int_eq(plant_is_reported(&plant, report(&right[other], 1000, 5)),
					 other == kind);
		struct words students = right[kind];
		students.function = "conn_serve";
		ck_assert(!plant_is_reported(&plant, report(&students, 1000, 5)));
	}
	const struct plant none = { .kind = PLANT_NONE, .bytes = 1000, .offset = 5 };
	ck_assert(!plant_is_reported(&none, report(&right[PLANT_HEAP_READ], 1000, 5)));
}
END_TEST

START_TEST(a_report_beside_it_is_not_hidden_by_it)
{
	const struct plant plant = { .kind = PLANT_HEAP_READ, .bytes = 1000, .offset = 5 };
	struct words words = right[PLANT_HEAP_READ];
	words.before = "net.c:7:3: runtime error: signed integer overflow\n";
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
	words.before = "=====\n==2==ERROR: AddressSanitizer: stack-overflow\n";
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
	char two[2 * TEXT_BYTES];
	(void)snprintf(two, sizeof two, "%s==2==ERROR: AddressSanitizer: heap-use-after-free\n",
		       report(&right[PLANT_HEAP_READ], 1000, 5));
	ck_assert(!plant_is_reported(&plant, two));
	/* All guesses in one file: only the first line of its kind is looked at. */
	(void)snprintf(two, sizeof two,
		       "%s\n\n0x1 is located 5 bytes to the right of 1000-byte region [\n",
		       report(&right[PLANT_HEAP_READ], 999, 5));
	ck_assert(!plant_is_reported(&plant, two));
}
END_TEST

START_TEST(half_a_report_is_none)
{
	const struct plant plant = { .kind = PLANT_FREED_READ, .bytes = 1000, .offset = 5 };
	char text[TEXT_BYTES];
	(void)snprintf(text, sizeof text, "%s", report(&right[PLANT_FREED_READ], 1000, 5));
	const char *region = strstr(text, "-byte region [");
	ck_assert_ptr_nonnull(region);
	for (size_t length = 0; length < sizeof text && text + length < region + 14; length++) {
		char part[TEXT_BYTES] = "";
		memcpy(part, text, length);
		ck_assert_msg(!plant_is_reported(&plant, part), "%zu bytes suffice", length);
	}
}
END_TEST

START_TEST(an_overflow_comes_first_where_it_is_looked_for)
{
	const uint64_t random[PLANT_RANDOMS] = { 0, 936, 5, 7, (1u << 30) - 1 };
	const struct plant plant = plant_draw("address undefined", random);
	struct words words = right[PLANT_HEAP_READ];
	ck_assert(plant.undefined && plant.kind == PLANT_HEAP_READ && plant.bytes == 1000);
	ck_assert_int_eq(plant.left, (1 << 30) + 7);
	ck_assert_int_eq(plant.right, INT_MAX);
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
#define OVERFLOW(right, function)                                                                \
	"labs/common/plant.c:50:16: runtime error: signed integer overflow: 1073741831 + " right \
	" cannot be represented in type 'int'\n    #0 0x1 in " function                          \
	" labs/common/plant.c:50\n"                                                              \
	"    #1 0x2 in commit labs/common/plant.c:60\n\n"
	words.before = OVERFLOW("2147483647", "plant_overflow");
	ck_assert(plant_is_reported(&plant, report(&words, 1000, 5)));
	ck_assert(!plant_is_reported(&plant, words.before));
	char spoiled[1000];
	(void)snprintf(spoiled, sizeof spoiled, "    #0 x %s", words.before);
	words.before = spoiled;
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
	words.before = OVERFLOW("2147483646", "plant_overflow");
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
	words.before = OVERFLOW("2147483647", "conn_serve");
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
	words.before = OVERFLOW("2147483647", "plant_overflow") OVERFLOW("1", "conn_serve");
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
	words.before = OVERFLOW("1", "conn_serve") OVERFLOW("2147483647", "plant_overflow");
	ck_assert(!plant_is_reported(&plant, report(&words, 1000, 5)));
}
END_TEST

START_TEST(what_looks_like_ours_is_nobodys_error)
{
	struct words words = right[PLANT_HEAP_READ];
	ck_assert(plant_is_alike(report(&words, 1, 1)));
	words.side = "left of";
	ck_assert(plant_is_alike(report(&words, 1, 1)));
	words.function = "conn_serve";
	ck_assert(!plant_is_alike(report(&words, 1, 1)));
	words.before = "net.c:7:3: runtime error: x\n    #0 0x1 in f net.c:7\n\n";
	words.function = "plant_heap_read";
	ck_assert(!plant_is_alike(report(&words, 1, 1)));
	ck_assert(!plant_is_alike(""));
	ck_assert(!plant_is_alike("    #0 0x1"));
}
END_TEST

TCase *plant_test(void)
{
	TCase *tests = tcase_create("run/plant");
	tcase_add_test(tests, what_is_drawn_is_an_error_that_the_detector_can_see);
	tcase_add_test(tests, the_report_of_exactly_this_error_is_known_again);
	tcase_add_test(tests, other_values_kinds_and_functions_are_not_it);
	tcase_add_test(tests, a_report_beside_it_is_not_hidden_by_it);
	tcase_add_test(tests, an_overflow_comes_first_where_it_is_looked_for);
	tcase_add_test(tests, what_looks_like_ours_is_nobodys_error);
	tcase_add_test(tests, half_a_report_is_none);
	return tests;
}
