/*
 * The functions of <stdlib.h> beside the heap's, and failed assertions.
 */
#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <scotty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void exit(int status) {
    scotty_halt((uint64_t)status, 0);
}

_Noreturn void abort(void) {
    scotty_trap();
}

_Noreturn void scotty_assertion_failed(const char *condition, const char *file, int line) {
    printf("%s:%d: assertion failed: %s\n", file, line, condition);
    scotty_trap();
}

int abs(int value) {
    return value < 0 ? -value : value;
}

long labs(long value) {
    return value < 0 ? -value : value;
}

long long llabs(long long value) {
    return value < 0 ? -value : value;
}

static unsigned digit_of(char character) {
    if (isdigit(character)) return (unsigned)(character - '0');
    return isalpha(character) ? (unsigned)((character | 0x20) - 'a' + 10) : 99;
}

/* The number and whether a minus was before it. What is beyond `most` is `most`, and `*overflow` true. */
static unsigned long parse(const char *text, char **end, unsigned base, _Bool *negative, _Bool *overflow) {
    const char *at = text;
    while (isspace(*at)) at++;
    *negative = *at == '-';
    *overflow = 0;
    if (*at == '-' || *at == '+') at++;
    const _Bool hex = at[0] == '0' && (at[1] | 0x20) == 'x' && digit_of(at[2]) < 16;
    if (base == 0) base = hex ? 16 : *at == '0' ? 8 : 10;
    if (base == 16 && hex) at += 2;
    const char *digits = at;
    unsigned long value = 0;
    for (; digit_of(*at) < base; at++) {
        if (__builtin_mul_overflow(value, base, &value)) *overflow = 1;
        if (__builtin_add_overflow(value, digit_of(*at), &value)) *overflow = 1;
    }
    if (end != NULL) *end = (char *)(at == digits ? text : at);
    return value;
}

long strtol(const char *restrict text, char **restrict end, int base) {
    _Bool negative;
    _Bool overflow;
    const unsigned long value = parse(text, end, (unsigned)base, &negative, &overflow);
    if (overflow || value > (unsigned long)LONG_MAX + negative) return negative ? LONG_MIN : LONG_MAX;
    return (long)(negative ? -value : value);
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
    _Bool negative;
    _Bool overflow;
    const unsigned long value = parse(text, end, (unsigned)base, &negative, &overflow);
    if (overflow) return ULONG_MAX;
    return negative ? -value : value;
}

long long strtoll(const char *restrict text, char **restrict end, int base) {
    return strtol(text, end, base);
}

unsigned long long strtoull(const char *restrict text, char **restrict end, int base) {
    return strtoul(text, end, base);
}

long atol(const char *text) {
    return strtol(text, NULL, 10);
}

long long atoll(const char *text) {
    return strtol(text, NULL, 10);
}

int atoi(const char *text) {
    return (int)atol(text);
}

static uint64_t random_state = 1;

void srand(unsigned seed) {
    random_state = seed;
}

int rand(void) {
    /* A linear congruential generator with Knuth's MMIX constants; its high bits are the good ones. */
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int)(random_state >> 33);
}

static void swap(char *a, char *b, size_t size) {
    for (; size >= sizeof(uint64_t); size -= sizeof(uint64_t), a += sizeof(uint64_t), b += sizeof(uint64_t)) {
        uint64_t left;
        uint64_t right;
        memcpy(&left, a, sizeof left);
        memcpy(&right, b, sizeof right);
        memcpy(a, &right, sizeof right);
        memcpy(b, &left, sizeof left);
    }
    while (size-- > 0) {
        const char kept = *a;
        *a++ = *b;
        *b++ = kept;
    }
}

/* Heap sort: one loop, no recursion, and no input that makes it slow. */
void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    char *base = items;
    size_t unordered = count / 2;
    while (count > 1) {
        size_t parent;
        if (unordered > 0) {
            parent = --unordered;
        } else {
            parent = 0;
            swap(base, base + --count * size, size);
        }
        for (size_t child; (child = 2 * parent + 1) < count; parent = child) {
            if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0) child++;
            if (compare(base + parent * size, base + child * size) >= 0) break;
            swap(base + parent * size, base + child * size, size);
        }
    }
}

void *bsearch(const void *key, const void *items, size_t count, size_t size,
              int (*compare)(const void *, const void *)) {
    const char *base = items;
    while (count > 0) {
        const char *middle = base + count / 2 * size;
        const int order = compare(key, middle);
        if (order == 0) return (void *)middle;
        if (order > 0) {
            base = middle + size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}
