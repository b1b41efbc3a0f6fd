/* routes_code.c: /q/{code}: what the code at the gate of an estate leads to, the code as a picture, and the poster with it. */
#include "civic/place/routes.h"

#include "civic/person/person.h"
#include "civic/place/place.sql.h"
#include "civic/place/place_words.h"
#include "civic/place/views/code_page.html.h"
#include "civic/place/views/code_void.html.h"
#include "civic/service/service.h"
#include "engine/base/config.h"
#include "engine/page/poster.h"
#include "engine/page/qr.h"

enum { PNG_SCALE = 16 }; /* pixels a module: about 600 wide, sharp on paper at 5 cm */

/* ---- addresses ---------------------------------------------------------------------------------------------------- */

enum result place_public_address(const struct request *rq, struct str *ret_address)
{
    struct str set = app_config(rq->app)->listen.public_url, host = http_header(rq->x, STR("Host"));

    if (set.len) {
        *ret_address = set;
        return OK;
    }
    if (host.len == 0 || host.len > 255)
        return E_INVALID;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
              c == ':' || c == '[' || c == ']'))
            return E_INVALID;
    }
    *ret_address = str_printf(rq->arena, "%s://" STR_FMT, rq->x->secure ? "https" : "http", STR_ARG(host));
    return OK;
}

struct url place_code_url(struct request *rq, struct str code, const char *tail)
{
    return url_path(rq->arena, "/q/" STR_FMT "%s", STR_ARG(code), tail);
}

/* ---- the subject ---------------------------------------------------------------------------------------------------- */

struct code_subject {
    struct subject_scope scope;
    struct estate estate;
};

static enum result load_code(struct request *rq)
{
    struct code_subject *s = arena_new(rq->arena, struct code_subject);
    enum result r = estate_by_code(rq->db, rq->path_word[0], &s->estate);

    if (r != OK)
        return r;
    s->scope.place = s->estate.community;
    rq->place = s->estate.community;
    rq->subject = s;
    return OK;
}

static const struct subject_kind code_subject = {"estate", load_code};

static const struct estate *estate_of(const struct request *rq)
{
    return &((const struct code_subject *)rq->subject)->estate;
}

/* ---- the landing page --------------------------------------------------------------------------------------------------- */

/* The code in the case in which it is stored. */
static struct str upper(struct arena *a, struct str s)
{
    char *c = str_cstr(a, s);

    for (size_t i = 0; i < s.len; i++)
        if (c[i] >= 'a' && c[i] <= 'z')
            c[i] = (char)(c[i] - 'a' + 'A');
    return (struct str){c, s.len};
}

static enum result show_void(struct request *rq)
{
    struct code_void_view view = {.code = rq->path_word[0]};
    struct sql_estate_code_known row;
    enum result r = sql_estate_code_known(rq->db, upper(rq->arena, view.code), &row);

    if (r != OK && r != E_NOT_FOUND)
        return r;
    view.ended = r == OK && row.void_at;
    respond_status(rq, view.ended ? 410 : 404);
    return respond_view(rq, code_void, &view);
}

static enum result landing(struct request *rq)
{
    struct code_page_view view = {.code = rq->path_word[0]};
    struct organisation head;
    struct estate e;
    enum result r = estate_by_code(rq->db, rq->path_word[0], &e);

    if (r == E_NOT_FOUND)
        return show_void(rq);
    if (r == OK)
        r = place_full_name(rq->db, e.community, &view.community);
    if (r != OK)
        return r;
    rq->place = e.community;
    view.code = e.qr_code;
    view.estate = e.name;
    view.place = e.community;
    view.home = url_path(rq->arena, "/p/%" PRId64, e.community);
    view.join = url_add(rq->arena, url_path(rq->arena, "/join"), "estate", e.qr_code);
    view.member = viewer_residence_in(viewer_of(rq), e.community) != NULL;
    if (access_allowed(viewer_of(rq), CAP_PLACE_EDIT, e.community, NULL))
        view.poster = place_code_url(rq, e.qr_code, "/poster.pdf");
    r = organisation_head_of(rq->db, e.community, &head);
    if (r == OK) {
        view.office = head.name;
        view.phone = head.phone;
        view.call = url_tel(rq->arena, head.phone);
    }
    return r == OK || r == E_NOT_FOUND ? respond_view(rq, code_page, &view) : r;
}

