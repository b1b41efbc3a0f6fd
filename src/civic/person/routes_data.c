/* routes_data.c: what is kept about me: to see, to take along, to take back, to end. (个人信息保护法 15, 44-50) */
#include "civic/person/person.sql.h"
#include "civic/person/room.h"
#include "civic/person/views/me_close.html.h"
#include "civic/person/views/me_close_sure.html.h"
#include "civic/person/views/me_data.html.h"
#include "engine/app/session.h"
#include "engine/base/csv.h"

enum { RECORDS_MAX = 1000 };

/* ---- all of it ------------------------------------------------------------------------------------------------- */

static enum result fill_account(struct request *rq, struct me_data_view *view)
{
    struct person_identity identity;
    struct sql_person_get row;
    enum result r = sql_person_get(rq->db, rq->person, &row);

    if (r == OK)
        r = person_open_identity(rq->db, services_of(rq)->keys, rq->person, &identity);
    if (r != OK)
        return r;
    view->name = identity.name;
    view->shown = row.shown_name;
    view->kind = document_kind_text(identity.document_kind);
    view->number = identity.document;
    view->phone = identity.phone;
    view->created_at = row.created_at;
    view->party_member = row.party_member;
    view->has_password = row.password_hash.len > 0;
    return OK;
}

static enum result fill_homes(struct request *rq, struct me_data_view *view)
{
    struct sql_residence_of_person_rows rows;
    struct me_data_homes *to;
    enum result r = sql_residence_of_person(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_data_homes, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct me_data_homes){
            .name = str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(rows.row[i].estate_name),
                               STR_ARG(rows.row[i].building_name), STR_ARG(rows.row[i].room)),
            .relation = relation_text(rows.row[i].relation),
            .state = residence_state_text(rows.row[i].state),
            .reason = rows.row[i].reason,
            .asked_at = rows.row[i].asked_at,
            .decided_at = rows.row[i].decided_at,
        };
    view->homes.v = to;
    view->homes.n = rows.n;
    return OK;
}

static enum result fill_posts(struct request *rq, struct me_data_view *view)
{
    struct sql_post_of_person_rows rows;
    struct me_data_posts *to;
    enum result r = sql_post_of_person(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_data_posts, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        to[i] = (struct me_data_posts){rows.row[i].name, rows.row[i].title, role_text(role_from_word(rows.row[i].role)),
                                       rows.row[i].valid_from, rows.row[i].valid_to};
    view->posts.v = to;
    view->posts.n = rows.n;
    return OK;
}

static enum result fill_consents(struct request *rq, struct me_data_view *view)
{
    struct sql_consent_of_rows rows;
    struct me_data_consents *to;
    enum result r = sql_consent_of(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_data_consents, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        bool party = str_eq(rows.row[i].kind, STR("party_badge"));

        to[i] = (struct me_data_consents){rows.row[i].version,
                                          person_consent_version(rq->arena, rq->lang, rows.row[i].version), party,
                                          rows.row[i].given_at, rows.row[i].withdrawn_at};
        if (rows.row[i].withdrawn_at == 0 && !party) /* that one is taken back where the badge is */
            view->can_withdraw = true;
    }
    view->consents.v = to;
    view->consents.n = rows.n;
    return OK;
}

static enum result fill_corrections(struct request *rq, struct me_data_view *view)
{
    struct sql_correction_of_person_rows rows;
    struct me_data_corrections *to;
    enum result r = sql_correction_of_person(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_data_corrections, rows.n + 1);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        to[i] = (struct me_data_corrections){
            .state = str_eq(rows.row[i].state, STR("waiting")) ? T_person_correction_waiting
                   : str_eq(rows.row[i].state, STR("done"))    ? T_person_correction_done
                                                               : T_person_correction_declined,
            .answer = rows.row[i].answer,
            .asked_at = rows.row[i].asked_at,
        };
        r = crypto_unseal(services_of(rq)->keys, rq->arena, rows.row[i].words,
                          correction_context(rq->arena, rows.row[i].id), &to[i].words);
    }
    view->corrections.v = to;
    view->corrections.n = rows.n;
    return r;
}

