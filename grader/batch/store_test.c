/* The store: what is committed, what is refused, what a class is made of. */
#include "batch/store.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/json.h"
#include "batch/class.h"
#include "batch/queue.h"
#include "batch/sql.h"

static char folder[] = "/tmp/store_test.XXXXXX";
static struct store store;

static struct lab_test tests[] = {
	{ .id = (char[]){ "L3.A.1" },
	  .part = (char[]){ "A" },
	  .title = (char[]){ "one" },
	  .points = 600 },
	{ .id = (char[]){ "L3.A.2" },
	  .part = (char[]){ "A" },
	  .title = (char[]){ "two" },
	  .points = 250 },
};
static struct lab_part parts[] = { { .id = (char[]){ "A" }, .title = (char[]){ "use" } } };
static const struct lab lab = { .name = (char[]){ "3-work-queue" },
				.number = (char[]){ "3" },
				.title = (char[]){ "A queue" },
				.tests = tests,
				.test_count = 2,
				.parts = parts,
				.part_count = 1 };

static const char key_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char key_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
static const char hash_1[] = "1111111111111111111111111111111111111111111111111111111111111111";
static const char hash_2[] = "2222222222222222222222222222222222222222222222222222222222222222";

static void begin_run(const char *key, const char *lab_hash, bool regrade)
{
	AUTO_FREE char *text = must_printf("sha256:%s", key);
	json_t *versions = json_make("{s:s, s:s, s:s, s:[], s:s}", "grader_hash", "sha256:1",
				     "lab_hash", lab_hash, "toolchain", "gcc", "features",
				     "grade_key", text);
	const struct store_key run = {
		.lab = &lab, .seed = "0000000000000001", .isolation = "full", .versions = versions
	};
	store_run(&store, &run, regrade);
	json_decref(versions);
}

static void put_class(const char *ann, const char *bob)
{
	struct entries entries = { .layout = must_strdup("plain") };
	const char *const names[] = { "ann", "bob", "cat", "eve" };
	const char *const hashes[] = { ann, bob, ann, "" };
	for (size_t i = 0; i < 4; i++) {
		struct entry *entry = entries_add(&entries, names[i]);
		entry->name = must_strdup(names[i]);
		entry->late = 0;
		memcpy(entry->hash, hashes[i], strlen(hashes[i]) + 1);
		entry_set(&entry_add_member(entry)->login, names[i]);
		if (*hashes[i] == '\0')
			entry_refuse(entry, "no archive");
	}
	store_entries(&store, &entries);
	entries_fini(&entries);
}

/* The first test passed or not, the second one not. */
static void commit(const char *hash, bool first)
{
	struct result result = { .grade = must_strdup("{}"),
				 .grade_bytes = 2,
				 .run = must_strdup("{}"),
				 .run_bytes = 2 };
	const char *failed = "{s:s, s:s, s:i, s:f, s:{s:s, s:s, s:s}}";
	json_t *row = first ? json_make("{s:s, s:s, s:i, s:i}", "id", "L3.A.1", "status", "pass",
					"points", 6, "max", 6)
			    : json_make(failed, "id", "L3.A.1", "status", "fail", "points", 0,
					"max", 6.0, "finding", "id", "lost-item", "what", "gone",
					"why", "law");
	json_t *second = json_make(failed, "id", "L3.A.2", "status", "fail", "points", 0, "max",
				   2.5, "finding", "id", "leak", "what", "kept", "why", "law");
	result.value = json_make("{s:f, s:f, s:[o, o]}", "score", first ? 6.0 : 0.0, "max", 8.5,
				 "tests", row, second);
	store_verdict(&store, hash, &result, store_attempt(&store, hash, 0));
	result_fini(&result);
}

static void set_up(void)
{
	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): the old end stays */
	memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(folder));
	store_open(&store, folder);
	begin_run(key_a, "sha256:1", false);
}

static void tear_down(void)
{
	store_close(&store);
	ck_assert_int_eq(folder_remove(folder), 0);
}

static long count(const char *state)
{
	return (long)sql_value(store.db, -1,
			       "SELECT count(*) FROM entries WHERE run_id = ? AND state = ?", "it",
			       store.run, state);
}

