/* result.c: the names of results, for logs. */
#include "engine/base/result.h"

#include <errno.h>

static const char *const names[] = {
    [OK] = "ok",
    [E_NOT_FOUND] = "not_found",
    [E_DENIED] = "denied",
    [E_INVALID] = "invalid",
    [E_CONFLICT] = "conflict",
    [E_CHANGED] = "changed",
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

enum result result_of_errno(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case EAGAIN: return E_BUSY;
    default: return E_IO;
    }
}
