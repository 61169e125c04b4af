/* intake/token_audit.h - the tokens of a submission's own files, after preprocessing. Runs in a
 * box. [MT-Confined] */
#ifndef GRADER_TOKEN_AUDIT_H
#define GRADER_TOKEN_AUDIT_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Reads what `gcc -E -C` printed for /src/MAIN and adds refused tokens to lists by file:
 * {"net.c":[{"rule","line","token"}]}; what no listed file can be named for goes to MAIN.
 * `assembler`: MAIN may hold assembly. */
void token_audit(const char *text, size_t length, const char *main_file, bool assembler,
		 json_t *files);

#endif
