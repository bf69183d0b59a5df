/*
 * The loop of examples/fib.pvm in C: one addition, two moves, a countdown and a branch.
 *
 *   fib N [cpu]    prints the nanoseconds the loop took, of processor time on request, and the Nth Fibonacci number
 *                  modulo 2^64
 *
 * The empty asm statement emits nothing and constrains no register: the compiler gets the loop as tight as it can. It only
 * has to be passed once an iteration, so that the loop is neither unrolled nor folded into something else.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static uint64_t fib(uint64_t count) {
  uint64_t current = 0;
  uint64_t next = 1;
  do {
    uint64_t sum = current + next;
    current = next;
    next = sum;
    count--;
    __asm__ volatile("");
  } while (count != 0);
  return current;
}

int main(int argc, char **argv) {
  uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
  if (count == 0) return 2;
  clockid_t clock = argc > 2 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  uint64_t start = now(clock);
  uint64_t result = fib(count);
  uint64_t end = now(clock);
  printf("%" PRIu64 " %" PRIu64 "\n", end - start, result);
  return 0;
}
