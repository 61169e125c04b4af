/* command/seed.h - the seed of a grading: 16 hex digits, fixed unless somebody asks for another.
 * [MT-Safe] */
#ifndef GRADER_SEED_H
#define GRADER_SEED_H

enum { SEED_BYTES = 17 };

/* Never drawn from the submission: a comment must not re-roll the dice. */
#define SEED_DEFAULT "9f3a61c2d4e5f607"

/* Dies if the text is not 1 to 16 hex digits; shorter ones get zeros in front. */
void seed_read(const char *text, char seed[static SEED_BYTES]);

#endif
