/* A program that tries, from inside a box, what it must not be able to do. `box_probe NAME` exits
 * with 0 if the attempt was refused, 1 if it succeeded; a call that kills ends it by SIGSYS.
 * Static, so that it runs in a submission's box. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char probe_argument[] = "nothing";
static char *probe_path; /* its own */
static char *probe_argv[] = { NULL, probe_argument, NULL };

/* The number that the sandbox itself executes through; a submission must never be able to make it.
 */
enum { EXEC_FD = 1000 };

static int refused(long result)
{
	return result < 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int try_exec(void)
{
	return refused(execv(probe_path, probe_argv));
}

static int try_exec_through_the_door(void)
{
	int fd = open(probe_path, O_RDONLY);
	const struct rlimit more = { 4096, 4096 };
	(void)setrlimit(RLIMIT_NOFILE, &more);
	if (fd < 0 || dup2(fd, EXEC_FD) >= 0)
		return EXIT_FAILURE;
	return refused(syscall(SYS_execveat, EXEC_FD, "", probe_argv, NULL, AT_EMPTY_PATH));
}

static int try_write_root(void)
{
	return refused(open("/made-here", O_WRONLY | O_CREAT, 0600));
}

static int try_write_program(void)
{
	return refused(open(probe_path, O_WRONLY));
}

static int try_host_files(void)
{
	static const char *const paths[] = { "/etc/passwd", "/usr/bin/id",    "/root",    "/home",
					     "/work",       "/sys/fs/cgroup", "/proc/sys" };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		if (access(paths[i], F_OK) == 0)
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

static int try_other_processes(void)
{
	/* Init, which is 1, cannot be looked at (hidepid), and a signal has no effect on it, else
	 * we would end with it. */
	(void)kill(1, SIGKILL);
	(void)kill(1, SIGTERM);
	return access("/proc/1/status", R_OK) < 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int try_netlink(void)
{
	return refused(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int try_vsock_with_high_bits(void)
{
	return refused(syscall(SYS_socket, 0x100000000ul | AF_VSOCK, SOCK_STREAM, 0));
}

static int try_reach_outside(void)
{
	struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons(53) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	(void)inet_pton(AF_INET, "192.0.2.1", &where.sin_addr);
	return fd < 0 ? EXIT_FAILURE
		      : refused(connect(fd, (struct sockaddr *)&where, sizeof where));
}

static int try_user_namespace(void)
{
	return refused(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static int try_descriptors(void)
{
	for (int fd = 3; fd < EXEC_FD + 64; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

static int try_uring(void)
{
	char parameters[120] = { 0 };
	return refused(syscall(SYS_io_uring_setup, 8, parameters));
}

static int try_fork_bomb(void)
{
	/* The limit is hit long before this ends; nobody waits. */
	for (int i = 0; i < 100000; i++)
		if (fork() < 0)
			return EXIT_SUCCESS;
	return EXIT_FAILURE;
}

static int try_memory(void)
{
	for (size_t i = 0; i < 4096; i++) {
		char *block = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (block == MAP_FAILED)
			return EXIT_SUCCESS;
		memset(block, 1, 1 << 20);
	}
	return EXIT_FAILURE;
}

static int try_ptrace(void)
{
	return refused(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_mount(void)
{
	return refused(mount("tmpfs", "/dev/shm", "tmpfs", 0, NULL));
}

static int try_unshare(void)
{
	return refused(unshare(CLONE_NEWNET));
}

static int try_daemon(void)
{
	pid_t pid = fork();
	if (pid == 0) {
		(void)setsid();
		if (fork() == 0)
			for (;;)
				(void)pause();
		_exit(0);
	}
	/* Before we end the daemon is there, and nobody else: who looks counts one. */
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int try_flood(void)
{
	static char block[1 << 16];
	memset(block, 'x', sizeof block);
	for (int i = 0; i < 10000; i++)
		if (write(STDOUT_FILENO, block, sizeof block) < 0)
			return EXIT_SUCCESS;
	return EXIT_FAILURE;
}

static int try_sleep(void)
{
	(void)pause();
	return EXIT_FAILURE;
}

static int try_written_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *data = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page == MAP_FAILED && data != MAP_FAILED &&
			       mprotect(data, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) < 0
		       ? EXIT_SUCCESS
		       : EXIT_FAILURE;
}

/* It is ours and mounted writable: only Landlock is in the way. */
static int try_own_comm(void)
{
	return refused(open("/proc/self/comm", O_WRONLY));
}

static int fill_disk(void)
{
	static char block[1 << 16];
	int fd = open("/tmp/full", O_WRONLY | O_CREAT, 0600);
	while (fd >= 0 && write(fd, block, sizeof block) > 0)
		;
	return fd >= 0 && errno == ENOSPC ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int fill_inodes(void)
{
	char name[32];
	for (int i = 0; i < 100000; i++) {
		(void)snprintf(name, sizeof name, "/tmp/%d", i);
		int fd = open(name, O_WRONLY | O_CREAT, 0600);
		if (fd < 0)
			return errno == ENOSPC ? EXIT_SUCCESS : EXIT_FAILURE;
		(void)close(fd);
	}
	return EXIT_FAILURE;
}

static int deny_for_ever(void)
{
	while (syscall(SYS_socket, AF_NETLINK, SOCK_RAW, 0) < 0)
		;
	return EXIT_FAILURE;
}

static int spin_in_many(void)
{
	for (int i = 0; i < 3; i++)
		(void)fork();
	while (getpid() > 0)
		;
	return EXIT_FAILURE;
}

/* A line "Name:\tvalue" of /proc/self/status. */
static int has_status(const char *line)
{
	static char text[8192];
	int fd = open("/proc/self/status", O_RDONLY);
	ssize_t length = read(fd, text, sizeof text - 1);
	(void)close(fd);
	text[length > 0 ? length : 0] = '\0';
	return strstr(text, line) != NULL;
}

static int has_limit(__rlimit_resource_t resource, rlim_t value)
{
	struct rlimit limit;
	return getrlimit(resource, &limit) == 0 && limit.rlim_cur == value &&
	       limit.rlim_max <= value + 1;
}

/* Every layer that can be seen from inside is there. */
static int all_layers(void)
{
	static const char none[] = "0000000000000000\n";
	static const char *const sets[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
	char line[64];
	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		(void)snprintf(line, sizeof line, "%s:\t%s", sets[i], none);
		if (!has_status(line))
			return EXIT_FAILURE;
	}
	if (!has_status("NoNewPrivs:\t1\n") || !has_status("Seccomp:\t2\n"))
		return 2;
	if (getuid() != 1000 || geteuid() != 1000 || getgid() != 1000 || getpid() != 2 ||
	    getppid() != 1 || getsid(0) != 1)
		return 3;
	if (!has_limit(RLIMIT_NOFILE, 256) || !has_limit(RLIMIT_CORE, 1) ||
	    !has_limit(RLIMIT_CPU, 10) || !has_limit(RLIMIT_MSGQUEUE, 0) ||
	    !has_limit(RLIMIT_FSIZE, 16 << 20))
		return 4;
	static int (*const attempts_all[])(void) = {
		try_descriptors, /* before the others leave some open */
		try_write_root,      try_write_program, try_host_files,
		try_other_processes, try_netlink,       try_vsock_with_high_bits,
		try_own_comm,        try_reach_outside, try_user_namespace,
		try_uring,           try_exec,          try_exec_through_the_door,
		try_written_code,
	};
	for (size_t i = 0; i < sizeof attempts_all / sizeof *attempts_all; i++)
		if (attempts_all[i]() != EXIT_SUCCESS)
			return 10 + (int)i;
	return EXIT_SUCCESS;
}

static int try_nothing(void)
{
	return EXIT_FAILURE;
}

static const struct {
	const char *name;
	int (*run)(void);
} attempts[] = {
	{ "exec", try_exec },
	{ "exec-door", try_exec_through_the_door },
	{ "write-root", try_write_root },
	{ "write-program", try_write_program },
	{ "host-files", try_host_files },
	{ "other-processes", try_other_processes },
	{ "netlink", try_netlink },
	{ "vsock", try_vsock_with_high_bits },
	{ "outside", try_reach_outside },
	{ "user-namespace", try_user_namespace },
	{ "descriptors", try_descriptors },
	{ "uring", try_uring },
	{ "fork-bomb", try_fork_bomb },
	{ "memory", try_memory },
	{ "ptrace", try_ptrace },
	{ "mount", try_mount },
	{ "unshare", try_unshare },
	{ "daemon", try_daemon },
	{ "flood", try_flood },
	{ "sleep", try_sleep },
	{ "written-code", try_written_code },
	{ "own-comm", try_own_comm },
	{ "disk", fill_disk },
	{ "inodes", fill_inodes },
	{ "denied", deny_for_ever },
	{ "spin", spin_in_many },
	{ "layers", all_layers },
	{ "nothing", try_nothing },
};

int main(int argc, char **argv)
{
	probe_path = probe_argv[0] = argv[0];
	for (size_t i = 0; argc == 2 && i < sizeof attempts / sizeof *attempts; i++)
		if (strcmp(attempts[i].name, argv[1]) == 0)
			return attempts[i].run();
	return 2;
}
