/* staff.c: see person_staff.h. */
#include "civic/person/person_staff.h"

#include "civic/person/account.h"
#include "civic/person/identity.h"
#include "civic/person/join.h"
#include "civic/person/person.sql.h"

enum result staff_of(struct db *db, int64_t organisation, int64_t now, struct staff_posts *ret)
{
    struct sql_post_of_organisation_rows rows;
    enum result r = sql_post_of_organisation(db, organisation, now, &rows);

    if (r != OK)
        return r;
    ret->post = arena_array(db_arena(db), struct staff_post, rows.n ? rows.n : 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->post[i] = (struct staff_post){rows.row[i].id,         rows.row[i].person, role_from_word(rows.row[i].role),
                                           rows.row[i].shown_name, rows.row[i].title,  rows.row[i].valid_from};
    return OK;
}

enum result staff_find(struct db *db, const struct crypto_keys *keys, struct str words, int64_t *ret_person)
{
    struct sql_person_login_find row;
    struct sql_person_viewer person;
    char mobile[12];
    int64_t id = 0;
    struct str login;
    enum result r;

    if (mobile_parse(words, mobile) == IDENTITY_FINE) {
        struct hash h = crypto_blind(keys, STR("phone"), str_from_cstr(mobile));
        struct sql_person_phone_find phone;

        r = sql_person_phone_find(db, hash_str(&h), &phone);
        if (r == OK)
            id = phone.person;
    } else {
        if (login_parse(db_arena(db), words, &login) != OK)
            return E_INVALID;
        r = sql_person_login_find(db, login, &row);
        if (r == OK)
            id = row.person;
    }
    if (r != OK)
        return r;
    r = sql_person_viewer(db, id, &person);
    if (r == OK && !str_eq(person.state, STR("active")))
        r = E_NOT_FOUND;
    if (r == OK)
        *ret_person = id;
    return r;
}

enum result staff_appoint(struct db *db, int64_t person, int64_t organisation, enum role role, struct str title,
                          int64_t by, int64_t now, int64_t *ret_post)
{
    struct staff_posts has;
    enum result r = staff_of(db, organisation, now, &has);

    for (size_t i = 0; r == OK && i < has.n; i++)
        if (has.post[i].person == person && has.post[i].role == role)
            return E_CONFLICT;
    return r == OK ? post_give(db, person, organisation, role, title, by, now, ret_post) : r;
}

enum result staff_dismiss(struct db *db, int64_t organisation, int64_t post, int64_t by, int64_t now)
{
    struct sql_post_get row;
    enum result r = sql_post_get(db, post, &row);

    if (r != OK)
        return r;
    if (row.organisation != organisation)
        return E_NOT_FOUND;
    if (row.person == by)
        return E_CONFLICT;
    return post_take(db, post, by, now);
}

enum credit_verdict credit_code_check(struct str text, char ret_code[19])
{
    switch (credit_code_parse(text, ret_code)) {
    case IDENTITY_FINE: return CREDIT_FINE;
    case IDENTITY_CHECK: return CREDIT_DOUBTFUL;
    default: return CREDIT_MALFORMED;
    }
}
