/*
 * A program for the kernel: the first VM makes two others out of its own code, gives each a stack, and lets them
 * look for primes, with as much gas as it allows.
 *
 *     scotty pvm build workers.c -o workers.manifest
 *     scotty pvm run workers.manifest --host debug --vm-trace
 */
#include <scotty.h>
#include <stdio.h>

/* What `main` is called for; the first VM starts with 0 in r7. */
enum role { FIRST = 0, WORKER = 1 };

/* Where the stack of a program with 64 KiB of it ends, in pages, and how much of it a worker gets. */
enum { STACK_END = 16, STACK_PAGES = 1 };

/* Uses nothing but registers and the stack: a worker has neither the first VM's data nor its constants. */
static uint64_t count_primes(uint64_t from, uint64_t to) {
    uint64_t count = 0;
    for (uint64_t n = from < 2 ? 2 : from; n < to; n++) {
        uint64_t divisor = 2;
        while (divisor * divisor <= n && n % divisor != 0) divisor++;
        count += divisor * divisor > n;
    }
    return count;
}

static _Bool make_worker(uint8_t handle) {
    enum { SPARE = 80 };
    if (!scotty_create(SCOTTY_SLOT_CODE, 0, handle)) return 0;
    if (!scotty_retype(SCOTTY_SLOT_UNTYPED, STACK_PAGES, SPARE)) return 0;
    const uint64_t slot = scotty_grant(handle, SPARE);
    if (slot == SCOTTY_WHAT) return 0;
    return scotty_map(scotty_in(handle, (uint8_t)slot), STACK_END - STACK_PAGES, 0, STACK_PAGES, 1);
}

static void ask(const char *name, uint8_t worker, uint64_t from, uint64_t to) {
    const struct scotty_pair answer = scotty_call(worker, 0, WORKER, from, to, 0);
    if (answer.second == SCOTTY_REPLIED) {
        printf("%s: %llu primes from %llu to %llu\n", name, (unsigned long long)answer.first,
               (unsigned long long)from, (unsigned long long)to);
    } else {
        printf("%s: ended with status %llu\n", name, (unsigned long long)answer.second);
    }
}

uint64_t main(enum role role, uint64_t from, uint64_t to) {
    if (role == WORKER) return count_primes(from, to);
    enum { RICH = 70, POOR = 71 };
    if (!make_worker(RICH) || !make_worker(POOR) || !scotty_set_max_gas(POOR, 1000)) return 1;
    ask("rich", RICH, 0, 1000);
    ask("poor", POOR, 0, 1000);
    /* A VM that has replied waits to be called again. */
    ask("rich", RICH, 1000, 2000);
    return 0;
}
