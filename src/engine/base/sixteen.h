/* sixteen.h: 16 bytes looked at in one step (SSE2, NEON, or what the compiler makes of it). For texts of which nearly all have nothing that is looked for. */
#ifndef LILONG_BASE_SIXTEEN_H
#define LILONG_BASE_SIXTEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t sixteen __attribute__((vector_size(16)));

static inline sixteen sixteen_at(const char *p)
{
    sixteen s;

    memcpy(&s, p, sizeof(s));
    return s;
}

/* All of n <= 16 bytes, some of them twice when it is less, the rest 'a': for questions that every byte has to pass. */
static inline sixteen sixteen_of(const char *p, size_t n)
{
    uint64_t half[2] = {UINT64_C(0x6161616161616161), UINT64_C(0x6161616161616161)};
    sixteen s;

    if (n >= 8) {
        memcpy(&half[0], p, 8);
        memcpy(&half[1], p + n - 8, 8);
    } else if (n >= 4) {
        uint32_t first, last;

        memcpy(&first, p, 4);
        memcpy(&last, p + n - 4, 4);
        half[0] = (uint64_t)last << 32 | first;
    } else if (n) {
        half[0] = UINT64_C(0x6161616161000000) | (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 |
                  (uint8_t)p[n - 1];
    }
    memcpy(&s, half, sizeof(s));
    return s;
}

/* Whether no byte of a comparison is set. */
static inline bool sixteen_none(sixteen s)
{
    uint64_t half[2];

    memcpy(half, &s, sizeof(half));
    return (half[0] | half[1]) == 0;
}

#endif
