/* routes_certificate.c: /me/hours: certificates of one's own hours, and what one says against a correction; /certificate: is the number on a paper true? */
#include "civic/hours/certificate.h"

#include <stdio.h>

#include "civic/access/access.h"
#include "civic/hours/certificate.sql.h"
#include "civic/hours/room.h"
#include "civic/hours/views/certificate_check.html.h"
#include "civic/hours/views/me_hours.html.h"
#include "civic/hours/words.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"
#include "civic/service/service.h"
#include "engine/base/time.h"
#include "engine/page/sheet.h"

enum { CERTIFICATES_MAX = 50, CORRECTIONS_MAX = 50 };

#define PARAMS(table) .params = table, .n_params = sizeof(table) / sizeof((table)[0])
#define WRITES .flags = ROUTE_WRITE | ROUTE_PERSONAL, .rate = RATE_WRITE

/* ---- /me/hours ------------------------------------------------------------------------------------------------------ */

static enum text why_text(struct str why)
{
    return str_eq(why, STR("own"))       ? T_hours_void_own
         : str_eq(why, STR("corrected")) ? T_hours_void_corrected
         : str_eq(why, STR("staff"))     ? T_hours_void_staff
                                         : T_hours_void_closed;
}

static enum result fill_certificates(struct request *rq, struct me_hours_view *view)
{
    struct sql_certificates_mine_rows rows;
    struct me_hours_certificates *to;
    enum result r = sql_certificates_mine(rq->db, rq->person, CERTIFICATES_MAX, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_hours_certificates, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct sql_certificates_mine *row = &rows.row[i];
        bool valid = row->revoked_at == 0;

        to[i] = (struct me_hours_certificates){
            .id = row->id,
            .number = certificate_number(rq->arena, row->community, row->code),
            .from = (int32_t)row->from_day,
            .to = (int32_t)row->to_day,
            .minutes = row->minutes,
            .span = hours_span(rq->arena, rq->lang, row->minutes),
            .issued = row->issued_at,
            .valid = valid,
            .ended = row->revoked_at,
            .why = valid ? T_none : why_text(row->revoked_why),
            .reason = row->reason,
        };
        if (valid) {
            to[i].pdf = url_path(rq->arena, "/me/hours/%" PRId64 "/%" PRId64 "/certificate.pdf", row->community,
                                 row->id);
            to[i].revoke = url_path(rq->arena, "/me/hours/%" PRId64 "/%" PRId64 "/revoke", row->community, row->id);
        }
    }
    view->certificates.v = to;
    view->certificates.n = rows.n;
    return OK;
}

static const struct sql_hours_contests_mine *said_about(const struct sql_hours_contests_mine_rows *said, int64_t line)
{
    for (size_t i = 0; i < said->n; i++)
        if (said->row[i].line == line)
            return &said->row[i];
    return NULL;
}

/* What was put right in one's own lines, newest first, with what one has said against it. */
static enum result fill_corrections(struct request *rq, const struct sql_hours_places_rows *places,
                                    struct me_hours_view *view)
{
    struct me_hours_corrections *to = arena_array(rq->arena, struct me_hours_corrections, CORRECTIONS_MAX);
    struct url nowhere; /* nobody answers from here */
    size_t n = 0;
    enum result r = OK;

