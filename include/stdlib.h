/*
 * Memory, ends, numbers, sorting. The code is in runtime/heap.c and runtime/stdlib.c.
 */
#ifndef SCOTTY_STDLIB_H
#define SCOTTY_STDLIB_H

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 0x7fffffff

/* Aligned to 16 bytes. NULL where there is no memory left, and for a length of 0. */
void *malloc(size_t length);
void *calloc(size_t count, size_t length);
void *realloc(void *memory, size_t length);
void free(void *memory);

/* Halts the program, with `status` in r7. */
_Noreturn void exit(int status);
/* Panics. */
_Noreturn void abort(void);

int abs(int value);
long labs(long value);
long long llabs(long long value);
int atoi(const char *text);
long atol(const char *text);
long long atoll(const char *text);
/* Base 2 to 36, or 0 to find out (0x: 16, 0: 8). What does not fit becomes the largest or smallest number. */
long strtol(const char *restrict text, char **restrict end, int base);
unsigned long strtoul(const char *restrict text, char **restrict end, int base);
long long strtoll(const char *restrict text, char **restrict end, int base);
unsigned long long strtoull(const char *restrict text, char **restrict end, int base);

int rand(void);
void srand(unsigned seed);

/* Never takes more than time n log n, and no memory beside a little stack. Not stable. */
void qsort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *items, size_t count, size_t size,
              int (*compare)(const void *, const void *));

#endif
