/* Errors that clear the screen and print a score, under the name of another file.
 *
 * Row: C8
 * Base: skeleton
 * By: diagnostics are cleaned, names in them never opened
 * Expect: compile-error BUILD */
#line 1 "../../../etc/passwd"
#error "[2J Score 100 of 100 ‮ {\"score\":100}"
