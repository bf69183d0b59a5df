/*
 * Recovers the public key that made a secp256k1 signature, by libsecp256k1 as the npm package secp256k1 ships it, with
 * 64-bit limbs; answers a fold of the key's 64 bytes, x and y.
 *
 * Digest and signature (inputs.h) are made by @noble/curves when the guest is built. Another variant is another digest,
 * and so another key.
 */
#include "guest.h"

#include <string.h>

#define USE_NUM_NONE 1
#define USE_FIELD_INV_BUILTIN 1
#define USE_SCALAR_INV_BUILTIN 1
#define USE_FIELD_5X52 1
#define USE_SCALAR_4X64 1
#define USE_ENDOMORPHISM 1
#define HAVE___INT128 1
#define ENABLE_MODULE_RECOVERY 1
#define USE_EXTERNAL_DEFAULT_CALLBACKS 1
#define ECMULT_GEN_PREC_BITS 4
/* A table of 64 points, made by `initialize`, in place of the 8192 of a process that stays up for long. */
#define ECMULT_WINDOW_SIZE 8
#include "secp256k1.c"

#include "inputs.h"

#define CONTEXT_SIZE 65536

static const uint8_t signed_digest[32] = SECP256K1_DIGEST;
static const uint8_t compact[64] = SECP256K1_SIGNATURE;
static uint8_t digest[32];
static secp256k1_context *context;
static _Alignas(16) uint8_t context_memory[CONTEXT_SIZE];

/* What the library calls when it is misused: there is nobody to tell. */
void secp256k1_default_illegal_callback_fn(const char *text, void *data) {
  (void)text, (void)data;
  __builtin_trap();
}

void secp256k1_default_error_callback_fn(const char *text, void *data) {
  (void)text, (void)data;
  __builtin_trap();
}

void initialize(uint64_t variant) {
  if (secp256k1_context_preallocated_size(SECP256K1_CONTEXT_VERIFY) > CONTEXT_SIZE) __builtin_trap();
  context = secp256k1_context_preallocated_create(context_memory, SECP256K1_CONTEXT_VERIFY);
  memcpy(digest, signed_digest, sizeof digest);
  digest[31] ^= (uint8_t)variant;
}

uint64_t run(void) {
  secp256k1_ecdsa_recoverable_signature signature;
  secp256k1_pubkey key;
  uint8_t serialized[65];
  size_t length = sizeof serialized;
  int id = SECP256K1_RECOVERY_ID;
  if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, compact, id)) return 0;
  if (!secp256k1_ecdsa_recover(context, &key, &signature, digest)) return 0;
  secp256k1_ec_pubkey_serialize(context, serialized, &length, &key, SECP256K1_EC_UNCOMPRESSED);
  return guest_fold(serialized + 1, 64);
}

/* `initialize` makes its table of points there. */
GUEST_STACK(524288);
GUEST_ENTRIES;
