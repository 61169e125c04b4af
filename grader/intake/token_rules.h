/* intake/token_rules.h - which words a source may use: the lists of the token audit, with their
 * reasons, and the sentences that a student reads. [MT-Safe] */
#ifndef GRADER_TOKEN_RULES_H
#define GRADER_TOKEN_RULES_H
#include <jansson.h>
#include <stdbool.h>

enum token_rule {
	TOKEN_RULE_ASM,
	TOKEN_RULE_ATTRIBUTE,
	TOKEN_RULE_CONSTRUCTOR,
	TOKEN_RULE_NAME,
	TOKEN_RULE_INTRINSIC,
	TOKEN_RULE_PRAGMA,
	TOKEN_RULE_LINE,
	TOKEN_RULE_HASH,
	TOKEN_RULE_INCLUDE,
	TOKEN_RULE_RAW_STRING,
	TOKEN_RULE_COUNT,
};

/* The attribute, without the underscores around it, changes neither what is watched nor when code
 * runs. */
bool token_attribute_allowed(const char *name);

/* The first words of a pragma, `second` may be empty. */
bool token_pragma_allowed(const char *first, const char *second);

/* The name belongs to a detector or to the linker: no program that is not about them has it. */
bool token_name_refused(const char *name);

/* The name is that of an intrinsic that reads or writes memory without a detector's hook. */
bool token_intrinsic_refused(const char *name);

/* Adds {"rule","line","token"} unless the list is full. The token may be any bytes. */
void token_refuse(json_t *list, enum token_rule rule, long line, const char *token);

/* What was refused in `file` as a finding. NULL: the entry is none that token_refuse has made.
 * Returned. */
json_t *token_finding(const char *file, const json_t *entry);

#endif
