/*
 * The capability kernel's operations, for programs built as manifests (`--format manifest`).
 *
 * A slot is a place in the VM's table of 256 capabilities. A reference names a capability: a slot in the low byte, and
 * above it up to three slots of HANDLEs that lead to the table it is in (scotty_in). An operation that fails answers
 * SCOTTY_WHAT in r7 and leaves everything as it was.
 */
#ifndef SCOTTY_KERNEL_H
#define SCOTTY_KERNEL_H

#include <stdint.h>

#include "scotty.h"

#ifndef SCOTTY_KERNEL
#error "the kernel's operations are for manifests: build with --format manifest"
#endif

/* The operation failed; the callee ran out of gas; the callee panicked. */
#define SCOTTY_WHAT (~(uint64_t)1)
#define SCOTTY_LOW (~(uint64_t)7)
#define SCOTTY_HUH (~(uint64_t)8)

/* How a callee ended: r8 after a CALL. */
enum scotty_status {
    SCOTTY_REPLIED = 0,
    /* r7 as the callee left it. */
    SCOTTY_TRAPPED = 1,
    /* r7 is SCOTTY_HUH. */
    SCOTTY_PANICKED = 2,
    /* r7 is SCOTTY_LOW. */
    SCOTTY_OUT_OF_GAS = 3,
    /* r7 is the address of the page. */
    SCOTTY_PAGE_FAULT = 4,
};

enum scotty_operation {
    SCOTTY_CALL = 0x00,
    SCOTTY_MAP = 0x02,
    SCOTTY_UNMAP = 0x03,
    SCOTTY_SPLIT = 0x04,
    SCOTTY_DROP = 0x05,
    SCOTTY_MOVE = 0x06,
    SCOTTY_COPY = 0x07,
    SCOTTY_GRANT = 0x08,
    SCOTTY_REVOKE = 0x09,
    SCOTTY_DOWNGRADE = 0x0a,
    SCOTTY_SET_MAX_GAS = 0x0b,
    SCOTTY_DIRTY = 0x0c,
    SCOTTY_RESUME = 0x0d,
};

/* Where the builder puts a program's own capabilities. */
enum scotty_slot {
    /* What travelled with the CALL; at the start the memory of the arguments. */
    SCOTTY_SLOT_IPC = 0,
    SCOTTY_SLOT_CODE = 64,
    SCOTTY_SLOT_STACK = 65,
    SCOTTY_SLOT_READ_ONLY = 66,
    SCOTTY_SLOT_READ_WRITE = 67,
    SCOTTY_SLOT_HEAP = 68,
    /* Pages not given to anybody yet. */
    SCOTTY_SLOT_UNTYPED = 254,
};

typedef uint32_t scotty_reference;

/* The reference to a slot of the VM whose HANDLE `handle` refers to. It may go on so for three steps. */
static inline scotty_reference scotty_in(scotty_reference handle, uint8_t slot) {
    return handle << 8 | slot;
}

/* Any operation, with its arguments in r7 to r10. */
static inline __attribute__((always_inline)) struct scotty_pair
scotty_kernel(enum scotty_operation operation, scotty_reference subject, scotty_reference object, uint64_t r7,
              uint64_t r8, uint64_t r9, uint64_t r10) {
    register uint64_t a0 __asm__("a0") = r7;
    register uint64_t a1 __asm__("a1") = r8;
    register uint64_t a2 __asm__("a2") = r9;
    register uint64_t a3 __asm__("a3") = r10;
    register uint64_t a4 __asm__("a4") = operation;
    register uint64_t a5 __asm__("a5") = (uint64_t)subject << 32 | object;
    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a2), "r"(a3), "r"(a4), "r"(a5) : "memory");
    return (struct scotty_pair){a0, a1};
}

/* Whether an operation that gives no result of its own did its work: it leaves r7 alone where it succeeds. */
static inline __attribute__((always_inline)) _Bool scotty_did(enum scotty_operation operation,
                                                              scotty_reference subject, scotty_reference object,
                                                              uint64_t r7, uint64_t r8, uint64_t r9, uint64_t r10) {
    return scotty_kernel(operation, subject, object, r7, r8, r9, r10).first != SCOTTY_WHAT;
}

/*
 * Calls a VM through its HANDLE or CALLABLE with four arguments. The capability in the own slot `travelling` (0: none)
 * is in the callee's slot 0 until it replies. `first` is what the callee answered, `second` a scotty_status.
 *
 * A refused call also has `first` == SCOTTY_WHAT and `second` still == `r8`: give an r8 above 4 to tell it from a
 * reply.
 */
