/* runner_reply.h - fields of a reply of the runner, for the files that ask it. What must be there
 * and is not is a fault. [MT-Confined] */
#ifndef RUNNER_REPLY_H
#define RUNNER_REPLY_H
#include <jansson.h>
#include <stdbool.h>

#include "evidence.h"

/* A number that must be there. */
static inline json_int_t number(json_t *object, const char *key)
{
	json_t *n = json_object_get(object, key);

	if (!json_is_integer(n))
		fault("the runner's reply lacks the number %s", key);
	return json_integer_value(n);
}

/* A number that may be absent or null: 0. */
static inline json_int_t number_or_0(json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static inline bool truth(json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static inline const char *text_of(json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	if (!s)
		fault("the runner's reply lacks the text %s", key);
	return s;
}
#endif
