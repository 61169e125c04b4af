/* Lets the assembler copy a file of the host into the object.
 *
 * Row: C2
 * Base: skeleton
 * By: no assembly in this lab; the compiler's box holds no file of the host
 * Expect: policy POL */
__asm__(".section .rodata\n.global stolen\nstolen: .incbin \"/etc/shadow\"\n.text");
