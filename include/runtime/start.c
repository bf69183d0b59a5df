/*
 * Where a manifest's VM starts, behind the code that sets its stack pointer. Each CALL of the VM calls the program's
 * function with r7 to r10 as its arguments, and its result is the reply.
 */
#ifndef SCOTTY_MAIN
#define SCOTTY_MAIN main
#endif
#define TEXT(name) TEXT_(name)
#define TEXT_(name) #name

void __attribute__((naked)) scotty_start(void) {
    /* `ecalli 0` is REPLY: behind it the next CALL goes on. */
    __asm__("0:\n"
            "call " TEXT(SCOTTY_MAIN) "\n"
            ".insn i 0x0b, 4, x0, x0, 0\n"
            "j 0b\n");
}
