/*
 * malloc and its kin: a list of free blocks in the order of their addresses, first fit, neighbours joined when one is
 * freed.
 *
 * A block starts with a header of 16 bytes that holds its length, so memory comes out aligned to 16. The list is
 * searched from its start: simple, small, and good enough for programs that hold some thousands of blocks.
 *
 * Memory comes from the heap the program was built with (SCOTTY_HEAP_SIZE bytes), then from `sbrk`, where the program's
 * instruction set has it. A manifest's heap is a capability of its own, mapped from the page behind the read-write
 * data.
 */
#include <scotty.h>
#include <stdlib.h>
#include <string.h>

#ifndef SCOTTY_HEAP_SIZE
#define SCOTTY_HEAP_SIZE 0
#endif

#define PAGE 4096
/* Least that is asked of `sbrk` at once. */
#define CHUNK 65536

struct block {
    /* Bytes, this header included. */
    size_t length;
    /* The next free block; of no meaning in a block that is in use. */
    struct block *next;
};

/* Of both a block's length and its address. */
#define UNIT sizeof(struct block)

static struct block *free_blocks;

#if SCOTTY_HEAP_SIZE > 0
#ifdef SCOTTY_KERNEL
static struct block *first_heap(void) {
    return (struct block *)((scotty_heap_base() + PAGE - 1) & -(uintptr_t)PAGE);
}
#else
static _Alignas(UNIT) char first_heap_bytes[SCOTTY_HEAP_SIZE];

static struct block *first_heap(void) {
    return (struct block *)first_heap_bytes;
}
#endif
static _Bool first_heap_used;
#endif

/* Puts a block into the list, joined with the neighbours it touches. */
static void put(struct block *block) {
    struct block **link = &free_blocks;
    struct block *before = NULL;
    while (*link != NULL && *link < block) {
        before = *link;
        link = &before->next;
    }
    block->next = *link;
    *link = block;
    if ((char *)block + block->length == (char *)block->next) {
        block->length += block->next->length;
        block->next = block->next->next;
    }
    if (before != NULL && (char *)before + before->length == (char *)block) {
        before->length += block->length;
        before->next = block->next;
    }
}

/* Makes a free block of at least `length` bytes out of new memory. */
static _Bool grow(size_t length) {
#if SCOTTY_HEAP_SIZE > 0
    if (!first_heap_used) {
        first_heap_used = 1;
        struct block *block = first_heap();
        block->length = SCOTTY_HEAP_SIZE / UNIT * UNIT;
        put(block);
        if (block->length >= length) return 1;
    }
#endif
#ifdef SCOTTY_NO_SBRK
    (void)length;
    return 0;
#else
    /* The break may stand anywhere, so there must be room to start at a multiple of UNIT. */
    const size_t least = length + UNIT;
    size_t taken = least < CHUNK ? CHUNK : least;
    void *memory = scotty_sbrk(taken);
    if (memory == NULL) {
        taken = least;
        memory = scotty_sbrk(taken);
    }
    if (memory == NULL) return 0;
    const size_t skipped = -(uintptr_t)memory & (UNIT - 1);
    struct block *block = (struct block *)((char *)memory + skipped);
    block->length = (taken - skipped) & -UNIT;
    put(block);
    return 1;
#endif
}

/* Leaves `length` bytes to a block that is in use, and frees the rest of it. */
static void cut(struct block *block, size_t length) {
    if (block->length - length < 2 * UNIT) return;
    struct block *rest = (struct block *)((char *)block + length);
    rest->length = block->length - length;
    block->length = length;
    put(rest);
}

/* Bytes of the block for so much memory; 0 where there are no such. */
static size_t block_length(size_t length) {
    /* Far more than the address space holds: from here on nothing overflows. */
    if (length == 0 || length > UINT32_MAX) return 0;
    return (length + UNIT + UNIT - 1) & -UNIT;
}

void *malloc(size_t length) {
    const size_t needed = block_length(length);
    if (needed == 0) return NULL;
    do {
        for (struct block **link = &free_blocks; *link != NULL; link = &(*link)->next) {
            struct block *block = *link;
            if (block->length < needed) continue;
            *link = block->next;
            cut(block, needed);
            return block + 1;
        }
    } while (grow(needed));
    return NULL;
}

void free(void *memory) {
    if (memory != NULL) put((struct block *)memory - 1);
}

void *calloc(size_t count, size_t length) {
    size_t bytes;
    if (__builtin_mul_overflow(count, length, &bytes)) return NULL;
    void *memory = malloc(bytes);
    if (memory != NULL) memset(memory, 0, bytes);
    return memory;
}

void *realloc(void *memory, size_t length) {
    if (memory == NULL) return malloc(length);
    if (length == 0) {
        free(memory);
        return NULL;
    }
    const size_t needed = block_length(length);
    if (needed == 0) return NULL;
    struct block *block = (struct block *)memory - 1;
    if (block->length >= needed) {
        cut(block, needed);
        return memory;
    }
    void *moved = malloc(length);
    if (moved == NULL) return NULL;
    memcpy(moved, memory, block->length - UNIT);
    free(memory);
    return moved;
}
