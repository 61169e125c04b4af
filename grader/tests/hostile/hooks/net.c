/* Put between an attack and net.c: the first function that a test calls attacks, then does what it
 * would have done. */
int net_listen(const char *addr, uint16_t port, int backlog)
{
	int honest_net_listen(const char *, uint16_t, int);
	attack(NULL);
	return honest_net_listen(addr, port, backlog);
}
#define net_listen honest_net_listen
