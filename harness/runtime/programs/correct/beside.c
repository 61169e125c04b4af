/* One thread has the library read the beginning of a text; behind it the other writes. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char numbers[4][32] = { "12 ", "-1.5;", "7,", "  +z" };
static char words[3][32] = { "find me;", "copy;", "name" };

static void *writer(void *arg)
{
	for (int i = 0; i < 4; i++)
		strcpy(numbers[i] + 5, "behind");
	for (int i = 0; i < 3; i++)
		strcpy(words[i] + 8, "behind");
	return arg;
}

static void *reader(void *arg)
{
	char copy[32], *end;

	assert(strtol(numbers[0], &end, 10) == 12 && *end == ' ' && atoi(numbers[0]) == 12);
	assert(strtod(numbers[1], &end) < -1.4 && *end == ';' && atof(numbers[1]) < -1.4);
	assert(strtoull(numbers[2], NULL, 0) == 7 && atoll(numbers[2]) == 7);
	assert(strtol(numbers[3], &end, 10) == 0 && end == numbers[3]);
	assert(strstr(words[0], "me") == words[0] + 5 && strcasestr(words[0], "ME"));
	assert(rawmemchr(words[0], ';') == words[0] + 7 && index(words[0], ' '));
	assert(memccpy(copy, words[1], ';', sizeof(copy)) == copy + 5);
	assert(stpncpy(copy, words[2], 4) == copy + 4);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, reader, NULL);
	pthread_create(&b, NULL, writer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
