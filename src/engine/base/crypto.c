/* crypto.c: random bytes, hashes, sealed fields, blind indexes. */
#include "engine/base/crypto.h"

#include <sodium.h>

#include "engine/base/crypto_private.h"

_Static_assert(sizeof(struct hasher) >= sizeof(crypto_generichash_state) + 64, "struct hasher holds libsodium's state");
_Static_assert(SEAL_EXTRA ==
                   2 + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "SEAL_EXTRA is the layout below");
_Static_assert(KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "keys are as long as the algorithm's");

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };

enum result crypto_start(void)
{
    return sodium_init() < 0 ? E_IO : OK;
}

void crypto_random(void *bytes, size_t n)
{
    randombytes_buf(bytes, n);
}

uint32_t crypto_random_below(uint32_t limit)
{
    return randombytes_uniform(limit);
}

struct str crypto_token(struct arena *a, size_t bytes)
{
    const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    unsigned char *random = arena_alloc(a, bytes, 1, 1);
    size_t room = sodium_base64_encoded_len(bytes, variant);
    char *text = arena_alloc(a, room, 1, 1);

    randombytes_buf(random, bytes);
    sodium_bin2base64(text, room, random, bytes, variant);
    sodium_memzero(random, bytes);
    return (struct str){text, room - 1};
}

bool crypto_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.ptr, b.ptr, a.len) == 0);
}

void crypto_wipe(void *bytes, size_t n)
{
    if (n)
        sodium_memzero(bytes, n);
}

/* ---- hashes ---------------------------------------------------------------------------------------------- */

/* libsodium wants its state on a cache line. The compiler does not always put locals there (gcc 12 with a fake stack for
 * AddressSanitizer), so the line is looked for here. */
static crypto_generichash_state *state_of(struct hasher *h)
{
    uintptr_t at = (uintptr_t)h->room;

    return (crypto_generichash_state *)(void *)(h->room + (-at & 63));
}

void hash_init(struct hasher *h)
{
    crypto_generichash_init(state_of(h), NULL, 0, HASH_BYTES);
}

void hash_put(struct hasher *h, struct str bytes)
{
    if (bytes.len)
        crypto_generichash_update(state_of(h), (const unsigned char *)bytes.ptr, bytes.len);
}

struct hash hash_end(struct hasher *h)
{
    struct hash out;

    crypto_generichash_final(state_of(h), out.bytes, sizeof(out.bytes));
    return out;
}

struct hash hash_of(struct str bytes)
{
    struct hasher h;

    hash_init(&h);
    hash_put(&h, bytes);
    return hash_end(&h);
}

static struct hash keyed(const unsigned char key[KEY_BYTES], struct str purpose, struct str value)
{
    unsigned char purpose_len[8]; /* in front, so that no two pairs are the same bytes */
    struct hasher h;
    struct hash out;

    for (int i = 0; i < 8; i++)
        purpose_len[i] = (unsigned char)((uint64_t)purpose.len >> (8 * i));
    crypto_generichash_init(state_of(&h), key, KEY_BYTES, HASH_BYTES);
    hash_put(&h, (struct str){(const char *)purpose_len, sizeof(purpose_len)});
    hash_put(&h, purpose);
    hash_put(&h, value);
    out = hash_end(&h);
    sodium_memzero(&h, sizeof(h));
    return out;
}

struct hash crypto_blind(const struct crypto_keys *keys, struct str purpose, struct str value)
{
    return keyed(keys->blind, purpose, value);
}

struct hash crypto_mac(const struct crypto_keys *keys, struct str purpose, struct str value)
{
    return keyed(keys->mac, purpose, value);
}

/* ---- sealed fields ----------------------------------------------------------------------------------------- */

/* What is authenticated besides the text: the two bytes in front and the context. */
static struct str associated(struct arena *a, const unsigned char head[2], struct str context)
{
    char *p = arena_alloc(a, context.len + 2, 1, 1);

    memcpy(p, head, 2);
    if (context.len)
        memcpy(p + 2, context.ptr, context.len);
    return (struct str){p, context.len + 2};
}

struct str crypto_seal(const struct crypto_keys *keys, struct arena *a, struct str text, struct str context)
{
    const struct crypto_key *key = &keys->key[keys->n - 1];
    unsigned char *out;
    struct str ad;

    if (text.len == 0)
        return STR_NONE;
    if (text.len > SIZE_MAX - SEAL_EXTRA)
        arena_exhausted(a);
    out = arena_alloc(a, text.len + SEAL_EXTRA, 1, 1);
    out[0] = key->algorithm;
    out[1] = key->number;
    randombytes_buf(out + 2, NONCE);
    ad = associated(a, out, context);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + 2 + NONCE, NULL, (const unsigned char *)text.ptr, text.len,
                                               (const unsigned char *)ad.ptr, ad.len, NULL, out + 2, key->seal);
    return (struct str){(const char *)out, text.len + SEAL_EXTRA};
}

enum result crypto_unseal(const struct crypto_keys *keys, struct arena *a, struct str sealed, struct str context,
                          struct str *ret_text)
{
    const unsigned char *in = (const unsigned char *)sealed.ptr;
    const struct crypto_key *key = NULL;
    unsigned char *out;
    struct str ad;

    if (sealed.len == 0) {
        *ret_text = STR_NONE;
        return OK;
    }
    if (sealed.len <= SEAL_EXTRA || in[0] != ALGORITHM_XCHACHA20_POLY1305)
        return E_INVALID;
    for (size_t i = 0; i < keys->n; i++)
        if (keys->key[i].number == in[1] && keys->key[i].algorithm == in[0])
            key = &keys->key[i];
    if (!key)
        return E_INVALID;

    out = arena_alloc(a, sealed.len - SEAL_EXTRA, 1, 1);
    ad = associated(a, in, context);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, in + 2 + NONCE, sealed.len - 2 - NONCE,
                                                   (const unsigned char *)ad.ptr, ad.len, in + 2, key->seal) != 0)
        return E_INVALID;
    *ret_text = (struct str){(const char *)out, sealed.len - SEAL_EXTRA};
    return OK;
}
