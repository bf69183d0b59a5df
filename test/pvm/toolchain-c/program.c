/*
 * A program that uses what C programs use, and prints what comes out: it must print the same as the same program
 * compiled for this machine. Nothing it prints depends on addresses, on the order of evaluation or on anything
 * undefined.
 *
 * Operands of the arithmetic are volatile: else the compiler would compute the results, and test itself.
 */
#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Arithmetic -------------------------------------------------------------------------------------------------- */

static const uint64_t EDGES[] = {
    0, 1, 2, 3, 7, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
    0x123456789abcdef0,
    0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffff9, 0xffffffffffffffff,
};
#define EDGE_COUNT (sizeof EDGES / sizeof EDGES[0])

static uint64_t mixed;

static void mix(uint64_t value) {
    mixed = (mixed ^ value) * 0x9e3779b97f4a7c15u;
    mixed ^= mixed >> 29;
}

static void arithmetic_64(uint64_t left, uint64_t right) {
    volatile uint64_t a = left;
    volatile uint64_t b = right;
    const int64_t x = (int64_t)a;
    const int64_t y = (int64_t)b;
    mix(a + b);
    mix(a - b);
    mix(a * b);
    mix((uint64_t)(((__uint128_t)a * b) >> 64));
    mix((uint64_t)(((__int128_t)x * y) >> 64));
    if (b != 0) {
        mix(a / b);
        mix(a % b);
        if (!(x == INT64_MIN && y == -1)) {
            mix((uint64_t)(x / y));
            mix((uint64_t)(x % y));
        }
    }
    mix(a << (b & 63));
    mix(a >> (b & 63));
    mix((uint64_t)(x >> (b & 63)));
    mix(a & b);
    mix(a | b);
    mix(a ^ b);
    mix(a & ~b);
    mix(a | ~b);
    mix(~(a ^ b));
    mix(a < b);
    mix(x < y);
    mix(a <= b);
    mix(x <= y);
    mix(x < y ? a : b);
    mix(a < b ? b : a);
    mix(a << (b & 63) | a >> (-b & 63));
    if (a != 0) {
        mix((uint64_t)__builtin_clzll(a));
        mix((uint64_t)__builtin_ctzll(a));
    }
    mix((uint64_t)__builtin_popcountll(a));
    mix(__builtin_bswap64(a));
}

static void arithmetic_32(uint64_t left, uint64_t right) {
    volatile uint32_t a = (uint32_t)left;
    volatile uint32_t b = (uint32_t)right;
    const int32_t x = (int32_t)a;
    const int32_t y = (int32_t)b;
    mix(a + b);
    mix(a - b);
    mix(a * b);
    mix((uint64_t)a * b);
    mix((uint64_t)((int64_t)x * y));
    if (b != 0) {
        mix(a / b);
        mix(a % b);
        if (!(x == INT32_MIN && y == -1)) {
            mix((uint64_t)(int64_t)(x / y));
            mix((uint64_t)(int64_t)(x % y));
        }
    }
    mix(a << (b & 31));
    mix(a >> (b & 31));
    mix((uint64_t)(int64_t)(x >> (b & 31)));
    mix(a << (b & 31) | a >> (-b & 31));
    mix(a < b);
    mix(x < y);
    if (a != 0) {
        mix((uint64_t)__builtin_clz(a));
        mix((uint64_t)__builtin_ctz(a));
    }
    mix((uint64_t)__builtin_popcount(a));
    mix(__builtin_bswap32(a));
    mix((uint64_t)(int64_t)(int8_t)a);
    mix((uint64_t)(int64_t)(int16_t)a);
    mix((uint8_t)a);
    mix((uint16_t)a);
}

static void mix_wide(unsigned __int128 value) {
    mix((uint64_t)value);
    mix((uint64_t)(value >> 64));
}

