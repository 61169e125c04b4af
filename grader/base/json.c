/* Strict reading and atomic writing of JSON. */
#include "base/json.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"

json_t *json_read_bytes(const char *bytes, size_t length, char **why)
{
	json_error_t error;
	json_t *value = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL && why != NULL)
		*why = must_printf("line %d: %s", error.line, error.text);
	return value;
}

json_t *json_read_file(const char *path, size_t max_bytes, char **why)
{
	AUTO_FREE char *bytes = NULL;
	size_t length = 0;
	int error = file_read(path, max_bytes, &bytes, &length);
	if (error == 0)
		return json_read_bytes(bytes, length, why);
	if (why != NULL)
		*why = must_strdup(strerror(error));
	return NULL;
}

char *json_text(const json_t *value)
{
	AUTO_FREE char *text = json_dumps(value, JSON_INDENT(1) | JSON_REAL_PRECISION(10));
	if (text == NULL)
		die("out of memory for JSON");
	return must_printf("%s\n", text);
}

int json_write_file(const char *path, const json_t *value)
{
	AUTO_FREE char *text = json_text(value);
	return file_write(path, text, strlen(text), 0644);
}

json_t *json_points(long hundredths)
{
	if (hundredths % 100 == 0)
		return json_integer(hundredths / 100);
	return json_real((double)hundredths / 100);
}

json_t *json_make(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	json_error_t error;
	json_t *value = json_vpack_ex(&error, 0, format, arguments);
	va_end(arguments);
	if (value == NULL)
		die("cannot make JSON '%s': %s", format, error.text);
	return value;
}

const char *json_text_of(const json_t *object, const char *key, const char *absent)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : absent;
}

void json_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) != 0)
		die("cannot set '%s' in JSON", key);
}

void json_put_text(json_t *object, const char *key, const char *text)
{
	json_put(object, key, json_string(text));
}
