/* limit.c: token buckets in memory, for each peer and each person and kind of work.
 *
 * A bucket is a slot of a fixed table found by hash; within a small set the one that was full longest gives way, so that
 * memory is bounded whoever knocks.
 *
 * Several processes on one database share a limit without asking anybody while somebody waits. Who has taken a good part of a bucket is told to the others, some
 * times a second (share.c), and the answer is what is left for all. Between two answers a process gives out only its own part of what was left, so that all together
 * give out no more than that. When no answer comes (the database is away) each process counts for itself. */
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

enum {
    SHARDS = 16,
    SETS = 1024,
    WAYS = 4,
    ANSWER_HOLDS = 5000, /* ms: for so long what the others said is believed */
    UNTOLD = 4           /* all processes together keep a quarter of a bucket to themselves */
};

struct bucket {
    uint64_t key; /* 0: free */
    double tokens;
    int64_t at;
    double taken; /* and not told to the others */
    double may;   /* be taken before they are heard again */
    bool shared;  /* they know of it */
    bool person;
    uint8_t class;
};

struct limits {
    double scale;
    unsigned char secret[crypto_shorthash_KEYBYTES];
    _Atomic int64_t processes, heard_at;
    struct shard {
        pthread_mutex_t lock;
        int shared; /* buckets: none is looked for when there is none */
        struct bucket bucket[SETS][WAYS];
    } shard[SHARDS];
};

enum result limits_open(double scale, struct limits **ret_limits)
{
    struct limits *l = calloc(1, sizeof(*l));

    if (!l)
        return E_BUSY;
    l->scale = scale;
    l->processes = 1;
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

static double burst_of(const struct limits *l, enum rate_class class, bool person)
{
    double burst = (person ? rates[class].person_burst : rates[class].peer_burst) * l->scale;

    return burst < 1 ? 1 : burst;
}

static double per_ms_of(const struct limits *l, enum rate_class class, bool person)
{
    return (person ? rates[class].person_minute : rates[class].peer_minute) * l->scale / 60000.0;
}

static struct bucket *find(struct shard *s, uint64_t key)
{
    struct bucket *set = s->bucket[(key / SHARDS) % SETS];

    for (size_t i = 0; i < WAYS; i++)
        if (set[i].key == key)
            return &set[i];
    return NULL;
}

static struct bucket *make(struct shard *s, const struct bucket *fresh)
{
    struct bucket *set = s->bucket[(fresh->key / SHARDS) % SETS], *b = &set[0];