static void arithmetic_128(uint64_t left, uint64_t right) {
    volatile uint64_t high = left;
    volatile uint64_t low = right;
    const unsigned __int128 a = (unsigned __int128)high << 64 | low;
    const unsigned __int128 divisors[] = {high, low, (unsigned __int128)low << 64 | high, a >> (high & 127), 10};
    mix_wide(a + a * 3);
    mix_wide(a << (high & 127));
    mix_wide(a >> (low & 127));
    mix_wide((unsigned __int128)((__int128)a >> (low & 127)));
    for (size_t i = 0; i < sizeof divisors / sizeof divisors[0]; i++) {
        const unsigned __int128 b = divisors[i];
        if (b == 0) continue;
        mix_wide(a / b);
        mix_wide(a % b);
        if (b + 1 == 0) continue;
        mix_wide((unsigned __int128)((__int128)a / (__int128)b));
        mix_wide((unsigned __int128)((__int128)a % (__int128)b));
    }
}

static void arithmetic(void) {
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        for (size_t j = 0; j < EDGE_COUNT; j++) {
            arithmetic_64(EDGES[i], EDGES[j]);
            arithmetic_32(EDGES[i], EDGES[j]);
            arithmetic_128(EDGES[i], EDGES[j]);
        }
        printf("arithmetic %016llx: %016llx\n", (unsigned long long)EDGES[i], (unsigned long long)mixed);
    }
    volatile int64_t dividend = -7;
    volatile int32_t shift = 5;
    printf("by constants: %lld %lld %lld %d %d\n", (long long)(dividend / 3), (long long)(dividend % 3),
           (long long)(dividend / 1000000007), (int)(dividend * 641), 1 << shift);
}

/* --- Recursion and function pointers ----------------------------------------------------------------------------- */

static int ackermann(int m, int n) {
    if (m == 0) return n + 1;
    return n == 0 ? ackermann(m - 1, 1) : ackermann(m - 1, ackermann(m, n - 1));
}

static void hanoi(int discs, char from, char to, char over, char *moves, int *count) {
    if (discs == 0) return;
    hanoi(discs - 1, from, over, to, moves, count);
    moves[(*count)++] = from;
    moves[(*count)++] = to;
    hanoi(discs - 1, over, to, from, moves, count);
}

typedef long (*operation)(long, long);

static long add(long a, long b) { return a + b; }
static long subtract(long a, long b) { return a - b; }
static long multiply(long a, long b) { return a * b; }
static long power(long a, long b) {
    long result = 1;
    while (b-- > 0) result *= a;
    return result;
}

static const struct {
    const char *name;
    operation apply;
} OPERATIONS[] = {{"add", add}, {"subtract", subtract}, {"multiply", multiply}, {"power", power}};

static long fold(operation apply, const long *values, int count) {
    long result = values[0];
    for (int i = 1; i < count; i++) result = apply(result, values[i]);
    return result;
}

static void functions(void) {
    static const long values[] = {3, 4, 2};
    char moves[64] = {0};
    int count = 0;
    printf("ackermann(2, 3) = %d\n", ackermann(2, 3));
    hanoi(4, 'A', 'C', 'B', moves, &count);
    printf("hanoi: %d moves, %s\n", count / 2, moves);
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++) {
        printf("%-10s%ld\n", OPERATIONS[i].name, fold(OPERATIONS[i].apply, values, 3));
    }
}

/* --- A switch that becomes a table: a machine with a stack ------------------------------------------------------- */

enum instruction { PUSH, ADD, SUB, MUL, DUP, SWAP, OVER, DROP, NEG, SHOW, JUMP_IF, END };

