/* wire.h: what is sent arrives whole, and what is no message is refused as a whole. */
#include "wire.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>

TCase *wire_test(void);

static struct wire_message message;

static void make_wire(int end[2])
{
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end), 0);
}

START_TEST(message_arrives_whole)
{
	static uint8_t data[WIRE_DATA_MAX];
	struct wire_head head = { .kind = WIRE_CALL,
				  .op = 7,
				  .seq = 3,
				  .data_len = sizeof(data),
				  .arg = { -1, 2, 3, 4, 5, INT64_MIN } };
	int end[2], null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	make_wire(end);
	data[sizeof(data) - 1] = 9;
	ck_assert_int_eq(wire_send(end[0], &head, data, &null, 1), 0);
	ck_assert_int_eq(wire_receive(end[1], &message, 0), 0);
	ck_assert_int_eq(message.head.kind, WIRE_CALL);
	ck_assert_int_eq(message.head.op, 7);
	ck_assert_uint_eq(message.head.seq, 3);
	ck_assert_uint_eq(message.head.data_len, sizeof(data));
	ck_assert(message.head.arg[0] == -1 && message.head.arg[5] == INT64_MIN);
	ck_assert_int_eq(message.data[sizeof(data) - 1], 9);
	ck_assert_uint_eq(message.fd_count, 1);
	ck_assert_int_eq(fcntl(message.fds[0], F_GETFD), FD_CLOEXEC);
	wire_drop_fds(&message);
	ck_assert_int_eq(fcntl(message.fds[0], F_GETFD), -1);
}
END_TEST

START_TEST(end_and_nothing_are_told_apart)
{
	int end[2];

	make_wire(end);
	ck_assert_int_eq(wire_receive(end[1], &message, MSG_DONTWAIT), EAGAIN);
	(void)close(end[0]);
	ck_assert_int_eq(wire_receive(end[1], &message, 0), EPIPE);
	ck_assert_int_eq(
		wire_send(end[1], &(struct wire_head){ .kind = WIRE_CALL, .op = 1 }, NULL, NULL, 0),
		EPIPE);
}
END_TEST

START_TEST(too_much_is_not_sent)
{
	struct wire_head head = { .kind = WIRE_CALL, .op = 1, .data_len = WIRE_DATA_MAX + 1 };
	int end[2];

	make_wire(end);
	ck_assert_int_eq(wire_send(end[0], &head, NULL, NULL, 0), EMSGSIZE);
}
END_TEST

/* Each row spoils one field of a good message. */
START_TEST(spoiled_message_is_refused)
{
	const struct wire_head good = { .magic = WIRE_MAGIC, .kind = WIRE_RETURN, .op = 1 };
	struct wire_head bad[] = { good, good, good, good, good };
	int end[2];

	make_wire(end);
	bad[0].magic++;
	bad[1].kind = 0;
	bad[2].kind = WIRE_ANSWER + 1;
	bad[3].op = 0;
	bad[4].data_len = 1;
	for (size_t i = 0; i < 5; i++) {
		ck_assert_int_eq(send(end[0], &bad[i], sizeof(bad[i]), 0), sizeof(bad[i]));
		ck_assert_int_eq(wire_receive(end[1], &message, 0), EPROTO);
	}
	ck_assert_int_eq(send(end[0], &good, sizeof(good) - 1, 0), sizeof(good) - 1);
	ck_assert_int_eq(wire_receive(end[1], &message, 0), EPROTO);
	ck_assert_int_eq(send(end[0], &good, sizeof(good), 0), sizeof(good));
	ck_assert_int_eq(wire_receive(end[1], &message, 0), 0);
}
END_TEST

TCase *wire_test(void)
{
	TCase *tc = tcase_create("wire");

	tcase_add_test(tc, message_arrives_whole);
	tcase_add_test(tc, end_and_nothing_are_told_apart);
	tcase_add_test(tc, too_much_is_not_sent);
	tcase_add_test(tc, spoiled_message_is_refused);
	return tc;
}
