/**
 * What the workloads have to answer, found out by implementations that have nothing to do with theirs: Node's crypto,
 * the @noble packages, and plain JavaScript.
 */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1';
import { blake2b } from '@noble/hashes/blake2b';
import { keccak_256 } from '@noble/hashes/sha3';
import type { WorkloadName } from './guests.js';

// These repeat what the C sources say.
const FIB_ITERATIONS = 1_000_000;
const HOST_CALLS = 100_000;
const SORTED = 1000;
const SIEVE_LIMIT = 100_000;
const HASHED_MESSAGES = 100;
const MESSAGE_SIZE = 1024;

/** What `run` answers after `initialize(variant)`, for variants from 0 to 255. */
export function expected(name: WorkloadName, variant: number): bigint {
  return ANSWERS[name](variant);
}

const ANSWERS: Readonly<Record<WorkloadName, (variant: number) => bigint>> = {
  fib: (variant) => {
    let current = BigInt(variant);
    let next = current + 1n;
    for (let i = 0; i < FIB_ITERATIONS; i++) [current, next] = [next, BigInt.asUintN(64, current + next)];
    return current;
  },
  hostcall: (variant) => BigInt(variant + HOST_CALLS),
  sort: (variant) => {
    const numbers = Uint32Array.from({ length: SORTED }, (_, i) => Math.imul(SORTED - i, 2654435) + variant);
    return fold(new Uint8Array(numbers.sort().buffer));
  },
  sieve: (variant) => {
    let sum = 0;
    for (let n = 2; n < SIEVE_LIMIT - variant; n++) if (isPrime(n)) sum += n;
    return BigInt(sum);
  },
  blake2b: (variant) => fold(hashChain(variant, (message) => blake2b(message, { dkLen: 64 }))),
  keccak: (variant) => fold(hashChain(variant, keccak_256)),
  ed25519: (variant) => {
    const { publicKey, signature, message } = signatureInputs();
    message[0] = (message[0] as number) ^ variant;
    const prefix = Buffer.from('302a300506032b6570032100', 'hex');
    const key = createPublicKey({ key: Buffer.concat([prefix, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature) ? 1n : 0n;
  },
  ecrecover: (variant) => {
    const { digest, compact, recovery } = curveInputs();
    digest[31] = (digest[31] as number) ^ variant;
    const signature = secp256k1.Signature.fromCompact(compact).addRecoveryBit(recovery);
    return fold(signature.recoverPublicKey(digest).toRawBytes(false).subarray(1));
  },
};

/** FNV-1a, as `guest_fold` of the C sources. */
function fold(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}

function hashChain(variant: number, hash: (message: Uint8Array) => Uint8Array): Uint8Array {
  const message = Uint8Array.from({ length: MESSAGE_SIZE }, (_, i) => i * 7 + variant);
  let digest = message;
  for (let i = 0; i < HASHED_MESSAGES; i++) {
    digest = hash(message) as Uint8Array<ArrayBuffer>;
    message.set(digest);
  }
  return digest;
}

/** What the workload `ed25519` verifies: a signature by Node's crypto, the same every time. */
export function signatureInputs(): { publicKey: Uint8Array; signature: Uint8Array; message: Uint8Array } {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const seed = Buffer.from(Array.from({ length: 32 }, (_, i) => i + 1));
  const key = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
  const message = new TextEncoder().encode('One signature, verified over and over.');
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { publicKey: new Uint8Array(publicKey), signature: new Uint8Array(sign(null, message, key)), message };
}

/** What the workload `ecrecover` recovers a key from: a signature by @noble/curves, the same every time. */
export function curveInputs(): { digest: Uint8Array; compact: Uint8Array; recovery: number } {
  const digest = keccak_256(new TextEncoder().encode('One signature, recovered from over and over.'));
  const key = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
  const signature = secp256k1.sign(digest, key);
  return { digest, compact: signature.toCompactRawBytes(), recovery: signature.recovery };
}
