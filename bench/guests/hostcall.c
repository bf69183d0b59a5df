/* 100,000 calls of the host's function, each with the answer of the one before. */
#include "guest.h"

#define CALLS 100000

static uint64_t first;

void initialize(uint64_t variant) { first = variant; }

/* Answers its argument plus one. */
#ifdef __riscv
SCOTTY_IMPORT_AT(0, uint64_t, host_step, uint64_t value);
#else
uint64_t host_step(uint64_t value);
#endif

uint64_t run(void) {
  uint64_t value = first;
  for (uint32_t i = 0; i < CALLS; i++) value = host_step(value);
  return value;
}

GUEST_ENTRIES;
