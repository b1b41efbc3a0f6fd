/* result.c: the names of results, for logs. */
#include "engine/base/result.h"

static const char *const names[] = {
    [OK] = "ok",
    [E_NOT_FOUND] = "not_found",
    [E_DENIED] = "denied",
    [E_INVALID] = "invalid",
    [E_CONFLICT] = "conflict",
    [E_GONE] = "gone",
    [E_TOO_LARGE] = "too_large",
    [E_LIMITED] = "limited",
    [E_BUSY] = "busy",
    [E_IO] = "io",
};

const char *result_name(enum result r)
{
    if ((unsigned)r >= sizeof(names) / sizeof(names[0]))
        return "unknown";
    return names[r];
}
