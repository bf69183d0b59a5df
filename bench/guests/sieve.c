/* The sieve of Eratosthenes, one byte a number; answers the sum of the primes below the limit. */
#include "guest.h"

#define LIMIT 100000

static _Alignas(8) uint8_t composite[LIMIT];
static uint32_t limit;

void initialize(uint64_t variant) { limit = LIMIT - (uint32_t)variant; }

uint64_t run(void) {
  for (uint32_t i = 0; i < limit; i++) composite[i] = 0;
  uint64_t sum = 0;
  for (uint32_t i = 2; i < limit; i++) {
    if (composite[i]) continue;
    sum += i;
    if ((uint64_t)i * i >= limit) continue;
    for (uint32_t multiple = i * i; multiple < limit; multiple += i) composite[multiple] = 1;
  }
  return sum;
}

GUEST_ENTRIES;
