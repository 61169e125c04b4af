/* intake/link.h - from a build's objects to the two programs that the runner seats. [MT-Confined]
 */
#ifndef GRADER_LINK_H
#define GRADER_LINK_H
#include <jansson.h>
#include <stdbool.h>

#include "base/words.h"
#include "intake/lab.h"
#include "intake/tool.h"

/* Makes folder/obj/BUILD/student.o, in which only the exports are global and all code is in the
 * section student_text. NULL, or the finding why it cannot be linked (returned). */
json_t *link_student(const struct lab *lab, const struct lab_build *build,
		     const struct words *objects, const char *folder);

/* Then folder/srv.BUILD (`server`) or folder/player.BUILD, mode 0555. Likewise. */
json_t *link_program(const struct lab *lab, const struct lab_build *build, bool server,
		     const char *folder);

/* Then `path`: the lab's stress, which takes the place of both (intake/second.h). Likewise. */
json_t *link_stress(const struct lab *lab, const struct lab_build *build, const char *folder,
		    const char *path);

/* One step in a box, whose /out/program goes to `path`. The command is emptied. NULL, or the
 * finding. */
json_t *link_step(const struct lab *lab, struct words *command, const struct tool_input *input,
		  const char *path, mode_t mode);

/* The finding `link-error` from a linker's output. For tests of its own. Returned. */
json_t *link_finding(const struct lab *lab, const char *output, size_t length);

#endif
