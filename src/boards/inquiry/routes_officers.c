/* routes_officers.c: /desk/officers: who of the organisation is responsible for which communities, as residents see them. */
#include "boards/inquiry/room.h"
#include "boards/inquiry/views/desk_officer.html.h"
#include "boards/inquiry/views/desk_officers.html.h"
#include "civic/entry/entry_present.h"
#include "civic/frame/frame.h"
#include "civic/media/media_form.h"
#include "civic/person/person_staff.h"

extern const struct subject_kind inquiry_office_subject; /* routes_desk.c */

static int64_t own(const struct request *rq)
{
    return *((const struct subject_scope *)rq->subject)->organisation;
}

/* ---- all ------------------------------------------------------------------------------------------------------------------- */

static enum result show_all(struct request *rq)
{
    int64_t organisation = own(rq);
    struct organisation o;
    struct staff_posts posts;
    struct person_ids readers;
    struct sql_officer_communities_rows has;
    struct sql_officer_places_rows places;
    struct desk_officers_rows *row;
    struct desk_officers_without *without;
    struct desk_officers_view view = {0};
    enum result r = organisation_get(rq->db, organisation, &o);

    if (r != OK || (r = staff_of(rq->db, organisation, rq->now, &posts)) != OK ||
        (r = inquiry_readers(rq->db, organisation, rq->now, &readers)) != OK ||
        (r = sql_officer_communities(rq->db, organisation, &has)) != OK ||
        (r = officer_places(rq->db, organisation, &places)) != OK)
        return r;
    view.organisation = o.name;
    row = arena_array(rq->arena, struct desk_officers_rows, readers.n ? readers.n : 1);
    for (size_t i = 0; i < readers.n; i++) {
        struct sql_officer_get officer = {0};
        struct buf b;

        if ((r = sql_officer_get(rq->db, organisation, readers.id[i], &officer)) != OK && r != E_NOT_FOUND)
            return r;
        row[i] = (struct desk_officers_rows){
            .person = readers.id[i],
            .name = officer.name,
            .badge = officer.badge,
            .url = url_path(rq->arena, "/desk/officers/%" PRId64, readers.id[i]),
        };
        for (size_t k = 0; k < posts.n; k++)
            if (posts.post[k].person == readers.id[i]) {
                row[i].title = posts.post[k].title;
                if (row[i].name.len == 0)
                    row[i].name = posts.post[k].name;
            }
        row[i].initial = entry_initial(row[i].name);
        if (officer.photo)
            row[i].photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", officer.place, officer.photo);
        buf_init(&b, rq->arena, 64, 1 << 16);
        for (size_t k = 0; k < has.n; k++)
            if (has.row[k].person == readers.id[i]) {
                buf_printf(&b, "%s" STR_FMT, row[i].n ? " · " : "", STR_ARG(place_short_name(has.row[k].name)));
                row[i].n++;
            }
        row[i].communities = buf_str(&b);
    }
    view.rows.v = row;
    view.rows.n = readers.n;
    without = arena_array(rq->arena, struct desk_officers_without, places.n ? places.n : 1);
    view.without.n = 0;
    for (size_t i = 0; i < places.n; i++) {
        bool somebody = false;

        for (size_t k = 0; k < has.n; k++) /* of those who have left nobody is responsible any more */
            for (size_t p = 0; p < readers.n; p++)
                somebody |= has.row[k].community == places.row[i].code && has.row[k].person == readers.id[p];
        if (!somebody)
            without[view.without.n++] = (struct desk_officers_without){places.row[i].code,
                                                                       place_short_name(places.row[i].name)};
    }
    view.without.v = without;
    return respond_view(rq, desk_officers, &view);
}

/* ---- one ------------------------------------------------------------------------------------------------------------------------ */

enum { SET_NAME, SET_BADGE, SET_COMMUNITIES, SET_PHOTO, SET_PARAMS };
static const struct param set_params[SET_PARAMS] = {
    [SET_NAME] =
        {.name = "name", .kind = PARAM_TEXT, .required = true, .max = OFFICER_NAME_MAX, .doc = "As residents read it"},
    [SET_BADGE] = {.name = "badge", .kind = PARAM_TEXT, .max = OFFICER_BADGE_MAX, .doc = "Number on the badge"},
    [SET_COMMUNITIES] = {.name = "communities",
                         .kind = PARAM_LIST,
                         .max = 700,
                         .doc = "Codes of the communities, all of them"},
    [SET_PHOTO] =
        {.name = "photos", .kind = PARAM_FILE, .max = 1, .max_bytes = 12 << 20, .doc = "A picture: JPEG, PNG or WebP"},
};

static enum result prepare(struct request *rq)
{
    return media_photos_prepare(rq, SET_PHOTO);
}

static enum result works_here(struct request *rq)
{
    struct person_ids readers;
    enum result r = inquiry_readers(rq->db, own(rq), rq->now, &readers);

