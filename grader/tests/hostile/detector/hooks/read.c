/* Put between an attack and net.c: the first call of net_read_full attacks, in whatever process
 * makes it, then all do what they would have done. */
ssize_t net_read_full(int fd, void *buf, size_t len)
{
	ssize_t honest_read_full(int, void *, size_t);
	static int done;

	if (!done++)
		attack(NULL);
	return honest_read_full(fd, buf, len);
}
#define net_read_full honest_read_full
