/* ids.c: 42 bits of milliseconds since 2020, 8 of node, 13 of sequence.
 *
 * The last (millisecond, sequence) is one atomic number. When the clock stands still, or steps back, or more than 8192
 * ids are made in one millisecond, the number simply goes on counting, so that ids rise whatever the clock does. */
#include "engine/base/ids.h"

#include <stdatomic.h>

#include "engine/base/time.h"

enum { NODE_BITS = 8, SEQUENCE_BITS = 13 };

static const int64_t epoch = INT64_C(1577836800000); /* 2020-01-01 00:00 UTC */
static _Atomic int64_t node;
static _Atomic int64_t last; /* ms since the epoch << SEQUENCE_BITS | sequence */

void id_set_node(unsigned number)
{
    atomic_store(&node, (int64_t)(number & ((1u << NODE_BITS) - 1)));
}

int64_t id_new(void)
{
    int64_t ms = time_now() - epoch;
    int64_t now = ms > 0 ? (int64_t)((uint64_t)ms << SEQUENCE_BITS) : 0;
    int64_t old = atomic_load(&last), next;

    do
        next = now > old ? now : old + 1;
    while (!atomic_compare_exchange_weak(&last, &old, next));

    return (next >> SEQUENCE_BITS) << (NODE_BITS + SEQUENCE_BITS) | atomic_load(&node) << SEQUENCE_BITS |
           (next & ((1 << SEQUENCE_BITS) - 1));
}

int64_t id_first(int64_t at)
{
    return at > epoch ? (int64_t)((uint64_t)(at - epoch) << (NODE_BITS + SEQUENCE_BITS)) : 0;
}

int64_t id_time(int64_t id)
{
    return (id >> (NODE_BITS + SEQUENCE_BITS)) + epoch;
}
