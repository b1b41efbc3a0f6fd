/* crypto.h: random bytes, hashes, sealed fields, passwords, one-time codes. libsodium does the work.
 *
 * What is stored carries the number of the algorithm and of the key in front, so that keys can be changed and another
 * profile (SM4, HMAC-SM3) can be added beside this one without touching what is stored. */
#ifndef LILONG_BASE_CRYPTO_H
#define LILONG_BASE_CRYPTO_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

/* Once, before everything else here, from main and from tests; more often does no harm. E_IO: there is no randomness. */
enum result crypto_start(void) MUST_USE;

void crypto_random(void *bytes, size_t n);
struct str crypto_token(struct arena *a, size_t bytes);    /* random, in base64url without '=': for cookies and addresses */
uint32_t crypto_random_below(uint32_t limit);              /* evenly spread in 0 .. limit-1: for codes of digits */
bool crypto_equal(struct str a, struct str b);             /* in a time that depends on the lengths only */
void crypto_wipe(void *bytes, size_t n);                   /* not removed by the compiler */

/* ---- hashes: BLAKE2b-256 ------------------------------------------------------------------------------- */

enum { HASH_BYTES = 32 };

struct hash {
    unsigned char bytes[HASH_BYTES];
};

/* Not to be copied while in use: where the state lies in it depends on its address. */
struct hasher {
    unsigned char room[384 + 64];
};

void hash_init(struct hasher *h);
void hash_put(struct hasher *h, struct str bytes);
struct hash hash_end(struct hasher *h);
struct hash hash_of(struct str bytes);
static inline struct str hash_str(const struct hash *h)
{
    return (struct str){(const char *)h->bytes, sizeof(h->bytes)};
}

/* ---- keys of the installation --------------------------------------------------------------------------- */

struct crypto_keys;

/* Reads `secret.key` in the data folder; makes it (mode 0600, on stable storage) when `create` and there is none. A key file that
 * others may read, that is damaged, or that is missing without `create` is refused: ret_why says so and what to do.
 * The keys are heap memory that is locked and never dumped; close wipes them. NULL closes nothing. */
enum result crypto_keys_open(const char *data_dir, bool create, struct arena *a, struct crypto_keys **ret_keys,
                             struct str *ret_why) MUST_USE;
struct crypto_keys *crypto_keys_for_test(void); /* fixed keys: tests and benches only. Never fails */
void crypto_keys_close(struct crypto_keys *keys);

/* A new newest key in the file: it seals from now on, the older ones open what they sealed. Other processes read it at start. */
enum result crypto_keys_rotate(const char *data_dir, struct arena *a, struct str *ret_why) MUST_USE;

/* ---- sealed fields: XChaCha20-Poly1305 ------------------------------------------------------------------- */

/* Sealed bytes are algorithm (1), key number (1), nonce (24), the text's bytes, tag (16): SEAL_EXTRA more than the text. `context`
 * binds them to their place ("person.phone:123"): a sealed field moved to another row does not open. The empty text seals as
 * empty bytes, so that a column can say that there is nothing. */
enum { SEAL_EXTRA = 2 + 24 + 16 };

struct str crypto_seal(const struct crypto_keys *keys, struct arena *a, struct str text, struct str context);
/* E_INVALID: damaged, of another place, or sealed with a key that is not here. */
enum result crypto_unseal(const struct crypto_keys *keys, struct arena *a, struct str sealed, struct str context,
                          struct str *ret_text) MUST_USE;

/* The blind index: a keyed hash by which a sealed field is found (a phone, an ID number, both brought to one form by the caller).
 * `purpose` keeps columns apart ("phone", "identity"). Does not change when keys are rotated. */
struct hash crypto_blind(const struct crypto_keys *keys, struct str purpose, struct str value);
/* A keyed hash for tokens (CSRF, signed links), apart from the blind index. */
struct hash crypto_mac(const struct crypto_keys *keys, struct str purpose, struct str value);

/* ---- passwords: Argon2id, 19 MiB, 2 passes (about 30 ms: never on an I/O or writer thread) ----------------- */

enum result crypto_password_hash(struct arena *a, struct str password, struct str *ret_hash) MUST_USE; /* E_BUSY: memory is out */
enum result crypto_password_verify(struct str hash, struct str password) MUST_USE;                     /* E_DENIED */
bool crypto_password_outdated(struct str hash); /* made with other parameters: hash again at the next sign-in */
/* The same work for nobody, so that an unknown name takes as long as a wrong password. Always E_DENIED. */
enum result crypto_password_verify_nobody(struct str password) MUST_USE;

/* ---- one-time codes: RFC 4226, RFC 6238 with SHA-1, 30 s, 6 digits, as every authenticator app has them ----- */

enum { TOTP_SECRET_BYTES = 20, TOTP_STEP_MS = 30 * 1000, TOTP_DIGITS = 6 };

uint32_t hotp(struct str secret, uint64_t counter, int digits);
/* Takes the step before, this and the next. A code counts once: steps up to last_step are refused (E_DENIED). On OK store
 * ret_step as the new last_step in the same transaction. */
enum result totp_verify(struct str secret, struct str code, int64_t now, int64_t last_step, int64_t *ret_step) MUST_USE;
/* "otpauth://totp/…" for the QR code; issuer and account are percent-encoded here. */
struct str totp_uri(struct arena *a, struct str issuer, struct str account, struct str secret);

struct str base32_encode(struct arena *a, struct str bytes); /* RFC 4648, upper case, without '=' */
/* Either case; blanks and '-' are skipped, as people type them. */
enum result base32_decode(struct arena *a, struct str text, struct str *ret_bytes) MUST_USE;

#endif