static void machine(const int *code) {
    long stack[32];
    int depth = 0;
    for (int pc = 0;;) {
        switch ((enum instruction)code[pc++]) {
            case PUSH:
                stack[depth++] = code[pc++];
                break;
            case ADD:
                depth--;
                stack[depth - 1] += stack[depth];
                break;
            case SUB:
                depth--;
                stack[depth - 1] -= stack[depth];
                break;
            case MUL:
                depth--;
                stack[depth - 1] *= stack[depth];
                break;
            case DUP:
                stack[depth] = stack[depth - 1];
                depth++;
                break;
            case SWAP: {
                const long top = stack[depth - 1];
                stack[depth - 1] = stack[depth - 2];
                stack[depth - 2] = top;
                break;
            }
            case OVER:
                stack[depth] = stack[depth - 2];
                depth++;
                break;
            case DROP:
                depth--;
                break;
            case NEG:
                stack[depth - 1] = -stack[depth - 1];
                break;
            case SHOW:
                printf("%ld ", stack[depth - 1]);
                break;
            case JUMP_IF:
                pc = stack[--depth] != 0 ? code[pc] : pc + 1;
                break;
            case END:
                printf("end with %d on the stack\n", depth);
                return;
        }
    }
}

static const char *weekday(int day) {
    switch (day) {
        case 1: return "Monday";
        case 2: return "Tuesday";
        case 3: return "Wednesday";
        case 4: return "Thursday";
        case 5: return "Friday";
        case 6: return "Saturday";
        case 7: return "Sunday";
        case 100: return "never";
        case -1: return "yesterday";
        default: return "?";
    }
}

static void switches(void) {
    /* 10! from the top down, showing each step. */
    static const int factorial[] = {PUSH, 1, PUSH, 10, SWAP, OVER, MUL, SHOW, SWAP, PUSH, 1,
                                    SUB,  DUP, JUMP_IF, 4, DROP, NEG, SHOW, END};
    machine(factorial);
    for (int day = -2; day < 9; day++) printf("%s%c", weekday(day), day < 8 ? ',' : '\n');
    printf("%s\n", weekday(100));
}

/* --- Structures -------------------------------------------------------------------------------------------------- */

struct point {
    int x, y;
};

struct shape {
    char name[13];
    struct point corners[4];
    uint8_t count;
    unsigned red : 5, green : 6, blue : 5;
    union {
        uint64_t whole;
        uint8_t bytes[8];
    } tag;
};

static struct shape moved(struct shape shape, struct point by) {
    for (int i = 0; i < shape.count; i++) {
        shape.corners[i].x += by.x;
        shape.corners[i].y += by.y;
    }
    shape.red += 3;
    shape.tag.bytes[2] = (uint8_t)by.x;
    return shape;
}

static struct point middle(struct shape shape) {
    struct point sum = {0, 0};
    for (int i = 0; i < shape.count; i++) {
        sum.x += shape.corners[i].x;
        sum.y += shape.corners[i].y;
    }
    return (struct point){sum.x / shape.count, sum.y / shape.count};
}

static void structures(void) {
    const struct shape square = {"square", {{0, 0}, {10, 0}, {10, 10}, {0, 10}}, 4, 30, 60, 7, {0x1122334455667788}};
    struct shape shapes[3];
    shapes[0] = square;
    shapes[1] = moved(square, (struct point){-100, 7});
    shapes[2] = moved(shapes[1], (struct point){1, 1});
    for (int i = 0; i < 3; i++) {
        const struct point at = middle(shapes[i]);
        printf("%s at %d,%d colour %u,%u,%u tag %llx\n", shapes[i].name, at.x, at.y, shapes[i].red, shapes[i].green,
               shapes[i].blue, (unsigned long long)shapes[i].tag.whole);
    }
}

/* --- Variable arguments ------------------------------------------------------------------------------------------ */

static long sum_of(const char *kinds, ...) {
    va_list list;
    va_list again;
    long sum = 0;
    va_start(list, kinds);
    va_copy(again, list);
    for (const char *kind = kinds; *kind != 0; kind++) {
        switch (*kind) {
            case 'i':
                sum += va_arg(list, int);
                break;
            case 'l':
                sum += va_arg(list, long);
                break;
            case 's':
                sum += (long)strlen(va_arg(list, const char *));
                break;
            case 'p': {
                const struct point point = va_arg(list, struct point);
                sum += point.x * point.y;
                break;
            }
        }
    }
    if (*kinds == 'i') sum += va_arg(again, int);
    va_end(again);
    va_end(list);
    return sum;
}

