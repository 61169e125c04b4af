/* batch.conf, times, and the late rule. */
#include "batch/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/die.h"
#include "base/file.h"
#include "base/ini.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400, PERCENT = 100 };

/* "", "Z", " Z", " UTC", "+0100", "-01:30": what it adds to UTC, in seconds. */
static bool read_zone(const char *text, int64_t *offset_s)
{
	*offset_s = 0;
	while (*text == ' ')
		text++;
	if (*text == '\0' || strcmp(text, "Z") == 0 || strcmp(text, "UTC") == 0)
		return true;
	/* "+hhmm" or "+hh:mm" */
	char digits[5] = "";
	size_t count = 0;
	for (const char *p = text + 1; *p != '\0'; p++) {
		if (*p == ':' && count == 2)
			continue;
		if (*p < '0' || *p > '9' || count == sizeof digits - 1)
			return false;
		digits[count++] = *p;
	}
	if ((*text != '+' && *text != '-') || count != sizeof digits - 1)
		return false;
	const long number = strtol(digits, NULL, 10);
	*offset_s = number / PERCENT * HOUR_S + number % PERCENT * MINUTE_S;
	if (*text == '-')
		*offset_s = -*offset_s;
	return true;
}

bool time_read(const char *text, int64_t *seconds)
{
	struct tm parts = { 0 };
	const char *rest = strptime(text, "%Y-%m-%d", &parts);
	if (rest == NULL || (*rest != 'T' && *rest != ' '))
		return false;
	const char *zone = strptime(rest + 1, "%H:%M:%S", &parts);
	if (zone == NULL && (zone = strptime(rest + 1, "%H:%M", &parts)) == NULL)
		return false;
	if (*zone == '.') /* parts of a second */
		zone += 1 + strspn(zone + 1, "0123456789");
	int64_t offset_s = 0;
	if (!read_zone(zone, &offset_s))
		return false;
	*seconds = (int64_t)timegm(&parts) - offset_s;
	return true;
}

