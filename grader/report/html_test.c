/* The tools of the HTML report: no text leaves them as anything but text. */
#include "report/html.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/json.h"
#include "report/html_write.h"

TCase *html_test(void);

struct sink {
	FILE *out;
	char *text;
	size_t length;
};

static FILE *sink_open(struct sink *sink)
{
	sink->out = open_memstream(&sink->text, &sink->length);
	ck_assert_ptr_nonnull(sink->out);
	return sink->out;
}

static void sink_is(struct sink *sink, const char *wanted)
{
	ck_assert_int_eq(fclose(sink->out), 0);
	ck_assert_str_eq(sink->text, wanted);
	free(sink->text);
}

START_TEST(five_characters_become_references)
{
	struct sink sink;
	html_put(sink_open(&sink), "<b>%s</b> %d %ld %zu %lld %u 5%%", "<&>\"'", -1, 2L, (size_t)3,
		 4LL, 6U);
	sink_is(&sink, "<b>&lt;&amp;&gt;&quot;&#39;</b> -1 2 3 4 6 5%");
}
END_TEST

/* NOLINTBEGIN(misc-misleading-bidirectional): that is what is tested */
START_TEST(controls_and_directions_become_numbers)
{
	struct sink sink;
	html_text(sink_open(&sink), "a\x1b[31m\x7f \xe2\x80\xae \xc2\x9b \xe2\x81\xa6 \xef\xbb\xbf "
				    "\t\n\xc3\xa9 \xe2\x80\xa6 \xef\xbf\xbd");
	sink_is(&sink, "a\\u001b[31m\\u007f \\u202e \\u009b \\u2066 \\ufeff \t\n\xc3\xa9 "
		       "\xe2\x80\xa6 \xef\xbf\xbd");
}
END_TEST

START_TEST(a_text_cut_in_a_character_is_not_read_beyond)
{
	struct sink sink;
	html_bytes(sink_open(&sink), "x\xe2\x80\xae", 3);
	sink_is(&sink, "x\xe2\x80");
}
END_TEST
/* NOLINTEND(misc-misleading-bidirectional) */

START_TEST(an_id_is_made_of_few_characters)
{
	struct sink sink;
	html_id(sink_open(&sink), "L3.B.2\" onload=\xc3\xa9");
	sink_is(&sink, "L3.B.2__onload___");
}
END_TEST

START_TEST(only_a_folders_name_is_linked)
{
	ck_assert(html_is_entry("jdoe"));
	ck_assert(html_is_entry("jane.doe+3@example.edu~2"));
	ck_assert(!html_is_entry(""));
	ck_assert(!html_is_entry(".."));
	ck_assert(!html_is_entry("a/b"));
	ck_assert(!html_is_entry("javascript:alert(1)"));
	ck_assert(!html_is_entry("a\"b"));
}
END_TEST

START_TEST(a_time_is_written_for_people_and_another_text_is_text)
{
	struct sink sink;
	html_time(sink_open(&sink), "2026-11-21T20:46:14Z");
	sink_is(&sink, "<time datetime=\"2026-11-21T20:46:14Z\">21\xc2\xa0Nov\xc2\xa0"
		       "2026, 20:46\xc2\xa0UTC</time>");
	html_time(sink_open(&sink), "2026-13-21T20:46:14Z");
	sink_is(&sink, "2026-13-21T20:46:14Z");
	html_time(sink_open(&sink), "<yesterday>");
	sink_is(&sink, "&lt;yesterday&gt;");
}
END_TEST

START_TEST(a_picture_of_shapes_is_copied)
{
	struct sink sink;
	html_picture(sink_open(&sink),
		     "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\"><style>.plot{}"
		     "</style><path d=\"M1 2\"/><text x=\"1\">a &lt; b</text></svg>\n");
	sink_is(&sink,
		"<svg class=\"plot\"><style>.plot{}</style><path d=\"M1 2\"/><text x=\"1\">a "
		"&lt; b</text></svg>\n");
}
END_TEST

static const char *const bad_pictures[] = {
	"",
	"text",
	"<svg class=\"a\"><script>1</script></svg>",
	"<svg onload=\"1\"></svg>",
	"<svg class=\"a\" onload=\"1\"></svg>",
	"<svg class='a'></svg>",
	"<svg class=\"a\"><a href=\"x\">y</a></svg>",
	"<svg class=\"a\"><style>@import 'x'</style></svg>",
	"<svg class=\"a\"><style>.a{fill:url(x)}</style></svg>",
	"<svg class=\"a\"><style>\\75rl(x)</style></svg>",
	"<svg class=\"a\"><foreignObject/></svg>",
	"<svg class=\"a\"><!-- --></svg>",
	"<svg class=\"a",
};

START_TEST(any_other_picture_is_left_out)
{
	struct sink sink;
	html_picture(sink_open(&sink), bad_pictures[_i]);
	ck_assert_int_eq(fclose(sink.out), 0);
	ck_assert_msg(strstr(sink.text, "damaged") != NULL, "%s", sink.text);
	ck_assert_ptr_null(strstr(sink.text, "<svg"));
	free(sink.text);
}
END_TEST

START_TEST(every_line_of_a_source_is_kept_and_clean)
{
	/* NOLINTNEXTLINE(misc-misleading-bidirectional) */
	AUTO_FREE char *text = html_source_clean("a\x1b\n\n\tb\xff\xe2\x80\xae", 10);
	ck_assert_str_eq(text, "a\\u001b\n\n\tb\\xff\\u202e\n");
	AUTO_FREE char *empty = html_source_clean("", 0);
	ck_assert_str_eq(empty, "");
}
END_TEST

TCase *html_test(void)
{
	TCase *tc = tcase_create("html");
	tcase_add_test(tc, five_characters_become_references);
	tcase_add_test(tc, controls_and_directions_become_numbers);
	tcase_add_test(tc, a_text_cut_in_a_character_is_not_read_beyond);
	tcase_add_test(tc, an_id_is_made_of_few_characters);
	tcase_add_test(tc, only_a_folders_name_is_linked);
	tcase_add_test(tc, a_time_is_written_for_people_and_another_text_is_text);
	tcase_add_test(tc, a_picture_of_shapes_is_copied);
	tcase_add_loop_test(tc, any_other_picture_is_left_out, 0,
			    sizeof bad_pictures / sizeof bad_pictures[0]);
	tcase_add_test(tc, every_line_of_a_source_is_kept_and_clean);
	return tc;
}
