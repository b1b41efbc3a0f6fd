/* account.c: see account.h. */
#include "civic/person/account.h"

#include "civic/hours/hours.h"
#include "civic/ledger/ledger.h"
#include "civic/notify/notify.h"
#include "civic/party/party.h"
#include "civic/wechat/wechat.h"
#include "civic/person/join.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "engine/base/ids.h"

/* ---- passwords ------------------------------------------------------------------------------------------ */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool contains_ci(struct str s, struct str part)
{
    if (part.len == 0 || s.len < part.len)
        return false;
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (str_eq_ci(str_sub(s, i, part.len), part))
            return true;
    return false;
}

/* 88888888, 12345678, abcdefgh, 87654321: every step is the same. */
static bool is_run(struct str s)
{
    struct str rest = s;
    uint32_t before = str_utf8_next(&rest);
    int64_t step = 0;
    bool first = true;

    while (rest.len) {
        uint32_t c = str_utf8_next(&rest);
        int64_t d = (int64_t)c - (int64_t)before;

        if (d < -1 || d > 1 || (!first && d != step))
            return false;
        step = d;
        first = false;
        before = c;
    }
    return true;
}

static int sorts_of_signs(struct str s)
{
    bool small = false, large = false, digit = false, other = false;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        if (c >= 'a' && c <= 'z')
            small = true;
        else if (c >= 'A' && c <= 'Z')
            large = true;
        else if (c >= '0' && c <= '9')
            digit = true;
        else
            other = true;
    }
    return small + large + digit + other;
}

enum password_fault password_check(struct str password, struct str login, struct str mobile,
                                   enum security_profile profile)
{
    size_t n = str_utf8_count(password);

    if (n < PASSWORD_MIN)
        return PASSWORD_SHORT;
    if (n > PASSWORD_MAX)
        return PASSWORD_LONG;
    if ((login.len >= 3 && contains_ci(password, login)) || contains_ci(password, mobile))
        return PASSWORD_OWN;
    if (password_common(password) || is_run(password))
        return PASSWORD_COMMON;
    if (profile == SECURITY_LEVEL3 && sorts_of_signs(password) < 3)
        return PASSWORD_PLAIN;
    return PASSWORD_FINE;
}

bool password_old(int64_t set_at, int64_t now, enum security_profile profile)
{
    return set_at == 0 || (profile == SECURITY_LEVEL3 && now - set_at > PASSWORD_DAYS * TIME_DAY);
}

enum result login_parse(struct arena *a, struct str text, struct str *ret_login)
{
    char *out = arena_array(a, char, text.len + 1);

    text = str_trim(text);
    if (text.len < 3 || text.len > 32)
        return E_INVALID;
    for (size_t i = 0; i < text.len; i++) {
        char c = lower(text.ptr[i]);
        bool letter = c >= 'a' && c <= 'z';

        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-')))
            return E_INVALID;
        out[i] = c;
    }
    *ret_login = (struct str){out, text.len};
    return OK;
}

/* ---- waits ------------------------------------------------------------------------------------------------ */

static const struct wait_rule {
    const char *kind;
    int64_t free;       /* so many failures cost nothing */
    int64_t first, max; /* ms; doubled each time */
} waits[] = {
    {"name", 4, 15 * TIME_SECOND, 15 * TIME_MINUTE},
    {"second", 4, 15 * TIME_SECOND, 15 * TIME_MINUTE},
    {"address", 30, 5 * TIME_SECOND, 5 * TIME_MINUTE}, /* many residents share one */
};

#define FORGET TIME_DAY

static const struct wait_rule *rule_of(const char *kind)
{
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
        if (strcmp(waits[i].kind, kind) == 0)
            return &waits[i];
    return &waits[0];
}

static struct hash subject_hash(const struct crypto_keys *keys, struct arena *a, const char *kind, struct str subject)
{
    return crypto_mac(keys, STR("sign_in"), str_printf(a, "%s|" STR_FMT, kind, STR_ARG(subject)));
}