    for (size_t p = 0; r == OK && p < places->n; p++) {
        struct sql_hours_counters_of_rows rows;
        struct sql_hours_contests_mine_rows said;
        int64_t community = places->row[p].community;

        r = sql_hours_counters_of(rq->db, community, rq->person, CORRECTIONS_MAX, &rows);
        if (r == OK)
            r = sql_hours_contests_mine(rq->db, community, rq->person, &said);
        for (size_t i = 0; r == OK && i < rows.n && n < CORRECTIONS_MAX; i++) {
            const struct sql_hours_contests_mine *c = said_about(&said, rows.row[i].id);

            to[n] = (struct me_hours_corrections){
                .id = rows.row[i].id,
                .what = rows.row[i].what,
                .day = (int32_t)rows.row[i].day,
                .minutes = rows.row[i].minutes,
                .span = hours_span(rq->arena, rq->lang, rows.row[i].minutes),
                .reason = rows.row[i].reason,
                .at = rows.row[i].at,
                .field = str_printf(rq->arena, "words-%" PRId64, rows.row[i].id),
            };
            if (c) {
                to[n].words = c->words;
                to[n].waits = c->answered_at == 0;
                to[n].answer = c->answer;
                to[n].restored = c->restored;
                if (to[n].waits)
                    r = hours_waits_for(
                        rq, community, rows.row[i].id,
                        &(struct hours_part){rows.row[i].helper, rows.row[i].helped, rows.row[i].confirmed_by},
                        &to[n].who, &nowhere);
            } else {
                to[n].contest = url_path(rq->arena, "/me/hours/%" PRId64 "/%" PRId64 "/contest", community,
                                         rows.row[i].id);
            }
            n++;
        }
    }
    view->corrections.v = to;
    view->corrections.n = n;
    return r;
}

static enum result mine(struct request *rq)
{
    struct me_hours_view view = {0};
    struct sql_hours_places_rows rows;
    struct me_hours_places *to;
    enum result r = sql_hours_places(rq->db, rq->person, &rows);

    if (r != OK)
        return r;
    to = arena_array(rq->arena, struct me_hours_places, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        to[i] = (struct me_hours_places){
            .id = rows.row[i].community,
            .name = place_short_name(rows.row[i].name),
            .given = rows.row[i].given,
            .received = rows.row[i].received,
            .given_span = hours_span(rq->arena, rq->lang, rows.row[i].given),
            .received_span = hours_span(rq->arena, rq->lang, rows.row[i].received),
        };
        view.can = view.can || rows.row[i].given > 0;
    }
    view.places.v = to;
    view.places.n = rows.n;
    form_default(rq, "from", day_iso(rq->arena, day_of(rq->now) - 365));
    form_default(rq, "to", day_iso(rq->arena, day_of(rq->now)));
    r = fill_certificates(rq, &view);
    if (r == OK)
        r = fill_corrections(rq, &rows, &view);
    return r == OK ? respond_view(rq, me_hours, &view) : r;
}

enum { ISSUE_PLACE, ISSUE_FROM, ISSUE_TO, ISSUE_PARAMS };
static const struct param issue_params[ISSUE_PARAMS] = {
    [ISSUE_PLACE] = {.name = "place",
                     .kind = PARAM_ID,
                     .required = true,
                     .doc = "The community whose committee certifies"},
    [ISSUE_FROM] = {.name = "from", .kind = PARAM_DATE, .required = true, .doc = "First day"},
    [ISSUE_TO] = {.name = "to", .kind = PARAM_DATE, .required = true, .doc = "Last day; not after today"},
};

static enum result issue(struct request *rq)
{
    struct person_own who;
    int64_t id;
    enum result r = person_own(rq, &who);

    if (r != OK)
        return r;
    if (who.name.len == 0)
        return request_refuse(rq, E_CONFLICT, T_hours_no_name);
    if (param_int(rq, ISSUE_FROM) > param_int(rq, ISSUE_TO))
        return request_invalid(rq, "to", T_hours_period_wrong);
    if (param_int(rq, ISSUE_TO) > day_of(rq->now))
        return request_invalid(rq, "to", T_hours_period_later);
    r = certificate_issue(rq->db, param_int(rq, ISSUE_PLACE), rq->person, who.masked,
                          (int32_t)param_int(rq, ISSUE_FROM), (int32_t)param_int(rq, ISSUE_TO), rq->now, &id);
    if (r == E_NOT_FOUND)
        return request_invalid(rq, "from", T_hours_period_empty);
    if (r == E_TOO_LARGE)
        return request_invalid(rq, "from", T_hours_period_long);
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_hours_no_committee);
    return r == OK ? respond_created(rq, url_path(rq->arena, "/me/hours"), id, T_hours_issued) : r;
}

