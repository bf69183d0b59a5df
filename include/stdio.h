/*
 * Printing: text goes to the host function SCOTTY_WRITE_CALL (scotty.h), which `scotty pvm run --host debug` has. The
 * code is in runtime/print.c.
 *
 * Conversions: d i u x X o c s p %, with the flags - + space # 0, width, precision (numbers or *), and the lengths
 * hh h l ll z j t. There is no floating point.
 */
#ifndef SCOTTY_STDIO_H
#define SCOTTY_STDIO_H

#include <stdarg.h>
#include <stddef.h>

#define EOF (-1)

int putchar(int character);
int puts(const char *text);
__attribute__((format(printf, 1, 2))) int printf(const char *format, ...);
__attribute__((format(printf, 1, 0))) int vprintf(const char *format, va_list arguments);
__attribute__((format(printf, 2, 3))) int sprintf(char *to, const char *format, ...);
__attribute__((format(printf, 3, 4))) int snprintf(char *to, size_t room, const char *format, ...);
__attribute__((format(printf, 3, 0))) int vsnprintf(char *to, size_t room, const char *format, va_list arguments);

#endif
