/*
 * BLAKE2b-512 (RFC 7693) of messages of 1 KiB, a hundred of them: each begins with the digest of the one before.
 */
#include "guest.h"

#include <string.h>

#define MESSAGES 100
#define MESSAGE_SIZE 1024
#define BLOCK_SIZE 128
#define DIGEST_SIZE 64

static const uint64_t initial[8] = {
    0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu, 0xa54ff53a5f1d36f1u,
    0x510e527fade682d1u, 0x9b05688c2b3e6c1fu, 0x1f83d9abfb41bd6bu, 0x5be0cd19137e2179u,
};

static const uint8_t order[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

static _Alignas(8) uint8_t start[MESSAGE_SIZE];
static _Alignas(8) uint8_t message[MESSAGE_SIZE];

static inline uint64_t rotate(uint64_t word, int by) { return word >> by | word << (64 - by); }

#define MIX(a, b, c, d, x, y)                                                                                          \
  do {                                                                                                                 \
    v[a] += v[b] + (x);                                                                                                \
    v[d] = rotate(v[d] ^ v[a], 32);                                                                                    \
    v[c] += v[d];                                                                                                      \
    v[b] = rotate(v[b] ^ v[c], 24);                                                                                    \
    v[a] += v[b] + (y);                                                                                                \
    v[d] = rotate(v[d] ^ v[a], 16);                                                                                    \
    v[c] += v[d];                                                                                                      \
    v[b] = rotate(v[b] ^ v[c], 63);                                                                                    \
  } while (0)

static void compress(uint64_t state[8], const uint8_t *block, uint64_t done, uint64_t last) {
  uint64_t m[16];
  uint64_t v[16];
  memcpy(m, block, sizeof m);
  for (int i = 0; i < 8; i++) {
    v[i] = state[i];
    v[i + 8] = initial[i];
  }
  v[12] ^= done;
  v[14] ^= last;
  for (int round = 0; round < 12; round++) {
    const uint8_t *s = order[round % 10];
    MIX(0, 4, 8, 12, m[s[0]], m[s[1]]);
    MIX(1, 5, 9, 13, m[s[2]], m[s[3]]);
    MIX(2, 6, 10, 14, m[s[4]], m[s[5]]);
    MIX(3, 7, 11, 15, m[s[6]], m[s[7]]);
    MIX(0, 5, 10, 15, m[s[8]], m[s[9]]);
    MIX(1, 6, 11, 12, m[s[10]], m[s[11]]);
    MIX(2, 7, 8, 13, m[s[12]], m[s[13]]);
    MIX(3, 4, 9, 14, m[s[14]], m[s[15]]);
  }
  for (int i = 0; i < 8; i++) state[i] ^= v[i] ^ v[i + 8];
}

/* Of whole blocks, at least one. */
static void blake2b(uint8_t digest[DIGEST_SIZE], const uint8_t *bytes, size_t length) {
  uint64_t state[8];
  memcpy(state, initial, sizeof state);
  state[0] ^= 0x01010000u ^ DIGEST_SIZE;
  for (size_t done = BLOCK_SIZE; done <= length; done += BLOCK_SIZE) {
    compress(state, bytes + done - BLOCK_SIZE, done, done == length ? ~(uint64_t)0 : 0);
  }
  memcpy(digest, state, DIGEST_SIZE);
}

void initialize(uint64_t variant) {
  for (size_t i = 0; i < MESSAGE_SIZE; i++) start[i] = (uint8_t)(i * 7 + variant);
}

uint64_t run(void) {
  memcpy(message, start, MESSAGE_SIZE);
  for (int i = 0; i < MESSAGES; i++) blake2b(message, message, MESSAGE_SIZE);
  return guest_fold(message, DIGEST_SIZE);
}

GUEST_ENTRIES;
