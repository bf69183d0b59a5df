/*
 * What a C program needs to know about the machine it runs on: entry points, host functions, `sbrk`, and ends.
 *
 * Nothing here needs a library. Entry points and host functions are described the way PolkaVM's tools describe them
 * (metadata in the section .polkavm_metadata), so one ELF file goes through their linker and through ours.
 *
 * C argument registers a0 to a5 are the machine's r7 to r12: what a program, a host function or the kernel says about
 * r7 is the first argument, and the result, of a C function.
 */
#ifndef SCOTTY_H
#define SCOTTY_H

#include <stddef.h>
#include <stdint.h>

/* Two results of a call: r7 and r8. */
struct scotty_pair {
    uint64_t first;
    uint64_t second;
};

/* Bytes an entry point of a service answers with: returning one puts the address into r7 and the length into r8. */
struct scotty_bytes {
    const void *data;
    size_t length;
};

/* --- Entry points and host functions by name --------------------------------------------------------------------- */

/* Version 2 of the metadata; version 1 ends after `outputs`. */
struct scotty_metadata {
    uint8_t version;
    uint32_t flags;
    uint32_t name_length;
    const char *name;
    uint8_t inputs;
    uint8_t outputs;
    uint8_t has_number;
    uint32_t number;
} __attribute__((packed));

#define SCOTTY_COUNT(...) SCOTTY_COUNT_(__VA_ARGS__ __VA_OPT__(, ) 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define SCOTTY_COUNT_(a, b, c, d, e, f, g, h, i, count, ...) count

#define SCOTTY_METADATA(variable, format, label, ins, outs, numbered, id)                                             \
    static const struct scotty_metadata variable                                                                      \
        __attribute__((section(".polkavm_metadata"), used)) = {                                                       \
            .version = format,                                                                                        \
            .name_length = sizeof(label) - 1,                                                                         \
            .name = label,                                                                                            \
            .inputs = ins,                                                                                            \
            .outputs = outs,                                                                                          \
            .has_number = numbered,                                                                                   \
            .number = id,                                                                                             \
    }

/*
 * Makes a function an entry point under its own name. Goes behind the function's definition or declaration:
 *
 *     uint64_t twice(uint64_t n) { return 2 * n; }
 *     SCOTTY_EXPORT(twice);
 */