static void printing(void) {
    char buffer[24];
    printf("sums: %ld %ld %ld\n", sum_of("iiiiiiii", 1, 2, 3, 4, 5, 6, 7, 8),
           sum_of("lsilp", 1L << 40, "twelve chars", -3, -5L, (struct point){6, 7}), sum_of(""));
    printf("[%5d][%-5d][%05d][%+d][% d][%.3d][%8.3d][%-8.3d]\n", 42, 42, 42, 42, 42, 7, 7, 7);
    printf("[%x][%X][%#x][%#o][%08x][%#010x][%o]\n", 0xbeefu, 0xbeefu, 0xbeefu, 8u, 0xbeefu, 0xbeefu, 0777u);
    printf("[%s][%10s][%-10s][%.2s][%c][%5c][%%]\n", "text", "text", "text", "text", 'c', 'd');
    printf("[%hhd][%hd][%d][%ld][%lld][%zu][%hhu][%hu]\n", 300, 70000, INT_MIN, LONG_MIN, LLONG_MAX, sizeof(long), 300,
           70000);
    printf("[%*d][%-*d][%.*s][%u][%lu]\n", 6, 1, 6, 2, 3, "abcdef", UINT_MAX, ULONG_MAX);
    const int needed = snprintf(buffer, sizeof buffer, "%s", "this is longer than the buffer has room");
    printf("%d needed, got \"%s\"\n", needed, buffer);
    printf("%d %d\n", snprintf(NULL, 0, "%d", 12345), sprintf(buffer, "%d%c%s", 1, '2', "3"));
}

/* --- The heap: a hash map and a tree ----------------------------------------------------------------------------- */

struct entry {
    struct entry *next;
    unsigned count;
    char word[];
};

struct map {
    size_t size;
    size_t used;
    struct entry **buckets;
};

static uint32_t hash(const char *word) {
    uint32_t value = 2166136261u;
    for (; *word != 0; word++) value = (value ^ (uint8_t)*word) * 16777619u;
    return value;
}

static void *checked(void *memory) {
    if (memory == NULL) {
        puts("no memory");
        exit(9);
    }
    return memory;
}

static void enlarge(struct map *map) {
    const size_t size = map->size * 2;
    struct entry **buckets = checked(calloc(size, sizeof *buckets));
    for (size_t i = 0; i < map->size; i++) {
        for (struct entry *entry = map->buckets[i]; entry != NULL;) {
            struct entry *next = entry->next;
            struct entry **bucket = &buckets[hash(entry->word) % size];
            entry->next = *bucket;
            *bucket = entry;
            entry = next;
        }
    }
    free(map->buckets);
    map->buckets = buckets;
    map->size = size;
}

static unsigned *count_of(struct map *map, const char *word) {
    struct entry **bucket = &map->buckets[hash(word) % map->size];
    for (struct entry *entry = *bucket; entry != NULL; entry = entry->next) {
        if (strcmp(entry->word, word) == 0) return &entry->count;
    }
    if (map->used++ == map->size) {
        enlarge(map);
        bucket = &map->buckets[hash(word) % map->size];
    }
    struct entry *entry = checked(malloc(sizeof *entry + strlen(word) + 1));
    entry->next = *bucket;
    entry->count = 0;
    strcpy(entry->word, word);
    *bucket = entry;
    return &entry->count;
}

static int by_count(const void *a, const void *b) {
    const struct entry *left = *(struct entry *const *)a;
    const struct entry *right = *(struct entry *const *)b;
    if (left->count != right->count) return left->count < right->count ? 1 : -1;
    return strcmp(left->word, right->word);
}

