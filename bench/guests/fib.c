/* Fibonacci numbers modulo 2^64, one addition after the other: a million of them. */
#include "guest.h"

#define ITERATIONS 1000000

static uint64_t first;

void initialize(uint64_t variant) { first = variant; }

uint64_t run(void) {
  uint64_t current = first;
  uint64_t next = current + 1;
  for (uint32_t i = 0; i < ITERATIONS; i++) {
    uint64_t sum = current + next;
    current = next;
    next = sum;
  }
  return current;
}

GUEST_ENTRIES;
