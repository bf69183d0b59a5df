/*
 * The functions of <string.h>. The compiler itself calls memcpy, memmove, memset and memcmp, so these take eight
 * bytes at a time where both sides allow it.
 */
#include <stdint.h>
#include <string.h>

#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen

#define WORD sizeof(uint64_t)

/* A word wherever it lies: the machine loads and stores at any address. */
typedef uint64_t __attribute__((may_alias, aligned(1))) word;

void *memcpy(void *restrict to, const void *restrict from, size_t length) {
    char *out = to;
    const char *in = from;
    for (; length >= WORD; length -= WORD, in += WORD, out += WORD) *(word *)out = *(const word *)in;
    while (length-- > 0) *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t length) {
    char *out = to;
    const char *in = from;
    /* Forwards is right unless `to` starts inside the source, and then backwards is. */
    if ((uintptr_t)out - (uintptr_t)in >= length) {
        for (; length >= WORD; length -= WORD, in += WORD, out += WORD) *(word *)out = *(const word *)in;
        while (length-- > 0) *out++ = *in++;
        return to;
    }
    for (; length >= WORD; length -= WORD) *(word *)(out + length - WORD) = *(const word *)(in + length - WORD);
    while (length-- > 0) out[length] = in[length];
    return to;
}

void *memset(void *to, int byte, size_t length) {
    char *out = to;
    const uint64_t pattern = (uint8_t)byte * 0x0101010101010101u;
    for (; length >= WORD; length -= WORD, out += WORD) *(word *)out = pattern;
    while (length-- > 0) *out++ = (char)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t length) {
    const unsigned char *left = a;
    const unsigned char *right = b;
    while (length >= WORD && *(const word *)left == *(const word *)right) {
        left += WORD;
        right += WORD;
        length -= WORD;
    }
    for (; length > 0; length--, left++, right++) {
        if (*left != *right) return *left - *right;
    }
    return 0;
}

void *memchr(const void *bytes, int byte, size_t length) {
    for (const unsigned char *at = bytes; length > 0; length--, at++) {
        if (*at == (unsigned char)byte) return (void *)at;
    }
    return NULL;
}

size_t strlen(const char *text) {
    const char *end = text;
    while (*end != 0) end++;
    return (size_t)(end - text);
}

size_t strnlen(const char *text, size_t most) {
    size_t length = 0;
    while (length < most && text[length] != 0) length++;
    return length;
}

int strcmp(const char *a, const char *b) {
    return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t most) {
    for (; most > 0; most--, a++, b++) {
        if (*a != *b || *a == 0) return (unsigned char)*a - (unsigned char)*b;
    }
    return 0;
}

char *strcpy(char *restrict to, const char *restrict from) {
    memcpy(to, from, strlen(from) + 1);
    return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t length) {
    const size_t copied = strnlen(from, length);
    memcpy(to, from, copied);
    memset(to + copied, 0, length - copied);
    return to;
}

char *strcat(char *restrict to, const char *restrict from) {
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t most) {
    char *end = to + strlen(to);
    const size_t copied = strnlen(from, most);
    memcpy(end, from, copied);
    end[copied] = 0;
    return to;
}

char *strchr(const char *text, int character) {
    for (;; text++) {
        if (*text == (char)character) return (char *)text;
        if (*text == 0) return NULL;
    }
}

char *strrchr(const char *text, int character) {
    const char *last = NULL;
    for (;; text++) {
        if (*text == (char)character) last = text;
        if (*text == 0) return (char *)last;
    }
}

char *strstr(const char *text, const char *wanted) {
    const size_t length = strlen(wanted);
    for (;; text++) {
        if (strncmp(text, wanted, length) == 0) return (char *)text;
        if (*text == 0) return NULL;
    }
}

size_t strspn(const char *text, const char *accepted) {
    size_t length = 0;
    while (text[length] != 0 && strchr(accepted, text[length]) != NULL) length++;
    return length;
}

size_t strcspn(const char *text, const char *refused) {
    size_t length = 0;
    while (text[length] != 0 && strchr(refused, text[length]) == NULL) length++;
    return length;
}
