/* crypto_password.c: Argon2id with the parameters of OWASP's first choice for 19 MiB. */
#include <errno.h>
#include <sodium.h>

#include "engine/base/crypto.h"

static const unsigned long long passes = 2;
static const size_t memory = 19 * 1024 * 1024;

enum result crypto_password_hash(struct arena *a, struct str password, struct str *ret_hash)
{
    char out[crypto_pwhash_STRBYTES];

    if (crypto_pwhash_str(out, password.ptr ? password.ptr : "", password.len, passes, memory) != 0)
        return E_BUSY;
    *ret_hash = str_dup(a, str_from_cstr(out));
    return OK;
}

/* libsodium wants a NUL behind. */
static bool as_cstr(char out[crypto_pwhash_STRBYTES], struct str hash)
{
    if (hash.len == 0 || hash.len >= crypto_pwhash_STRBYTES || memchr(hash.ptr, 0, hash.len))
        return false;
    memset(out, 0, crypto_pwhash_STRBYTES);
    memcpy(out, hash.ptr, hash.len);
    return true;
}

enum result crypto_password_verify(struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES];

    if (!as_cstr(text, hash))
        return E_DENIED;
    errno = 0;
    if (crypto_pwhash_str_verify(text, password.ptr ? password.ptr : "", password.len) == 0)
        return OK;
    return errno == ENOMEM ? E_BUSY : E_DENIED;
}

bool crypto_password_outdated(struct str hash)
{
    char text[crypto_pwhash_STRBYTES];

    return !as_cstr(text, hash) || crypto_pwhash_str_needs_rehash(text, passes, memory) != 0;
}

enum result crypto_password_verify_nobody(struct str password)
{
    /* A hash of zeros with the parameters above: nobody knows a password for it. */
    enum result r = crypto_password_verify(STR("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                                           password);

    return r == OK ? E_DENIED : r;
}
