/*
 * A service: `refine` at offset 0 of the code, `accumulate` at 5. Arguments are read-only memory; the result is what
 * the returned bytes delimit.
 *
 *     scotty pvm build service.c -o service.jam
 *     scotty pvm run service.jam --args 68656c6c6f                 the arguments in capitals
 *     scotty pvm run service.jam --args 010203 --entry accumulate  their sum
 */
#include <ctype.h>
#include <scotty.h>
#include <stdlib.h>

struct scotty_bytes refine(const uint8_t *arguments, size_t length) {
    uint8_t *answer = malloc(length);
    if (answer == NULL) return (struct scotty_bytes){NULL, 0};
    for (size_t i = 0; i < length; i++) answer[i] = (uint8_t)toupper(arguments[i]);
    return (struct scotty_bytes){answer, length};
}
SCOTTY_EXPORT(refine);

struct scotty_bytes accumulate(const uint8_t *arguments, size_t length) {
    static uint64_t sum;
    for (size_t i = 0; i < length; i++) sum += arguments[i];
    return (struct scotty_bytes){&sum, sizeof sum};
}
SCOTTY_EXPORT(accumulate);
