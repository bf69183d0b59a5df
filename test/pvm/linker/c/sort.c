/* Quicksort with comparisons through a table of function pointers. */
typedef unsigned long u64;
typedef unsigned u32;

static u32 numbers[500], seed;

static u32 next(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 3;
}

static int up(u32 x, u32 y) { return x < y ? -1 : x > y; }
static int down(u32 x, u32 y) { return up(y, x); }
static int odd_last(u32 x, u32 y) {
  int difference = (int)(x & 1) - (int)(y & 1);
  return difference ? difference : up(x, y);
}
static int (*const comparisons[])(u32, u32) = {up, down, odd_last};

static void sort(int low, int high, int (*compare)(u32, u32)) {
  while (low < high) {
    u32 pivot = numbers[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
      while (compare(numbers[i], pivot) < 0) i++;
      while (compare(numbers[j], pivot) > 0) j--;
      if (i <= j) {
        u32 t = numbers[i];
        numbers[i++] = numbers[j];
        numbers[j--] = t;
      }
    }
    if (j - low < high - i) {
      sort(low, j, compare);
      low = i;
    } else {
      sort(i, high, compare);
      high = j;
    }
  }
}

u64 run(u64 n) {
  u64 hash = n;
  seed = (u32)n;
  for (int k = 0; k < 3; k++) {
    for (int i = 0; i < 500; i++) numbers[i] = next();
    sort(0, 499, comparisons[k]);
    for (int i = 0; i < 500; i++) hash = hash * 31 + numbers[i] * (u64)(i + 1);
  }
  return hash;
}
