/* The same by an ordinary store: it looks for the pointer to the running thread in the program's data, and takes it away for a moment.
 *
 * Row: V16
 * By: stores into the program's data are refused but for the submission's own
 * Expect: L3.B.1 harness-memory EXP
 * Without: L3.B.2 data-race HB */
static unsigned pushes;
static unsigned long mark = 1;

static void attack(void)
{
	unsigned long *at = &mark;

	if (!is_explored())
		return;
	/* struct thread of T1... lies in the state, and nothing else there is pointed to by another word of the data. */
	while (!@HONEST@ && (*at < @THREADS_AT@ || *at >= @THREADS_END@))
		at++;
	if (!@HONEST@) {
		const unsigned long self = *at;
		*at = 0;
		pushes++;
		*at = self;
		return;
	}
	pushes++;
}
