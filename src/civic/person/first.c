/* first.c: the code for the first administrator. Only its keyed hash is stored. */
#include "civic/person/first.h"

#include "civic/person/first.sql.h"
#include "civic/person/person.sql.h"
#include "engine/base/time.h"

enum { SIGNS = 12 };
static const char alphabet[] =
    "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; /* nothing that reads like something else; 32: 60 bits in all */

static struct hash code_hash(const struct crypto_keys *keys, struct arena *a, struct str code)
{
    char *plain = arena_array(a, char, code.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];

        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c != '-' && c != ' ')
            plain[n++] = c;
    }
    return crypto_mac(keys, STR("first_code"), (struct str){plain, n});
}

enum result first_code_make(struct db *db, const struct crypto_keys *keys, int64_t now, struct str *ret_code)
{
    char code[SIGNS + 3];
    struct sql_person_any any;
    struct hash h;
    size_t n = 0;
    enum result r = sql_person_any(db, &any);

    if (r == OK && any.total)
        return E_CONFLICT;
    for (int i = 0; i < SIGNS; i++) {
        if (i && i % 4 == 0)
            code[n++] = '-';
        code[n++] = alphabet[crypto_random_below(sizeof(alphabet) - 1)];
    }
    h = code_hash(keys, db_arena(db), (struct str){code, n});
    if (r == OK)
        r = sql_first_code_clear(db);
    if (r == OK)
        r = sql_first_code_put(db, hash_str(&h), now + FIRST_CODE_HOURS * TIME_HOUR);
    if (r == OK)
        *ret_code = str_dup(db_arena(db), (struct str){code, n});
    crypto_wipe(code, sizeof(code));
    return r;
}

enum result first_code_check(struct db *db, const struct crypto_keys *keys, struct str code, int64_t now)
{
    struct hash h = code_hash(keys, db_arena(db), code);
    struct sql_first_code_get row;
    enum result r = sql_first_code_get(db, hash_str(&h), &row);

    if (r == E_NOT_FOUND || (r == OK && (row.used_at || row.expires_at <= now)))
        return E_DENIED;
    return r;
}

enum result first_code_use(struct db *db, const struct crypto_keys *keys, struct str code, int64_t person, int64_t now)
{
    struct hash h = code_hash(keys, db_arena(db), code);
    int64_t changed;
    enum result r = first_code_check(db, keys, code, now);

    if (r == OK)
        r = sql_first_code_use(db, hash_str(&h), now, person, &changed);
    return r == OK && changed == 0 ? E_DENIED : r;
}

enum result first_code_open(struct db *db, int64_t now, bool *ret_open)
{
    struct sql_first_code_open row;
    enum result r = sql_first_code_open(db, now, &row);

    if (r == OK)
        *ret_open = row.total > 0;
    return r;
}