/* ---- one certificate ------------------------------------------------------------------------------------------------- */

struct certificate_subject {
    struct subject_scope scope; /* first */
    struct certificate certificate;
};

/* Somebody else's does not exist. */
static enum result load_certificate(struct request *rq)
{
    struct certificate_subject *s = arena_new(rq->arena, struct certificate_subject);
    enum result r = certificate_get(rq->db, rq->path_id[0], rq->path_id[1], &s->certificate);

    if (r != OK)
        return r;
    if (rq->person && s->certificate.person != rq->person)
        return E_NOT_FOUND;
    rq->place = rq->path_id[0];
    s->scope = (struct subject_scope){.place = rq->place, .author = s->certificate.person};
    rq->subject = s;
    return OK;
}

static const struct subject_kind my_certificate = {"certificate", load_certificate};

static const struct certificate *certificate_of(const struct request *rq)
{
    return &((const struct certificate_subject *)rq->subject)->certificate;
}

static enum result fill_sheet(struct request *rq, const struct certificate *c, struct sheet *sheet)
{
    struct sql_certificate_lines_rows rows;
    struct organisation committee;
    struct sheet_row *row;
    struct person_own who;
    struct str base, place;
    enum result r = person_own(rq, &who);

    if (r == OK)
        r = organisation_get(rq->db, c->organisation, &committee);
    if (r == OK)
        r = place_full_name(rq->db, c->community, &place);
    if (r == OK)
        r = sql_certificate_lines(rq->db, c->community, c->id, &rows);
    if (r == OK)
        r = place_public_address(rq, &base);
    if (r != OK)
        return r;
    row = arena_array(rq->arena, struct sheet_row, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        row[i] = (struct sheet_row){{day_iso(rq->arena, (int32_t)rows.row[i].day), rows.row[i].what,
                                     hours_span(rq->arena, rq->lang, rows.row[i].minutes)}};
    sheet->number = text_format(rq->arena, rq->lang, T_hours_paper_number,
                                TEXT_STR("number", certificate_number(rq->arena, c->community, c->code)));
    sheet->total = hours_span(rq->arena, rq->lang, c->minutes);
    sheet->lead = text_format(rq->arena, rq->lang, T_hours_paper_lead, TEXT_STR("name", who.name),
                              TEXT_STR("place", place), TEXT_STR("from", day_iso(rq->arena, c->from)),
                              TEXT_STR("to", day_iso(rq->arena, c->to)), TEXT_STR("total", sheet->total));
    sheet->fact[0].label = text(rq->lang, T_hours_paper_name);
    sheet->fact[0].value = who.name;
    sheet->fact[1].label = text(rq->lang, T_hours_paper_place);
    sheet->fact[1].value = place;
    sheet->fact[2].label = text(rq->lang, T_hours_paper_by);
    sheet->fact[2].value = committee.name;
    sheet->fact[3].label = committee.phone.len ? text(rq->lang, T_hours_paper_phone) : STR_NONE;
    sheet->fact[3].value = committee.phone;
    sheet->row = row;
    sheet->n_rows = rows.n;
    sheet->url = str_printf(rq->arena, STR_FMT "/certificate?number=" STR_FMT, STR_ARG(base),
                            STR_ARG(certificate_number(rq->arena, c->community, c->code)));
    sheet->by = committee.name;
    sheet->on = day_iso(rq->arena, day_of(c->issued_at));
    return OK;
}

/* Drawn in its sandboxed worker: on the slow pool. */
static enum result pdf(struct request *rq)
{
    const struct certificate *c = certificate_of(rq);
    struct sheet sheet = {
        .language = str_from_cstr(lang_tag(rq->lang)),
        .title = text(rq->lang, T_hours_certificate),
        .head = {{text(rq->lang, T_hours_paper_day), text(rq->lang, T_hours_paper_what),
                  text(rq->lang, T_hours_paper_time)}},
        .total_label = text(rq->lang, T_hours_paper_total),
        .scan = text(rq->lang, T_hours_paper_scan),
        .foot = text(rq->lang, T_hours_paper_foot),
    };
    struct str bytes;
    enum result r;

