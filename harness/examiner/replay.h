/* replay.h - one kept schedule, played again instead of a whole exploration.
 *
 * The examiner is started as for the test, with --replay; the runner has the kept schedule as the
 * text "replay" (JSON: configuration, flags, spurious, timeouts, token, choices). The test runs as
 * ever, but of its configurations only the one with that name is played, and only that execution.
 * What came of it is one note:
 *   {"rec":"note","text":"replay","how":HOW,"token","finding","what","steps"}
 * HOW: again (the same choices and finding), other (a finding, but not this one), clean (nothing is
 * wrong), strayed (the program has no such choices any more), ended (it died of it). [MT-Confined]
 */
#ifndef REPLAY_H
#define REPLAY_H
#include "exploration.h"

/* True if this run is one; then the configuration is done with. */
bool replay_instead(struct explorer *e, const struct exploration *x);
#endif
