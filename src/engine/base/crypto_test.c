/* crypto_test.c: vectors of the RFCs, and what must not open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/crypto.h"
#include "engine/base/time.h"

static struct arena *a;

static int set_up(void **state)
{
    (void)state;
    a = arena_open(16 << 20);
    return crypto_start() == OK && a ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_close(a);
    return 0;
}

static void hashes_are_blake2b_256(void **state)
{
    (void)state;
    struct hash h = hash_of(STR("abc"));
    struct hasher hasher;

    assert_true(
        str_eq(str_hex(a, hash_str(&h)), STR("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")));
    h = hash_of(STR_NONE);
    assert_true(
        str_eq(str_hex(a, hash_str(&h)), STR("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")));
    hash_init(&hasher);
    hash_put(&hasher, STR("a"));
    hash_put(&hasher, STR_NONE);
    hash_put(&hasher, STR("bc"));
    h = hash_end(&hasher);
    assert_true(str_starts(str_hex(a, hash_str(&h)), STR("bddd813c")));
}

static void sealed_fields_open_only_as_they_were(void **state)
{
    (void)state;
    struct crypto_keys *keys = crypto_keys_for_test();
    struct str sealed = crypto_seal(keys, a, STR("13800001234"), STR("person.phone:1"));
    struct str again = crypto_seal(keys, a, STR("13800001234"), STR("person.phone:1"));
    struct str text = STR("untouched");

    assert_int_equal(sealed.len, 11 + SEAL_EXTRA);
    assert_int_equal(sealed.ptr[0], 1); /* algorithm and key are part of what is stored: they must not change */
    assert_int_equal(sealed.ptr[1], 1);
    assert_false(str_eq(sealed, again));
    assert_int_equal(str_find(sealed, STR("1380")), SIZE_MAX);
    assert_int_equal(crypto_unseal(keys, a, sealed, STR("person.phone:2"), &text), E_INVALID);
    for (size_t i = 0; i < sealed.len; i++) {
        char *bad = str_cstr(a, sealed);

        bad[i] ^= 1;
        assert_int_equal(crypto_unseal(keys, a, (struct str){bad, sealed.len}, STR("person.phone:1"), &text),
                         E_INVALID);
        if (i) /* every beginning of it; nothing at all is the empty text */
            assert_int_equal(crypto_unseal(keys, a, (struct str){sealed.ptr, i}, STR("person.phone:1"), &text),
                             E_INVALID);
    }
    assert_true(str_eq(text, STR("untouched")));
    assert_int_equal(crypto_unseal(keys, a, sealed, STR("person.phone:1"), &text), OK);
    assert_true(str_eq(text, STR("13800001234")));
    assert_int_equal(crypto_seal(keys, a, STR_NONE, STR("x")).len, 0);
    assert_int_equal(crypto_unseal(keys, a, STR_NONE, STR("x"), &text), OK);
    assert_int_equal(text.len, 0);
    crypto_keys_close(keys);
    crypto_keys_close(NULL);
}

static void blind_indexes_keep_purposes_apart(void **state)
{
    (void)state;
    struct crypto_keys *keys = crypto_keys_for_test();
    struct hash one = crypto_blind(keys, STR("phone"), STR("1")), same = crypto_blind(keys, STR("phone"), STR("1"));
    struct hash other = crypto_blind(keys, STR("phon"), STR("e1")), mac = crypto_mac(keys, STR("phone"), STR("1"));

    assert_true(crypto_equal(hash_str(&one), hash_str(&same)));
    assert_false(crypto_equal(hash_str(&one), hash_str(&other)));
    assert_false(crypto_equal(hash_str(&one), hash_str(&mac)));
    assert_false(crypto_equal(STR("a"), STR("ab")));
    assert_true(crypto_equal(STR_NONE, STR("")));
    crypto_keys_close(keys);
}

