/* common/srv_main.h - what the given main and the tests agree on. GIVEN. */
#ifndef CLAB_SRV_MAIN_H
#define CLAB_SRV_MAIN_H

/* Stands unflushed in stdout's buffer while the server runs, and is put out once, when main ends.
 * A forked child that leaves by exit() instead of _exit() puts it out a second time. */
#define CL_STDOUT_MARK   "interleave-stdout-mark\n"

#define CL_SRV_CONFIG_FD 3 /* a sealed memory file: one struct cl_server_config   */
#define CL_SRV_LISTEN_FD 4 /* bound and listening; becomes cfg.listen_fd          */

#endif
