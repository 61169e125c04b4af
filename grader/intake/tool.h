/* intake/tool.h - runs a compiler, a linker or one of our own readers in a box, on copies of its
 * input. What parses a submission's bytes runs here, never in this process. [MT-Confined] */
#ifndef GRADER_TOOL_H
#define GRADER_TOOL_H
#include <jansson.h>
#include <stddef.h>

#include "base/words.h"
#include "sandbox/box.h"

/* Files for a box. The list owns its descriptors and paths. */
struct tool_input {
	struct box_file *files; /* ended by a NULL path; NULL while empty */
	size_t count;
};

/* Opens a file of ours. Dies if it cannot be read: then the build is incomplete. */
void tool_input_file(struct tool_input *input, const char *host_path, const char *box_path,
		     mode_t mode);
/* A copy of these bytes. */
void tool_input_bytes(struct tool_input *input, const void *bytes, size_t length,
		      const char *box_path);
void tool_input_fini(struct tool_input *input);

/* Runs argv[0] with /usr, the files, a writable /out and /tmp, and limits fit for a compiler. Dies
 * if the box cannot be set up. *result is returned to the caller (box_result_fini). */
void tool_run(enum box_policy policy, const struct words *argv, const struct tool_input *input,
	      struct box_result *result);

/* Runs `build/grade ARGV...` in a BOX_POLICY_TOOL box and reads the JSON that it prints. NULL if it
 * ended in any other way than by printing JSON: its input was made to break it. Returned. */
json_t *tool_read(const struct words *argv, const struct tool_input *input);

/* The same with another reader of ours than build/grade: its path. */
json_t *tool_read_by(const char *program, const struct words *argv, const struct tool_input *input);

/* Copies /out/NAME of the box to path. 0, or a positive errno: the tool did not make it as it
 * should. */
int tool_take(const struct box_result *result, const char *name, const char *path, mode_t mode);

#endif
