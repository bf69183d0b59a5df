/*
 * printf and its kin. One formatter writes into a sink; a sink is a buffer that is either handed to the host whenever
 * it is full, or the caller's own, where what does not fit is only counted.
 */
#include <scotty.h>
#include <stdio.h>
#include <string.h>

SCOTTY_IMPORT_AT(SCOTTY_WRITE_CALL, uint64_t, scotty_write, const char *text, size_t length);

struct sink {
    char *buffer;
    size_t room;
    size_t used;
    /* Bytes put in so far, those that found no room too. */
    size_t total;
    /* Whether a full buffer goes to the host. */
    _Bool to_host;
};

static void flush(struct sink *sink) {
    if (sink->used > 0) scotty_write(sink->buffer, sink->used);
    sink->used = 0;
}

static void put(struct sink *sink, char character) {
    if (sink->used == sink->room && sink->to_host) flush(sink);
    if (sink->used < sink->room) sink->buffer[sink->used++] = character;
    sink->total++;
}

static void put_many(struct sink *sink, char character, int count) {
    while (count-- > 0) put(sink, character);
}

struct conversion {
    _Bool left, plus, space, alternative, zeros;
    int width;
    /* −1: not given. */
    int precision;
};

/* Text with a prefix that zeros come behind. */
static void put_field(struct sink *sink, const struct conversion *how, const char *prefix, int zeros, const char *text,
                      size_t length) {
    const int prefix_length = (int)strlen(prefix);
    int padding = how->width - prefix_length - zeros - (int)length;
    if (how->zeros && !how->left && padding > 0) {
        zeros += padding;
        padding = 0;
    }
    if (!how->left) put_many(sink, ' ', padding);
    while (*prefix != 0) put(sink, *prefix++);
    put_many(sink, '0', zeros);
    for (size_t i = 0; i < length; i++) put(sink, text[i]);
    if (how->left) put_many(sink, ' ', padding);
}

static void put_number(struct sink *sink, struct conversion *how, uint64_t value, char kind, const char *sign) {
    const unsigned base = kind == 'x' || kind == 'X' || kind == 'p' ? 16 : kind == 'o' ? 8 : 10;
    const char *digits = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[22];
    char *start = text + sizeof text;
    const char *prefix = sign;
    if (how->alternative && base == 16 && value != 0) prefix = kind == 'X' ? "0X" : "0x";
    /* A zero of precision 0 is no digit at all. */
    for (uint64_t rest = value; rest != 0 || (start == text + sizeof text && how->precision != 0); rest /= base) {
        *--start = digits[rest % base];
        if (rest < base) break;
    }
    const int length = (int)(text + sizeof text - start);
    int zeros = how->precision > length ? how->precision - length : 0;
    if (how->alternative && base == 8 && zeros == 0 && (length == 0 || *start != '0')) zeros = 1;
    if (how->precision >= 0) how->zeros = 0;
    put_field(sink, how, prefix, zeros, start, (size_t)length);
}

enum length { CHAR, SHORT, INT, LONG };

static const char *read_length(const char *format, enum length *length) {
    *length = INT;
    switch (*format) {
        case 'h':
            *length = format[1] == 'h' ? CHAR : SHORT;
            return format + (*length == CHAR ? 2 : 1);
        case 'l':
            *length = LONG;
            return format + (format[1] == 'l' ? 2 : 1);
        case 'z':
        case 'j':
        case 't':
            *length = LONG;
            return format + 1;
        default:
            return format;
    }
}

static const char *read_flags(const char *format, struct conversion *how) {
    for (;; format++) {
        switch (*format) {
            case '-':
                how->left = 1;
                break;
            case '+':
                how->plus = 1;
                break;
            case ' ':
                how->space = 1;
                break;
            case '#':
                how->alternative = 1;
                break;
            case '0':
                how->zeros = 1;
                break;
            default:
                return format;
        }
    }
}

static int64_t narrowed(int64_t value, enum length length) {
    return length == CHAR ? (signed char)value : length == SHORT ? (short)value : length == INT ? (int)value : value;
}

static uint64_t narrowed_unsigned(uint64_t value, enum length length) {
    return length == CHAR    ? (unsigned char)value
           : length == SHORT ? (unsigned short)value
           : length == INT   ? (unsigned)value
                             : value;
}

