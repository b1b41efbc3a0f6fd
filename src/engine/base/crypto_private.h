/* crypto_private.h: the inside of struct crypto_keys, for crypto*.c only. */
#ifndef LILONG_BASE_CRYPTO_PRIVATE_H
#define LILONG_BASE_CRYPTO_PRIVATE_H

#include "engine/base/crypto.h"

enum { KEY_BYTES = 32, KEYS_MAX = 64 };
enum algorithm { ALGORITHM_XCHACHA20_POLY1305 = 1 }; /* what it says in sealed fields and in secret.key */

struct crypto_keys {
    size_t n;
    struct crypto_key {
        unsigned char number, algorithm;
        unsigned char seal[KEY_BYTES];
    } key[KEYS_MAX];                 /* the newest last: it seals */
    unsigned char blind[KEY_BYTES];  /* of the first key, for ever */
    unsigned char mac[KEY_BYTES];
};

#endif
