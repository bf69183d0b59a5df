/* Recursion, and nothing else. */
typedef unsigned long u64;

static u64 fib(u64 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

u64 run(u64 n) { return fib(n % 22); }
