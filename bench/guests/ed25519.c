/*
 * Verifies an Ed25519 signature, by the C sources of the npm package ed25519-supercop; answers whether it is good.
 *
 * Key, message and signature (inputs.h) are made by Node's own crypto when the guest is built. Any variant but 0 breaks
 * the message.
 */
#include "guest.h"

#include <string.h>

#include "ed25519.h"
#include "inputs.h"

static const uint8_t key[] = ED25519_KEY;
static const uint8_t signature[] = ED25519_SIGNATURE;
static const uint8_t signed_message[] = ED25519_MESSAGE;
static uint8_t message[sizeof signed_message];

void initialize(uint64_t variant) {
  memcpy(message, signed_message, sizeof message);
  message[0] ^= (uint8_t)variant;
}

uint64_t run(void) { return (uint64_t)ed25519_verify(signature, message, sizeof message, key); }

GUEST_ENTRIES;
