/*
 * Runs a workload natively.
 *
 *   PROGRAM VARIANT REPETITIONS [cpu]    prints the result and the nanoseconds of each call of run, of processor time
 *                                        on request; a first call is not counted
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "guest.h"

/* What the workload `hostcall` calls: in a file of its own, so that it stays a call. */
uint64_t host_step(uint64_t value);
uint64_t host_step(uint64_t value) { return value + 1; }

static uint64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  clockid_t clock = argc > 3 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  initialize(strtoull(argv[1], NULL, 10));
  uint64_t result = run();
  printf("%" PRIu64 "\n", result);
  for (uint64_t left = strtoull(argv[2], NULL, 10); left > 0; left--) {
    uint64_t start = now(clock);
    uint64_t again = run();
    uint64_t end = now(clock);
    if (again != result) return 1;
    printf("%" PRIu64 "\n", end - start);
  }
  return 0;
}
