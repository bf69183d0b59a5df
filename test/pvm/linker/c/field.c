/* Arithmetic modulo 2^255 - 19 in five limbs, up to an inversion: what elliptic curves spend their time on. */
typedef unsigned long u64;
typedef unsigned __int128 u128;
typedef u64 field[5];

static const u64 MASK = (1ul << 51) - 1;

static void multiply(field r, const field a, const field b) {
  u128 t[5];
  for (int i = 0; i < 5; i++) {
    t[i] = 0;
    for (int j = 0; j < 5; j++) t[i] += (u128)a[j] * (b[(i + 5 - j) % 5] * (j > i ? 19 : 1));
  }
  u64 carry = 0;
  for (int i = 0; i < 5; i++) {
    t[i] += carry;
    r[i] = (u64)t[i] & MASK;
    carry = (u64)(t[i] >> 51);
  }
  r[0] += carry * 19;
  r[1] += r[0] >> 51;
  r[0] &= MASK;
}

static void invert(field r, const field a) {
  field t;
  for (int i = 0; i < 5; i++) t[i] = a[i];
  for (int i = 253; i >= 0; i--) {
    multiply(t, t, t);
    if (i != 2 && i != 4) multiply(t, t, a);
  }
  for (int i = 0; i < 5; i++) r[i] = t[i];
}

u64 run(u64 n) {
  field a = {n & MASK, n * 3 & MASK, 7, n >> 5 & MASK, n * n & MASK}, b, c;
  invert(b, a);
  multiply(c, a, b);
  u64 hash = 0;
  for (int k = 0; k < 20; k++) {
    b[k % 5] ^= n & 0xffff;
    multiply(b, b, a);
    multiply(a, b, b);
    hash = hash * 31 + a[k % 5];
  }
  for (int i = 0; i < 5; i++) hash = hash * 1000003 + c[i] + b[i] * 7;
  return hash;
}