enum result sign_in_wait(struct db *db, const struct crypto_keys *keys, const char *kind, struct str subject,
                         int64_t now, int64_t *ret_wait)
{
    const struct wait_rule *rule = rule_of(kind);
    struct hash h = subject_hash(keys, db_arena(db), kind, subject);
    struct sql_sign_in_failure_get row;
    enum result r = sql_sign_in_failure_get(db, hash_str(&h), &row);
    int64_t wait;

    *ret_wait = 0;
    if (r == E_NOT_FOUND)
        return OK;
    if (r != OK || row.failures <= rule->free || now - row.last_at > FORGET)
        return r;
    wait = rule->first;
    for (int64_t i = rule->free + 1; i < row.failures && wait < rule->max; i++)
        wait *= 2;
    if (wait > rule->max)
        wait = rule->max;
    if (now < row.last_at + wait)
        *ret_wait = row.last_at + wait - now;
    return OK;
}

enum result sign_in_failed(struct db *db, const struct crypto_keys *keys, const char *kind, struct str subject,
                           int64_t now)
{
    struct hash h = subject_hash(keys, db_arena(db), kind, subject);

    return sql_sign_in_failure_put(db, hash_str(&h), now, now - FORGET);
}

enum result sign_in_succeeded(struct db *db, const struct crypto_keys *keys, const char *kind, struct str subject)
{
    struct hash h = subject_hash(keys, db_arena(db), kind, subject);

    return sql_sign_in_failure_drop(db, hash_str(&h));
}

/* ---- for operators ------------------------------------------------------------------------------------------- */

enum result account_set_password(struct db *db, int64_t person, struct str hash, int64_t set_at)
{
    enum result r = sql_person_set_password(db, person, hash, set_at);

    return r == OK ? session_end_others(db, person, 0) : r;
}

enum result account_by_login(struct db *db, struct str login, int64_t *ret_person)
{
    struct sql_person_login_find row;
    enum result r = sql_person_login_find(db, login, &row);

    if (r == OK)
        *ret_person = row.person;
    return r;
}

static enum result fill_row(struct db *db, struct account_row *row)
{
    struct sql_person_viewer_posts_rows posts;
    struct sql_person_login_of login = {0};
    enum result r = sql_person_login_of(db, row->person, &login);

    if (r != OK && r != E_NOT_FOUND)
        return r;
    if ((r = sql_person_viewer_posts(db, row->person, time_now(), &posts)) != OK)
        return r;
    row->login = login.login;
    row->post = arena_array(db_arena(db), struct viewer_post, posts.n + 1);
    row->n_posts = posts.n;
    for (size_t i = 0; i < posts.n; i++)
        row->post[i] = (struct viewer_post){.id = posts.row[i].id,
                                            .organisation = posts.row[i].organisation,
                                            .place = posts.row[i].place,
                                            .role = role_from_word(posts.row[i].role),
                                            .organisation_name = posts.row[i].name,
                                            .organisation_kind = posts.row[i].kind,
                                            .title = posts.row[i].title};
    return OK;
}

enum result account_list(struct db *db, int64_t after, int64_t limit, struct account_rows *ret)
{
    struct sql_post_page_rows rows;
    enum result r = sql_post_page(db, after, limit, &rows);

    if (r != OK)
        return r;
    ret->row = arena_array(db_arena(db), struct account_row, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        ret->row[i] = (struct account_row){.person = rows.row[i].id,
                                           .shown_name = rows.row[i].shown_name,
                                           .active = str_eq(rows.row[i].state, STR("active"))};
        r = fill_row(db, &ret->row[i]);
    }
    return r;
}

/* ---- the second factor -------------------------------------------------------------------------------------- */

static struct str totp_context(struct arena *a, int64_t person)
{
    return str_printf(a, "person.totp:%lld", (long long)person);
}

/* Blanks and hyphens are how people read it out; letters in either case. */
static struct hash recovery_hash(const struct crypto_keys *keys, struct arena *a, int64_t person, struct str code)
{
    char *plain = arena_array(a, char, code.len + 1);
    size_t n = 0;

    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] != '-' && code.ptr[i] != ' ')
            plain[n++] = lower(code.ptr[i]);
    return crypto_mac(keys, STR("recovery_code"), str_printf(a, "%lld|%.*s", (long long)person, (int)n, plain));
}

static struct str recovery_code(struct arena *a)
{
    static const char signs[] = "abcdefghjkmnpqrstuvwxyz23456789"; /* without those that look alike */
    char *code = arena_array(a, char, 10);

