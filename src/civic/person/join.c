/* join.c: codes, accounts, residences. What identifies somebody goes into the database sealed, and is found by keyed hash. */
#include "civic/person/join.h"

#include "civic/ledger/ledger.h"
#include "civic/party/party.h"
#include "civic/person/person.sql.h"
#include "engine/base/ids.h"

static struct hash phone_hash(const struct crypto_keys *keys, struct str mobile)
{
    return crypto_blind(keys, STR("phone"), mobile);
}

static struct str context(struct arena *a, const char *field, int64_t person)
{
    return str_printf(a, "person.%s:%lld", field, (long long)person);
}

enum result person_sealed_open(const struct crypto_keys *keys, struct arena *a, int64_t person,
                               const struct person_sealed *sealed, struct person_plain *ret)
{
    enum result r = OK;

    *ret = (struct person_plain){STR_NONE, STR_NONE, STR_NONE};
    if (sealed->name.len)
        r = crypto_unseal(keys, a, sealed->name, context(a, "name", person), &ret->name);
    if (r == OK && sealed->document.len)
        r = crypto_unseal(keys, a, sealed->document, context(a, "document", person), &ret->document);
    if (r == OK && sealed->phone.len)
        r = crypto_unseal(keys, a, sealed->phone, context(a, "phone", person), &ret->phone);
    return r;
}

void person_seal(const struct crypto_keys *keys, struct arena *a, int64_t person, const struct person_plain *plain,
                 struct person_sealed *ret)
{
    ret->name = plain->name.len ? crypto_seal(keys, a, plain->name, context(a, "name", person)) : STR_NONE;
    ret->document = plain->document.len ? crypto_seal(keys, a, plain->document, context(a, "document", person))
                                        : STR_NONE;
    ret->phone = plain->phone.len ? crypto_seal(keys, a, plain->phone, context(a, "phone", person)) : STR_NONE;
}

struct hash person_phone_key(const struct crypto_keys *keys, struct str mobile)
{
    return phone_hash(keys, mobile);
}

struct hash person_document_key(const struct crypto_keys *keys, struct str number)
{
    return crypto_blind(keys, STR("document"), number);
}

/* ---- one-time codes ---- */

enum { CODE_TRIES_MAX = 5 };

static struct str purpose_word(enum code_purpose purpose)
{
    return purpose == CODE_PHONE ? STR("phone") : STR("sign_in");
}

static struct hash code_hash(const struct crypto_keys *keys, struct arena *a, struct str mobile, struct str purpose,
                             struct str code)
{
    return crypto_mac(keys, STR("sms_code"),
                      str_printf(a, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(mobile), STR_ARG(purpose), STR_ARG(code)));
}

enum result code_make(struct db *db, const struct crypto_keys *keys, const struct code_rules *rules, struct str mobile,
                      enum code_purpose purpose, int64_t now, char ret_code[7], enum code_fault *ret_fault)
{
    struct hash phone = phone_hash(keys, mobile), code;
    struct str word = purpose_word(purpose);
    struct sql_sms_code_get row;
    int64_t sent = 0;
    uint32_t number = crypto_random_below(1000000);
    enum result r = sql_sms_code_get(db, hash_str(&phone), word, &row);

    if (r != OK && r != E_NOT_FOUND)
        return r;
    if (r == OK) {
        if (now - row.sent_at < TIME_MINUTE && now >= row.sent_at) {
            *ret_fault = CODE_TOO_SOON;
            return OK;
        }
        sent = row.day == day_of(now) ? row.sent_on_day : 0;
        if (sent >= rules->per_phone_day) {
            *ret_fault = CODE_TOO_MANY;
            return OK;
        }
    }
    snprintf(ret_code, 7, "%06u", number);
    code = code_hash(keys, db_arena(db), mobile, word, str_from_cstr(ret_code));
    *ret_fault = CODE_FINE;
    return sql_sms_code_put(db, hash_str(&phone), word, hash_str(&code), now, now + rules->minutes * TIME_MINUTE,
                            day_of(now), sent + 1);
}

enum result code_check(struct db *db, const struct crypto_keys *keys, struct str mobile, enum code_purpose purpose,
                       struct str code, int64_t now, enum code_fault *ret_fault)
{
    struct hash phone = phone_hash(keys, mobile), given;
    struct str word = purpose_word(purpose);
    struct sql_sms_code_try row;
    enum result r = sql_sms_code_try(db, hash_str(&phone), word, &row);

