/* Evidence from elsewhere is read as if an enemy had written it: what is not of the form is refused
 * as a whole, so nobody behind this file has to ask again. */
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/json.h"
#include "base/machine.h"
#include "base/text.h"
#include "command/evidence.h"
#include "command/evidence_forms.h"

enum {
	DEPTH_MAX = 12,
	KEY_BYTES_MAX = 128,
	RECORDS_MAX = 20000, /* of one job, as a runner keeps */
	ATTEMPTS_MAX = 100,
	LINES_MAX = 200000,
	SECOND_MAX = 200,
	VALUES_MAX =
		1 << 20, /* of all kinds: "[]," is three bytes, and fifty times as many in memory */
};

static bool is_key(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.$- ";
	const size_t length = strlen(text);
	return length > 0 && length <= KEY_BYTES_MAX && strspn(text, allowed) == length;
}

/* Nothing nested without end, and no key that could not be shown. */
static bool is_plain(json_t *value, unsigned depth)
{
	size_t i;
	const char *key;
	json_t *inner;
	if (depth > DEPTH_MAX)
		return false;
	json_array_foreach(value, i, inner)
	{
		if (!is_plain(inner, depth + 1))
			return false;
	}
	json_object_foreach(value, key, inner)
	{
		if (!is_key(key) || !is_plain(inner, depth + 1))
			return false;
	}
	return true;
}

/* "L1.A.1 nat" of a test of the lab and one of its builds. */
static bool is_job(const struct lab *lab, const char *key)
{
	const size_t cut = strcspn(key, " ");
	AUTO_FREE char *id = must_printf("%.*s", (int)cut, key);
	const struct lab_test *test = lab_test_find(lab, id);
	return test != NULL && key[cut] != '\0' && words_has(&test->builds, key + cut + 1);
}

static const char *records_flaw(const struct lab *lab, json_t *jobs)
{
	const char *key;
	json_t *records;
	json_object_foreach(jobs, key, records)
	{
		size_t i;
		json_t *record;
		if (!is_job(lab, key))
			return "a job that the lab has not";
		if (!json_is_array(records) || json_array_size(records) > RECORDS_MAX)
			return "a job without a list of records";
		json_array_foreach(records, i, record)
		{
			if (!form_is_record(record))
				return "a record that is not of its form";
		}
	}
	return NULL;
}

static const char *attempts_flaw(json_t *attempts, const json_t *jobs)
{
	const char *key;
	json_t *count;
	json_object_foreach(attempts, key, count)
	{
		if (json_object_get(jobs, key) == NULL || !json_is_integer(count) ||
		    json_integer_value(count) < 1 || json_integer_value(count) > ATTEMPTS_MAX)
			return "attempts of a job that are none";
	}
	return NULL;
}

static const char *detectors_flaw(const struct lab *lab, json_t *detectors)
{
	const char *key;
	json_t *works;
	json_object_foreach(detectors, key, works)
	{
		if (lab_build_find(lab, key) == NULL || !json_is_boolean(works))
			return "detectors of a build that the lab has not";
	}
	return NULL;
}

static const char *functions_flaw(json_t *functions)
{
	const char *key;
	json_t *place;
	json_object_foreach(functions, key, place)
	{
		if (!json_is_array(place) || json_array_size(place) != 2 ||
		    !json_is_string(json_array_get(place, 0)) ||
		    !json_is_integer(json_array_get(place, 1)))
			return "a function without a place";
	}
	return NULL;
}

static bool is_program(const struct lab *lab, const char *name)
{
	return strcmp(name, "srv") == 0 || strcmp(name, "player") == 0 ||
	       words_has(&lab->given_programs, name);
}

static bool is_address(const char *text)
{
	const size_t digits = strncmp(text, "0x", 2) == 0 ? strspn(text + 2, "0123456789abcdef")
							  : 0;
	return digits > 0 && digits <= 16 && text[2 + digits] == '\0';
}

static const char *lines_flaw(const struct lab *lab, json_t *builds)
{
	const char *build, *name, *address;
	json_t *programs, *lines, *place;
	json_object_foreach(builds, build, programs)
	{
		if (lab_build_find(lab, build) == NULL || !json_is_object(programs))
			return "lines of a build that the lab has not";
		json_object_foreach(programs, name, lines)
		{
			if (!is_program(lab, name) || !json_is_object(lines) ||
			    json_object_size(lines) > LINES_MAX)
				return "lines of a program that the lab has not";
			json_object_foreach(lines, address, place)
			{
				if (!is_address(address) || !form_is_line(place))
					return "an address without a line";
			}
		}
	}
	return NULL;
}

