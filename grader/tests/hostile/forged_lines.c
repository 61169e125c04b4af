/* Gives its lines to another file, so that findings point there.
 *
 * Row: C8
 * Base: skeleton
 * By: line markers are counted by the grader, not believed
 * Expect: policy POL */
#line 1 "../../../etc/passwd"
