/* A section that is both writable and executable.
 * Expect: policy POL */
__asm__(".section .text.late,\"awx\"\nnop\n.text");