static inline struct scotty_pair scotty_call(scotty_reference vm, uint8_t travelling, uint64_t r7, uint64_t r8,
                                             uint64_t r9, uint64_t r10) {
    return scotty_kernel(SCOTTY_CALL, vm, travelling, r7, r8, r9, r10);
}

/* Makes a VM that runs a CODE capability. Bit i of `copied` copies slot i; its HANDLE goes to `destination`. */
static inline _Bool scotty_create(scotty_reference code, uint64_t copied, scotty_reference destination) {
    return scotty_did(SCOTTY_CALL, code, destination, copied, 0, 0, 0);
}

/* Makes a DATA capability of so many zero pages from an UNTYPED one, in `destination`; not mapped yet. */
static inline _Bool scotty_retype(scotty_reference untyped, uint32_t pages, scotty_reference destination) {
    return scotty_did(SCOTTY_CALL, untyped, destination, pages, 0, 0, 0);
}

/* Answers the caller and waits: returns when this VM is called again. For the first VM of a program, the end. */
#define scotty_reply(answer) ((void)scotty_ecalli(0, answer))

/* Maps pages `first` … of a DATA capability; its base page and access are fixed by the first time. */
static inline _Bool scotty_map(scotty_reference data, uint32_t base_page, uint32_t first, uint32_t count,
                               _Bool writable) {
    return scotty_did(SCOTTY_MAP, data, 0, base_page, first, count, writable);
}

static inline _Bool scotty_unmap(scotty_reference data, uint32_t first, uint32_t count) {
    return scotty_did(SCOTTY_UNMAP, data, 0, first, count, 0, 0);
}

/* Cuts an unmapped DATA capability: `data` keeps `pages` pages, the rest goes to `rest`. */
static inline _Bool scotty_split(scotty_reference data, uint32_t pages, scotty_reference rest) {
    return scotty_did(SCOTTY_SPLIT, data, rest, pages, 0, 0, 0);
}

static inline _Bool scotty_drop(scotty_reference capability) {
    return scotty_did(SCOTTY_DROP, capability, 0, 0, 0, 0, 0);
}

static inline _Bool scotty_move(scotty_reference from, scotty_reference to) {
    return scotty_did(SCOTTY_MOVE, from, to, 0, 0, 0, 0);
}

static inline _Bool scotty_copy(scotty_reference from, scotty_reference to) {
    return scotty_did(SCOTTY_COPY, from, to, 0, 0, 0, 0);
}

/* Moves the own capability in `slot` to the first free slot of a VM: that slot, or SCOTTY_WHAT. */
static inline uint64_t scotty_grant(scotty_reference handle, uint8_t slot) {
    return scotty_kernel(SCOTTY_GRANT, handle, 0, slot, 0, 0, 0).first;
}

/* Moves the capability in `slot` of a VM to the own first free slot from 64 up: that slot, or SCOTTY_WHAT. */
static inline uint64_t scotty_revoke(scotty_reference handle, uint8_t slot) {
    return scotty_kernel(SCOTTY_REVOKE, handle, 0, slot, 0, 0, 0).first;
}

/* Puts a CALLABLE for a HANDLE's VM into `callable`. */
static inline _Bool scotty_downgrade(scotty_reference handle, scotty_reference callable) {
    return scotty_did(SCOTTY_DOWNGRADE, handle, callable, 0, 0, 0, 0);
}

/* The most gas a CALL through this HANDLE hands over. Every amount but SCOTTY_WHAT can be told from a failure. */
static inline _Bool scotty_set_max_gas(scotty_reference handle, uint64_t gas) {
    return scotty_did(SCOTTY_SET_MAX_GAS, handle, 0, gas, 0, 0, 0);
}

/* Which of at most 64 pages were written since they were last asked about: bit i for page first + i. */
static inline uint64_t scotty_dirty(scotty_reference data, uint32_t first, uint32_t count) {
    return scotty_kernel(SCOTTY_DIRTY, data, 0, first, count, 0, 0).first;
}

/* Lets a faulted VM try again where it stopped; answers like scotty_call. */
static inline struct scotty_pair scotty_resume(scotty_reference handle) {
    return scotty_kernel(SCOTTY_RESUME, handle, 0, 0, SCOTTY_WHAT, 0, 0);
}

#endif
