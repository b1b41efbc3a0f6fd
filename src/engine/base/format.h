/* format.h: printf for the forms that we use, ten times as fast as the C library's, which looks at locales and streams first. For base, and for addresses. */
#ifndef LILONG_BASE_FORMAT_H
#define LILONG_BASE_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As vsnprintf: writes at most room - 1 bytes and a NUL (nothing when room is 0), returns how long the whole is. *ret_known false: there is a
 * conversion that only the C library knows; what was written is to be forgotten. Known: %s %.Ns %.*s %c %% and %d %i %u %x with 0, a width, and l, ll, z, j. */
size_t format_known(char *out, size_t room, bool *ret_known, const char *format, va_list ap) __attribute__((format(printf, 4, 0)));

/* The same for every form. SIZE_MAX: the form is wrong. */
size_t format_any(char *out, size_t room, const char *format, va_list ap) __attribute__((format(printf, 3, 0)));

enum { FORMAT_DIGITS = 20 }; /* of 18446744073709551615 */
/* The digits of n, written so that they end before `end`; returns where they begin. */
char *format_digits(char *end, uint64_t n);

#endif
