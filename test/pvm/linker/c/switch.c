/* Jump tables of numbers, texts and labels, and functions called by address. */
typedef unsigned long u64;
typedef long i64;

static int counts[4] = {1, 2, 3, 4};
static const char *const greek[] = {"alpha", "beta", "gamma", "delta"};

int triple(int x);
int (*function)(int) = triple;
int triple(int x) { return x * 3 + greek[x & 3][x & 1]; }

__attribute__((noinline)) static int dense(int x, int y) {
  switch (x) {
    case 0: return y + 1;
    case 1: return triple(y);
    case 2: return y * 7;
    case 3: return counts[y & 3]++;
    case 4: return y - 9;
    case 5: return function(y);
    case 9: return y << 3;
    case 10: return -y;
    case 11: return y ^ 0x5a5a;
    default: return -1;
  }
}

__attribute__((noinline)) static i64 negative(i64 x) {
  switch (x) {
    case -5: return 1;
    case -4: return 20;
    case -3: return -300;
    case -2: return 4000;
    case -1: return 5;
    case 0: return 0;
    case 1: return 77;
    case 2: return 1l << 40;
    default: return x * x;
  }
}

__attribute__((noinline)) static const char *text(unsigned c) {
  switch (c) {
    case 100: return "hundred";
    case 101: return "hundred and one";
    case 102: return "x";
    case 103: return "yy";
    case 104: return "zzz";
    case 105: return "";
    default: return "none";
  }
}

static u64 interpret(const unsigned char *p, u64 n) {
  static void *const labels[] = {&&add, &&multiply, &&decrement, &&loop, &&end};
  u64 sum = 1;
  goto *labels[*p++];
add:
  sum += *p++;
  goto *labels[*p++];
multiply:
  sum *= *p++;
  sum ^= sum >> 7;
  goto *labels[*p++];
decrement:
  n--;
  goto *labels[*p++];
loop : {
  unsigned back = *p++;
  if (n) p -= back;
  goto *labels[*p++];
}
end:
  return sum;
}

u64 run(u64 n) {
  static const unsigned char code[] = {0, 7, 1, 13, 2, 3, 7, 4};
  u64 sum = n;
  for (int i = 0; i < 200; i++) {
    sum = sum * 33 + (u64)(i64)dense(i % 13, (int)sum);
    sum += (u64)negative((i64)(sum % 12) - 7);
    for (const char *p = text(95 + (unsigned)i % 14); *p; p++) sum = sum * 5 + (unsigned char)*p;
  }
  return sum ^ interpret(code, n % 50 + 1);
}
