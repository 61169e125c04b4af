/* sandbox/scope.h - a user's way to groups with limits, where systemd is the host's manager. */
#ifndef GRADER_SCOPE_H
#define GRADER_SCOPE_H

/* Where an ordinary user has no place for control groups (a login's own group belongs to root) and
 * a systemd user manager listens, starts this program anew, with the same arguments, in a scope
 * whose group is delegated to the user: isolation is full there. It does not return then: the
 * process stays the same one, so signals and exit status are the program's own. Elsewhere, and
 * where the manager refuses, it returns and changes nothing. Call it before any thread or child.
 * Source: systemd-run(1) --scope, systemd.resource-control(5) Delegate=. */
void scope_enter(char **argv);

#endif
