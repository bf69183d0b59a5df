/* Data of all kinds: large and small, zero and not, pointers into the middle of it, lists, matrices, a moving copy. */
typedef unsigned long u64;
typedef unsigned u32;
typedef unsigned char u8;

static u8 big[70000];
static u64 words[100];
static short shorts[64];
static int matrix[16][16];

struct node {
  struct node *next, *previous;
  int key;
  short value;
};
static struct node pool[64], *head;

extern char tail[];
char tail[8] = "tail";
static char *const pointers[] = {tail, (char *)big + 65536, (char *)&words[3], tail + 5};

__attribute__((noinline)) static void fill(u8 *to, u8 value, u64 n) {
  while (n--) *to++ = value;
}

__attribute__((noinline)) static void move(u8 *to, const u8 *from, u64 n) {
  if (to < from)
    while (n--) *to++ = *from++;
  else
    while (n--) to[n] = from[n];
}

static u32 crc(const u8 *p, u64 n) {
  u32 c = ~0u;
  while (n--) {
    c ^= *p++;
    for (int k = 0; k < 8; k++) c = c >> 1 ^ (0xedb88320 & -(c & 1));
  }
  return ~c;
}

u64 run(u64 n) {
  fill(big, (u8)n, sizeof big);
  for (u32 i = 0; i < sizeof big; i += 97) big[i] ^= (u8)(i >> 3);
  move(big + 5, big, 1000);
  for (int i = 0; i < 100; i++) words[i] = ((u64)i * n) ^ 0x5555555555555555ul;
  for (int i = 0; i < 64; i++) shorts[i] = (short)((u64)i * n - 777);
  for (int i = 0; i < 64; i++) {
    struct node *p = &pool[i * 37 % 64];
    p->key = (int)((u32)i * (u32)n);
    p->value = shorts[i];
    p->previous = 0;
    p->next = head;
    if (head) head->previous = p;
    head = p;
  }
  u64 sum = 0;
  for (struct node *p = head; p; p = p->next) {
    sum = sum * 7 + (u64)(long)p->key - (u64)(long)p->value;
    if (p->previous) sum ^= (u64)(long)p->previous->key;
  }
  for (int i = 0; i < 16; i++)
    for (int j = 0; j < 16; j++) matrix[i][j] = i * j - (int)(n & 0xffff);
  for (u32 k = 0; k < 16; k++)
    for (u32 i = 0; i < 16; i++) matrix[i][k] += matrix[k][(i + k) & 15] & 0xff;
  u32 trace = 0;
  for (int i = 0; i < 16; i++) trace += (u32)matrix[i][i] * (u32)matrix[15 - i][i];
  *pointers[0] = (char)(n + 3);
  *pointers[1] = 3;
  *pointers[3] = 'x';
  sum += (u8)pointers[2][0] + (u8)tail[0] + (u8)tail[5] + big[65536];
  return crc(big, 2000) + sum + (u64)trace * 31 + words[n % 100];
}
