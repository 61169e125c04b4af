/* batch/conf.h - the settings that a course keeps (batch.conf), and what "late" costs by them.
 * Source: libinih by base/ini.h. The file is the instructor's: a mistake in it ends the program
 * with file, line and status 2. [MT-Confined] */
#ifndef GRADER_CONF_H
#define GRADER_CONF_H
#include <stdbool.h>
#include <stdint.h>

struct batch_conf {
	char *path;         /* of the file that was read; NULL: there is none, all is default  */
	char *layout;       /* "auto" or a layout's name                                       */
	char *roster;       /* path of a CSV file; NULL: none                                  */
	char *due;          /* "2026-11-21T23:59:00Z"; NULL: lateness is the layout's matter   */
	int64_t due_s;      /* the same in seconds since 1970                                  */
	long grace_minutes; /* handed in so much later is not late                           */
	long per_day;       /* percent of the maximum that a day begun costs; 0: nothing       */
	long max_days;      /* more are not counted; 0: no bound                               */
	long max_attempts;  /* runs of one submission that ends by our fault                  */
	long audit_percent; /* of the class graded again at the end; 0: none                 */
	bool similarity;
	long min_tokens, report_above; /* of similar text: tokens in a row; percent          */
};

/* Reads `path`; NULL: the file batch.conf in the folder `submissions` (or beside the archive), if
 * there is one. A roster's path is taken from the file's own folder. *conf is returned to the
 * caller. */
void batch_conf_load(const char *path, const char *submissions, struct batch_conf *conf);
void batch_conf_fini(struct batch_conf *conf);

/* Seconds since 1970 of "2026-11-21T23:59:00Z" (or with a blank for the T, with or without " UTC",
 * a zone "+0100", no zone at all); false: it is none. [MT-Safe] */
bool time_read(const char *text, int64_t *seconds);

/* "2026-11-21T23:59:00Z". [MT-Safe] */
enum { TIME_TEXT_BYTES = 32 };
void time_write(int64_t seconds, char out[static TIME_TEXT_BYTES]);

/* Days begun after due (not after the grace); 0: in time, or one of the two times is not known. */
long batch_late_days(const struct batch_conf *conf, const char *submitted);

/* The score after the late rule, in hundredths, at least 0 and at most score_c. `late` as in struct
 * entry: an entry that is not late keeps all; one that is late at an unknown time counts as one day
 * late. */
long batch_final_c(const struct batch_conf *conf, int late, const char *submitted, long score_c,
		   long max_c);

#endif
