/*
 * What every workload includes: its two entry points and its host function, in the guest and natively.
 *
 *   initialize(variant)   prepares the input; another variant, another input
 *   run()                 does the work once and answers a number that depends on all of it; may be called again
 *
 * In the guest the entry points are exports and the host function an import; natively they are functions that native.c
 * calls and has.
 *
 * The input is never a constant of the translation unit that works on it, so no compiler can do the work beforehand.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>
#include <stdint.h>

void initialize(uint64_t variant);
uint64_t run(void);

/* FNV-1a over bytes: one number that stands for a result of any length. */
static inline uint64_t guest_fold(const void *bytes, size_t length) {
  const uint8_t *at = bytes;
  uint64_t hash = 0xcbf29ce484222325u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ at[i]) * 0x100000001b3u;
  return hash;
}

#ifdef __riscv

#include <scotty.h>

#define GUEST_ENTRIES                                                                                                  \
  SCOTTY_EXPORT(initialize);                                                                                           \
  SCOTTY_EXPORT(run)
#define GUEST_STACK(bytes) SCOTTY_STACK(bytes)

#else

#define GUEST_ENTRIES _Static_assert(1, "natively, functions are found by name")
#define GUEST_STACK(bytes) _Static_assert(1, "the system decides")

#endif

#endif
