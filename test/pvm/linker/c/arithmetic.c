/* Every operator of C on values near all the edges, in 8 to 128 bits. */
typedef unsigned long u64;
typedef long i64;
typedef unsigned u32;
typedef int i32;
typedef unsigned __int128 u128;

static u64 hash;
static void mix(u64 x) {
  hash ^= x;
  hash *= 0x9e3779b97f4a7c15ul;
  hash = hash << 29 | hash >> 35;
}
static void mixs(i64 x) { mix((u64)x); }

__attribute__((noinline)) static void wide(u64 a, u64 b) {
  i64 sa = (i64)a, sb = (i64)b;
  mix(a + b), mix(a - b), mix(a * b);
  if (b) {
    mix(a / b), mix(a % b);
    if (sb != -1) mixs(sa / sb), mixs(sa % sb);
  }
  mix(a << (b & 63)), mix(a >> (b & 63)), mixs(sa >> (b & 63));
  mix((u64)((u128)a * b >> 64)), mixs((i64)((__int128)sa * sb >> 64));
  mix(a & ~b), mix(a | ~b), mix(~(a ^ b));
  mix(a < b), mix(sa < sb), mix(a == 0), mix(a != 0), mix(a < 1000), mix(sa < -5), mix(a >= b);
  mix(a < b ? a : b), mix(a > b ? a : b), mix(sa < sb ? a : b), mix(sa > sb ? a : b);
  mixs(sa > 0 ? sa : 0), mixs(sb < 0 ? sb : 0);
  mix(a ? (u64)__builtin_clzl(a) : 64), mix(a ? (u64)__builtin_ctzl(a) : 64);
  mix((u64)__builtin_popcountl(a)), mix(__builtin_bswap64(a));
  mix(a << (b & 63) | a >> (-b & 63)), mix(a >> 13 | a << 51);
  mix(a / 10), mix(a % 1000000007), mixs(sa / 16), mixs(sa % 3);
}

__attribute__((noinline)) static void narrow(u32 a, u32 b) {
  i32 sa = (i32)a, sb = (i32)b;
  mix(a + b), mixs((i32)(a - b)), mix(a * b);
  if (b) {
    mix(a / b), mix(a % b);
    if (sb != -1) mixs(sa / sb), mixs(sa % sb);
  }
  mix(a << (b & 31)), mix(a >> (b & 31)), mixs(sa >> (b & 31));
  mix((u64)a * b), mixs((i64)sa * sb);
  mix(a << (b & 31) | a >> (-b & 31)), mix(a >> 7 | a << 25);
  mix(a ? (u64)__builtin_clz(a) : 32), mix(a ? (u64)__builtin_ctz(a) : 32);
  mix((u64)__builtin_popcount(a)), mix(__builtin_bswap32(a));
  mixs((i32)(a < b ? a : b)), mixs(sa > sb ? sa : sb), mixs(sa < 0 ? 0 : sa);
  mix(a / 7), mixs(sa / 1000), mix((unsigned char)a), mixs((signed char)a), mix((unsigned short)a), mixs((short)a);
  mix(a >> 3), mix((u64)a << 5), mixs((i64)sa << 2), mixs(sa >> 31), mixs((i32)(a << 5) >> 9), mix(a << 4 >> 11);
}

u64 run(u64 n) {
  static const u64 values[] = {
      0,          1,          2,           3,                  5,                  7,
      31,         32,         33,          63,                 64,                 0x7f,
      0x80,       0xff,       0x7fff,      0x8000,             0xffff,             0x7fffffff,
      0x80000000, 0xffffffff, 0x100000000, 0x123456789abcdef,  0x7fffffffffffffff, 0x8000000000000000,
      -1ul,       -16ul,      -(1ul << 31), 0xdeadbeefcafebabe,
  };
  const int count = sizeof values / sizeof *values;
  hash = n;
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < count; j++) {
      wide(values[i], values[j]), narrow((u32)values[i], (u32)values[j]);
      wide(values[i] ^ n, values[j]), narrow((u32)(values[i] + n), (u32)values[j]);
    }
  }
  return hash;
}