/* The list is behind a pointer so that what is read from it here is gone for the caller too. */
struct arguments {
    va_list list;
};

static int next_int(struct arguments *arguments) {
    return va_arg(arguments->list, int);
}

static const char *read_number(const char *format, struct arguments *arguments, int *number) {
    if (*format == '*') {
        *number = next_int(arguments);
        return format + 1;
    }
    for (*number = 0; *format >= '0' && *format <= '9'; format++) *number = *number * 10 + (*format - '0');
    return format;
}

static void format_into(struct sink *sink, const char *format, struct arguments *arguments) {
    for (; *format != 0; format++) {
        if (*format != '%') {
            put(sink, *format);
            continue;
        }
        struct conversion how = {.precision = -1};
        enum length length;
        format = read_flags(format + 1, &how);
        format = read_number(format, arguments, &how.width);
        if (how.width < 0) {
            how.left = 1;
            how.width = -how.width;
        }
        if (*format == '.') format = read_number(format + 1, arguments, &how.precision);
        format = read_length(format, &length);
        switch (*format) {
            case 'd':
            case 'i': {
                const int64_t given = length == LONG ? va_arg(arguments->list, int64_t) : next_int(arguments);
                const int64_t value = narrowed(given, length);
                how.alternative = 0;
                put_number(sink, &how, value < 0 ? -(uint64_t)value : (uint64_t)value, 'u',
                           value < 0 ? "-" : how.plus ? "+" : how.space ? " " : "");
                break;
            }
            case 'u':
            case 'x':
            case 'X':
            case 'o': {
                const uint64_t value =
                    length == LONG ? va_arg(arguments->list, uint64_t) : (uint64_t)next_int(arguments);
                put_number(sink, &how, narrowed_unsigned(value, length), *format, "");
                break;
            }
            case 'p': {
                how.alternative = 1;
                put_number(sink, &how, (uintptr_t)va_arg(arguments->list, void *), 'p', "");
                break;
            }
            case 'c': {
                const char character = (char)next_int(arguments);
                how.zeros = 0;
                put_field(sink, &how, "", 0, &character, 1);
                break;
            }
            case 's': {
                const char *text = va_arg(arguments->list, const char *);
                if (text == NULL) text = "(null)";
                how.zeros = 0;
                put_field(sink, &how, "", 0, text, strnlen(text, how.precision < 0 ? SIZE_MAX : (size_t)how.precision));
                break;
            }
            case '%':
                put(sink, '%');
                break;
            default:
                /* Nothing this knows: a mistake in the program that would garble all that follows. */
                scotty_trap();
        }
    }
}

int vprintf(const char *format, va_list list) {
    char buffer[256];
    struct sink sink = {.buffer = buffer, .room = sizeof buffer, .to_host = 1};
    struct arguments arguments;
    va_copy(arguments.list, list);
    format_into(&sink, format, &arguments);
    va_end(arguments.list);
    flush(&sink);
    return (int)sink.total;
}

int printf(const char *format, ...) {
    va_list list;
    va_start(list, format);
    const int total = vprintf(format, list);
    va_end(list);
    return total;
}

int vsnprintf(char *to, size_t room, const char *format, va_list list) {
    struct sink sink = {.buffer = to, .room = room == 0 ? 0 : room - 1};
    struct arguments arguments;
    va_copy(arguments.list, list);
    format_into(&sink, format, &arguments);
    va_end(arguments.list);
    if (room > 0) to[sink.used] = 0;
    return (int)sink.total;
}

int snprintf(char *to, size_t room, const char *format, ...) {
    va_list list;
    va_start(list, format);
    const int total = vsnprintf(to, room, format, list);
    va_end(list);
    return total;
}

int sprintf(char *to, const char *format, ...) {
    va_list list;
    va_start(list, format);
    const int total = vsnprintf(to, SIZE_MAX, format, list);
    va_end(list);
    return total;
}

int putchar(int character) {
    const char text = (char)character;
    scotty_write(&text, 1);
    return (unsigned char)text;
}

int puts(const char *text) {
    scotty_write(text, strlen(text));
    return putchar('\n') == EOF ? EOF : 0;
}
