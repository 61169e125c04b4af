/* common/srv_main.h - what the given main and the tests agree on. GIVEN. */
#ifndef CLAB_SRV_MAIN_H
#define CLAB_SRV_MAIN_H

/* Stands unflushed in stdout's buffer while the server runs, and is put out once, when main ends.
 * A forked child that leaves by exit() instead of _exit() puts it out a second time. */
#define CL_STDOUT_MARK   "interleave-stdout-mark\n"

#define CL_SRV_CONFIG_FD 3 /* a sealed memory file: one struct cl_server_config   */
#define CL_SRV_LISTEN_FD 4 /* bound and listening; becomes cfg.listen_fd          */

/* A bit of cfg.flags that only the given main sees: descriptor 5 is a socket. Before the server's
 * function is called and after it has returned one byte is sent there and one waited for, so that
 * what the server keeps can be counted from outside. Its other threads are not held meanwhile. */
#define CL_SRV_GATES   (1u << 31)
#define CL_SRV_GATE_FD 5

#endif
