/* run/trace.h - follows the system calls of a subject from outside: counts them, spoils chosen
 * ones, stops tasks instruction by instruction. The object that is graded is the plain one, and
 * what is seen here is believed.
 *
 * Source: ptrace(2) (PTRACE_SEIZE, system-call stops, PTRACE_GET_SYSCALL_INFO). System-call stops
 * come before the seccomp filter is asked, so a call that is spoiled here never reaches it. One
 * tracer follows one subject; [MT-Confined]. */
#ifndef GRADER_TRACE_H
#define GRADER_TRACE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

enum {
	TRACE_TASKS_MAX = 512,
	TRACE_CALLS_MAX = 100000,
	TRACE_RULES_MAX = 16,
	TRACE_NAMES_MAX = 16, /* calls in one rule, functions named for one handler */
	TRACE_HANDLER_DEPTH = 4,
	TRACE_STEPS_MAX = 1000000,
};

/* What a program's map file says, with link-time addresses. Borrowed by the tracer. */
struct trace_function {
	uint64_t address;
	char *name;
};
struct trace_map {
	uint64_t text_start, text_end;    /* of the student's code */
	struct trace_function *functions; /* sorted by address */
	size_t function_count;
};

enum trace_event { TRACE_CALL, TRACE_FORK, TRACE_EXIT, TRACE_HANDLER };

struct trace_call {
	enum trace_event event;
	pid_t pid;
	int nr; /* the call's number; of a handler: the signal's      */
	uint64_t a[3];
	int64_t result; /* of a fork: the child; of an exit: the wait status  */
	bool done;      /* returned                                           */
	bool injected;
	uint64_t inode; /* of the socket or pipe that a[0] is, else 0         */
	uint64_t place; /* return address in the student's text, or 0         */
	/* Of a handler: the library functions it entered. Each stands for all names of its address,
	 * which follow each other in the map: libc gives most of its functions several. */
	const struct trace_function *entered[TRACE_NAMES_MAX];
	size_t entered_count;
};

enum rule_who { WHO_ANY, WHO_MAIN, WHO_CHILD };
enum rule_when { SIGNAL_NONE, SIGNAL_BEFORE, SIGNAL_AFTER };

struct trace_rule {
	int calls[TRACE_NAMES_MAX * 2]; /* -1 ends; none = any */
	size_t call_count;
	enum rule_who who;
	uint64_t from, times;
	int error;      /* errno instead of the call, 0 = none       */
	uint64_t limit; /* largest length, 0 = none                  */
	int signo;
	enum rule_when when;
	uint64_t seen, fired;
};

enum step_state { STEP_NONE, STEP_ARMED, STEP_RUNNING, STEP_HELD, STEP_RETURNED };

struct saved_word {
	uint64_t address, value;
};

struct tracee {
	pid_t pid;
	bool in_call;
	bool stopped;   /* by a signal, until SIGCONT                   */
	bool retaken;   /* ... and that has not happened yet            */
	long call;      /* index in the log, -1 = none                  */
	int fake_error; /* to be returned instead of the real result    */
	bool retake;    /* the call is to be made anew after a signal   */
	uint64_t retake_nr, retake_place, retake_stack;
	int signal_after;
	struct saved_word saved[3];
	size_t saved_count;
	enum step_state step;
	uint64_t step_address, step_return, step_stack, step_count, steps;
	uint8_t step_byte; /* what the breakpoint replaced                 */
	struct {
		uint64_t end, steps; /* the address to which the handler returns     */
		long call;
		bool in_student;
	} handlers[TRACE_HANDLER_DEPTH];
	size_t handler_depth;
};

struct tracer {
	bool active, handlers, ending;
	pid_t main;
	uint64_t base; /* where the program was loaded */
	const struct trace_map *map;
	struct tracee tasks[TRACE_TASKS_MAX];
	size_t task_count;
	struct trace_call *calls;
	size_t call_count, call_room;
	bool cut; /* more calls than TRACE_CALLS_MAX */
	struct trace_rule rules[TRACE_RULES_MAX];
	size_t rule_count;
	void (*on_exit)(void *context); /* main is about to exit: its children and descriptors are
					   still there */
	void *context;
};

/* trace.c */
/* Seizes the main task before its exec. 0 or errno. */
int trace_start(struct tracer *tracer, pid_t main, const struct trace_map *map, bool handlers);
/* Serves every stop that is waiting; returns how many. Never blocks. */
size_t trace_serve(struct tracer *tracer);
/* From now on stops are only passed on, until all tracees are gone. */
void trace_end(struct tracer *tracer);
void trace_fini(struct tracer *tracer);
struct tracee *trace_find(struct tracer *tracer, pid_t pid);
/* Lets a stopped task go on, with a signal or 0. */
void trace_resume(struct tracer *tracer, struct tracee *task, int signo);

/* calls.c: the log */
struct trace_call *calls_add(struct tracer *tracer, enum trace_event event, pid_t pid);
void calls_enter(struct tracer *tracer, struct tracee *task, int nr, const uint64_t a[6],
		 uint64_t stack);
bool calls_name_group(const char *name, const int **calls, size_t *count);

/* inject.c: at a call's entry (with the instruction and stack pointers there) and exit */
void inject_enter(struct tracer *tracer, struct tracee *task, int nr, const uint64_t a[6],
		  uint64_t place, uint64_t stack);
void inject_leave(struct tracer *tracer, struct tracee *task);

/* step.c */
int step_arm(struct tracer *tracer, struct tracee *task, const char *function, uint64_t count);
/* A trap of the task: true if it was ours and has been served. */
bool step_trap(struct tracer *tracer, struct tracee *task);
/* handler.c: a signal is about to be delivered, and a trap while a handler runs. */
bool handler_trap(struct tracer *tracer, struct tracee *task, int code);

/* memory of a task: whole words or nothing */
bool trace_read(pid_t pid, uint64_t address, void *to, size_t bytes);
bool trace_write(pid_t pid, uint64_t address, const void *from, size_t bytes);
bool trace_registers(pid_t pid, struct user_regs_struct *registers);
bool trace_set_registers(pid_t pid, const struct user_regs_struct *registers);

#endif
