/* Put between an attack and fork_server.c: the server attacks when it starts, then serves. */
int honest_server_run(const struct cl_server_config *cfg);
int fork_server_run(const struct cl_server_config *cfg)
{
	attack(cfg);
	return honest_server_run(cfg);
}
#define fork_server_run honest_server_run
