/* Where in the examiner's memory an attacker has to reach: what he can read in these sources. Prints the words of the attacks as a sed
 * script. */
#include <stdio.h>

#include "runtime/state.h"
#include "tests/ops.h"

int main(void)
{
	const unsigned long area = (sizeof(struct explore_area) + 4095) & ~4095ul, state = HARNESS_AT + area;
	const struct {
		const char *word;
		unsigned long value;
	} places[] = {
		{ "STACKS_AT", STACKS_AT },
		{ "STACKS_BYTES", STACK_STRIDE * 16ul },
		{ "RACES_OFF", EXPLORE_RACES_OFF },
		{ "FLAGS_AT", state + offsetof(struct runtime, flags) },
		{ "THREAD_BYTES", sizeof(struct thread) },
		{ "SLOT_AT", state + offsetof(struct runtime, slot) },
		{ "THREADS_AT", state + offsetof(struct runtime, thread) },
		{ "THREADS_END", state + offsetof(struct runtime, thread) + sizeof(struct thread) * 16 },
		{ "HISTORY_AT", offsetof(struct explore_answer, history) },
		{ "HISTORY_BYTES", sizeof(struct explore_history) },
		{ "SCRIPT_OPS_AT", HARNESS_AT + offsetof(struct explore_area, script.ops) },
		{ "SCRIPT_OP_AT", HARNESS_AT + offsetof(struct explore_area, script.op) },
		{ "OP_BYTES", sizeof(struct explore_op) },
		{ "CREATE", OP_BQ_CREATE },
	};

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		printf("s/@%s@/%luul/g\n", places[i].word, places[i].value);
	return 0;
}