void time_write(int64_t seconds, char out[static TIME_TEXT_BYTES])
{
	time_t when = (time_t)seconds;
	struct tm parts;
	if (gmtime_r(&when, &parts) == NULL ||
	    strftime(out, TIME_TEXT_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		out[0] = '\0';
}

/* The folder of a path, "." if it names none. Returned. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		return must_strdup(".");
	return must_printf("%.*s", slash == path ? 1 : (int)(slash - path), path);
}

static char *find_conf(const char *submissions)
{
	AUTO_FREE char *plain = must_strdup(submissions);
	for (size_t n = strlen(plain); n > 1 && plain[n - 1] == '/'; n--)
		plain[n - 1] = '\0';
	AUTO_FREE char *beside = folder_of(plain);
	char *path = folder_exists(plain) ? must_printf("%s/batch.conf", plain)
					  : must_printf("%s/batch.conf", beside);
	if (!file_exists(path) && folder_exists(plain)) {
		free(path);
		path = must_printf("%s/batch.conf", beside);
	}
	if (file_exists(path))
		return path;
	free(path);
	return NULL;
}

static bool yes(const struct ini *ini, const char *path, const char *section, const char *key)
{
	const char *text = ini_text(ini, section, key);
	if (text == NULL || strcmp(text, "no") == 0)
		return false;
	if (strcmp(text, "yes") != 0)
		die("%s:%d: '%s' must be yes or no, not '%s'", path, ini_line(ini, section, key),
		    key, text);
	return true;
}

static void read_input(const struct ini *ini, struct batch_conf *conf)
{
	ini_only(ini, "input", "layout roster due");
	const char *layout = ini_text(ini, "input", "layout");
	if (layout != NULL) {
		free(conf->layout);
		conf->layout = must_strdup(layout);
	}
	const char *roster = ini_text(ini, "input", "roster");
	if (roster != NULL && *roster != '\0') {
		AUTO_FREE char *folder = folder_of(conf->path);
		conf->roster = *roster == '/' ? must_strdup(roster)
					      : must_printf("%s/%s", folder, roster);
	}
	const char *due = ini_text(ini, "input", "due");
	if (due == NULL || *due == '\0')
		return;
	if (!time_read(due, &conf->due_s))
		die("%s:%d: 'due' must be a time like 2026-11-21T23:59:00Z, not '%s'", conf->path,
		    ini_line(ini, "input", "due"), due);
	char text[TIME_TEXT_BYTES];
	time_write(conf->due_s, text);
	conf->due = must_strdup(text);
}

static void refuse_unknown_sections(const struct ini *ini, const char *path)
{
	struct words names = { 0 };
	ini_sections(ini, &names);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.item[i];
		if (*name == '\0')
			die("%s:%d: a key stands before the first section; known: [input] [late] "
			    "[grade] [similarity]",
			    path, ini_line(ini, name, NULL));
		if (strcmp(name, "input") != 0 && strcmp(name, "late") != 0 &&
		    strcmp(name, "grade") != 0 && strcmp(name, "similarity") != 0)
			die("%s:%d: unknown section [%s]; known: [input] [late] [grade] "
			    "[similarity]",
			    path, ini_line(ini, name, NULL), name);
	}
	words_fini(&names);
}

void batch_conf_load(const char *path, const char *submissions, struct batch_conf *conf)
{
	enum { GRACE_MAX = 100000, DAYS_MAX = 10000, ATTEMPTS_MAX = 10, TOKENS_MAX = 10000 };
	*conf = (struct batch_conf){ .layout = must_strdup("auto"),
				     .max_attempts = 3,
				     .audit_percent = 5,
				     .min_tokens = 40,
				     .report_above = 60 };
	conf->path = path != NULL ? must_strdup(path) : find_conf(submissions);
	if (conf->path == NULL)
		return;
	struct ini *ini = ini_load(conf->path);
	refuse_unknown_sections(ini, conf->path);
	read_input(ini, conf);
	ini_only(ini, "late", "grace_minutes per_day max_days");
	conf->grace_minutes = ini_number(ini, "late", "grace_minutes", 0, GRACE_MAX, 0);
	conf->per_day = ini_number(ini, "late", "per_day", 0, PERCENT, 0);
	conf->max_days = ini_number(ini, "late", "max_days", 0, DAYS_MAX, 0);
	ini_only(ini, "grade", "max_attempts audit_percent");
	conf->max_attempts = ini_number(ini, "grade", "max_attempts", 1, ATTEMPTS_MAX, 3);
	conf->audit_percent = ini_number(ini, "grade", "audit_percent", 0, PERCENT, 5);
	ini_only(ini, "similarity", "enable min_tokens report_above");
	conf->similarity = yes(ini, conf->path, "similarity", "enable");
	conf->min_tokens = ini_number(ini, "similarity", "min_tokens", 1, TOKENS_MAX, 40);
	conf->report_above = ini_number(ini, "similarity", "report_above", 0, PERCENT, 60);
	ini_destroy(ini);
}

void batch_conf_fini(struct batch_conf *conf)
{
	free(conf->path);
	free(conf->layout);
	free(conf->roster);
	free(conf->due);
	*conf = (struct batch_conf){ 0 };
}

long batch_late_days(const struct batch_conf *conf, const char *submitted)
{
	int64_t when_s = 0;
	if (conf->due == NULL || submitted == NULL || !time_read(submitted, &when_s) ||
	    when_s <= conf->due_s + conf->grace_minutes * MINUTE_S)
		return 0;
	return (long)((when_s - conf->due_s + DAY_S - 1) / DAY_S);
}

long batch_final_c(const struct batch_conf *conf, int late, const char *submitted, long score_c,
		   long max_c)
{
	if (conf->per_day == 0 || late != 1)
		return score_c;
	long days = batch_late_days(conf, submitted);
	if (days == 0)
		days = 1;
	if (conf->max_days > 0 && days > conf->max_days)
		days = conf->max_days;
	if (days > PERCENT)
		days = PERCENT;
	long final_c = score_c - (max_c * conf->per_day * days + PERCENT / 2) / PERCENT;
	return final_c > 0 ? final_c : 0;
}
