/*
 * Keccak-256, as Ethereum has it (the padding of the original submission), of messages of 1 KiB, a hundred of them:
 * each begins with the digest of the one before.
 */
#include "guest.h"

#include <string.h>

#define MESSAGES 100
#define MESSAGE_SIZE 1024
#define RATE 136
#define DIGEST_SIZE 32
#define ROUNDS 24

static const uint64_t round_constants[ROUNDS] = {
    0x0000000000000001u, 0x0000000000008082u, 0x800000000000808au, 0x8000000080008000u, 0x000000000000808bu,
    0x0000000080000001u, 0x8000000080008081u, 0x8000000000008009u, 0x000000000000008au, 0x0000000000000088u,
    0x0000000080008009u, 0x000000008000000au, 0x000000008000808bu, 0x800000000000008bu, 0x8000000000008089u,
    0x8000000000008003u, 0x8000000000008002u, 0x8000000000000080u, 0x000000000000800au, 0x800000008000000au,
    0x8000000080008081u, 0x8000000000008080u, 0x0000000080000001u, 0x8000000080008008u,
};

static _Alignas(8) uint8_t start[MESSAGE_SIZE];
static _Alignas(8) uint8_t message[MESSAGE_SIZE];

static inline uint64_t rotate(uint64_t word, int by) { return by == 0 ? word : word << by | word >> (64 - by); }

/* Where rho and pi together move a lane: from (x, y) to (y, 2x + 3y), rotated. */
#define MOVE(from, by, to) b[to] = rotate(a[from] ^ d[(from) % 5], by)

static void permute(uint64_t a[25]) {
  uint64_t b[25];
  uint64_t c[5];
  uint64_t d[5];
  for (int round = 0; round < ROUNDS; round++) {
    for (int x = 0; x < 5; x++) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++) d[x] = c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1);
    MOVE(0, 0, 0), MOVE(6, 44, 1), MOVE(12, 43, 2), MOVE(18, 21, 3), MOVE(24, 14, 4);
    MOVE(3, 28, 5), MOVE(9, 20, 6), MOVE(10, 3, 7), MOVE(16, 45, 8), MOVE(22, 61, 9);
    MOVE(1, 1, 10), MOVE(7, 6, 11), MOVE(13, 25, 12), MOVE(19, 8, 13), MOVE(20, 18, 14);
    MOVE(4, 27, 15), MOVE(5, 36, 16), MOVE(11, 10, 17), MOVE(17, 15, 18), MOVE(23, 56, 19);
    MOVE(2, 62, 20), MOVE(8, 55, 21), MOVE(14, 39, 22), MOVE(15, 41, 23), MOVE(21, 2, 24);
    for (int y = 0; y < 25; y += 5) {
      for (int x = 0; x < 5; x++) a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
    }
    a[0] ^= round_constants[round];
  }
}

static void absorb(uint64_t lanes[25], const uint8_t *block) {
  uint64_t words[RATE / 8];
  memcpy(words, block, RATE);
  for (int i = 0; i < RATE / 8; i++) lanes[i] ^= words[i];
  permute(lanes);
}

static void keccak256(uint8_t digest[DIGEST_SIZE], const uint8_t *bytes, size_t length) {
  uint64_t lanes[25] = {0};
  for (; length >= RATE; bytes += RATE, length -= RATE) absorb(lanes, bytes);
  uint8_t last[RATE] = {0};
  memcpy(last, bytes, length);
  last[length] ^= 0x01;
  last[RATE - 1] ^= 0x80;
  absorb(lanes, last);
  memcpy(digest, lanes, DIGEST_SIZE);
}

void initialize(uint64_t variant) {
  for (size_t i = 0; i < MESSAGE_SIZE; i++) start[i] = (uint8_t)(i * 7 + variant);
}

uint64_t run(void) {
  memcpy(message, start, MESSAGE_SIZE);
  for (int i = 0; i < MESSAGES; i++) keccak256(message, message, MESSAGE_SIZE);
  return guest_fold(message, DIGEST_SIZE);
}

GUEST_ENTRIES;