    for (size_t i = 0; i < 9; i++)
        code[i] = i == 4 ? '-' : signs[crypto_random_below(sizeof(signs) - 1)];
    return (struct str){code, 9};
}

enum result second_set(struct db *db, const struct crypto_keys *keys, int64_t person, struct str secret, int64_t step,
                       struct str *ret_codes)
{
    struct arena *a = db_arena(db);
    enum result r = sql_person_set_totp(db, person, crypto_seal(keys, a, secret, totp_context(a, person)), step);

    return r == OK ? recovery_renew(db, keys, person, ret_codes) : r;
}

enum result recovery_renew(struct db *db, const struct crypto_keys *keys, int64_t person, struct str *ret_codes)
{
    struct arena *a = db_arena(db);
    enum result r = sql_recovery_code_drop(db, person);

    for (size_t i = 0; r == OK && i < RECOVERY_CODES; i++) {
        struct hash h;

        ret_codes[i] = recovery_code(a);
        h = recovery_hash(keys, a, person, ret_codes[i]);
        r = sql_recovery_code_put(db, person, hash_str(&h));
    }
    return r;
}

enum result second_check(struct db *db, const struct crypto_keys *keys, int64_t person, struct str code, int64_t now)
{
    struct arena *a = db_arena(db);
    struct sql_person_get row;
    struct str secret;
    struct hash h;
    int64_t step, changed;
    enum result r = sql_person_get(db, person, &row);

    if (r != OK)
        return r;
    code = str_trim(code);
    if (row.totp_sealed.len == 0)
        return E_DENIED;
    if (code.len > 7) {
        h = recovery_hash(keys, a, person, code);
        r = sql_recovery_code_use(db, person, hash_str(&h), now, &changed);
        return r == OK && changed == 0 ? E_DENIED : r;
    }
    if ((r = crypto_unseal(keys, a, row.totp_sealed, totp_context(a, person), &secret)) != OK)
        return r;
    if (totp_verify(secret, code, now, row.totp_step, &step) != OK)
        return E_DENIED;
    r = sql_person_use_totp_step(db, person, step, &changed);
    return r == OK && changed == 0 ? E_DENIED : r;
}

enum result second_drop(struct db *db, int64_t person)
{
    enum result r = sql_person_set_totp(db, person, STR_NONE, 0);

    return r == OK ? sql_recovery_code_drop(db, person) : r;
}

/* ---- posts ---------------------------------------------------------------------------------------------------- */

static enum result record_post(struct db *db, int64_t place, const char *verb, int64_t post, enum role role,
                               int64_t organisation, int64_t by, int64_t now)
{
    struct ledger_event e = {
        .community = place,
        .at = now,
        .actor = by,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("post"),
        .subject = post,
        .detail = str_printf(db_arena(db), "{\"role\":\"%s\",\"organisation\":%lld}", role_word(role),
                             (long long)organisation),
    };

    return ledger_append(db, &e);
}

enum result post_give(struct db *db, int64_t person, int64_t organisation, enum role role, struct str title, int64_t by,
                      int64_t now, int64_t *ret_post)
{
    struct organisation o;
    int64_t id = id_new();
    enum result r = organisation_get(db, organisation, &o);

    if (r != OK)
        return r;
    if (role <= ROLE_NONE || role >= ROLE_COUNT || o.valid_to)
        return E_INVALID;
    r = sql_post_put(db, id, person, organisation, str_from_cstr(role_word(role)), title, now);
    if (r == OK)
        r = record_post(db, o.place, "appointed", id, role, organisation, by, now);
    if (r == OK)
        r = session_end_others(db, person, 0);
    if (r == OK)
        *ret_post = id;
    return r;
}

enum result post_take(struct db *db, int64_t post, int64_t by, int64_t now)
{
    struct sql_post_get row;
    int64_t changed;
    enum result r = sql_post_get(db, post, &row);

    if (r != OK)
        return r;
    if ((r = sql_post_end(db, post, now, &changed)) != OK)
        return r;
    if (changed == 0)
        return E_CONFLICT;
    r = record_post(db, row.place, "dismissed", post, role_from_word(row.role), row.organisation, by, now);
    if (r == OK)
        r = party_moved_out(db, row.person, row.place, now);
    return r == OK ? session_end_others(db, row.person, 0) : r;
}