static enum result fill_devices(struct request *rq, struct me_data_view *view)
{
    struct session_row *rows;
    struct me_data_devices *to;
    size_t n;
    enum result r = session_list(rq, &rows, &n);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_data_devices, n + 1);
    for (size_t i = 0; i < n; i++)
        to[i] = (struct me_data_devices){rows[i].device.len ? rows[i].device
                                                            : text(rq->lang, T_person_sessions_unknown),
                                         rows[i].created_at, rows[i].seen_at};
    view->devices.v = to;
    view->devices.n = n;
    return OK;
}

/* What the boards keep: they say it themselves. */
static enum result fill_records(struct request *rq, struct me_data_view *view)
{
    size_t n_tables, n = 0;
    const struct me_table *const *tables = me_tables_all(&n_tables);
    struct me_data_records *to = arena_array(rq->arena, struct me_data_records, RECORDS_MAX);

    for (size_t t = 0; t < n_tables; t++) {
        struct me_records records = {0};
        enum result r = tables[t]->records ? tables[t]->records(rq, &records) : OK;

        if (r != OK)
            return r;
        for (size_t i = 0; i < records.n && n < RECORDS_MAX; i++)
            to[n++] = (struct me_data_records){records.record[i].kind, records.record[i].words, records.record[i].at,
                                               records.record[i].url};
    }
    view->records.v = to;
    view->records.n = n;
    return OK;
}

static enum result fill(struct request *rq, struct me_data_view *view)
{
    static enum result (*const parts[])(struct request *, struct me_data_view *) = {
        fill_account, fill_homes, fill_posts, fill_consents, fill_corrections, fill_devices, fill_records,
    };
    enum result r = OK;

    for (size_t i = 0; r == OK && i < PERSON_COUNT(parts); i++)
        r = parts[i](rq, view);
    return r;
}

static enum result data_show(struct request *rq)
{
    struct me_data_view view = {0};
    enum result r = fill(rq, &view);

    return r == OK ? respond_view(rq, me_data, &view) : r;
}

/* ---- to take along ------------------------------------------------------------------------------------------------ */

static enum result data_json(struct request *rq)
{
    struct me_data_view view = {0};
    struct json j;
    enum result r = fill(rq, &view);

    if (r != OK)
        return r;
    json_init(&j, rq->arena);
    me_data_json(&j, &view);
    respond_header(rq, STR("Content-Disposition"), STR("attachment; filename=\"my-data.json\""));
    return respond_bytes(rq, 200, STR("application/json"), buf_str(&j.buf));
}

struct sheet {
    struct buf b;
    struct request *rq;
};

static void row(struct sheet *s, enum text part, struct str item, struct str value, int64_t at)
{
    csv_put(&s->b, text(s->rq->lang, part), true);
    csv_put(&s->b, item, false);
    csv_put(&s->b, value, false);
    csv_put(&s->b, at ? time_rfc3339(s->rq->arena, at) : STR_NONE, false);
    csv_end_row(&s->b);
}

static void rows_of_account(struct sheet *s, const struct me_data_view *v)
{
    enum lang lang = s->rq->lang;

    row(s, T_person_data_account, text(lang, T_person_data_created), STR_NONE, v->created_at);
    row(s, T_person_data_account, text(lang, T_person_identity_name), v->name, 0);
    row(s, T_person_data_account, text(lang, T_person_identity_shown), v->shown, 0);
    row(s, T_person_data_account, text(lang, v->kind), v->number, 0);
    row(s, T_person_data_account, text(lang, T_person_phone), v->phone, 0);
}

static enum result data_csv(struct request *rq)
{
    struct me_data_view v = {0};
    struct sheet s = {.rq = rq};
    enum lang lang = rq->lang;
    enum result r = fill(rq, &v);