static void the_key_file_is_kept_safe(void **state)
{
    (void)state;
    char dir[] = "/tmp/lilong-crypto-test-XXXXXX";
    struct crypto_keys *keys = NULL, *again = NULL, *rotated = NULL;
    struct str why = STR_NONE, text, old, new;
    struct hash before, after;
    struct stat st;
    char *path, line[256];
    FILE *f;

    assert_non_null(mkdtemp(dir));
    path = str_cstr(a, str_printf(a, "%s/secret.key", dir));
    assert_int_equal(crypto_keys_open(dir, false, a, &keys, &why), E_NOT_FOUND);
    assert_true(str_find(why, STR("secret.key")) != SIZE_MAX);
    assert_int_equal(crypto_keys_open(dir, true, a, &keys, &why), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(crypto_keys_open(dir, true, a, &again, &why), OK); /* the same keys, not new ones */
    old = crypto_seal(keys, a, STR("text"), STR("c"));
    assert_int_equal(crypto_unseal(again, a, old, STR("c"), &text), OK);

    assert_int_equal(crypto_keys_rotate(dir, a, &why), OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(crypto_keys_open(dir, false, a, &rotated, &why), OK);
    new = crypto_seal(rotated, a, STR("text"), STR("c"));
    assert_int_equal(new.ptr[1], 2);
    assert_int_equal(crypto_unseal(rotated, a, old, STR("c"), &text), OK);
    assert_int_equal(crypto_unseal(rotated, a, new, STR("c"), &text), OK);
    assert_int_equal(crypto_unseal(keys, a, new, STR("c"), &text), E_INVALID);
    before = crypto_blind(keys, STR("p"), STR("v"));
    after = crypto_blind(rotated, STR("p"), STR("v"));
    assert_memory_equal(&before, &after, sizeof(before));
    crypto_keys_close(keys);
    crypto_keys_close(again);
    crypto_keys_close(rotated);

    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(crypto_keys_open(dir, true, a, &keys, &why), E_DENIED);
    assert_int_equal(chmod(path, 0600), 0);

    /* One digit of a secret changed: found at once. */
    f = fopen(path, "r+");
    assert_non_null(f);
    for (long at = 0; fgets(line, sizeof(line), f); at = ftell(f))
        if (str_starts(str_from_cstr(line), STR("key "))) {
            fseek(f, at + 12, SEEK_SET);
            fputc(line[12] == 'a' ? 'b' : 'a', f);
            break;
        }
    fclose(f);
    assert_int_equal(crypto_keys_open(dir, true, a, &keys, &why), E_INVALID);
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(crypto_keys_open(dir, true, a, &keys, &why), E_INVALID);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0); /* nothing else was left behind */
    assert_int_equal(crypto_keys_open(dir, true, a, &keys, &why), E_IO);
}

static void passwords(void **state)
{
    (void)state;
    struct str hash;

    assert_int_equal(crypto_password_hash(a, STR("\xE9\x87\x8C\xE5\xBC\x84 2026"), &hash), OK);
    assert_true(str_starts(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_int_equal(crypto_password_verify(hash, STR("\xE9\x87\x8C\xE5\xBC\x84 2026")), OK);
    assert_int_equal(crypto_password_verify(hash, STR("\xE9\x87\x8C\xE5\xBC\x84 2027")), E_DENIED);
    assert_int_equal(crypto_password_verify(hash, STR_NONE), E_DENIED);
    assert_int_equal(crypto_password_verify(STR_NONE, STR("x")), E_DENIED);
    assert_int_equal(crypto_password_verify(STR("$argon2id$nonsense"), STR("x")), E_DENIED);
    assert_int_equal(crypto_password_verify_nobody(STR("x")), E_DENIED);
    assert_false(crypto_password_outdated(hash));
    assert_true(crypto_password_outdated(STR("$argon2id$v=19$m=4096,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")));
    assert_true(crypto_password_outdated(STR("x")));
}

static void hotp_is_rfc_4226(void **state)
{
    (void)state;
    static const uint32_t expected[] = {755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489};

    for (uint64_t i = 0; i < 10; i++)
        assert_int_equal(hotp(STR("12345678901234567890"), i, 6), expected[i]);
}

static void totp_is_rfc_6238(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        uint32_t code;
    } cases[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                 {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    struct str secret = STR("12345678901234567890");
    int64_t step = -5;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(hotp(secret, (uint64_t)(cases[i].seconds / 30), 8), cases[i].code);

    assert_int_equal(totp_verify(secret, STR("287082"), 59000, 0, &step),
                     OK); /* the last six digits of the first case */
    assert_int_equal(step, 1);
    assert_int_equal(totp_verify(secret, STR("287082"), 59000, 1, &step), E_DENIED); /* a second time */
    assert_int_equal(totp_verify(secret, STR("287082"), 89000, 0, &step), OK);       /* half a minute late */
    assert_int_equal(totp_verify(secret, STR("287082"), 1000, 0, &step), OK);        /* a phone that is fast */
    assert_int_equal(totp_verify(secret, STR("287082"), 91000, 0, &step), E_DENIED);
    assert_int_equal(totp_verify(secret, STR("28708"), 59000, 0, &step), E_DENIED);
    assert_int_equal(totp_verify(secret, STR("0287082"), 59000, 0, &step), E_DENIED);
    assert_int_equal(totp_verify(secret, STR_NONE, 59000, 0, &step), E_DENIED);
    assert_true(str_eq(
        totp_uri(a, STR("\xE9\x87\x8C"), STR("a b"), STR("12345")),
        STR("otpauth://totp/%E9%87%8C:a%20b?secret=GEZDGNBV&issuer=%E9%87%8C&algorithm=SHA1&digits=6&period=30")));
}

static void base32_is_rfc_4648(void **state)
{
    (void)state;
    static const struct {
        struct str bytes, text;
    } cases[] = {
        {STR(""), STR("")},
        {STR("f"), STR("MY")},
        {STR("fo"), STR("MZXQ")},
        {STR("foo"), STR("MZXW6")},
        {STR("foob"), STR("MZXW6YQ")},
        {STR("fooba"), STR("MZXW6YTB")},
        {STR("foobar"), STR("MZXW6YTBOI")},
    };
    static const struct str bad[] = {STR("M"),  STR("MZ1"), STR("MZX"), STR("MZXW6Y"),
                                     STR("MZ"), STR("0"),   STR("M=Y"), {"M\0", 2}};
    struct str out;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_true(str_eq(base32_encode(a, cases[i].bytes), cases[i].text));
        assert_int_equal(base32_decode(a, cases[i].text, &out), OK);
        assert_true(str_eq(out, cases[i].bytes));
    }
    assert_int_equal(base32_decode(a, STR("mzxw 6ytb-oi======"), &out), OK);
    assert_true(str_eq(out, STR("foobar")));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (base32_decode(a, bad[i], &out) != E_INVALID)
            fail_msg("case %zu", i);
}

static void tokens_differ(void **state)
{
    (void)state;
    struct str one = crypto_token(a, 16), two = crypto_token(a, 16);
    int seen[10] = {0};

    assert_int_equal(one.len, 22);
    assert_false(str_eq(one, two));
    for (size_t i = 0; i < one.len; i++)
        assert_non_null(memchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", one.ptr[i], 64));
    for (int i = 0; i < 1000; i++)
        seen[crypto_random_below(10)]++;
    for (int i = 0; i < 10; i++)
        assert_true(seen[i] > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_blake2b_256),
        cmocka_unit_test(sealed_fields_open_only_as_they_were),
        cmocka_unit_test(blind_indexes_keep_purposes_apart),
        cmocka_unit_test(the_key_file_is_kept_safe),
        cmocka_unit_test(passwords),
        cmocka_unit_test(hotp_is_rfc_4226),
        cmocka_unit_test(totp_is_rfc_6238),
        cmocka_unit_test(base32_is_rfc_4648),
        cmocka_unit_test(tokens_differ),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