    if (r == E_NOT_FOUND || (r == OK && now > row.expires_at)) {
        *ret_fault = CODE_EXPIRED;
        return OK;
    }
    if (r != OK)
        return r;
    given = code_hash(keys, db_arena(db), mobile, word, code);
    if (row.tries > CODE_TRIES_MAX || !crypto_equal(hash_str(&given), row.code_hash)) {
        *ret_fault = row.tries >= CODE_TRIES_MAX ? CODE_TRIES : CODE_WRONG;
        return OK;
    }
    *ret_fault = CODE_FINE;
    return sql_sms_code_use(db, hash_str(&phone), word);
}

/* ---- accounts ---- */

static enum sex sex_of(const struct document *d)
{
    return !d->sex_known ? SEX_UNKNOWN : d->male ? SEX_MALE : SEX_FEMALE;
}

enum result person_create(struct db *db, const struct crypto_keys *keys, const struct person_new *p, int64_t now,
                          int64_t *ret_person)
{
    struct arena *a = db_arena(db);
    int64_t id = id_new();
    struct str document = p->document ? str_from_cstr(p->document->number) : STR_NONE;
    enum sex sex = p->document && p->document->sex_known ? sex_of(p->document) : p->sex;
    struct str shown = STR_NONE;
    enum result r;

    if (p->name.len)
        shown = p->login.len && sex == SEX_UNKNOWN ? p->name : person_shown_name(a, p->name, sex, LANG_ZH_CN);
    r = sql_person_put(db, id, shown, p->name.len ? crypto_seal(keys, a, p->name, context(a, "name", id)) : STR_NONE,
                       p->document ? str_from_cstr(document_kind_word(p->document->kind)) : STR_NONE,
                       document.len ? crypto_seal(keys, a, document, context(a, "document", id)) : STR_NONE,
                       p->mobile.len ? crypto_seal(keys, a, p->mobile, context(a, "phone", id)) : STR_NONE, sex,
                       p->document && p->document->birth_known ? p->document->birth_day : 0, p->password_hash, false,
                       now, p->created_by);
    if (r == OK && p->mobile.len) {
        struct hash h = phone_hash(keys, p->mobile);
        r = sql_person_phone_put(db, hash_str(&h), id);
    }
    if (r == OK && document.len) {
        struct hash h = crypto_blind(keys, STR("document"), document);
        r = sql_person_document_put(db, hash_str(&h), id);
    }
    if (r == OK && p->login.len)
        r = sql_person_login_put(db, p->login, id);
    if (r == OK)
        *ret_person = id;
    return r;
}

enum result person_of_phone(struct db *db, const struct crypto_keys *keys, struct str mobile, int64_t *ret_person)
{
    struct hash h = phone_hash(keys, mobile);
    struct sql_person_phone_find row;
    enum result r = sql_person_phone_find(db, hash_str(&h), &row);

    if (r == OK)
        *ret_person = row.person;
    return r;
}

enum result person_by_phone(struct db *db, const struct crypto_keys *keys, struct str mobile, int64_t now,
                            int64_t *ret_person, bool *ret_new)
{
    struct person_new p = {.mobile = mobile};
    enum result r = person_of_phone(db, keys, mobile, ret_person);

    *ret_new = r == E_NOT_FOUND;
    return r == E_NOT_FOUND ? person_create(db, keys, &p, now, ret_person) : r;
}

enum result person_reach(struct db *db, const struct crypto_keys *keys, int64_t person, struct person_reach *ret)
{
    struct arena *a = db_arena(db);
    struct sql_person_get row;
    enum result r = sql_person_get(db, person, &row);

    if (r == OK && !str_eq(row.state, STR("active")))
        return E_NOT_FOUND;
    if (r == OK)
        r = crypto_unseal(keys, a, row.phone_sealed, context(a, "phone", person), &ret->mobile);
    if (r == OK)
        ret->masked = ret->mobile.len ? mobile_mask(a, ret->mobile) : STR_NONE;
    if (r == OK)
        ret->lang = str_eq(row.language, STR("en")) ? LANG_EN : LANG_ZH_CN;
    return r;
}

enum result person_open_identity(struct db *db, const struct crypto_keys *keys, int64_t person,
                                 struct person_identity *ret)
{
    struct arena *a = db_arena(db);
    struct sql_person_get row;
    enum result r = sql_person_get(db, person, &row);

