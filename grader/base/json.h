/* base/json.h - JSON in and out by jansson, strict on the way in, the same bytes for the same value
 * on the way out. Errors are positive errno values; EBADMSG means "this is no JSON that we accept".
 * [MT-Confined] to one value. */
#ifndef GRADER_JSON_H
#define GRADER_JSON_H
#include <jansson.h>
#include <stddef.h>

/* Refuses duplicate keys, bytes that are not UTF-8, NUL, NaN, numbers out of range and anything
 * after the value. Returns the value (to the caller) or NULL; *why then holds a phrase (returned,
 * free); why may be NULL. */
json_t *json_read_bytes(const char *bytes, size_t length, char **why);
json_t *json_read_file(const char *path, size_t max_bytes, char **why);

/* The value as written into files: indented by one, reals with at most 10 digits, keys in the order
 * they were set, a newline at the end. Returned (free). Dies when memory is out. */
char *json_text(const json_t *value);

/* json_text into a file, atomically. */
int json_write_file(const char *path, const json_t *value);

/* Points in hundredths as formats demand: a whole number, or a real if it is none. Returned. */
json_t *json_points(long hundredths);

/* As json_pack, but dies instead of returning NULL: for values of our own making. */
json_t *json_make(const char *format, ...);

/* The text of a key, borrowed, or `absent` if it is no text. */
const char *json_text_of(const json_t *object, const char *key, const char *absent);
/* Sets a key; the value is given. */
void json_put(json_t *object, const char *key, json_t *value);
void json_put_text(json_t *object, const char *key, const char *text);

#endif
