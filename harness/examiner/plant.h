/* plant.h - the last step of a test in a build with a detector: every subject that can still speak
 * is asked to commit an error on purpose, which its detector must report.
 *
 * The runner draws the values when the subject has said that it is ready, and later compares the
 * report; this file carries them from one to the other and never keeps them. In builds without a
 * detector nothing happens. See harness/README.md, "Planted errors". [MT-Confined] */
#ifndef PLANT_H
#define PLANT_H
#include "player.h"
#include "stage.h"

/* True if processes of this job are planted; asked once. */
bool plant_wanted(void);

/* This player is planted next, by plant_last or when another takes its place; borrowed until then.
 */
void plant_expect(struct player *player);

/* Plants the subject that was announced last, waits for its end and has it stopped. If it has died
 * or hangs before, that is a broken law. */
void plant_last(void);
#endif