    for (size_t i = 1; i < WAYS; i++)
        if (set[i].at < b->at)
            b = &set[i];
    s->shared -= b->shared;
    *b = *fresh;
    return b;
}

static void refill(struct bucket *b, double burst, double per_ms, int64_t now)
{
    b->tokens += (double)(now - b->at) * per_ms;
    b->at = now;
    if (b->tokens < burst)
        return;
    b->tokens = burst;
    if (!b->shared)
        b->taken = 0;
}

static int take(struct limits *l, uint64_t key, enum rate_class class, bool person, int64_t now)
{
    struct shard *s = &l->shard[key % SHARDS];
    double burst = burst_of(l, class, person), per_ms = per_ms_of(l, class, person);
    int64_t processes = atomic_load_explicit(&l->processes, memory_order_relaxed);
    int wait = 0;

    if (processes > 1 && now > atomic_load_explicit(&l->heard_at, memory_order_relaxed) + ANSWER_HOLDS)
        processes = 1;
    pthread_mutex_lock(&s->lock);
    struct bucket *b = find(s, key);
    if (!b)
        b = make(s,
                 &(struct bucket){
                     .key = key, .tokens = burst, .at = now, .may = burst, .person = person, .class = (uint8_t) class});
    refill(b, burst, per_ms, now);
    double may = b->shared ? b->may : burst / (double)processes;
    if (processes > 1 && b->taken > 0 && b->taken + 1 > may)
        wait = 1; /* its part is given out; a moment later the others have been heard */
    else if (b->tokens >= 1)
        b->tokens -= 1, b->taken += 1;
    else
        wait = 1 + (int)((1 - b->tokens) / per_ms / 1000.0);
    if (processes > 1 && !b->shared && b->taken * UNTOLD * (double)processes >= burst) {
        b->shared = true;
        b->may = may;
        s->shared++;
    }
    pthread_mutex_unlock(&s->lock);
    return wait;
}

/* ---- with other processes ------------------------------------------------------------------------------------------ */

void limits_use_secret(struct limits *l, const unsigned char secret[LIMIT_SECRET])
{
    _Static_assert(LIMIT_SECRET == crypto_shorthash_KEYBYTES, "the key of the hashes");
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_lock(&l->shard[i].lock);
    memcpy(l->secret, secret, LIMIT_SECRET);
    for (size_t i = 0; i < SHARDS; i++) {
        memset(l->shard[i].bucket, 0, sizeof(l->shard[i].bucket));
        l->shard[i].shared = 0;
        pthread_mutex_unlock(&l->shard[i].lock);
    }
}

void limits_use_processes(struct limits *l, int64_t processes, int64_t now)
{
    atomic_store(&l->processes, processes);
    atomic_store(&l->heard_at, now);
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = ((const struct limit_due *)a)->key, y = ((const struct limit_due *)b)->key;

    return x < y ? -1 : x > y;
}

static void collect_set(struct limits *l, struct bucket *set, struct limit_due *ret, size_t *n, int64_t now)
{
    for (size_t i = 0; i < WAYS && *n < LIMIT_DUE_MAX; i++) {
        struct bucket *b = &set[i];
        if (!b->shared)
            continue;
        refill(b, burst_of(l, b->class, b->person), per_ms_of(l, b->class, b->person), now);
        double missing = burst_of(l, b->class, b->person) - b->tokens;
        if (b->taken > missing)
            b->taken = missing < 0 ? 0 : missing; /* some of it has come back already */
        ret[(*n)++] = (struct limit_due){
            .key = b->key, .taken = b->taken, .cost_us = 1000.0 / per_ms_of(l, b->class, b->person)};
        b->taken = 0;
        b->may = 1; /* a word is on its way; until the answer as good as nothing more */
    }
}

size_t limits_collect(struct limits *l, struct limit_due ret[LIMIT_DUE_MAX], int64_t now)
{
    size_t n = 0;

    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &l->shard[i];
        pthread_mutex_lock(&s->lock);
        for (size_t k = 0; s->shared && k < SETS; k++)
            collect_set(l, s->bucket[k], ret, &n, now);
        pthread_mutex_unlock(&s->lock);
    }
    qsort(ret, n, sizeof(*ret), by_key);
    return n;
}

void limits_settle(struct limits *l, const struct limit_due *due, size_t n, bool answered, int64_t now, int64_t now_us)
{
    int64_t processes = atomic_load(&l->processes);

    for (size_t i = 0; i < n; i++) {
        struct shard *s = &l->shard[due[i].key % SHARDS];
        pthread_mutex_lock(&s->lock);
        struct bucket *b = find(s, due[i].key);
        if (b && !answered) {
            b->taken += due[i].taken;
        } else if (b) {
            double burst = burst_of(l, b->class, b->person);
            double missing = due[i].full_at > now_us ? (double)(due[i].full_at - now_us) / due[i].cost_us : 0;
            b->tokens = burst - missing - b->taken;
            b->at = now;
            b->may = (burst - missing) / (double)(processes > 0 ? processes : 1);
            b->shared = processes > 1 && (missing > 0 || b->taken > 0);
            s->shared -= !b->shared;
        }
        pthread_mutex_unlock(&s->lock);
    }
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
    return take(l, key_of(l, 'a', class, bytes, len), class, false, now);
}

int limit_person(struct limits *l, enum rate_class class, int64_t person, int64_t now)
{
    if (l->scale <= 0)
        return 0;
    return take(l, key_of(l, 'p', class, &person, sizeof(person)), class, true, now);
}