static const char *second_flaw(const json_t *rows)
{
	size_t i;
	json_t *row;
	if (json_array_size(rows) > SECOND_MAX)
		return "too many second opinions";
	json_array_foreach(rows, i, row)
	{
		if (!form_fits(row, "detector:t part:t about:t saw:w what:t? where:P? doubt:t?"))
			return "a second opinion that is not of its form";
	}
	return NULL;
}

static const char *head_flaw(const json_t *evidence)
{
	const char *isolation = json_text_of(evidence, "isolation", "");
	const json_int_t factor = json_integer_value(json_object_get(evidence, "machine"));
	if (strcmp(isolation, "full") != 0 && strcmp(isolation, "reduced") != 0)
		return "an unknown isolation";
	if (factor < 1 || factor > MACHINE_FACTOR_MAX)
		return "a machine that cannot be";
	if (!form_fits(json_object_get(evidence, "versions"),
		       "grader_hash:H lab_hash:H toolchain:t features:T"))
		return "versions that are not of their form";
	if (json_object_get(evidence, "finding") != NULL &&
	    !form_fits(json_object_get(evidence, "finding"),
		       "id:t detector:w what:s where:P why:s next:s"))
		return "a finding that is not of its form";
	if (!form_fits(json_object_get(evidence, "host"),
		       "kernel:t? machine:t? load:r? layers:T missing:t?") ||
	    !form_fits(json_object_get(evidence, "stages"),
		       "collect_ms:i compile_ms:i audit_ms:i link_ms:i run_ms:i second_ms:i "
		       "judge_ms:i total_ms:i cached:b"))
		return "times or a host that are not of their form";
	return NULL;
}

static const char *evidence_flaw(const struct lab *lab, json_t *evidence)
{
	static const char short_form[] = "format:t lab:t seed:x submission:h too_large:i";
	static const char form[] =
		"format:t lab:t seed:x submission:h compiler:t? isolation:w missing:t? machine:i "
		"versions:o finding:o? warnings:T records:o attempts:o detectors:o functions:o "
		"lines:o second:a host:o stages:o";
	if (!is_plain(evidence, 0))
		return "what is nested too deeply, or a key that is none";
	if (strcmp(json_text_of(evidence, "format", ""), evidence_format) != 0)
		return "another format or version";
	if (form_fits(evidence, short_form))
		return NULL;
	if (!form_fits(evidence, form))
		return "other parts than it has";
	json_t *jobs = json_object_get(evidence, "records");
	const char *flaw = head_flaw(evidence);
	if (flaw == NULL)
		flaw = records_flaw(lab, jobs);
	if (flaw == NULL)
		flaw = attempts_flaw(json_object_get(evidence, "attempts"), jobs);
	if (flaw == NULL)
		flaw = detectors_flaw(lab, json_object_get(evidence, "detectors"));
	if (flaw == NULL)
		flaw = functions_flaw(json_object_get(evidence, "functions"));
	if (flaw == NULL)
		flaw = lines_flaw(lab, json_object_get(evidence, "lines"));
	return flaw != NULL ? flaw : second_flaw(json_object_get(evidence, "second"));
}

/* At least as many values as there are, without making one. */
static size_t count_values(const char *bytes, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
	return count;
}

json_t *evidence_parse(const char *bytes, size_t length, const struct lab *lab, char **why)
{
	if (length > EVIDENCE_BYTES_MAX) {
		*why = must_printf("it is larger than %d bytes", EVIDENCE_BYTES_MAX);
		return NULL;
	}
	if (count_values(bytes, length) > VALUES_MAX) {
		*why = must_printf("it holds more than %d values", VALUES_MAX);
		return NULL;
	}
	AUTO_FREE char *error = NULL;
	json_t *evidence = json_read_bytes(bytes, length, &error);
	if (evidence == NULL) {
		*why = text_clean_line(error, strlen(error));
		return NULL;
	}
	const char *flaw = evidence_flaw(lab, evidence);
	if (flaw != NULL) {
		*why = must_printf("it has %s", flaw);
		json_decref(evidence);
		return NULL;
	}
	evidence_clean(evidence);
	return evidence;
}
