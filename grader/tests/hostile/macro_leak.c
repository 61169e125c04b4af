/* Redefines words of the language and of libc, in the hope that a test reads them too.
 *
 * Row: C13
 * Base: skeleton
 * By: tests are another program and never include a submission
 * Expect: not-written MODEL */
#include "1-fork-server/fork_server.h"

#include <assert.h>
#include <errno.h>
#undef assert
#define assert(x)              ((void)0)
#define ck_assert(x)           ((void)0)
#define ck_assert_int_eq(a, b) ((void)0)
#define pthread_mutex_lock(x)  0
#define main                   their_main
#define static
#define if (x) if (1)
