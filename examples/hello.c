/*
 *     scotty pvm build hello.c -o hello.jam
 *     scotty pvm run hello.jam --host debug
 */
#include <stdio.h>

int main(void) {
    printf("Hello from C, in %d-bit code.\n", (int)sizeof(void *) * 8);
    return 0;
}
