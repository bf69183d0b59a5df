/*
 * How many ways there are to put N queens on a board of N by N so that none attacks another: recursion, a heap, a sort
 * and output.
 *
 *     scotty pvm build nqueens.c -o nqueens.jam
 *     scotty pvm run nqueens.jam --host debug
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef N
#define N 9
#endif

struct solution {
    uint8_t column[N];
    uint32_t weight; /* sum of column times row: what the solutions are sorted by */
};

static struct solution *found;
static size_t count, capacity;

static void keep(const uint8_t *column) {
    if (count == capacity) {
        capacity = capacity == 0 ? 16 : 2 * capacity;
        found = realloc(found, capacity * sizeof *found);
        if (found == NULL) abort();
    }
    struct solution *one = &found[count++];
    one->weight = 0;
    for (uint32_t row = 0; row < N; row++) {
        one->column[row] = column[row];
        one->weight += row * column[row];
    }
}

/* Columns and diagonals taken so far, a bit each. */
static void place(uint8_t *column, uint32_t row, uint32_t columns, uint32_t falling, uint32_t rising) {
    if (row == N) {
        keep(column);
        return;
    }
    uint32_t open = ~(columns | falling | rising) & ((1u << N) - 1);
    while (open != 0) {
        uint32_t bit = open & -open;
        open ^= bit;
        column[row] = (uint8_t)__builtin_ctz(bit);
        place(column, row + 1, columns | bit, (falling | bit) << 1, (rising | bit) >> 1);
    }
}

static int by_weight(const void *a, const void *b) {
    const struct solution *x = a, *y = b;
    return x->weight < y->weight ? -1 : x->weight > y->weight;
}

int main(void) {
    uint8_t column[N];
    place(column, 0, 0, 0, 0);
    qsort(found, count, sizeof *found, by_weight);
    printf("%d queens: %zu solutions; the lightest weighs %u:", N, count, found[0].weight);
    for (int row = 0; row < N; row++) printf(" %u", found[0].column[row]);
    printf("\n");
    free(found);
    return 0;
}
