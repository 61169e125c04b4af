/* The monitor protocol, spoken to somebody who may be hostile: lines of JSON, of bounded length and
 * number. */
#include "machine_monitor.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/json.h"

enum { LINE_BYTES_MAX = 64 * 1024, ALL_BYTES_MAX = 4 << 20, PAUSE_MS = 2 };

static bool fail(struct monitor *monitor, const char *why)
{
	monitor->why = why;
	return false;
}

/* More bytes, within the guest's limit. */
static bool read_more(struct monitor *monitor)
{
	struct guest *guest = monitor->guest;
	if (monitor->length == LINE_BYTES_MAX || monitor->total > ALL_BYTES_MAX)
		return fail(monitor, "its monitor says more than we asked for");
	for (;;) {
		uint64_t now = clock_us();
		if (now >= guest->deadline_us)
			return fail(monitor, "its monitor does not answer");
		struct pollfd ready = { .fd = guest->monitor, .events = POLLIN };
		if (poll(&ready, 1, (int)((guest->deadline_us - now) / 1000 + 1)) < 0 &&
		    errno != EINTR)
			die_errno(errno, "cannot wait for a machine's monitor");
		if (ready.revents != 0)
			break;
	}
	ssize_t got = recv(guest->monitor, monitor->bytes + monitor->length,
			   LINE_BYTES_MAX - monitor->length, MSG_DONTWAIT);
	if (got <= 0)
		return fail(monitor, "its monitor has gone away");
	monitor->length += (size_t)got;
	monitor->total += (size_t)got;
	return true;
}

/* The next line as an object, or NULL. */
static json_t *read_object(struct monitor *monitor)
{
	char *end = NULL;
	while ((end = memchr(monitor->bytes, '\n', monitor->length)) == NULL)
		if (!read_more(monitor))
			return NULL;
	size_t length = (size_t)(end - monitor->bytes);
	json_t *object = json_read_bytes(monitor->bytes, length, NULL);
	monitor->length -= length + 1;
	memmove(monitor->bytes, end + 1, monitor->length);
	if (object != NULL && json_is_object(object))
		return object;
	json_decref(object);
	(void)fail(monitor, "its monitor talks nonsense");
	return NULL;
}

static bool say(struct monitor *monitor, const json_t *command, int fd)
{
	char *text = json_dumps(command, JSON_COMPACT);
	if (text == NULL)
		die("out of memory");
	struct iovec piece = { .iov_base = text, .iov_len = strlen(text) };
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(sizeof fd)];
	} control = { 0 };
	struct msghdr message = { .msg_iov = &piece, .msg_iovlen = 1 };
	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof control.space;
		control.head = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof fd),
						 .cmsg_level = SOL_SOCKET,
						 .cmsg_type = SCM_RIGHTS };
		memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	}
	ssize_t sent = sendmsg(monitor->guest->monitor, &message, MSG_NOSIGNAL);
	bool all = sent == (ssize_t)piece.iov_len;
	free(text);
	return all || fail(monitor, "its monitor has gone away");
}

/* The answer to the last command: events come in between. */
static bool read_answer(struct monitor *monitor, json_t **answer)
{
	for (;;) {
		json_t *object = read_object(monitor);
		if (object == NULL)
			return false;
		json_t *value = json_object_get(object, "return");
		bool refused = json_object_get(object, "error") != NULL;
		if (value != NULL && answer != NULL)
			*answer = json_incref(value);
		json_decref(object);
		if (refused)
			return fail(monitor, "its monitor refuses a command");
		if (value != NULL)
			return true;
	}
}

static bool ask(struct monitor *monitor, json_t **answer, const char *command, json_t *arguments,
		int fd)
{
	json_t *object = json_make("{s:s}", "execute", command);
	if (arguments != NULL)
		json_put(object, "arguments", arguments);
	bool asked = say(monitor, object, fd) && read_answer(monitor, answer);
	json_decref(object);
	return asked;
}

bool monitor_ask(struct monitor *monitor, json_t **answer, const char *command, const char *format,
		 ...)
{
	json_t *packed = NULL;
	if (format != NULL) {
		va_list arguments;
		va_start(arguments, format);
		packed = json_vpack_ex(NULL, 0, format, arguments);
		va_end(arguments);
		if (packed == NULL)
			die("out of memory");
	}
	return ask(monitor, answer, command, packed, -1);
}

bool monitor_open(struct monitor *monitor, struct guest *guest)
{
	*monitor = (struct monitor){ .guest = guest, .bytes = must_alloc(LINE_BYTES_MAX) };
	json_t *greeting = read_object(monitor);
	json_decref(greeting);
	return greeting != NULL && monitor_ask(monitor, NULL, "qmp_capabilities", NULL);
}

void monitor_close(struct monitor *monitor)
{
	free(monitor->bytes);
}

/* The text of "status" in the answer to a question without arguments; "" where there is none, as
 * before a state has begun to move. */
static bool ask_status(struct monitor *monitor, const char *question,
		       char status[static GUEST_NAME_BYTES])
{
	json_t *answer = NULL;
	if (!monitor_ask(monitor, &answer, question, NULL))
		return false;
	(void)snprintf(status, GUEST_NAME_BYTES, "%s", json_text_of(answer, "status", ""));
	json_decref(answer);
	(void)poll(NULL, 0, PAUSE_MS); /* who asks does so again and again */
	return true;
}

bool monitor_resume(struct monitor *monitor)
{
	char status[GUEST_NAME_BYTES] = "";
	do {
		if (!ask_status(monitor, "query-status", status))
			return false;
	} while (strcmp(status, "inmigrate") == 0);
	if (strcmp(status, "paused") != 0)
		return fail(monitor, "the saved state does not fit this machine");
	return monitor_ask(monitor, NULL, "cont", NULL);
}

bool monitor_save(struct monitor *monitor, int fd)
{
	const json_int_t unbounded = 100000000000; /* bytes a second */
	char status[GUEST_NAME_BYTES] = "";
	if (!monitor_ask(monitor, NULL, "stop", NULL) ||
	    !monitor_ask(monitor, NULL, "migrate-set-parameters", "{s:I}", "max-bandwidth",
			 unbounded) ||
	    !ask(monitor, NULL, "getfd", json_make("{s:s}", "fdname", "state"), fd) ||
	    !monitor_ask(monitor, NULL, "migrate", "{s:s}", "uri", "fd:state"))
		return false;
	do {
		if (!ask_status(monitor, "query-migrate", status))
			return false;
	} while (strcmp(status, "completed") != 0 && strcmp(status, "failed") != 0);
	if (strcmp(status, "completed") != 0)
		return fail(monitor, "its state could not be saved: is the disk full?");
	return monitor_ask(monitor, NULL, "quit", NULL);
}
