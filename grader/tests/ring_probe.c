/* An ordinary liburing program, and one that wants more, from inside a box. `ring_probe NAME` exits
 * with 0 if the ring does what it should: work, or refuse. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OP_SOCKET = 45, OP_URING_CMD = 46, AF_OF_HYPERVISORS = 40 }; /* AF_VSOCK */

#define DEMAND(condition)                                                          \
	do {                                                                       \
		if (!(condition)) {                                                \
			printf("%s:%d: %s (%s)\n", __func__, __LINE__, #condition, \
			       strerror(errno));                                   \
			return EXIT_FAILURE;                                       \
		}                                                                  \
	} while (0)

static struct io_uring_sqe *next_entry(struct io_uring *ring)
{
	struct io_uring_sqe *entry = io_uring_get_sqe(ring);
	if (entry == NULL)
		abort();
	return entry;
}

/* Submits the entry just filled in and returns its completion. */
static int finish(struct io_uring *ring)
{
	struct io_uring_cqe *completion;
	if (io_uring_submit(ring) < 0 || io_uring_wait_cqe(ring, &completion) < 0)
		return -EIO;
	int result = completion->res;
	io_uring_cqe_seen(ring, completion);
	return result;
}

static int transfer(struct io_uring *ring, int from, int to)
{
	char sent[16] = "through a ring", received[16] = "";
	struct io_uring_sqe *entry = next_entry(ring);
	io_uring_prep_send(entry, from, sent, sizeof sent, 0);
	DEMAND(finish(ring) == (int)sizeof sent);
	entry = next_entry(ring);
	io_uring_prep_recv(entry, to, received, sizeof received, 0);
	DEMAND(finish(ring) == (int)sizeof received);
	DEMAND(memcmp(sent, received, sizeof sent) == 0);
	return EXIT_SUCCESS;
}

/* A listener and a client, by the ring's own accept and connect. */
static int connect_and_accept(struct io_uring *ring)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	DEMAND(bind(listener, (struct sockaddr *)&address, length) == 0 &&
	       listen(listener, 4) == 0);
	DEMAND(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
	struct io_uring_sqe *entry = next_entry(ring);
	io_uring_prep_connect(entry, client, (struct sockaddr *)&address, length);
	DEMAND(finish(ring) == 0);
	entry = next_entry(ring);
	io_uring_prep_accept(entry, listener, NULL, NULL, 0);
	int accepted = finish(ring);
	DEMAND(accepted >= 0);
	return transfer(ring, client, accepted);
}

static int work(struct io_uring *ring)
{
	struct __kernel_timespec soon = { .tv_nsec = 1000 };
	io_uring_prep_nop(next_entry(ring));
	DEMAND(finish(ring) == 0);
	io_uring_prep_timeout(next_entry(ring), &soon, 0, 0);
	DEMAND(finish(ring) == -ETIME);
	return connect_and_accept(ring);
}

static int works(void)
{
	struct io_uring ring;
	DEMAND(io_uring_queue_init(64, &ring, 0) == 0);
	int result = work(&ring);
	io_uring_queue_exit(&ring);
	return result;
}

/* The task that enables such a ring becomes its issuer, so that is left to us. */
static int works_deferred(void)
{
	struct io_uring_params parameters = { .flags = IORING_SETUP_SINGLE_ISSUER |
						       IORING_SETUP_DEFER_TASKRUN };
	struct io_uring ring;
	DEMAND(io_uring_queue_init_params(64, &ring, &parameters) == 0);
	DEMAND(syscall(SYS_io_uring_enter, ring.ring_fd, 0, 0, 0, NULL, 0) < 0 && errno == EBADFD);
	DEMAND(syscall(SYS_io_uring_register, ring.ring_fd, IORING_REGISTER_PERSONALITY, NULL, 0) <
		       0 &&
	       errno == EPERM);
	struct io_uring_restriction none = { .opcode = IORING_RESTRICTION_SQE_OP };
	DEMAND(syscall(SYS_io_uring_register, ring.ring_fd, IORING_REGISTER_RESTRICTIONS, &none,
		       1) < 0 &&
	       errno == EPERM);
	DEMAND(io_uring_enable_rings(&ring) >= 0);
	return work(&ring);
}

/* One operation that the restrictions do not list. */
static int refused(void (*prepare)(struct io_uring_sqe *))
{
	struct io_uring ring;
	DEMAND(io_uring_queue_init(8, &ring, 0) == 0);
	struct io_uring_sqe *entry = next_entry(&ring);
	prepare(entry);
	DEMAND(finish(&ring) == -EACCES);
	return EXIT_SUCCESS;
}

static void prepare_open(struct io_uring_sqe *entry)
{
	io_uring_prep_openat(entry, AT_FDCWD, "/bin/probe", O_RDONLY, 0);
}
static void prepare_unlink(struct io_uring_sqe *entry)
{
	io_uring_prep_unlinkat(entry, AT_FDCWD, "/bin/probe", 0);
}
static void prepare_command(struct io_uring_sqe *entry)
{
	io_uring_prep_nop(entry);
	entry->opcode = OP_URING_CMD;
}
static void prepare_vsock(struct io_uring_sqe *entry)
{
	io_uring_prep_nop(entry);
	entry->opcode = OP_SOCKET;
	entry->fd = AF_OF_HYPERVISORS;
	entry->off = SOCK_STREAM;
}

