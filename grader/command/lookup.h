/* command/lookup.h - asks programs, while they are there, for all names and lines that judging
 * will want: the submission's functions, and the addresses that evidence names. [MT-Confined] */
#ifndef GRADER_LOOKUP_H
#define GRADER_LOOKUP_H
#include <jansson.h>

#include "intake/programs.h"

/* {"net_listen":["net.c",12],...}. Names come from objects: only those that are identifiers.
 * Returned. */
json_t *lookup_functions(const struct programs *programs);

/* {"BUILD":{"srv":{"0x12":{"file","line","function"}},...}} of all addresses in broken laws and
 * schedules, in the program that ran: srv or player, or by name a program of the lab's own.
 * `records` maps "ID BUILD" to records. Returned. */
json_t *lookup_lines(const struct lab *lab, const struct programs *programs, json_t *records);

/* All addresses of a schedule, "0x12", as keys of `addresses`. */
void lookup_schedule(const json_t *schedule, json_t *addresses);

#endif