static void maps(void) {
    static const char text[] =
        "the cat and the dog and the bird saw the cat that saw the dog that saw the bird and the bird flew";
    struct map map = {2, 0, checked(calloc(2, sizeof(struct entry *)))};
    char copy[sizeof text];
    memcpy(copy, text, sizeof text);
    for (char *word = copy; *word != 0;) {
        const size_t length = strcspn(word, " ");
        const _Bool last = word[length] == 0;
        word[length] = 0;
        ++*count_of(&map, word);
        word += length + !last;
    }
    for (int i = 0; i < 300; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i * 7919 % 211);
        ++*count_of(&map, name);
    }
    struct entry **all = checked(malloc(map.used * sizeof *all));
    size_t count = 0;
    for (size_t i = 0; i < map.size; i++) {
        for (struct entry *entry = map.buckets[i]; entry != NULL; entry = entry->next) all[count++] = entry;
    }
    qsort(all, count, sizeof *all, by_count);
    printf("%zu words in %zu buckets:", count, map.size);
    for (size_t i = 0; i < 12; i++) printf(" %s=%u", all[i]->word, all[i]->count);
    printf(" ... %s=%u\n", all[count - 1]->word, all[count - 1]->count);
    for (size_t i = 0; i < count; i++) free(all[i]);
    free(all);
    free(map.buckets);
}

struct node {
    struct node *left, *right;
    int key;
};

static struct node *insert(struct node *tree, int key) {
    if (tree == NULL) {
        tree = checked(malloc(sizeof *tree));
        *tree = (struct node){NULL, NULL, key};
    } else if (key < tree->key) {
        tree->left = insert(tree->left, key);
    } else if (key > tree->key) {
        tree->right = insert(tree->right, key);
    }
    return tree;
}

static int visit(const struct node *tree, int depth, uint64_t *digest) {
    if (tree == NULL) return depth;
    const int left = visit(tree->left, depth + 1, digest);
    *digest = *digest * 31 + (unsigned)tree->key;
    const int right = visit(tree->right, depth + 1, digest);
    return left > right ? left : right;
}

static void release(struct node *tree) {
    if (tree == NULL) return;
    release(tree->left);
    release(tree->right);
    free(tree);
}

static void heap(void) {
    struct node *tree = NULL;
    uint32_t random = 12345;
    uint64_t digest = 0;
    for (int i = 0; i < 500; i++) {
        random = random * 1664525 + 1013904223;
        tree = insert(tree, (int)(random >> 16) % 1000);
    }
    const int depth = visit(tree, 0, &digest);
    printf("tree: depth %d, digest %llx\n", depth, (unsigned long long)digest);
    release(tree);
    /* Blocks of all sizes that come, grow, shrink and go: what is in them must stay. */
    unsigned char *blocks[24] = {0};
    size_t lengths[24] = {0};
    unsigned wrong = 0;
    for (int step = 0; step < 3000; step++) {
        random = random * 1664525 + 1013904223;
        const unsigned which = (random >> 24) % 24;
        for (size_t i = 0; i < lengths[which]; i++) wrong += blocks[which][i] != (unsigned char)(which * 7 + i);
        const size_t length = (random >> 9) % 700;
        if (length < 100) {
            free(blocks[which]);
            blocks[which] = NULL;
            lengths[which] = 0;
            continue;
        }
        blocks[which] = checked(realloc(blocks[which], length));
        lengths[which] = length;
        for (size_t i = 0; i < length; i++) blocks[which][i] = (unsigned char)(which * 7 + i);
    }
    for (int i = 0; i < 24; i++) free(blocks[i]);
    printf("heap: %u bytes wrong\n", wrong);
}

/* --- Sorting, searching, matrices -------------------------------------------------------------------------------- */

struct record {
    char name[7];
    int64_t key;
};

static int by_key(const void *a, const void *b) {
    const int64_t left = ((const struct record *)a)->key;
    const int64_t right = ((const struct record *)b)->key;
    return (left > right) - (left < right);
}

static int by_character(const void *a, const void *b) {
    return *(const unsigned char *)a - *(const unsigned char *)b;
}

