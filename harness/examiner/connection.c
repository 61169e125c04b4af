/* /proc/self/net/tcp: "sl local:port remote:port state sent:received timer retransmits uid timeout
 * inode", numbers but the inode hexadecimal, an address as the word that is in memory. */
#include "connection.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"

#define NAME_SIZE sizeof("0100007F:0050")

static void name_of(char name[NAME_SIZE], const struct sockaddr_in *at)
{
	(void)snprintf(name, NAME_SIZE, "%08" PRIX32 ":%04X", at->sin_addr.s_addr,
		       (unsigned)ntohs(at->sin_port));
}

/* False: the line is another connection's. */
static bool side_read(char *line, const char *local, const char *remote, struct side *side)
{
	enum { LOCAL = 1, REMOTE = 2, QUEUES = 4, INODE = 9, FIELDS };
	char *field[FIELDS] = { NULL }, *rest = NULL;

	for (int i = 0; i < FIELDS; i++) {
		field[i] = strtok_r(i ? NULL : line, " ", &rest);
		if (!field[i])
			return false;
	}
	const char *unread = strchr(field[QUEUES], ':');
	if (!unread || strcmp(field[LOCAL], local) != 0 || strcmp(field[REMOTE], remote) != 0)
		return false;
	side->inode = strtoull(field[INODE], NULL, 10);
	side->unread = strtoul(unread + 1, NULL, 16);
	return true;
}

struct side connection_side(const struct sockaddr_in *local, const struct sockaddr_in *remote)
{
	FILE *table = fopen("/proc/self/net/tcp", "re");
	struct side side = { 0 }, found = { 0 };
	char here[NAME_SIZE], there[NAME_SIZE], line[256];

	if (!table)
		fault("/proc/self/net/tcp: %s", strerror(errno));
	name_of(here, local);
	name_of(there, remote);
	/* One that waits to be forgotten may stand there beside one that lives. */
	while (fgets(line, sizeof(line), table))
		if (side_read(line, here, there, &side) && (side.inode || !found.inode))
			found = side;
	(void)fclose(table);
	return found;
}
