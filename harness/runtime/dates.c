/* Calendar time. Every execution lies in UTC: libc's own functions read the machine's zone from its
 * files and keep it, behind a lock. gmtime, localtime, asctime and ctime, whose results lie in one
 * buffer for all threads, are not known.
 *
 * Source: timegm(3), strftime(3); the days between two dates of the Gregorian calendar are counted
 * in years that begin in March, so that the leap day comes last. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/finding.h"
#include "runtime/libc.h"

enum {
	DAY_S = 86400,
	ERA_DAYS = 146097,     /* 400 years */
	ERA_TO_EPOCH = 719468, /* days from 0000-03-01 to 1970-01-01 */
	ASCTIME_BYTES = 64,
};

static int64_t divided(int64_t a, int64_t by)
{
	return a / by - (a % by < 0);
}

/* Days from 1970-01-01 to the first of a month, 0 to 11. */
static int64_t days_to(int64_t year, int64_t month)
{
	const int64_t y = month < 2 ? year - 1 : year;
	const int64_t m = month < 2 ? month + 10 : month - 2; /* March is 0 */
	const int64_t era = divided(y, 400), of_era = y - era * 400;

	return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + (153 * m + 2) / 5 -
	       ERA_TO_EPOCH;
}

/* False, and errno: the year is too large for it. */
static bool date_of(int64_t s, const char *zone, struct tm *date)
{
	const int64_t days = divided(s, DAY_S), rest = s - days * DAY_S;
	int64_t year = 1970 + divided(days * 400, ERA_DAYS), month = 0;

	while (days_to(year, 0) > days)
		year--;
	while (days_to(year + 1, 0) <= days)
		year++;
	while (month < 11 && days_to(year, month + 1) <= days)
		month++;
	if (year - 1900 > INT_MAX || year - 1900 < INT_MIN) {
		errno = EOVERFLOW;
		return false;
	}
	*date = (struct tm){ .tm_sec = (int)(rest % 60),
			     .tm_min = (int)(rest / 60 % 60),
			     .tm_hour = (int)(rest / 3600),
			     .tm_mday = (int)(days - days_to(year, month)) + 1,
			     .tm_mon = (int)month,
			     .tm_year = (int)(year - 1900),
			     .tm_wday = (int)(days + 4 - divided(days + 4, 7) * 7),
			     .tm_yday = (int)(days - days_to(year, 0)),
			     .tm_zone = zone };
	return true;
}

static struct tm *broken_down(const time_t *s, struct tm *to, const char *zone, uint32_t pc)
{
	struct tm date;

	libc_reads(s, sizeof(*s), pc);
	if (!date_of(*s, zone, &date))
		return NULL;
	libc_writes(to, sizeof(*to), pc);
	*to = date;
	return to;
}

struct tm *rt_gmtime_r(const time_t *s, struct tm *to);
struct tm *rt_gmtime_r(const time_t *s, struct tm *to)
{
	return broken_down(s, to, "GMT", PC());
}

struct tm *rt_localtime_r(const time_t *s, struct tm *to);
struct tm *rt_localtime_r(const time_t *s, struct tm *to)
{
	return broken_down(s, to, "UTC", PC());
}

void rt_tzset(void);
void rt_tzset(void)
{
}

/* Values out of their range are carried; the date is written back as it should have been. */
static time_t made(struct tm *date, const char *zone, uint32_t pc)
{
	libc_writes(date, sizeof(*date), pc);
	const int64_t years = divided(date->tm_mon, 12);
	const int64_t days = days_to(1900 + (int64_t)date->tm_year + years,
				     date->tm_mon - years * 12) +
			     date->tm_mday - 1;
	const int64_t s = days * DAY_S + (int64_t)date->tm_hour * 3600 +
			  (int64_t)date->tm_min * 60 + date->tm_sec;
	return date_of(s, zone, date) ? s : -1;
}

time_t rt_timegm(struct tm *date);
time_t rt_timegm(struct tm *date)
{
	return made(date, "GMT", PC());
}

time_t rt_mktime(struct tm *date);
time_t rt_mktime(struct tm *date)
{
	return made(date, "UTC", PC());
}

/* "%s" asks libc for the machine's zone, and "%E" for its eras. */
static void format_of_dates(const char *format, uint32_t pc)
{
	for (const char *p = strchr(format, '%'); p; p = strchr(p + 1, '%')) {
		p += 1 + strspn(p + 1, "_-0^#+123456789");
		if (*p == 's' || *p == 'E')
			finding_uncontrolled("a strftime with %s or %E", pc);
		if (*p == '\0')
			return;
	}
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* it is the submission's */
size_t rt_strftime(char *to, size_t room, const char *format, const struct tm *date)
	__attribute__((format(strftime, 3, 0)));
size_t rt_strftime(char *to, size_t room, const char *format, const struct tm *date)
{
	libc_reads_format(format, PC());
	format_of_dates(format, PC());
	libc_reads(date, sizeof(*date), PC());
	struct tm copy = *date;
	if (!copy.tm_zone)
		copy.tm_zone = "UTC";
	/* cppcheck-suppress nullPointer ; without a buffer it counts */
	size_t n = strftime(NULL, room, format, &copy); /* 0: nothing, or no room */
	if (!room)
		return 0;
	libc_writes(to, n + 1, PC());
	if (!n)
		*to = '\0';
	return n ? strftime(to, room, format, &copy) : 0;
}
#pragma GCC diagnostic pop

/* NULL: the year has more digits than there is room for. */
static char *as_text(const struct tm *date, char *to, uint32_t pc)
{
	char text[ASCTIME_BYTES];
	const size_t n = strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y\n", date);

	if (n > 25) {
		errno = EOVERFLOW;
		return NULL;
	}
	libc_writes(to, n + 1, pc);
	return memcpy(to, text, n + 1);
}

char *rt_asctime_r(const struct tm *date, char *to);
char *rt_asctime_r(const struct tm *date, char *to)
{
	libc_reads(date, sizeof(*date), PC());
	return as_text(date, to, PC());
}

char *rt_ctime_r(const time_t *s, char *to);
char *rt_ctime_r(const time_t *s, char *to)
{
	struct tm date;

	libc_reads(s, sizeof(*s), PC());
	return date_of(*s, "UTC", &date) ? as_text(&date, to, PC()) : NULL;
}