/* ---- the code as a picture, and the poster ------------------------------------------------------------------------------- */

static enum result address_of(struct request *rq, struct str *ret_address)
{
    struct str base;
    enum result r = place_public_address(rq, &base);

    if (r == OK)
        *ret_address = str_printf(rq->arena, STR_FMT "/q/" STR_FMT, STR_ARG(base), STR_ARG(estate_of(rq)->qr_code));
    return r;
}

static enum result code_png(struct request *rq)
{
    struct str address, png;
    enum result r = address_of(rq, &address);

    if (r == OK)
        r = qr_png(rq->arena, address, PNG_SCALE, &png);
    return r == OK ? respond_bytes(rq, 200, STR("image/png"), png) : r;
}

static enum result code_svg(struct request *rq)
{
    struct str address, svg;
    enum result r = address_of(rq, &address);

    if (r == OK)
        r = qr_svg(rq->arena, address, &svg);
    return r == OK ? respond_bytes(rq, 200, STR("image/svg+xml"), svg) : r;
}

/* Drawn in its sandboxed worker, which takes a third of a second: on the slow pool. */
static enum result poster(struct request *rq)
{
    const struct estate *e = estate_of(rq);
    struct poster p = {
        .language = str_from_cstr(lang_tag(rq->lang)),
        .title = e->name,
        .lead = text(rq->lang, T_place_poster_lead),
        .call = text(rq->lang, T_place_poster_call),
        .step = {text(rq->lang, T_place_poster_step_1), text(rq->lang, T_place_poster_step_2),
                 text(rq->lang, T_place_poster_step_3)},
        .phone_label = text(rq->lang, T_place_poster_phone),
        .foot = text(rq->lang, T_place_poster_foot),
    };
    struct organisation head;
    struct place community;
    struct str pdf;
    enum result r = address_of(rq, &p.url);

    if (r == OK)
        r = place_get(rq->db, e->community, &community);
    if (r != OK)
        return r;
    p.subtitle = community.name;
    r = organisation_head_of(rq->db, e->community, &head);
    if (r == OK)
        p.phone = head.phone;
    else if (r != E_NOT_FOUND)
        return r;
    if (p.phone.len == 0)
        p.phone_label = STR_NONE;
    if (!services_of(rq) || !services_of(rq)->posters)
        return E_BUSY;
    r = poster_pdf(services_of(rq)->posters, &p, rq->arena, &pdf);
    if (r != OK)
        return r;
    respond_header(rq, STR("Content-Disposition"),
                   str_printf(rq->arena, "inline; filename=\"poster-" STR_FMT ".pdf\"", STR_ARG(e->qr_code)));
    return respond_bytes(rq, 200, STR("application/pdf"), pdf);
}

const struct route place_code_routes[PLACE_CODE_ROUTES] = {
    {HTTP_GET, "/q/{code:word}", "place.code", .handle = landing, .need = CAP_PUBLIC, .view = &code_page_info,
     .doc = "Where an estate's code leads: what this is, the boards, joining"},
    {HTTP_GET, "/q/{code:word}/code.png", "place.code_png", .handle = code_png, .subject = &code_subject,
     .need = CAP_PUBLIC, .doc = "The code as a PNG"},
    {HTTP_GET, "/q/{code:word}/code.svg", "place.code_svg", .handle = code_svg, .subject = &code_subject,
     .need = CAP_PUBLIC, .doc = "The code as an SVG, sharp at any size"},
    {HTTP_GET, "/q/{code:word}/poster.pdf", "place.poster", .handle = poster, .subject = &code_subject,
     .need = CAP_PLACE_EDIT, .flags = ROUTE_SLOW, .rate = RATE_EXPORT, .doc = "An A4 poster to hang up, as PDF"},
};