/* ---- the end of an account ------------------------------------------------------------------------------------- */

static enum result end_residences(struct db *db, int64_t person, int64_t now)
{
    struct sql_residence_of_person_rows homes;
    enum result r = sql_residence_of_person(db, person, &homes);

    for (size_t i = 0; r == OK && i < homes.n; i++)
        if (!str_eq(homes.row[i].state, STR("ended")))
            r = join_end(db, homes.row[i].community, homes.row[i].id, person, 0, now);
    return r;
}

enum result person_party_set(struct db *db, int64_t person, bool member, bool badge)
{
    return sql_person_set_party(db, person, member, member && badge);
}

struct str person_consent_version(struct arena *a, enum lang lang, struct str version)
{
    enum { TAIL = 7, YEAR = 4 }; /* 2026-11 */
    static const enum text months[] = {
        T_person_month_1, T_person_month_2, T_person_month_3, T_person_month_4,  T_person_month_5,  T_person_month_6,
        T_person_month_7, T_person_month_8, T_person_month_9, T_person_month_10, T_person_month_11, T_person_month_12,
    };
    struct str tail = version.len >= TAIL ? str_sub(version, version.len - TAIL, TAIL) : STR_NONE;
    int64_t year, month;

    if (tail.len == 0 || tail.ptr[YEAR] != '-' || str_int64(str_sub(tail, 0, YEAR), 1900, 9999, &year) != OK ||
        str_int64(str_sub(tail, YEAR + 1, 2), 1, 12, &month) != OK)
        return version;
    return text_format(a, lang, T_person_consent_version, TEXT_STR("year", str_sub(tail, 0, YEAR)),
                       TEXT_STR("month", text(lang, months[month - 1])));
}

enum result person_consent_give(struct db *db, int64_t person, struct str kind, struct str version, int64_t now)
{
    return sql_consent_put(db, person, id_new(), kind, version, now);
}

enum result person_consent_end(struct db *db, int64_t person, struct str kind, int64_t now)
{
    int64_t changed;

    return sql_consent_withdraw(db, person, kind, now, &changed);
}

enum result person_consent_standing(struct db *db, int64_t person, struct str kind, struct str *ret_version,
                                    int64_t *ret_given_at)
{
    struct sql_consent_of_rows rows;
    enum result r = sql_consent_of(db, person, &rows);

    *ret_version = STR_NONE;
    *ret_given_at = 0;
    for (size_t i = 0; r == OK && i < rows.n; i++)
        if (rows.row[i].withdrawn_at == 0 && str_eq(rows.row[i].kind, kind)) {
            *ret_version = rows.row[i].version;
            *ret_given_at = rows.row[i].given_at;
        }
    return r;
}

enum result account_withdraw(struct db *db, int64_t person, int64_t now)
{
    int64_t changed;
    enum result r = end_residences(db, person, now);

    return r == OK ? sql_consent_withdraw(db, person, STR("privacy"), now, &changed) : r;
}

enum result account_close(struct db *db, int64_t person, int64_t now)
{
    struct sql_person_viewer_posts_rows posts;
    struct sql_correction_of_person_rows asked;
    enum result r = sql_person_viewer_posts(db, person, now, &posts);

    if (r != OK)
        return r;
    if (posts.n)
        return E_CONFLICT;
    if ((r = sql_correction_of_person(db, person, &asked)) != OK)
        return r;
    for (size_t i = 0; r == OK && i < asked.n; i++)
        r = sql_correction_forget(db, asked.row[i].community, person);
    if (r == OK)
        r = account_withdraw(db, person, now);
    if (r == OK)
        r = party_leave(db, person, now);
    if (r == OK)
        r = sql_person_close(db, person, now);
    if (r == OK)
        r = sql_person_phone_drop(db, person);
    if (r == OK)
        r = sql_person_document_drop(db, person);
    if (r == OK)
        r = sql_person_login_drop(db, person);
    if (r == OK)
        r = sql_recovery_code_drop(db, person);
    if (r == OK)
        r = notify_forget(db, person);
    if (r == OK)
        r = wechat_forget(db, person);
    if (r == OK)
        r = hours_forget(db, person, now);
    return r == OK ? session_end_others(db, person, 0) : r;
}