    if (r == OK)
        r = crypto_unseal(keys, a, row.name_sealed, context(a, "name", person), &ret->name);
    if (r == OK)
        r = crypto_unseal(keys, a, row.document_sealed, context(a, "document", person), &ret->document);
    if (r == OK)
        r = crypto_unseal(keys, a, row.phone_sealed, context(a, "phone", person), &ret->phone);
    if (r == OK)
        ret->document_kind = row.document_kind;
    return r;
}

enum result person_rename(struct db *db, const struct crypto_keys *keys, int64_t person, struct str name)
{
    struct arena *a = db_arena(db);
    struct sql_person_get row;
    enum result r = sql_person_get(db, person, &row);

    return r == OK ? sql_person_set_identity(db, person, person_shown_name(a, name, (enum sex)row.sex, LANG_ZH_CN),
                                             crypto_seal(keys, a, name, context(a, "name", person)), row.document_kind,
                                             row.document_sealed, row.sex, row.birth_day)
                   : r;
}

/* ---- becoming a resident ---- */

static enum result record(struct db *db, int64_t community, const char *verb, int64_t residence, int64_t actor,
                          int64_t organisation, const char *before, const char *after, struct str detail, int64_t now)
{
    struct ledger_event e = {
        .community = community,
        .at = now,
        .actor = actor,
        .organisation = organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("residence"),
        .subject = residence,
        .before = str_from_cstr(before),
        .after = str_from_cstr(after),
        .detail = detail,
    };

    return ledger_append(db, &e);
}

/* Does the person live or wait anywhere? With `verified` only where the committee knows them. */
static enum result lives(struct db *db, int64_t person, bool verified, bool *ret_lives)
{
    struct sql_residence_of_person_rows homes;
    enum result r = sql_residence_of_person(db, person, &homes);

    *ret_lives = false;
    for (size_t i = 0; r == OK && i < homes.n; i++)
        if (str_eq(homes.row[i].state, STR("verified")) || (!verified && str_eq(homes.row[i].state, STR("waiting"))))
            *ret_lives = true;
    return r;
}

/* The document is this person's, or nobody's yet. Who was never verified may have mistyped: what they say now counts. */
static enum result claim_document(struct db *db, const struct crypto_keys *keys, const struct join_request *join,
                                  enum join_fault *ret_fault)
{
    struct arena *a = db_arena(db);
    struct str number = str_from_cstr(join->document.number);
    enum sex sex = sex_of(&join->document);
    bool known_here;
    struct hash h = crypto_blind(keys, STR("document"), number);
    struct sql_person_document_find row;
    struct person_identity known = {0};
    enum result r = sql_person_document_find(db, hash_str(&h), &row);

    if (r == OK && row.person != join->person) {
        *ret_fault = JOIN_DOCUMENT_TAKEN;
        return OK;
    }
    if (r != OK && r != E_NOT_FOUND)
        return r;
    if ((r = person_open_identity(db, keys, join->person, &known)) != OK ||
        (r = lives(db, join->person, true, &known_here)) != OK)
        return r;
    if (known_here) {
        if (!str_eq(known.document, number) || !str_eq(known.name, join->name))
            *ret_fault = JOIN_OTHER_IDENTITY;
        return OK;
    }
    if ((r = sql_person_document_drop(db, join->person)) != OK ||
        (r = sql_person_document_put(db, hash_str(&h), join->person)) != OK)
        return r;
    return sql_person_set_identity(db, join->person, person_shown_name(a, join->name, sex, LANG_ZH_CN),
                                   crypto_seal(keys, a, join->name, context(a, "name", join->person)),
                                   str_from_cstr(document_kind_word(join->document.kind)),
                                   crypto_seal(keys, a, number, context(a, "document", join->person)), sex,
                                   join->document.birth_known ? join->document.birth_day : 0);
}

/* A claim that was refused or given up does not keep the document from the one whose it is. */
static enum result release_document(struct db *db, int64_t person)
{
    bool somewhere;
    enum result r = lives(db, person, false, &somewhere);

    return r == OK && !somewhere ? sql_person_document_drop(db, person) : r;
}

static struct hash name_hash(const struct crypto_keys *keys, struct str name)
{
    return crypto_blind(keys, STR("name"), name);
}