static void sorting(void) {
    struct record records[100];
    for (int i = 0; i < 100; i++) {
        snprintf(records[i].name, sizeof records[i].name, "r%d", i);
        records[i].key = (int64_t)(i * 37 % 101 - 50) * 10000000000;
    }
    qsort(records, 100, sizeof records[0], by_key);
    printf("sorted: %s %s ... %s %lld\n", records[0].name, records[1].name, records[99].name,
           (long long)records[99].key);
    const struct record wanted = {"", 70000000000};
    const struct record *found = bsearch(&wanted, records, 100, sizeof records[0], by_key);
    printf("found: %s\n", found == NULL ? "nothing" : found->name);
    char letters[] = "the quick brown fox jumps over the lazy dog";
    qsort(letters, strlen(letters), 1, by_character);
    printf("letters: %s\n", letters + strspn(letters, " "));
}

#define N 12

static void matrices(void) {
    static int32_t a[N][N];
    static int64_t b[N][N];
    int64_t c[N][N];
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = i * j - 17;
            b[i][j] = (int64_t)(i - j) * 8589934592;
        }
    }
    int64_t trace = 0;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            c[i][j] = 0;
            for (int k = 0; k < N; k++) c[i][j] += a[i][k] * b[k][j];
        }
        trace += c[i][i];
    }
    printf("matrix: trace %lld, corner %lld\n", (long long)trace, (long long)c[N - 1][0]);
}

/* --- Text -------------------------------------------------------------------------------------------------------- */

static int sign(int value) {
    return (value > 0) - (value < 0);
}

static void texts(void) {
    char buffer[64] = "start";
    char *end;
    strcat(buffer, " middle");
    strncat(buffer, " end and more", 4);
    printf("%s, %zu\n", buffer, strlen(buffer));
    memmove(buffer + 2, buffer, 10);
    printf("%s\n", buffer);
    memmove(buffer, buffer + 3, 11);
    printf("%s\n", buffer);
    memset(buffer + 1, '-', 9);
    printf("%s\n", buffer);
    printf("%d %d %d %d\n", sign(strcmp("abc", "abd")), sign(strcmp("b", "abc")), sign(strncmp("abcx", "abcy", 3)),
           sign(memcmp("12345678\xff", "12345678\x01", 9)));
    printf("%s %s %s\n", strchr("find the t", 't'), strrchr("find the t", 't'), strstr("needle in haystack", "in h"));
    strncpy(buffer, "ab", 5);
    printf("%d %d %s\n", buffer[3], buffer[4], (const char *)memchr("memory", 'o', 6));
    for (const char *at = "mIxEd 42!"; *at != 0; at++) putchar(isupper(*at) ? tolower(*at) : toupper(*at));
    putchar('\n');
    const long first = strtol("  -0x1f,", &end, 0);
    printf("%ld %s %lu %d\n", first, end, strtoul("755", NULL, 8), atoi("-2147483648"));
    printf("%ld %ld\n", strtol("99999999999999999999", NULL, 10), strtol("zz9", &end, 36));
    printf("%lld %llu %lld\n", strtoll("-0777", &end, 0), strtoull("18446744073709551616", &end, 10), atoll(" +12"));
    printf("%" PRId8 " %" PRIu16 " %" PRIX32 " %" PRIi64 " %" PRIxPTR " %" PRIoMAX "\n", (int8_t)-1, (uint16_t)65535,
           (uint32_t)0xbeef, INT64_MIN, (uintptr_t)77, (uintmax_t)8);
}

/* Data that the linker must move, and addresses in data. */
static int counter = 40;
static int *const counters[] = {&counter, &counter};
static const char *const names[] = {"zero", "one", "two"};
static const char *const *cursor = names + 1;
static char zeros[5000];

static void data(void) {
    *counters[0] += 1;
    ++*counters[1];
    cursor++;
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof zeros; i++) sum += (unsigned char)zeros[i];
    zeros[4999] = 'z';
    printf("%d %s %u %c\n", counter, *cursor, sum, zeros[4999]);
}

int main(void) {
    arithmetic();
    functions();
    switches();
    structures();
    printing();
    maps();
    heap();
    sorting();
    matrices();
    texts();
    data();
    puts("done");
    return 0;
}
