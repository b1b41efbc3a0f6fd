/* certificate.c: see certificate.h. */
#include "civic/hours/certificate.h"

#include <inttypes.h>

#include "civic/hours/certificate.sql.h"
#include "civic/hours/hours.h"
#include "civic/hours/hours.sql.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "engine/base/crypto.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"
#include "engine/page/sheet.h"

/* Without those that are taken for one another on paper. */
static const char signs[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
enum { PLACE_DIGITS = 12 };

/* ---- the number ---------------------------------------------------------------------------------------------- */

struct str certificate_number(struct arena *a, int64_t community, struct str code)
{
    struct str one = str_sub(code, 0, 4), two = str_sub(code, 4, 4), three = str_sub(code, 8, 4);

    return str_printf(a, "%0*" PRId64 "-" STR_FMT "-" STR_FMT "-" STR_FMT, PLACE_DIGITS, community, STR_ARG(one),
                      STR_ARG(two), STR_ARG(three));
}

bool certificate_number_parse(struct str typed, int64_t *ret_community, char ret_code[CERTIFICATE_CODE + 1])
{
    char all[PLACE_DIGITS + CERTIFICATE_CODE];
    size_t n = 0;

    while (typed.len) {
        uint32_t c = str_utf8_next(&typed);

        if (c >= 0xFF01 && c <= 0xFF5E) /* full width */
            c -= 0xFEE0;
        if (c == ' ' || c == '-' || c == 0x3000 || c == 0x2013 || c == 0x2014)
            continue;
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        if (n == sizeof(all) || c > 127 || (n < PLACE_DIGITS ? c < '0' || c > '9' : strchr(signs, (int)c) == NULL))
            return false;
        all[n++] = (char)c;
    }
    if (n != sizeof(all) || str_int64((struct str){all, PLACE_DIGITS}, 1, INT64_MAX, ret_community) != OK)
        return false;
    memcpy(ret_code, all + PLACE_DIGITS, CERTIFICATE_CODE);
    ret_code[CERTIFICATE_CODE] = 0;
    return true;
}

static void draw_code(char code[CERTIFICATE_CODE])
{
    for (int i = 0; i < CERTIFICATE_CODE; i++)
        code[i] = signs[crypto_random_below(sizeof(signs) - 1)];
}

/* ---- the ledger ---------------------------------------------------------------------------------------------- */

static enum result record(struct db *db, int64_t community, int64_t id, const char *verb, int64_t minutes,
                          struct str reason, int64_t actor, int64_t organisation, int64_t now)
{
    struct ledger_event e = {
        .community = community,
        .at = now,
        .actor = actor,
        .organisation = organisation,
        .verb = str_from_cstr(verb),
        .subject_kind = STR("hours_certificate"),
        .subject = id,
        .amount = minutes,
    };

    return ledger_append_words(db, &e, reason);
}

/* ---- rules ----------------------------------------------------------------------------------------------------- */

/* Of a community that has become another one: the committee there. */
static enum result committee_of(struct db *db, int64_t community, struct organisation *ret)
{
    struct places now;
    enum result r = organisation_head_of(db, community, ret);

    if (r != E_NOT_FOUND || (r = place_now(db, community, &now)) != OK)
        return r;
    r = E_NOT_FOUND;
    for (size_t i = 0; r == E_NOT_FOUND && i < now.n; i++)
        r = organisation_head_of(db, now.place[i].code, ret);
    return r;
}

enum result certificate_issue(struct db *db, int64_t community, int64_t person, struct str name_masked, int32_t from,
                              int32_t to, int64_t now, int64_t *ret_id)
{
    int64_t id = id_new(), changed, n;
    char code[CERTIFICATE_CODE];
    struct sql_certificate_total total;
    struct organisation committee;
    enum result r;

    if (from > to || to > day_of(now) || name_masked.len == 0)
        return E_INVALID;
    if ((r = committee_of(db, community, &committee)) != OK)
        return r == E_NOT_FOUND ? E_CONFLICT : r;
    /* Who puts a line of the same helper right waits, and then finds this certificate. */
    r = sql_hours_sum_hold(db, community, person, &changed);
    if (r == OK)
        r = sql_certificate_take_lines(db, community, id, person, from, to, &n);
    if (r == OK)
        r = n == 0 ? E_NOT_FOUND : n > SHEET_ROWS_MAX ? E_TOO_LARGE : OK;
    if (r == OK)
        r = sql_certificate_total(db, community, id, &total);
    if (r != OK)
        return r;
    do { /* a code that was drawn before is drawn anew */
        draw_code(code);
        r = sql_certificate_put(db, community, id, (struct str){code, sizeof(code)}, person, committee.id, name_masked,
                                from, to, total.minutes, now, &changed);
    } while (r == OK && changed == 0);
    if (r == OK)
        r = record(db, community, id, "certified", total.minutes, STR_NONE, person, 0, now);
    if (r == OK)
        *ret_id = id;
    return r;
}

/* Both statements have the same columns. */
#define TAKE(row, community_)                                 \
    ((struct certificate){.community = (community_),          \
                          .id = (row).id,                     \
                          .person = (row).person,             \
                          .organisation = (row).organisation, \
                          .minutes = (row).minutes,           \
                          .issued_at = (row).issued_at,       \
                          .revoked_at = (row).revoked_at,     \
                          .from = (int32_t)(row).from_day,    \
                          .to = (int32_t)(row).to_day,        \
                          .code = (row).code,                 \
                          .name_masked = (row).name_masked,   \
                          .revoked_why = (row).revoked_why,   \
                          .reason = (row).reason})

enum result certificate_get(struct db *db, int64_t community, int64_t id, struct certificate *ret)
{
    struct sql_certificate_get row;
    enum result r = sql_certificate_get(db, community, id, &row);

    if (r == OK)
        *ret = TAKE(row, community);
    return r;
}

enum result certificate_find(struct db *db, int64_t community, struct str code, struct certificate *ret)
{
    struct sql_certificate_find row;
    enum result r = sql_certificate_find(db, community, code, &row);

    if (r == OK)
        *ret = TAKE(row, community);
    return r;
}

enum result certificate_revoke(struct db *db, int64_t community, int64_t id, const char *why, struct str reason,
                               int64_t actor, int64_t organisation, int64_t now)
{
    struct certificate c;
    int64_t changed;
    enum result r = certificate_get(db, community, id, &c);

    if (r == OK)
        r = sql_certificate_revoke(db, community, id, now, str_from_cstr(why), reason, &changed);
    if (r == OK && changed == 0)
        return E_CONFLICT;
    return r == OK ? record(db, community, id, "revoked", c.minutes, reason, actor, organisation, now) : r;
}

enum result certificate_void_with(struct db *db, int64_t community, int64_t line, int64_t actor, int64_t organisation,
                                  int64_t now)
{
    struct sql_certificates_with_rows rows;
    enum result r = sql_certificates_with(db, community, line, &rows);

    for (size_t i = 0; r == OK && i < rows.n; i++) {
        r = certificate_revoke(db, community, rows.row[i].id, "corrected", STR_NONE, actor, organisation, now);
        r = r == E_CONFLICT ? OK : r; /* its helper was faster */
    }
    return r;
}

enum result hours_forget(struct db *db, int64_t person, int64_t now)
{
    enum result r = sql_certificates_forget(db, person, now);

    return r == OK ? sql_hours_contest_forget(db, person) : r;
}
