/* chain.c: BLAKE2b-256 over the previous hash and a canonical encoding of an event.
 *
 * Canonical: the fields in one fixed order, a number as 8 bytes with the lowest first, a text as its length (8 bytes) and
 * its bytes. So no two different events have the same encoding. Changing anything here breaks every chain: then CHAIN_VERSION
 * must rise and the verifier must know both. */
#include "civic/ledger/chain.h"

#include <sodium.h>

#define CHAIN_VERSION "lilong ledger 1"

struct writer {
    crypto_generichash_state state;
};

static void put_int(struct writer *w, int64_t n)
{
    unsigned char b[8];

    for (int i = 0; i < 8; i++)
        b[i] = (unsigned char)((uint64_t)n >> (8 * i));
    crypto_generichash_update(&w->state, b, sizeof b);
}

static void put_text(struct writer *w, struct str s)
{
    put_int(w, (int64_t)s.len);
    if (s.len)
        crypto_generichash_update(&w->state, (const unsigned char *)s.ptr, s.len);
}

void chain_first(int64_t community, unsigned char hash[CHAIN_HASH])
{
    struct writer w;

    crypto_generichash_init(&w.state, NULL, 0, CHAIN_HASH);
    put_text(&w, STR(CHAIN_VERSION));
    put_int(&w, community);
    crypto_generichash_final(&w.state, hash, CHAIN_HASH);
}

void chain_next(struct str previous, const struct ledger_event *e, unsigned char hash[CHAIN_HASH])
{
    struct writer w;

    crypto_generichash_init(&w.state, NULL, 0, CHAIN_HASH);
    put_text(&w, previous);
    put_int(&w, e->community);
    put_int(&w, e->seq);
    put_int(&w, e->id);
    put_int(&w, e->at);
    put_int(&w, e->actor);
    put_int(&w, e->organisation);
    put_text(&w, e->verb);
    put_text(&w, e->subject_kind);
    put_int(&w, e->subject);
    put_text(&w, e->before);
    put_text(&w, e->after);
    put_int(&w, e->amount);
    put_text(&w, e->detail);
    put_text(&w, e->text_hash);
    crypto_generichash_final(&w.state, hash, CHAIN_HASH);
}

struct str ledger_text_hash(struct arena *a, int64_t id, struct str text)
{
    unsigned char *hash = arena_array(a, unsigned char, CHAIN_HASH);
    struct writer w;

    crypto_generichash_init(&w.state, NULL, 0, CHAIN_HASH);
    put_int(&w, id);
    put_text(&w, text);
    crypto_generichash_final(&w.state, hash, CHAIN_HASH);
    return (struct str){(const char *)hash, CHAIN_HASH};
}

void ledger_chain_begin(struct ledger_chain *chain, int64_t community)
{
    chain_first(community, chain->hash);
}

void ledger_chain_add(struct ledger_chain *chain, const struct ledger_event *e)
{
    unsigned char next[CHAIN_HASH];

    chain_next((struct str){(const char *)chain->hash, CHAIN_HASH}, e, next);
    memcpy(chain->hash, next, CHAIN_HASH);
}
