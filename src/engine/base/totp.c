/* totp.c: one-time codes (RFC 4226, RFC 6238) and the base32 in which their secrets are shown. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#include "engine/base/buf.h"
#include "engine/base/crypto.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

uint32_t hotp(struct str secret, uint64_t counter, int digits)
{
    unsigned char message[8], mac[EVP_MAX_MD_SIZE];
    unsigned int mac_len = 0;
    uint32_t code, modulus = 1;
    size_t at;

    for (int i = 0; i < 8; i++)
        message[i] = (unsigned char)(counter >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret.ptr ? secret.ptr : "", (int)secret.len, message, sizeof(message), mac, &mac_len) ||
        mac_len != 20)
        return UINT32_MAX; /* equals no code */
    at = mac[19] & 15;
    code = (uint32_t)(mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
    for (int i = 0; i < digits && i < 9; i++)
        modulus *= 10;
    return code % modulus;
}

enum result totp_verify(struct str secret, struct str code, int64_t now, int64_t last_step, int64_t *ret_step)
{
    int64_t step = now / TOTP_STEP_MS, found = -1;

    if (now < 0 || code.len != TOTP_DIGITS)
        return E_DENIED;
    for (int64_t s = step - 1; s <= step + 1; s++) {
        char expected[16];
        int n;

        if (s < 0)
            continue;
        n = snprintf(expected, sizeof(expected), "%0*u", TOTP_DIGITS, (unsigned)hotp(secret, (uint64_t)s, TOTP_DIGITS));
        if (n > 0 && crypto_equal(code, (struct str){expected, (size_t)n}) && s > last_step && found < 0)
            found = s;
    }
    if (found < 0)
        return E_DENIED;
    *ret_step = found;
    return OK;
}

static void put_percent(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || memchr("-._~", c, 4))
            buf_putc(b, c);
        else
            buf_printf(b, "%%%02X", (unsigned char)c);
    }
}

struct str totp_uri(struct arena *a, struct str issuer, struct str account, struct str secret)
{
    struct buf b;

    buf_init(&b, a, 256, 16 * 1024);
    buf_put(&b, STR("otpauth://totp/"));
    put_percent(&b, issuer);
    buf_putc(&b, ':');
    put_percent(&b, account);
    buf_put(&b, STR("?secret="));
    buf_put(&b, base32_encode(a, secret));
    buf_put(&b, STR("&issuer="));
    put_percent(&b, issuer);
    buf_put(&b, STR("&algorithm=SHA1&digits=6&period=30"));
    return buf_str(&b);
}

struct str base32_encode(struct arena *a, struct str bytes)
{
    struct buf b;
    uint32_t bits = 0;
    int have = 0;

    buf_init(&b, a, bytes.len / 5 * 8 + 8, SIZE_MAX);
    for (size_t i = 0; i < bytes.len; i++) {
        bits = (bits << 8 | (unsigned char)bytes.ptr[i]) & 0xFFF;
        for (have += 8; have >= 5; have -= 5)
            buf_putc(&b, alphabet[bits >> (have - 5) & 31]);
    }
    if (have)
        buf_putc(&b, alphabet[bits << (5 - have) & 31]);
    return buf_str(&b);
}

enum result base32_decode(struct arena *a, struct str text, struct str *ret_bytes)
{
    struct buf b;
    uint32_t bits = 0;
    size_t letters = 0;
    int have = 0;

    buf_init(&b, a, text.len / 8 * 5 + 5, SIZE_MAX);
    while (str_ends(text, STR("=")))
        text.len--;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        const char *at;

        if (c == ' ' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        at = c ? memchr(alphabet, c, 32) : NULL;
        if (!at)
            return E_INVALID;
        letters++;
        bits = (bits << 5 | (uint32_t)(at - alphabet)) & 0xFFF;
        have += 5;
        if (have >= 8) {
            have -= 8;
            buf_putc(&b, (char)(bits >> have & 0xFF));
        }
    }
    /* A length that no bytes have, or left-over bits that are not zero: cut off or mistyped. */
    if (letters % 8 == 1 || letters % 8 == 3 || letters % 8 == 6 || (bits & ((1u << have) - 1)))
        return E_INVALID;
    *ret_bytes = buf_str(&b);
    return OK;
}
