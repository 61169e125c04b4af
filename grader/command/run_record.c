/* Times, hosts and attempts go here, so that grade.json stays the same. */
#include "command/run_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "sandbox/box.h"

static const json_t *fact_of(const json_t *records)
{
	size_t i;
	json_t *record;
	json_array_foreach(records, i, record) if (strcmp(json_text_of(record, "rec", ""),
							  "fact") == 0) return record;
	return NULL;
}

static json_t *job_record(const char *key, const json_t *records, const json_t *attempts)
{
	size_t cut = strcspn(key, " ");
	json_t *job = json_object();
	AUTO_FREE char *id = must_printf("%.*s", (int)cut, key);
	json_put_text(job, "test", id);
	json_put_text(job, "build", key + cut + 1);
	json_put(job, "attempts", json_incref(json_object_get(attempts, key)));
	static const char *const keys[] = { "wall_ms", "cpu_ms", "peak_kib", "subjects" };
	const json_t *fact = fact_of(records);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (json_object_get(fact, keys[i]) != NULL)
			json_put(job, keys[i], json_incref(json_object_get(fact, keys[i])));
	json_t *notes = json_array();
	size_t i;
	json_t *record;
	json_array_foreach(records, i,
			   record) if (strcmp(json_text_of(record, "rec", ""), "note") == 0)(void)
		json_array_append_new(notes, json_string(json_text_of(record, "text", "")));
	json_put(job, "notes", notes);
	return job;
}

json_t *run_record_host(void)
{
	struct utsname host;
	double load[1] = { 0 };
	json_t *record = json_object();
	if (uname(&host) == 0) {
		json_put_text(record, "kernel", host.release);
		json_put_text(record, "machine", host.machine);
	}
	if (getloadavg(load, 1) == 1)
		json_put(record, "load", json_real(load[0]));
	json_put(record, "layers", box_layers());
	const char *missing = box_host_probe()->missing;
	if (missing != NULL)
		json_put_text(record, "missing", missing);
	return record;
}

json_t *run_record_stages(const struct grading *grading)
{
	return json_make("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "collect_ms",
			 (json_int_t)grading->collect_ms, "compile_ms",
			 (json_int_t)grading->compile_ms, "audit_ms", (json_int_t)grading->audit_ms,
			 "link_ms", (json_int_t)grading->link_ms, "run_ms",
			 (json_int_t)grading->run_ms, "second_ms", (json_int_t)grading->second_ms,
			 "judge_ms", (json_int_t)grading->judge_ms, "total_ms",
			 (json_int_t)grading->total_ms, "cached", (int)grading->cached);
}

json_t *run_record_make(const struct grading *grading, const json_t *evidence)
{
	AUTO_FREE char *text = json_text(grading->grade);
	char sum[HASH_HEX_BYTES];
	hash_bytes_hex(text, strlen(text), sum);
	char now[32] = "";
	time_t seconds = time(NULL);
	struct tm calendar;
	if (gmtime_r(&seconds, &calendar) != NULL)
		(void)strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &calendar);
	json_t *jobs = json_array();
	const char *key;
	json_t *records;
	json_object_foreach(json_object_get(evidence, "records"), key, records)(void)
		json_array_append_new(
			jobs, job_record(key, records, json_object_get(evidence, "attempts")));
	AUTO_FREE char *grade = must_printf("sha256:%s", sum);
	json_t *record = json_object();
	json_put_text(record, "format", "interleave-run/1");
	json_put_text(record, "grade", grade);
	json_put_text(record, "ended", now);
	json_put_text(record, "isolation", json_text_of(grading->grade, "isolation", "?"));
	json_put(record, "host", json_incref(json_object_get(evidence, "host")));
	json_put(record, "machine", json_incref(json_object_get(evidence, "machine")));
	json_put(record, "stages", run_record_stages(grading));
	json_put(record, "jobs", jobs);
	json_put(record, "second", json_incref(grading->second));
	return record;
}

void run_record_write_evidence(const char *folder, const json_t *evidence)
{
	AUTO_FREE char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	if (out == NULL)
		die("out of memory");
	const char *key;
	json_t *records;
	json_object_foreach(json_object_get(evidence, "records"), key, records)
	{
		size_t i;
		json_t *record;
		(void)fprintf(out, "{\"job\": \"%s\"}\n", key);
		json_array_foreach(records, i, record)
		{
			(void)json_dumpf(record, out, JSON_COMPACT);
			(void)fputc('\n', out);
		}
	}
	if (fclose(out) != 0 || text == NULL)
		die("out of memory");
	AUTO_FREE char *path = must_printf("%s/evidence.jsonl", folder);
	int error = file_write(path, text, length, 0644);
	if (error != 0)
		die_errno(error, "cannot write %s", path);
}
