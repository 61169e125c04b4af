/* A section that is both writable and executable.
 *
 * Row: V2
 * Base: skeleton
 * By: no section is writable and executable
 * Expect: policy POL */
__asm__(".section .text.late,\"awx\"\nnop\n.text");
