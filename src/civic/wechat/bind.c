/* bind.c: which account belongs to which openid. */
#include "civic/wechat/room.h"

#include <inttypes.h>

#include "civic/wechat/wechat.sql.h"

static struct hash hash_openid(const struct crypto_keys *keys, struct str openid)
{
    return crypto_blind(keys, STR("wechat.openid"), openid);
}

static struct str context(struct arena *a, int64_t person)
{
    return str_printf(a, "wechat_account.openid:%" PRId64, person);
}

enum result wechat_bind(struct db *db, const struct crypto_keys *keys, struct str app, int64_t person,
                        struct str openid, int64_t now)
{
    struct arena *a = db_arena(db);
    struct hash h = hash_openid(keys, openid);
    struct sql_wechat_account_find row;
    int64_t changed = 0;
    enum result r = sql_wechat_account_find(db, app, hash_str(&h), &row);

    if (r == OK)
        return row.person == person ? OK : E_CONFLICT;
    if (r != E_NOT_FOUND)
        return r;
    r = sql_wechat_account_drop(db, app, person);
    if (r == OK)
        r = sql_wechat_account_put(db, app, hash_str(&h), person, crypto_seal(keys, a, openid, context(a, person)), now,
                                   &changed);
    return r == OK && !changed ? E_CONFLICT : r;
}

enum result wechat_unbind(struct db *db, struct str app, int64_t person)
{
    return sql_wechat_account_drop(db, app, person);
}

enum result wechat_person(struct db *db, const struct crypto_keys *keys, struct str app, struct str openid,
                          int64_t *ret_person)
{
    struct hash h = hash_openid(keys, openid);
    struct sql_wechat_account_find row;
    enum result r = sql_wechat_account_find(db, app, hash_str(&h), &row);

    if (r == OK)
        *ret_person = row.person;
    return r;
}

enum result wechat_binding(struct db *db, const struct crypto_keys *keys, struct str app, int64_t person,
                           struct wechat_binding *ret_binding)
{
    struct arena *a = db_arena(db);
    struct sql_wechat_account_of row;
    enum result r = sql_wechat_account_of(db, app, person, &row);

    if (r != OK)
        return r;
    ret_binding->bound_at = row.bound_at;
    return crypto_unseal(keys, a, row.openid_sealed, context(a, person), &ret_binding->openid);
}

enum result wechat_forget(struct db *db, int64_t person)
{
    return sql_wechat_account_forget(db, person);
}