/* Exit status of who does this in a child. */
static int status_of(void (*action)(void))
{
	const pid_t pid = fork();
	if (pid == 0) {
		(void)!freopen("/dev/null", "w", stderr);
		action();
		_exit(0);
	}
	int status = 0;
	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(equal_hand_ins_share_a_verdict)
{
	put_class(hash_1, hash_2);
	struct queue queue;
	const struct words all = { 0 };
	queue_fill(&queue, &store, &all);
	ck_assert_uint_eq(queue.count, 2);
	ck_assert_str_eq(queue.item[0].entry, "ann");
	ck_assert_str_eq(queue.item[1].entry, "bob");
	queue_fini(&queue);
	commit(hash_1, true);
	ck_assert_int_eq(count("final"), 2);
	ck_assert_int_eq(count("queued"), 1);
	ck_assert_int_eq(count("unreadable"), 1);
}
END_TEST

START_TEST(scanning_again_keeps_what_is_graded)
{
	put_class(hash_1, hash_2);
	commit(hash_1, true);
	put_class(hash_1, hash_2);
	ck_assert_int_eq(count("final"), 2);
	put_class(hash_2, hash_1); /* ann has handed in something else; bob what is known */
	ck_assert_int_eq(count("final"), 1);
	ck_assert_int_eq(count("queued"), 2);
}
END_TEST

START_TEST(another_key_needs_a_word)
{
	put_class(hash_1, hash_2);
	commit(hash_1, true);
	begin_run(key_b, "sha256:2", true);
	put_class(hash_1, hash_2);
	ck_assert_int_eq(count("queued"), 3);
	ck_assert_int_eq(sql_value(store.db, 0, "SELECT count(*) FROM verdicts", ""), 1);
	begin_run(key_a, "sha256:1", true); /* back again: nothing to do for those */
	put_class(hash_1, hash_2);
	ck_assert_int_eq(count("final"), 2);
}
END_TEST

static void run_of_b(void)
{
	begin_run(key_b, "sha256:2", false);
}
static void open_again(void)
{
	struct store other;
	store_open(&other, folder);
}
static void two_scores(void)
{
	commit(hash_1, true);
	commit(hash_1, false);
}

START_TEST(refusals)
{
	put_class(hash_1, hash_2);
	ck_assert_int_eq(status_of(run_of_b), 2);
	ck_assert_int_eq(status_of(open_again), 2); /* the lock */
}
END_TEST

START_TEST(a_verdict_is_final)
{
	put_class(hash_1, hash_2);
	ck_assert_int_eq(status_of(two_scores), 2);
}
END_TEST

START_TEST(three_ends_of_the_batch_are_enough)
{
	const struct words all = { 0 };
	put_class(hash_1, hash_2);
	for (int ends = 1; ends <= 3; ends++) {
		struct queue queue;
		(void)store_attempt(&store, hash_1, 0);
		queue_fill(&queue, &store, &all);
		ck_assert_uint_eq(queue.count, ends < 3 ? 2 : 1);
		/* A suspect is the last, and alone. */
		ck_assert_str_eq(queue.item[0].entry, ends < 2 ? "ann" : "bob");
		if (ends == 2) {
			ck_assert(queue.item[1].alone);
			(void)queue_take(&queue);
			ck_assert(!queue_has(&queue, 1));
			ck_assert(queue_has(&queue, 0));
		}
		queue_fini(&queue);
	}
	ck_assert_int_eq(count("ungraded"), 2);
	put_class(hash_1, hash_2); /* the next command tries again */
	ck_assert_int_eq(count("queued"), 3);
}
END_TEST

START_TEST(the_class_is_what_the_store_holds)
{
	put_class(hash_1, hash_2);
	commit(hash_1, false);
	commit(hash_2, true);
	json_t *class = class_make(&store);
	json_t *ann = json_array_get(json_object_get(class, "entries"), 0);
	json_t *eve = json_array_get(json_object_get(class, "entries"), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(class, "max_c")), 850);
	ck_assert_int_eq(json_integer_value(json_object_get(ann, "score_c")), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(ann, "max_c")), 850);
	ck_assert_str_eq(json_text_of(ann, "worst_finding", ""), "lost-item");
	ck_assert_uint_eq(json_array_size(json_object_get(ann, "failed")), 2);
	ck_assert(json_is_null(json_object_get(eve, "score_c")));
	ck_assert_str_eq(json_text_of(eve, "state", ""), "unreadable");
	const json_t *leak = json_array_get(json_object_get(class, "findings"), 0);
	ck_assert_str_eq(json_text_of(leak, "id", ""), "leak");
	ck_assert_int_eq(json_integer_value(json_object_get(leak, "count")), 3);
	const json_t *first = json_array_get(json_object_get(class, "tests"), 0);
	ck_assert_int_eq(json_integer_value(json_object_get(first, "pass")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(first, "fail")), 2);
	json_decref(class);
}
END_TEST

START_TEST(the_late_rule_comes_from_the_store)
{
	const struct batch_conf conf = {
		.due = (char[]){ "x" }, .due_s = 86400, .per_day = 10, .max_days = 3
	};
	put_class(hash_1, hash_2);
	commit(hash_2, true);
	store_settings(&store, &conf, "csv");
	sql_do(store.db,
	       "UPDATE entries SET late = 1, submitted = '1970-01-02T00:00:01Z' WHERE name = 'bob'",
	       "");
	json_t *class = class_make(&store);
	json_t *bob = json_array_get(json_object_get(class, "entries"), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(bob, "score_c")), 600);
	ck_assert_int_eq(json_integer_value(json_object_get(bob, "final_c")), 515);
	json_decref(class);
}
END_TEST

TCase *store_test(void);
TCase *store_test(void)
{
	TCase *tests_of = tcase_create("store");
	tcase_add_checked_fixture(tests_of, set_up, tear_down);
	tcase_add_test(tests_of, equal_hand_ins_share_a_verdict);
	tcase_add_test(tests_of, scanning_again_keeps_what_is_graded);
	tcase_add_test(tests_of, another_key_needs_a_word);
	tcase_add_test(tests_of, refusals);
	tcase_add_test(tests_of, a_verdict_is_final);
	tcase_add_test(tests_of, three_ends_of_the_batch_are_enough);
	tcase_add_test(tests_of, the_class_is_what_the_store_holds);
	tcase_add_test(tests_of, the_late_rule_comes_from_the_store);
	return tests_of;
}
