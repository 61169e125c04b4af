/* Gives its lines to another file, so that findings point there (C8).
 * Expect: policy POL */
#line 1 "../../../etc/passwd"
