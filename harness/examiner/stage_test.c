/* The stage with its clients and backend; the subject is played by a pulse of our making. */
#include "stage.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend.h"
#include "client.h"
#include "common/backend.h"
#include "common/clab.h"
#include "common/http.h"

TCase *stage_test(void);

static struct pulse asleep(void)
{
	return (struct pulse){ .quiet = true, .tasks = 1 };
}

static struct pulse ended(void)
{
	return (struct pulse){ .ended = true };
}

static uint64_t wakeups;

static struct pulse polling(void)
{
	wakeups += 10;
	return (struct pulse){ .tasks = 1, .wakeups = wakeups };
}

START_TEST(waits_end_by_what_the_subject_does)
{
	static struct stage stage;
	uint64_t begun = cl_now_us();

	stage.pulse = asleep;
	ck_assert(WAIT_UNTIL(&stage, true));
	ck_assert(!WAIT_UNTIL(&stage, false));
	ck_assert(cl_now_us() - begun >= 2000000u);
	stage.pulse = ended;
	ck_assert(!WAIT_UNTIL(&stage, false));
	stage.pulse = polling;
	ck_assert(!WAIT_UNTIL(&stage, false));
	ck_assert_uint_ge(wakeups, 200);
	ck_assert(!stage_settle(&stage));
	stage.pulse = asleep;
	ck_assert(stage_settle(&stage));
}
END_TEST

START_TEST(clients_send_and_collect)
{
	static struct stage stage = { .pulse = asleep };
	struct client c;
	struct answer a;
	char buffer[16] = "";
	int end[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, end), 0);
	client_adopt(&c, &stage, end[0]);
	client_send_text(&c, "hello");
	ck_assert(!client_consumed(&c));
	ck_assert_int_eq(read(end[1], buffer, sizeof(buffer)), 5);
	ck_assert(client_consumed(&c));
	ck_assert_str_eq(buffer, "hello");

	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	for (size_t i = 0; i < 2; i++)
		ck_assert_int_eq(write(end[1], answer, sizeof(answer) - 1), sizeof(answer) - 1);
	(void)close(end[1]);
	for (size_t i = 0; i < 2; i++) {
		ck_assert(WAIT_UNTIL(&stage, client_answered(&c, &a)));
		ck_assert_int_eq(a.status, 200);
		client_drop(&c, &a);
	}
	ck_assert(WAIT_UNTIL(&stage, client_ended(&c)));
	ck_assert_uint_eq(c.in_len, 0);
	client_close(&c);
	client_close(&c);
}
END_TEST

START_TEST(refused_connection_is_an_end)
{
	static struct stage stage = { .pulse = asleep };
	static struct backend b;
	struct client c;

	backend_open(&b, &stage, 1);
	const struct sockaddr_in at = b.at;
	backend_close(&b);
	client_open(&c, &stage, &at);
	ck_assert(WAIT_UNTIL(&stage, client_ended(&c)));
	client_close(&c);
}
END_TEST

static void send_call(struct client *c, uint64_t id, uint64_t value)
{
	uint8_t frame[16];

	cl_rpc_encode(frame, id, value);
	client_send(c, frame, sizeof(frame));
}

START_TEST(backend_holds_and_releases)
{
	static struct stage stage = { .pulse = asleep };
	static struct backend b;
	struct client c[3];
	uint64_t id, value;

	backend_open(&b, &stage, 99);
	backend_expect(&b, 5);
	b.hold = true;
	for (size_t i = 0; i < 3; i++)
		client_open(&c[i], &stage, &b.at);
	send_call(&c[0], 5, 100);
	send_call(&c[1], 5, 200);
	send_call(&c[2], 6, 300); /* nobody announced this one */
	ck_assert(WAIT_UNTIL(&stage, backend_in_flight(&b) == 2 && client_ended(&c[2])));
	ck_assert(backend_holds(&b, 5) && !backend_holds(&b, 6));
	ck_assert_uint_eq(c[0].in_len, 0);
	backend_release(&b, 5);
	ck_assert(WAIT_UNTIL(&stage, c[0].in_len == 16 && c[1].in_len == 16));
	cl_rpc_decode(c[1].in, &id, &value);
	ck_assert(id == 5 && value == cl_backend_mix(200, 99));
	for (size_t i = 0; i < 3; i++)
		client_close(&c[i]);
	backend_close(&b);
}
END_TEST

TCase *stage_test(void)
{
	TCase *tc = tcase_create("stage");

	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, waits_end_by_what_the_subject_does);
	tcase_add_test(tc, clients_send_and_collect);
	tcase_add_test(tc, refused_connection_is_an_end);
	tcase_add_test(tc, backend_holds_and_releases);
	return tc;
}
