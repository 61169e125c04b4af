/* Put between an attack and conn.c: every connection attacks first, then is served. */
int honest_conn_serve(int fd, const struct cl_server_config *cfg, const struct conn_io *io);
int conn_serve(int fd, const struct cl_server_config *cfg, const struct conn_io *io)
{
	attack(cfg);
	return honest_conn_serve(fd, cfg, io);
}
#define conn_serve honest_conn_serve