    if (r != OK)
        return r;
    buf_init(&s.b, rq->arena, 4096, 4 << 20);
    csv_begin(&s.b);
    csv_put(&s.b, text(lang, T_person_data_part), true);
    csv_put(&s.b, text(lang, T_person_data_field), false);
    csv_put(&s.b, text(lang, T_person_data_value), false);
    csv_put(&s.b, text(lang, T_person_data_given_at), false);
    csv_end_row(&s.b);
    rows_of_account(&s, &v);
    for (size_t i = 0; i < v.homes.n; i++)
        row(&s, T_person_data_homes, v.homes.v[i].name, text(lang, v.homes.v[i].state), v.homes.v[i].asked_at);
    for (size_t i = 0; i < v.posts.n; i++)
        row(&s, T_person_data_posts, v.posts.v[i].organisation, v.posts.v[i].title, v.posts.v[i].since);
    for (size_t i = 0; i < v.consents.n; i++)
        row(&s, T_person_data_consents, v.consents.v[i].version,
            v.consents.v[i].withdrawn_at ? text(lang, T_person_data_withdrawn) : text(lang, T_person_data_given),
            v.consents.v[i].given_at);
    for (size_t i = 0; i < v.corrections.n; i++)
        row(&s, T_person_data_corrections, v.corrections.v[i].words, text(lang, v.corrections.v[i].state),
            v.corrections.v[i].asked_at);
    for (size_t i = 0; i < v.devices.n; i++)
        row(&s, T_person_data_devices, v.devices.v[i].device, STR_NONE, v.devices.v[i].since);
    for (size_t i = 0; i < v.records.n; i++)
        row(&s, T_person_data_records, text(lang, v.records.v[i].kind), v.records.v[i].words, v.records.v[i].at);
    respond_header(rq, STR("Content-Disposition"), STR("attachment; filename=\"my-data.csv\""));
    return respond_bytes(rq, 200, STR("text/csv; charset=utf-8"), buf_str(&s.b));
}

/* ---- to take back --------------------------------------------------------------------------------------------------- */

static enum result withdraw(struct request *rq)
{
    enum result r = account_withdraw(rq->db, rq->person, rq->now);

    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/data"), T_person_data_withdraw_done) : r;
}

/* ---- to end ----------------------------------------------------------------------------------------------------------- */

static enum result close_show(struct request *rq)
{
    struct me_close_view view = {.has_post = viewer_of(rq)->n_posts > 0};

    return respond_view(rq, me_close, &view);
}

static enum result close_sure(struct request *rq)
{
    struct me_close_sure_view view = {.has_post = viewer_of(rq)->n_posts > 0};

    return respond_view(rq, me_close_sure, &view);
}

static const struct param close_params[] = {
    {"sure", PARAM_BOOL, .doc = "Has understood that it cannot be undone"},
};

static enum result close_do(struct request *rq)
{
    enum result r;

    if (!param_int(rq, 0))
        return request_invalid(rq, "sure", T_person_close_tick_needed);
    r = account_close(rq->db, rq->person, rq->now);
    if (r == E_CONFLICT)
        return request_refuse(rq, E_CONFLICT, T_person_close_post);
    if (r == OK)
        r = session_end(rq);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/"), T_person_close_done) : r;
}

/* ---- the table ---------------------------------------------------------------------------------------------------------- */

#define MINE .need = CAP_SIGNED_IN

static const struct route routes[] = {
    {HTTP_GET, "/me/data", "data.show", data_show, MINE, .flags = ROUTE_PERSONAL, .view = &me_data_info,
     .doc = "Everything that is kept about the person"},
    {HTTP_GET, "/me/data/json", "data.json", data_json, MINE, .flags = ROUTE_PERSONAL, .rate = RATE_EXPORT,
     .view = &me_data_info, .doc = "The same to take along"},
    {HTTP_GET, "/me/data/csv", "data.csv", data_csv, MINE, .flags = ROUTE_PERSONAL, .rate = RATE_EXPORT,
     .doc = "The same as a table"},
    {HTTP_POST, "/me/consent/withdraw", "data.withdraw", withdraw, MINE, .flags = ROUTE_WRITE | ROUTE_PERSONAL,
     .doc = "Takes consent back; the residences end"},
    {HTTP_GET, "/me/close", "data.close_show", close_show, MINE, .flags = ROUTE_PERSONAL, .view = &me_close_info,
     .doc = "What closing the account means"},
    {HTTP_GET, "/me/close/sure", "data.close_sure", close_sure, MINE, .flags = ROUTE_PERSONAL,
     .view = &me_close_sure_info, .doc = "Asks once more"},
    {HTTP_POST, "/me/close", "data.close", close_do, MINE, .params = close_params,
     .n_params = PERSON_COUNT(close_params), .flags = ROUTE_WRITE | ROUTE_NO_KEY | ROUTE_PERSONAL, .again = close_sure,
     .doc = "Closes the account and erases who it was"},
};

const struct module data_module = {
    .name = "data",
    .routes = routes,
    .n_routes = PERSON_COUNT(routes),
};