    for (size_t i = 0; r == OK && i < readers.n; i++)
        if (readers.id[i] == rq->path_id[0])
            return OK;
    return r == OK ? E_NOT_FOUND : r;
}

static enum result show_one(struct request *rq)
{
    int64_t organisation = own(rq), person = rq->path_id[0];
    struct sql_officer_get officer = {0};
    struct sql_officer_communities_rows has;
    struct sql_officer_places_rows places;
    struct person_label label;
    struct desk_officer_places *v;
    const int64_t *ticked = NULL;
    size_t n_ticked = 0;
    struct desk_officer_view view = {
        .person = person,
        .action = url_path(rq->arena, "/desk/officers/%" PRId64, person),
    };
    enum result r = works_here(rq);

    if (r != OK || (r = person_label(rq->db, person, rq->place, &label)) != OK ||
        ((r = sql_officer_get(rq->db, organisation, person, &officer)) != OK && r != E_NOT_FOUND) ||
        (r = sql_officer_communities(rq->db, organisation, &has)) != OK ||
        (r = officer_places(rq->db, organisation, &places)) != OK)
        return r;
    view.name = officer.name.len ? officer.name : label.name;
    if (officer.photo)
        view.photo = url_path(rq->arena, "/media/%" PRId64 "/%" PRId64 "/thumb", officer.place, officer.photo);
    if (rq->route->handle != show_one) /* the form once more: what was ticked stays ticked */
        n_ticked = param_list(rq, SET_COMMUNITIES, &ticked);
    v = arena_array(rq->arena, struct desk_officer_places, places.n ? places.n : 1);
    for (size_t i = 0; i < places.n; i++) {
        v[i] = (struct desk_officer_places){.code = places.row[i].code, .name = place_short_name(places.row[i].name)};
        for (size_t k = 0; k < n_ticked; k++)
            v[i].mine |= ticked[k] == v[i].code;
        for (size_t k = 0; k < has.n; k++) {
            v[i].mine |= ticked == NULL && has.row[k].community == v[i].code && has.row[k].person == person;
            v[i].others += has.row[k].community == v[i].code && has.row[k].person != person;
        }
    }
    view.places.v = v;
    view.places.n = places.n;
    form_default(rq, "name", view.name);
    form_default(rq, "badge", officer.badge);
    return respond_view(rq, desk_officer, &view);
}

static enum result set(struct request *rq)
{
    const struct media_photos *photos = rq->prepared;
    const struct inquiry_actor actor = {.person = rq->person, .organisation = own(rq), .now = rq->now, .rq = rq};
    struct officer_set what = {
        .organisation = own(rq),
        .person = rq->path_id[0],
        .name = param_text(rq, SET_NAME),
        .badge = param_text(rq, SET_BADGE),
    };
    const char *field = "name";
    int64_t id, place;
    enum result r = works_here(rq);

    what.n = param_list(rq, SET_COMMUNITIES, &what.communities);
    if (r == OK)
        r = officer_open(rq->db, what.organisation, what.person, rq->now, &id, &place);
    if (r == OK && photos && photos->n) {
        struct media media = {
            .community = place,
            .subject_kind = STR("officer"),
            .subject = id,
            .stage = MEDIA_STAGE_REFERENCE,
            .hash = photos->photo[0].hash,
            .width = photos->photo[0].width,
            .height = photos->photo[0].height,
            .bytes = photos->photo[0].bytes,
            .author = rq->person,
            .created_at = rq->now,
        };

        r = media_attach(rq->db, &media);
        what.photo = media.id;
    }
    if (r == OK)
        r = officer_set(rq->db, &actor, &what, &field);
    if (r == E_INVALID)
        return request_invalid(rq, field,
                               str_eq(str_from_cstr(field), STR("badge"))         ? T_inquiry_badge_wrong
                               : str_eq(str_from_cstr(field), STR("communities")) ? T_inquiry_not_your_place
                                                                                  : T_inquiry_name_wrong);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/officers"), T_inquiry_officer_saved) : r;
}

#define OFFICE .subject = &inquiry_office_subject, .need = CAP_INQUIRY_ANSWER

static const struct route routes[] = {
    {HTTP_GET, "/desk/officers", "desk.officers", .handle = show_all, OFFICE, .flags = ROUTE_PERSONAL,
     .view = &desk_officers_info, .doc = "Who of the organisation is responsible for which communities"},
    {HTTP_GET, "/desk/officers/{person}", "desk.officer", .handle = show_one, OFFICE, .flags = ROUTE_PERSONAL,
     .view = &desk_officer_info, .doc = "One of them, as residents see them"},
    {HTTP_POST, "/desk/officers/{person}", "desk.officer.set", .handle = set, .before = prepare, OFFICE,
     PARAMS(set_params), .flags = ROUTE_WRITE | ROUTE_UPLOAD, .rate = RATE_UPLOAD, .again = show_one,
     .doc = "Sets name, badge, picture and communities"},
};
const struct module inquiry_officer_module = {
    .name = "inquiry.officers", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
