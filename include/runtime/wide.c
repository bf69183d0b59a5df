/*
 * Arithmetic of 128 bits that the compiler calls instead of writing it out: division always, shifts where it is to save
 * room. The names are the compiler's.
 */
#include <stdint.h>

typedef __int128 wide;
typedef unsigned __int128 unsigned_wide;

static uint64_t low_of(unsigned_wide value) {
    return (uint64_t)value;
}

static uint64_t high_of(unsigned_wide value) {
    return (uint64_t)(value >> 64);
}

/* Shifts by a constant 64 are moves of registers, so nothing here calls itself. */
static unsigned_wide join(uint64_t high, uint64_t low) {
    return (unsigned_wide)high << 64 | low;
}

wide __ashlti3(wide value, int by) {
    const uint64_t low = low_of((unsigned_wide)value);
    const uint64_t high = high_of((unsigned_wide)value);
    if (by == 0) return value;
    if (by >= 64) return (wide)join(low << (by - 64), 0);
    return (wide)join(high << by | low >> (64 - by), low << by);
}

wide __lshrti3(wide value, int by) {
    const uint64_t low = low_of((unsigned_wide)value);
    const uint64_t high = high_of((unsigned_wide)value);
    if (by == 0) return value;
    if (by >= 64) return (wide)join(0, high >> (by - 64));
    return (wide)join(high >> by, low >> by | high << (64 - by));
}

wide __ashrti3(wide value, int by) {
    const uint64_t low = low_of((unsigned_wide)value);
    const int64_t high = (int64_t)high_of((unsigned_wide)value);
    if (by == 0) return value;
    if (by >= 64) return (wide)join((uint64_t)(high >> 63), (uint64_t)(high >> (by - 64)));
    return (wide)join((uint64_t)(high >> by), low >> by | (uint64_t)high << (64 - by));
}

/* Bit by bit from the first that can be set; both halves of the answer. A division by zero answers with all ones. */
static unsigned_wide divide(unsigned_wide dividend, unsigned_wide divisor, unsigned_wide *remainder) {
    uint64_t quotient_high = 0;
    uint64_t quotient_low = 0;
    unsigned_wide rest = 0;
    if (high_of(dividend) == 0 && high_of(divisor) == 0 && divisor != 0) {
        *remainder = low_of(dividend) % low_of(divisor);
        return low_of(dividend) / low_of(divisor);
    }
    for (int bit = 127; bit >= 0; bit--) {
        const uint64_t half = bit >= 64 ? high_of(dividend) : low_of(dividend);
        /* What is shifted out of the rest: it was at least the divisor then. */
        const _Bool carry = high_of(rest) >> 63;
        rest = (rest + rest) | (half >> (bit & 63) & 1);
        if (!carry && rest < divisor) continue;
        rest -= divisor;
        if (bit >= 64) quotient_high |= (uint64_t)1 << (bit & 63);
        else quotient_low |= (uint64_t)1 << (bit & 63);
    }
    *remainder = rest;
    return join(quotient_high, quotient_low);
}

unsigned_wide __udivti3(unsigned_wide dividend, unsigned_wide divisor) {
    unsigned_wide remainder;
    return divide(dividend, divisor, &remainder);
}

unsigned_wide __umodti3(unsigned_wide dividend, unsigned_wide divisor) {
    unsigned_wide remainder;
    divide(dividend, divisor, &remainder);
    return remainder;
}

static unsigned_wide magnitude(wide value) {
    return value < 0 ? -(unsigned_wide)value : (unsigned_wide)value;
}

wide __divti3(wide dividend, wide divisor) {
    unsigned_wide remainder;
    const unsigned_wide quotient = divide(magnitude(dividend), magnitude(divisor), &remainder);
    return (wide)((dividend < 0) != (divisor < 0) ? -quotient : quotient);
}

wide __modti3(wide dividend, wide divisor) {
    unsigned_wide remainder;
    divide(magnitude(dividend), magnitude(divisor), &remainder);
    return (wide)(dividend < 0 ? -remainder : remainder);
}
