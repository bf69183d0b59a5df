/* Formatted output: variable arguments, characters, structures by value, division by a variable base. */
typedef unsigned long u64;
typedef __builtin_va_list arguments;

static char out[256];
static int length;

static void put(char c) {
  if (length < 255) out[length++] = c;
}

static void number(u64 value, unsigned base, int width, char pad) {
  char digits[32];
  int i = 0;
  do {
    unsigned d = (unsigned)(value % base);
    digits[i++] = (char)(d < 10 ? '0' + d : 'a' + d - 10);
    value /= base;
  } while (value);
  while (i < width) digits[i++] = pad;
  while (i) put(digits[--i]);
}

static void print(const char *f, ...) {
  arguments a;
  __builtin_va_start(a, f);
  for (; *f; f++) {
    if (*f != '%') {
      put(*f);
      continue;
    }
    char pad = ' ';
    int width = 0;
    if (*++f == '0') pad = '0', f++;
    while (*f >= '0' && *f <= '9') width = width * 10 + *f++ - '0';
    switch (*f) {
      case 'd': {
        int value = __builtin_va_arg(a, int);
        if (value < 0) put('-');
        number(value < 0 ? -(unsigned)value : (unsigned)value, 10, width, pad);
        break;
      }
      case 'u': number(__builtin_va_arg(a, unsigned), 10, width, pad); break;
      case 'x': number(__builtin_va_arg(a, u64), 16, width, pad); break;
      case 's': {
        const char *text = __builtin_va_arg(a, const char *), *end = text;
        while (*end) end++;
        for (long left = width - (end - text); left > 0; left--) put(' ');
        while (*text) put(*text++);
        break;
      }
      case 'c': put((char)__builtin_va_arg(a, int)); break;
      case '%': put('%'); break;
      default: put('?');
    }
  }
  __builtin_va_end(a);
}

struct record {
  signed char c;
  short h;
  int i;
  long l;
  char name[5];
};

__attribute__((noinline)) static struct record make(int k) {
  struct record r;
  r.c = (signed char)k;
  r.h = (short)(k * 3);
  r.i = (int)((unsigned)k * (unsigned)k);
  r.l = (long)((u64)k << 33);
  for (int i = 0; i < 4; i++) r.name[i] = (char)('a' + ((unsigned)k + (unsigned)i) % 26);
  r.name[4] = 0;
  return r;
}

u64 run(u64 n) {
  int k = (int)(n % 100000);
  length = 0;
  struct record a = make(k), b = a;
  b.i ^= 1000;
  print("%d|%05d|%x|%s|%c%%|%8s|%u|%d,%d,%s", k - 50, k * -3, n * 0x123456789ul, "text", 'A' + (int)(n % 26), "right",
        (unsigned)-n, a.c, b.i, b.name);
  print(" %x %d %s %q", (u64)a.l, b.h, n & 1 ? "odd" : "even");
  u64 hash = 14695981039346656037ul;
  for (int i = 0; i < length; i++) hash = (hash ^ (unsigned char)out[i]) * 1099511628211ul;
  return hash;
}
