/* base/auto.h - variables that release what they hold when their scope ends.
 * Source: the cleanup attribute of gcc and clang; the habit (and take_*) as in bubblewrap.
 * All functions here are [MT-Safe]. */
#ifndef GRADER_AUTO_H
#define GRADER_AUTO_H
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void auto_free(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}

static inline void auto_close(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* the descriptor is gone whatever close says */
}

static inline void auto_fclose(FILE **file)
{
	if (*file != NULL)
		(void)fclose(*file);
}

#define AUTO_FREE __attribute__((cleanup(auto_free)))
#define AUTO_FD   __attribute__((cleanup(auto_close)))
#define AUTO_FILE __attribute__((cleanup(auto_fclose)))

/* Hands the descriptor on: the variable no longer owns it. */
static inline int take_fd(int *fd)
{
	int value = *fd;
	*fd = -1;
	return value;
}

#endif
