/* limit.c: token buckets in memory, for each peer and each person and kind of work.
 *
 * A bucket is a slot of a fixed table found by hash; within a small set the one that was full longest gives way, so that
 * memory is bounded whoever knocks. A process counts for itself: with several of them a limit is that many times wider. */
#include <arpa/inet.h>
#include <sodium.h>
#include <stdlib.h>

#include "engine/app/internal.h"

struct rate {
    double peer_burst, peer_minute; /* tokens at most; tokens that come back in a minute */
    double person_burst, person_minute;
    bool loopback; /* holds for 127.0.0.1 as well: what a person tries, not what a proxy passes on */
};

/* Many residents share an address (a mobile carrier's NAT, the committee's Wi-Fi): peers are wide, persons are narrow. */
static const struct rate rates[] = {
    [RATE_DEFAULT] = {600, 3000, 300, 600, false},
    [RATE_READ] = {600, 3000, 300, 600, false},
    [RATE_WRITE] = {120, 600, 40, 60, false},
    [RATE_SIGN_IN] = {20, 20, 20, 20, true},
    [RATE_SMS] = {10, 10, 5, 2, true},
    [RATE_UPLOAD] = {60, 120, 30, 30, false},
    [RATE_EXPORT] = {10, 10, 5, 5, true},
};

enum { SHARDS = 16, SETS = 1024, WAYS = 4 };

struct bucket {
    uint64_t key; /* 0: free */
    double tokens;
    int64_t at;
};

struct limits {
    double scale;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    struct shard {
        pthread_mutex_t lock;
        struct bucket bucket[SETS][WAYS];
    } shard[SHARDS];
};

enum result limits_open(double scale, struct limits **ret_limits)
{
    struct limits *l = calloc(1, sizeof(*l));

    if (!l)
        return E_BUSY;
    l->scale = scale;
    randombytes_buf(l->secret, sizeof(l->secret));
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&l->shard[i].lock, NULL);
    *ret_limits = l;
    return OK;
}

void limits_close(struct limits *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&l->shard[i].lock);
    free(l);
}

static int take(struct limits *l, uint64_t key, double burst, double minute, int64_t now)
{
    struct shard *s = &l->shard[key % SHARDS];
    double per_ms = minute * l->scale / 60000.0;
    int wait = 0;

    burst *= l->scale;
    if (burst < 1)
        burst = 1;
    pthread_mutex_lock(&s->lock);
    struct bucket *set = s->bucket[(key / SHARDS) % SETS], *b = NULL;
    for (size_t i = 0; i < WAYS && !b; i++)
        if (set[i].key == key)
            b = &set[i];
    if (!b) {
        b = &set[0];
        for (size_t i = 1; i < WAYS; i++)
            if (set[i].at < b->at)
                b = &set[i];
        *b = (struct bucket){key, burst, now};
    }
    b->tokens += (double)(now - b->at) * per_ms;
    if (b->tokens > burst)
        b->tokens = burst;
    b->at = now;
    if (b->tokens >= 1)
        b->tokens -= 1;
    else
        wait = 1 + (int)((1 - b->tokens) / per_ms / 1000.0);
    pthread_mutex_unlock(&s->lock);
    return wait;
}

static uint64_t key_of(struct limits *l, char kind, enum rate_class class, const void *bytes, size_t n)
{
    unsigned char text[80] = {(unsigned char)kind, (unsigned char)class};
    uint64_t key;

    if (n > sizeof(text) - 2)
        n = sizeof(text) - 2;
    memcpy(text + 2, bytes, n);
    crypto_shorthash((unsigned char *)&key, text, n + 2, l->secret);
    return key ? key : 1;
}

static bool is_loopback(struct str peer)
{
    return str_starts(peer, STR("127.")) || str_eq(peer, STR("::1")) || str_starts(peer, STR("::ffff:127."));
}

int limit_peer(struct limits *l, enum rate_class class, struct str peer, int64_t now)
{
    const struct rate *r = &rates[class];

    if (l->scale <= 0 || (!r->loopback && is_loopback(peer)))
        return 0;
    /* One IPv6 subscriber has a whole /64. */
    char text[INET6_ADDRSTRLEN];
    struct in6_addr six;
    const void *bytes = peer.ptr;
    size_t len = peer.len;
    if (len < sizeof(text)) {
        memcpy(text, peer.ptr, len);
        text[len] = '\0';
        if (inet_pton(AF_INET6, text, &six) == 1) {
            bytes = &six;
            len = 8;
        }
    }
    return take(l, key_of(l, 'a', class, bytes, len), r->peer_burst, r->peer_minute, now);
}

int limit_person(struct limits *l, enum rate_class class, int64_t person, int64_t now)
{
    if (l->scale <= 0)
        return 0;
    return take(l, key_of(l, 'p', class, &person, sizeof(person)), rates[class].person_burst,
                rates[class].person_minute, now);
}
