/* Lets the assembler copy a file of the host into the object.
 * Expect: policy POL */
__asm__(".section .rodata\n.global stolen\nstolen: .incbin \"/etc/shadow\"\n.text");
