/* Gives the kernel randomness from outside, at once: what is only written to /dev/urandom counts
 * from the next reseeding on, and until then two machines that were restored from one state draw
 * the same numbers. Usage: reseed TEXT      random(4); the text counts as random as it is long */
#include <fcntl.h>
#include <linux/random.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { TEXT_BYTES_MAX = 256, BITS_OF_HEX_DIGIT = 4 };

int main(int argc, char **argv)
{
	struct {
		int bits, bytes;
		char text[TEXT_BYTES_MAX];
	} pool = { 0 };
	if (argc != 2 || strlen(argv[1]) > sizeof pool.text)
		return 2;
	pool.bytes = (int)strlen(argv[1]);
	pool.bits = pool.bytes * BITS_OF_HEX_DIGIT;
	memcpy(pool.text, argv[1], (size_t)pool.bytes);
	int fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) != 0 || ioctl(fd, RNDRESEEDCRNG) != 0) {
		perror("reseed");
		return 1;
	}
	return close(fd) == 0 ? 0 : 1;
}