enum result join_ask(struct db *db, const struct crypto_keys *keys, const struct join_request *join, int64_t now,
                     bool *ret_verified, int64_t *ret_residence, enum join_fault *ret_fault)
{
    struct sql_residence_members_rows members;
    struct sql_residence_of_person_rows homes;
    struct sql_roster_match match;
    struct hash name = name_hash(keys, join->name), phone = phone_hash(keys, join->mobile),
                document = crypto_blind(keys, STR("document"), str_from_cstr(join->document.number));
    struct str relation = join->relation;
    int64_t id = id_new();
    bool verified;
    enum result r;

    *ret_fault = JOIN_FINE;
    if (join->by == 0 && join->document.birth_known && document_age(&join->document, day_of(now)) < 14) {
        *ret_fault = JOIN_CHILD;
        return OK;
    }
    if ((r = sql_residence_of_person(db, join->person, &homes)) != OK)
        return r;
    for (size_t i = 0; i < homes.n; i++)
        if (homes.row[i].community == join->community &&
            (str_eq(homes.row[i].state, STR("waiting")) || str_eq(homes.row[i].state, STR("verified")))) {
            *ret_fault = JOIN_ALREADY;
            return OK;
        }
    if ((r = sql_residence_members(db, join->community, join->dwelling, &members)) != OK)
        return r;
    if (members.n >= HOUSEHOLD_MAX) {
        *ret_fault = JOIN_FULL;
        return OK;
    }
    if ((r = claim_document(db, keys, join, ret_fault)) != OK || *ret_fault != JOIN_FINE)
        return r;

    r = sql_roster_match(db, join->community, join->dwelling, hash_str(&name), hash_str(&document),
                         join->mobile.len ? hash_str(&phone) : STR("-"), &match);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    verified = join->by != 0 || r == OK;
    r = sql_residence_put(db, join->community, id, join->person, join->estate, join->building, join->dwelling, relation,
                          verified ? STR("verified") : STR("waiting"), now, verified ? now : 0, join->by);
    if (r == OK)
        r = sql_person_residence_put(db, join->person, join->community, id);
    if (r == OK && join->consent_version.len)
        r = sql_consent_put(db, join->person, id_new(), STR("privacy"), join->consent_version, now);
    if (r == OK)
        r = record(db, join->community, "asked", id, join->by ? join->by : join->person, 0, "", "waiting", STR_NONE,
                   now);
    if (r == OK && verified)
        r = record(db, join->community, "verified", id, join->by, 0, "waiting", "verified",
                   join->by ? STR("{\"by\":\"desk\"}") : STR("{\"by\":\"roster\"}"), now);
    if (r != OK)
        return r;
    *ret_verified = verified;
    *ret_residence = id;
    return OK;
}

enum result join_decide(struct db *db, int64_t community, int64_t residence, bool verified, struct str reason,
                        int64_t by, int64_t organisation, int64_t now)
{
    struct sql_residence_get row;
    int64_t changed;
    enum result r;

    if (!verified && reason.len == 0)
        return E_INVALID;
    if ((r = sql_residence_get(db, community, residence, &row)) != OK)
        return r;
    r = sql_residence_decide(db, community, residence, verified ? STR("verified") : STR("refused"), reason, now, by,
                             &changed);
    if (r != OK)
        return r;
    if (changed == 0)
        return E_CONFLICT;
    if (!verified && (r = release_document(db, row.person)) != OK)
        return r;
    return record(db, community, verified ? "verified" : "refused", residence, by, organisation, "waiting",
                  verified ? "verified" : "refused", verified ? STR("{\"by\":\"cadre\"}") : STR_NONE, now);
}

enum result join_end(struct db *db, int64_t community, int64_t residence, int64_t by, int64_t organisation, int64_t now)
{
    struct sql_residence_get row;
    int64_t changed;
    enum result r = sql_residence_get(db, community, residence, &row);

    if (r != OK)
        return r;
    if (organisation == 0 && row.person != by)
        return E_DENIED;
    if ((r = sql_residence_end(db, community, residence, now, &changed)) != OK)
        return r;
    if (changed == 0)
        return E_CONFLICT;
    if ((r = release_document(db, row.person)) != OK)
        return r;
    r = record(db, community, "ended", residence, by, organisation, "", "ended", STR_NONE, now);
    return r == OK ? party_moved_out(db, row.person, community, now) : r;
}