#define SCOTTY_EXPORT(function)                                                                                       \
    SCOTTY_METADATA(scotty_export_of_##function, 1, #function, 6, 2, 0, 0);                                           \
    static void __attribute__((naked, used)) scotty_export_record_of_##function(void) {                               \
        __asm__(".pushsection .polkavm_exports, \"aR\", @note\n"                                                      \
                ".byte 1\n"                                                                                           \
                ".quad %[metadata]\n"                                                                                 \
                ".quad %[entry]\n"                                                                                    \
                ".popsection\n"                                                                                       \
                :                                                                                                     \
                : [metadata] "i"(&scotty_export_of_##function), [entry] "i"(function));                               \
    }                                                                                                                 \
    _Static_assert(1, "a semicolon follows")

#define SCOTTY_IMPORT_(format, numbered, id, result, function, ...)                                                   \
    SCOTTY_METADATA(scotty_import_of_##function, format, #function, SCOTTY_COUNT(__VA_ARGS__),                        \
                    !__builtin_types_compatible_p(result, void), numbered, id);                                       \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wunused-parameter\"")                       \
    static __attribute__((naked, unused)) result function(__VA_ARGS__) {                                              \
        __asm__(".word 0x0000000b\n"                                                                                  \
                ".quad %[metadata]\n"                                                                                 \
                "ret\n"                                                                                               \
                :                                                                                                     \
                : [metadata] "i"(&scotty_import_of_##function)                                                        \
                : "memory");                                                                                          \
    }                                                                                                                 \
    _Pragma("clang diagnostic pop") _Static_assert(1, "a semicolon follows")

/*
 * Declares a host function by name: its result, its name, its parameters (at most six, of at most 64 bits each).
 *
 *     SCOTTY_IMPORT(uint64_t, balance_of, const uint8_t *account, size_t length);
 *
 * Host functions get numbers from 0 up; a .polkavm file keeps their names beside them.
 */
#define SCOTTY_IMPORT(result, function, ...) SCOTTY_IMPORT_(1, 0, 0, result, function, __VA_ARGS__)

/* The same with a number of its own choice: the n of `ecalli n`. */
#define SCOTTY_IMPORT_AT(number, result, function, ...)                                                               \
    SCOTTY_IMPORT_(2, 1, number, result, function, __VA_ARGS__)

/* Makes the stack at least so many bytes large. */
#define SCOTTY_STACK(bytes)                                                                                           \
    __asm__(".pushsection .polkavm_min_stack_size, \"R\", @progbits\n"                                                \
            ".word " SCOTTY_TEXT(bytes) "\n"                                                                          \
            ".popsection\n")
#define SCOTTY_TEXT(value) SCOTTY_TEXT_(value)
#define SCOTTY_TEXT_(value) #value

/* --- Host functions by number ------------------------------------------------------------------------------------ */

/*
 * `ecalli number` with up to six arguments, which may be integers or pointers; `scotty_ecalli` is r7 afterwards,
 * `scotty_ecalli_pair` r7 and r8. The number is a constant from 0 to 2047. For Scotty's linker only: PolkaVM's knows
 * host functions with metadata alone (SCOTTY_IMPORT_AT).
 *
 *     uint64_t left = scotty_ecalli(0);
 */
#define scotty_ecalli(...) (scotty_ecalli_pair(__VA_ARGS__).first)
#define scotty_ecalli_pair(...) SCOTTY_ECALLI(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)
/* The arguments are worked out first: a function called for one of them would overwrite the registers of the others. */
#define SCOTTY_ECALLI(id, r7, r8, r9, r10, r11, r12, ...)                                                             \
    __extension__({                                                                                                   \
        const uint64_t scotty_arguments[6] = {(uint64_t)(r7),  (uint64_t)(r8),  (uint64_t)(r9),                       \
                                              (uint64_t)(r10), (uint64_t)(r11), (uint64_t)(r12)};                     \
        register uint64_t scotty_a0 __asm__("a0") = scotty_arguments[0];                                              \
        register uint64_t scotty_a1 __asm__("a1") = scotty_arguments[1];                                              \
        register uint64_t scotty_a2 __asm__("a2") = scotty_arguments[2];                                              \
        register uint64_t scotty_a3 __asm__("a3") = scotty_arguments[3];                                              \
        register uint64_t scotty_a4 __asm__("a4") = scotty_arguments[4];                                              \
        register uint64_t scotty_a5 __asm__("a5") = scotty_arguments[5];                                              \
        __asm__ volatile(".insn i 0x0b, 4, x0, x0, %[n]"                                                              \
                         : "+r"(scotty_a0), "+r"(scotty_a1)                                                           \
                         : "r"(scotty_a2), "r"(scotty_a3), "r"(scotty_a4), "r"(scotty_a5), [n] "i"(id)                \
                         : "memory");                                                                                 \
        (struct scotty_pair){scotty_a0, scotty_a1};                                                                   \
    })

/* --- Memory ------------------------------------------------------------------------------------------------------ */

/* The first address behind the program's read-write data. */
static inline uintptr_t scotty_heap_base(void) {
    uintptr_t address;
    __asm__(".insn r 0x0b, 3, 0, %0, x0, x0" : "=r"(address));
    return address;
}

#ifndef SCOTTY_NO_SBRK
/*
 * `bytes` more bytes of memory, zero, behind what earlier calls gave; NULL where there are no more.
 *
 * The instruction answers with the break before (Gray Paper) or after (PolkaVM) it moved. For an amount of 0 the two
 * agree, so the address comes from that.
 */
static inline void *scotty_sbrk(size_t bytes) {
    uintptr_t start;
    uintptr_t answer;
    __asm__ volatile(".insn r 0x0b, 1, 0, %0, %1, x0" : "=r"(start) : "r"((size_t)0) : "memory");
    __asm__ volatile(".insn r 0x0b, 1, 0, %0, %1, x0" : "=r"(answer) : "r"(bytes) : "memory");
    return answer == 0 ? NULL : (void *)start;
}
#endif

/* --- Ends -------------------------------------------------------------------------------------------------------- */

/* Panics. */
static inline _Noreturn void scotty_trap(void) {
    __asm__ volatile("unimp");
    __builtin_unreachable();
}

/* Halts from wherever the program is, with these in r7 and r8: a jump to the address at which programs halt. */
static inline _Noreturn void scotty_halt(uint64_t first, uint64_t second) {
    register uint64_t a0 __asm__("a0") = first;
    register uint64_t a1 __asm__("a1") = second;
    register uint64_t address __asm__("t0") = 0xffff0000;
    __asm__ volatile("jr %2" : : "r"(a0), "r"(a1), "r"(address) : "memory");
    __builtin_unreachable();
}

/* --- Talking ----------------------------------------------------------------------------------------------------- */

/* The host function that prints a text of some length; `scotty pvm run --host debug` has it. */
#ifndef SCOTTY_WRITE_CALL
#ifdef SCOTTY_KERNEL
#define SCOTTY_WRITE_CALL 26
#else
#define SCOTTY_WRITE_CALL 0
#endif
#endif

/* A JAM log message (JIP-1). Level: 0 fatal, 1 warning, 2 info, 3 debug, 4 trace. */
#ifdef SCOTTY_KERNEL
#define SCOTTY_LOG_CALL 28
#else
#define SCOTTY_LOG_CALL 100
#endif
#define scotty_log(level, target, target_length, text, text_length)                                                   \
    ((void)scotty_ecalli(SCOTTY_LOG_CALL, level, target, target_length, text, text_length))

#ifdef SCOTTY_KERNEL
#include "scotty_kernel.h"
#endif

#endif