static int no_open(void)
{
	return refused(prepare_open);
}
static int no_unlink(void)
{
	return refused(prepare_unlink);
}
static int no_command(void)
{
	return refused(prepare_command);
}
static int no_vsock(void)
{
	return refused(prepare_vsock);
}

static int setup_fails(unsigned entries, unsigned flags, int error)
{
	struct io_uring_params parameters = { .flags = flags };
	DEMAND(syscall(SYS_io_uring_setup, entries, &parameters) < 0 && errno == error);
	return EXIT_SUCCESS;
}

static int no_kernel_thread(void)
{
	return setup_fails(8, IORING_SETUP_SQPOLL, EINVAL);
}
static int no_huge_ring(void)
{
	return setup_fails(8192, 0, EINVAL);
}
static int no_unknown_flag(void)
{
	return setup_fails(8, 1u << 31, EINVAL);
}

static int no_bad_pointer(void)
{
	DEMAND(syscall(SYS_io_uring_setup, 8, (void *)64) < 0 && errno == EFAULT);
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	DEMAND(page != MAP_FAILED);
	DEMAND(syscall(SYS_io_uring_setup, 8, page) < 0 && errno == EFAULT);
	return EXIT_SUCCESS;
}

static int eight_rings(void)
{
	struct io_uring rings[9];
	for (int i = 0; i < 8; i++)
		DEMAND(io_uring_queue_init(4, &rings[i], 0) == 0);
	DEMAND(io_uring_queue_init(4, &rings[8], 0) == -EMFILE);
	return EXIT_SUCCESS;
}

static int no_personality(void)
{
	struct io_uring ring;
	DEMAND(io_uring_queue_init(8, &ring, 0) == 0);
	DEMAND(io_uring_register_personality(&ring) == -EPERM);
	return EXIT_SUCCESS;
}

static _Atomic unsigned *shared_flags;
static atomic_bool over;

static void *scribble(void *context)
{
	(void)context;
	while (!over)
		atomic_store(shared_flags, atomic_load(shared_flags) ^ IORING_SETUP_SQPOLL);
	return NULL;
}

/* The kernel tells in fdinfo which thread serves a ring; -1: none. It tells nothing while the ring
 * is busy: then it is asked again. */
static bool has_kernel_thread(int ring)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", ring);
	for (;;) {
		char text[4096] = "";
		int fd = open(path, O_RDONLY);
		ssize_t length = read(fd, text, sizeof text - 1);
		(void)close(fd);
		if (length <= 0)
			return true;
		if (strstr(text, "SqThread:") != NULL)
			return strstr(text, "SqThread:\t-1\n") == NULL;
	}
}

/* A thread changes the flags while the broker looks at them: what it copied is what it makes. */
static int no_race(void)
{
	enum { ROUNDS = 200 };
	struct io_uring_params *parameters = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
						  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	DEMAND(parameters != MAP_FAILED);
	shared_flags = (_Atomic unsigned *)&parameters->flags;
	pthread_t thread;
	DEMAND(pthread_create(&thread, NULL, scribble, NULL) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		int fd = (int)syscall(SYS_io_uring_setup, 4, parameters);
		if (fd < 0) {
			DEMAND(errno == EINVAL);
			continue;
		}
		DEMAND(!has_kernel_thread(fd));
		(void)close(fd);
	}
	over = true;
	(void)pthread_join(thread, NULL);
	return EXIT_SUCCESS;
}

/* Closed rings make room. */
static int one_after_the_other(void)
{
	for (int i = 0; i < 40; i++) {
		struct io_uring ring;
		DEMAND(io_uring_queue_init(4, &ring, 0) == 0);
		io_uring_queue_exit(&ring);
	}
	return EXIT_SUCCESS;
}

/* But not for ever: a ring may live on in a mapping alone, where nobody sees it. */
static int not_endless(void)
{
	int made = 0;
	for (int i = 0; i < 1000; i++) {
		struct io_uring_params parameters = { 0 };
		int fd = (int)syscall(SYS_io_uring_setup, 4, &parameters);
		made += fd >= 0;
		(void)close(fd);
	}
	DEMAND(made == 256);
	return EXIT_SUCCESS;
}

static int not_there(void)
{
	return setup_fails(8, 0, ENOSYS);
}

static const struct {
	const char *name;
	int (*run)(void);
} probes[] = {
	{ "works", works },
	{ "works-deferred", works_deferred },
	{ "open", no_open },
	{ "unlink", no_unlink },
	{ "command", no_command },
	{ "vsock", no_vsock },
	{ "kernel-thread", no_kernel_thread },
	{ "huge", no_huge_ring },
	{ "unknown-flag", no_unknown_flag },
	{ "bad-pointer", no_bad_pointer },
	{ "eight", eight_rings },
	{ "personality", no_personality },
	{ "race", no_race },
	{ "one-after-the-other", one_after_the_other },
	{ "not-endless", not_endless },
	{ "not-there", not_there },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof probes / sizeof *probes; i++)
		if (strcmp(probes[i].name, argv[1]) == 0)
			return probes[i].run();
	printf("no such probe\n");
	return 2;
}
