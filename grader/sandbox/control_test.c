/* What init says is read as if somebody else had said it: random messages, with random descriptors,
 * neither crash the supervisor nor fill its table of descriptors. */
#include <check.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sandbox/inside.h"
#include "sandbox/pass.h"

TCase *control_test(void);

enum { MESSAGES = 2000, FDS_MAX = 5, TABLE = 256 };

static unsigned draw(unsigned *state)
{
	*state = *state * 1103515245u + 12345u; /* the example of ISO C */
	return *state >> 16;
}

static int open_descriptors(void)
{
	int count = 0;
	for (int fd = 0; fd < TABLE; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void say_anything(int socket, int null, unsigned *state)
{
	struct control_message message;
	int fds[FDS_MAX];
	const size_t count = draw(state) % (FDS_MAX + 1);
	for (size_t i = 0; i < sizeof message; i++)
		((unsigned char *)&message)[i] = (unsigned char)draw(state);
	if (draw(state) % 4 != 0)
		message.kind = (enum control_kind)(draw(state) % 7);
	for (size_t i = 0; i < count; i++)
		fds[i] = null;
	const size_t bytes = draw(state) % 8 != 0 ? sizeof message : draw(state) % sizeof message;
	ck_assert_int_eq(pass_send(socket, &message, bytes, fds, count), 0);
}

START_TEST(random_messages_are_survived)
{
	int sockets[2];
	const int on = 1, null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	unsigned state = 1 + (unsigned)_i;
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	ck_assert_int_eq(setsockopt(sockets[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on), 0);
	const int before = open_descriptors();
	for (int i = 0; i < MESSAGES; i++) {
		struct box_fault fault = { .error = 0 };
		struct box box = {
			.init = -1,
			.main = -1,
			.init_handle = -1,
			.control = sockets[0],
			.output = { -1, -1 },
			.dirs = { -1, -1, -1 },
			.child = (i & 1) != 0,
			.held = (i & 2) != 0,
		};
		guard_init(&box.guard, false);
		for (int j = 0; j < 4; j++) {
			say_anything(sockets[1], null, &state);
			(void)box_read(&box, true, &fault);
			ck_assert_ptr_nonnull(memchr(fault.step, '\0', sizeof fault.step));
		}
		char leave[64]; /* what box_go has answered */
		while (recv(sockets[1], leave, sizeof leave, MSG_DONTWAIT) > 0)
			;
		guard_close(&box.guard);
		for (size_t j = 0; j < BOX_DIRS; j++)
			if (box.dirs[j] >= 0)
				(void)close(box.dirs[j]);
		ck_assert_int_eq(open_descriptors(), before);
	}
	(void)close(sockets[0]);
	(void)close(sockets[1]);
	(void)close(null);
}
END_TEST

TCase *control_test(void)
{
	TCase *tcase = tcase_create("control");
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, random_messages_are_survived, 0, 2);
	return tcase;
}
