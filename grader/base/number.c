/* Numbers of the command line. */
#include "base/number.h"

#include <stdlib.h>

#include "base/die.h"

long number_option(const char *name, const char *text, long largest)
{
	char *end = NULL;
	long value = strtol(text, &end, 10);
	if (end == text || *end != '\0' || value < 1 || value > largest)
		die("--%s is a number from 1 to %ld, not '%s'", name, largest, text);
	return value;
}