    if (c->revoked_at)
        return request_refuse(rq, E_CONFLICT, T_hours_certificate_void);
    if ((r = fill_sheet(rq, c, &sheet)) != OK)
        return r;
    if (!services_of(rq)->posters)
        return E_BUSY;
    r = sheet_pdf(services_of(rq)->posters, &sheet, rq->arena, &bytes);
    if (r != OK)
        return r;
    respond_header(rq, STR("Content-Disposition"),
                   str_printf(rq->arena, "inline; filename=\"certificate-" STR_FMT ".pdf\"", STR_ARG(c->code)));
    return respond_bytes(rq, 200, STR("application/pdf"), bytes);
}

static enum result revoke(struct request *rq)
{
    const struct certificate *c = certificate_of(rq);
    enum result r = certificate_revoke(rq->db, c->community, c->id, "own", STR_NONE, rq->person, 0, rq->now);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_hours_certificate_void);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/hours"), T_hours_revoked) : r;
}

/* ---- not agreeing ------------------------------------------------------------------------------------------------------ */

struct line_subject {
    struct subject_scope scope; /* first */
};

static enum result load_line(struct request *rq)
{
    struct line_subject *s = arena_new(rq->arena, struct line_subject);
    struct sql_hours_get line;
    enum result r = sql_hours_get(rq->db, rq->path_id[0], rq->path_id[1], &line);

    if (r != OK)
        return r;
    if (line.corrects == 0 || (rq->person && line.helper != rq->person))
        return E_NOT_FOUND;
    rq->place = rq->path_id[0];
    s->scope = (struct subject_scope){.place = rq->place, .author = line.helper};
    rq->subject = s;
    return OK;
}

static const struct subject_kind my_line = {"hours_line", load_line};

static const struct param contest_params[] = {
    {.name = "words",
     .kind = PARAM_LINES,
     .required = true,
     .min = 4,
     .max = 500,
     .doc = "Why the correction is wrong"},
};

static enum result contest(struct request *rq)
{
    enum result r = hours_contest(rq->db, rq->path_id[0], rq->path_id[1], rq->person, param_text(rq, 0), rq->now);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_hours_contested_before);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/me/hours"), T_hours_contested) : r;
}

/* ---- /certificate: for whoever holds the paper ------------------------------------------------------------------------------ */

static const struct param check_params[] = {
    {.name = "number", .kind = PARAM_TEXT, .max = 60, .doc = "As it stands on the paper"},
};

static enum result check(struct request *rq)
{
    struct certificate_check_view view = {0};
    char code[CERTIFICATE_CODE + 1];
    struct certificate c;
    int64_t community;
    enum result r = E_NOT_FOUND;

    if (!param_given(rq, 0))
        return respond_view(rq, certificate_check, &view);
    view.asked = true;
    form_default(rq, "number", param_text(rq, 0));
    if (certificate_number_parse(param_text(rq, 0), &community, code))
        r = certificate_find(rq->db, community, (struct str){code, CERTIFICATE_CODE}, &c);
    if (r == E_NOT_FOUND) {
        respond_status(rq, 404);
        return respond_view(rq, certificate_check, &view);
    }
    if (r != OK)
        return r;
    view.number = certificate_number(rq->arena, community, c.code);
    view.known = true;
    view.ended = c.revoked_at;
    if (c.revoked_at == 0) {
        view.valid = true;
        view.name = c.name_masked;
        view.minutes = c.minutes;
        view.span = hours_span(rq->arena, rq->lang, c.minutes);
        view.issued = c.issued_at;
    }
    return respond_view(rq, certificate_check, &view);
}

/* ---- the module ------------------------------------------------------------------------------------------------------------------ */

static const struct route routes[] = {
    {HTTP_GET, "/me/hours", "hours.me", .handle = mine, .need = CAP_SIGNED_IN, .flags = ROUTE_PERSONAL,
     .view = &me_hours_info,
     .doc = "One's own hours wherever one has helped, certificates of them, what was put right"},
    {HTTP_POST, "/me/hours", "hours.certify", .handle = issue, .need = CAP_SIGNED_IN, PARAMS(issue_params), WRITES,
     .again = mine, .doc = "Makes a certificate of one's hours in a community"},
    {HTTP_GET, "/me/hours/{place}/{certificate}/certificate.pdf", "hours.certificate", .handle = pdf,
     .subject = &my_certificate, .need = CAP_OWN, .flags = ROUTE_SLOW | ROUTE_PERSONAL, .rate = RATE_EXPORT,
     .doc = "The certificate as PDF"},
    {HTTP_POST, "/me/hours/{place}/{certificate}/revoke", "hours.revoke", .handle = revoke, .subject = &my_certificate,
     .need = CAP_OWN, WRITES, .doc = "Takes a certificate back; its number is void"},
    {HTTP_POST, "/me/hours/{place}/{counter}/contest", "hours.contest", .handle = contest, .subject = &my_line,
     .need = CAP_OWN, PARAMS(contest_params), WRITES, .again = mine,
     .doc = "Says why a correction is wrong, once; somebody else answers"},
    {HTTP_GET, "/certificate", "certificate.check", .handle = check, .need = CAP_PUBLIC, PARAMS(check_params),
     .flags = ROUTE_PERSONAL, .view = &certificate_check_info, .doc = "Is this number of a certificate true?"},
};
const struct module hours_certificate_module = {
    .name = "certificate", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};

/* ---- what is kept about me --------------------------------------------------------------------------------------------------------- */

enum { RECORD_LINES = 200 }; /* of each community; more are on its page */

static enum result records(struct request *rq, struct me_records *ret)
{
    struct sql_hours_places_rows places;
    struct sql_certificates_mine_rows certificates;
    struct url here = url_path(rq->arena, "/me/hours");
    enum result r = sql_hours_places(rq->db, rq->person, &places);

    if (r == OK)
        r = sql_certificates_mine(rq->db, rq->person, CERTIFICATES_MAX, &certificates);
    if (r != OK)
        return r;
    ret->record = arena_array(rq->arena, struct me_record, places.n * RECORD_LINES + certificates.n + 1);
    ret->n = 0;
    for (size_t i = 0; i < certificates.n; i++)
        ret->record[ret->n++] = (struct me_record){
            T_hours_certificate, certificates.row[i].issued_at,
            certificate_number(rq->arena, certificates.row[i].community, certificates.row[i].code), here};
    for (size_t p = 0; r == OK && p < places.n; p++) {
        struct sql_hours_of_rows lines;

        r = sql_hours_of(rq->db, places.row[p].community, rq->person, INT64_MAX, RECORD_LINES, &lines);
        for (size_t i = 0; r == OK && i < lines.n; i++)
            ret->record[ret->n++] = (struct me_record){
                T_hours_record, lines.row[i].at,
                str_printf(rq->arena, STR_FMT " " STR_FMT " " STR_FMT,
                           STR_ARG(day_iso(rq->arena, (int32_t)lines.row[i].day)), STR_ARG(lines.row[i].what),
                           STR_ARG(hours_span(rq->arena, rq->lang, lines.row[i].minutes))),
                here};
    }
    return r;
}

static const struct me_item items[] = {{T_hours_title, "clock", "/me/hours", false, NULL}};
const struct me_table hours_me = {.item = items, .n = sizeof(items) / sizeof(items[0]), .records = records};
