/* frame.c: fills what stands around a page, once for each page that is HTML. */
#include "civic/frame/frame.h"

#include "civic/access/access.h"
#include "civic/frame/views/error_page.html.h"
#include "civic/frame/views/frame.html.h"
#include "civic/notify/notify.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

#define DESK_MAX 40

static const struct desk_table *const *desk_tables;
static size_t n_desk_tables;

void frame_use_desk(const struct desk_table *const *tables, size_t n)
{
    desk_tables = tables;
    n_desk_tables = n;
}

const struct viewer_post *desk_post(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    struct str chosen;
    int64_t id;

    if (viewer->n_posts == 0)
        return NULL;
    chosen = session_note(rq, STR("post"));
    if (chosen.len && str_int64(chosen, 1, INT64_MAX, &id) == OK)
        for (size_t i = 0; i < viewer->n_posts; i++)
            if (viewer->post[i].id == id)
                return &viewer->post[i];
    return &viewer->post[0];
}

/* The part of an address behind its '?': the items of the desk are lists of one page. */
static bool is_current(const struct request *rq, struct str path)
{
    struct str query = path, plain;

    str_cut(&query, '?', &plain);
    if (!str_eq(rq->x->path, plain))
        return false;
    return query.len == 0 ? rq->x->query.len == 0 : str_starts(rq->x->query, query);
}

static enum result fill_desk(struct request *rq, struct frame_view *frame)
{
    const struct viewer *viewer = viewer_of(rq);
    const struct viewer_post *post = desk_post(rq);
    struct frame_desk *item = arena_array(rq->arena, struct frame_desk, DESK_MAX);
    struct frame_posts *posts;
    enum text group = T_none;
    size_t n = 0;

    if (post == NULL)
        return OK;
    frame->has_desk = true;
    frame->organisation = post->organisation_name;
    frame->several = viewer->n_posts > 1;
    posts = arena_array(rq->arena, struct frame_posts, viewer->n_posts);
    for (size_t i = 0; i < viewer->n_posts; i++)
        posts[i] = (struct frame_posts){viewer->post[i].id, viewer->post[i].organisation_name,
                                        &viewer->post[i] == post};
    frame->posts.v = posts;
    frame->posts.n = viewer->n_posts;
    if (!str_starts(rq->x->path, STR("/desk")))
        return OK; /* the counts are for the desk's pages only */

    for (size_t t = 0; t < n_desk_tables; t++)
        for (size_t i = 0; i < desk_tables[t]->n && n < DESK_MAX; i++) {
            const struct desk_item *it = &desk_tables[t]->item[i];
            struct subject_scope scope = {
                .place = post->place, .organisation = &post->organisation, .n_organisations = 1};
            struct frame_desk *to = &item[n];

            if (!access_allowed(viewer, (enum capability)it->need, post->place, &scope))
                continue;
            *to = (struct frame_desk){
                .group = it->group,
                .first = it->group != group,
                .label = it->label,
                .url = url_path(rq->arena, "/%s", it->path + 1),
                .active = is_current(rq, str_from_cstr(it->path)),
            };
            if (it->count) {
                enum result r = it->count(rq, post, &to->waiting, &to->late);

                if (r == E_NOT_FOUND)
                    continue;
                if (r != OK)
                    return r;
                to->counted = true;
            }
            group = it->group;
            n++;
        }
    frame->desk.v = item;
    frame->desk.n = n;
    return OK;
}

/* The community that the page belongs to: of the subject, or the one where the viewer lives. What a street or a district shows keeps the ways home of who lives
 * there. */
static int64_t community_of(const struct request *rq, const struct viewer *viewer)
{
    if (place_level_of(rq->place) == PLACE_COMMUNITY)
        return rq->place;
    for (size_t i = 0; i < viewer->n_residences; i++)
        if (rq->place == 0 || place_contains(rq->place, viewer->residence[i].community))
            return viewer->residence[i].community;
    return 0;
}

/* Where something of one's own begins: here, for whoever may write here, or would after joining; else at home. Who has not joined yet is led to the next step of
 * joining; who has neither a home nor needs one gets no button that only refuses. */
static struct url write_url(struct request *rq, const struct viewer *viewer, int64_t community)
{
    if (!viewer->person || access_allowed(viewer, CAP_RESIDENT, community, NULL) || viewer_post_over(viewer, community))
        return url_path(rq->arena, "/p/%" PRId64 "/write", community);
    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified)
            return url_path(rq->arena, "/p/%" PRId64 "/write", viewer->residence[i].community);
    if (viewer->n_residences)
        return url_path(rq->arena, "/join/waiting");
    return viewer->n_posts ? (struct url){0} : url_path(rq->arena, "/join/name");
}

/* A guest's choice of display, kept in the browser: only the words that we know come through. */
static struct str cookie_choice(const struct request *rq, struct str name, const char *choices)
{
    struct str value = http_cookie(rq->x, name), rest = str_from_cstr(choices), word;

    while (str_cut(&rest, ',', &word))
        if (str_eq(word, value))
            return word;
    return STR_NONE;
}

void frame_ahead(struct request *rq)
{
    const struct viewer *viewer = viewer_of(rq);
    int64_t community = community_of(rq, viewer);
    const struct viewer_residence *home = community ? viewer_residence_in(viewer, community) : NULL;

    if (viewer->person)
        notify_unread_ahead(rq->db, viewer->person);
    if (community)
        place_ahead(rq->db, community);
    if (community && place_parent(community))
        place_ahead(rq->db, place_parent(community));
    if (home)
        estate_name_ahead(rq->db, community, home->estate);
}

enum result frame_fill(struct request *rq, const void **ret_frame)
{
    const struct viewer *viewer = viewer_of(rq);
    struct frame_view *frame = arena_new(rq->arena, struct frame_view);
    int64_t community = community_of(rq, viewer);
    const struct viewer_residence *home;
    struct place place;
    enum result r = OK;

    frame->lang = rq->lang == LANG_EN ? STR("en") : STR("zh-CN");
    frame->mode = viewer->person ? viewer->mode : cookie_choice(rq, STR("mode"), "care");
    frame->theme = viewer->person ? viewer->theme : cookie_choice(rq, STR("theme"), "dark,light");
    frame->demo = app_is_demo(rq->app);
    frame->signed_in = viewer->person != 0;
    frame->me = viewer->shown_name;
    if (rq->flash != T_none)
        frame->flash = text(rq->lang, rq->flash);
    if (rq->db)
        r = fill_desk(rq, frame);
    if (r == OK && rq->db && viewer->person)
        r = notify_unread(rq->db, viewer->person, &frame->unread);
    frame->unread_shown = frame->unread > 99 ? STR("99+") : str_printf(rq->arena, "%" PRId64, frame->unread);
    if (r != OK)
        return r;
    if (community && rq->db && place_get(rq->db, community, &place) == OK) {
        frame->place = place_short_name(place.name);
        home = viewer_residence_in(viewer, community);
        frame->waiting = home && !home->verified;
        if (home) {
            struct str estate;

            if (estate_name(rq->db, community, home->estate, &estate) == OK)
                frame->place = str_printf(rq->arena, STR_FMT " · " STR_FMT, STR_ARG(frame->place), STR_ARG(estate));
        }
        if (place_get(rq->db, place.parent, &place) == OK)
            frame->street = place.name;
        frame->place_url = url_path(rq->arena, "/p/%" PRId64, community);
        frame->report_url = url_path(rq->arena, "/p/%" PRId64 "/report", community);
        frame->write_url = write_url(rq, viewer, community);
    }
    frame->at_home = frame->place_url.s.len && str_eq(rq->x->path, frame->place_url.s);
    frame->at_report = frame->report_url.s.len && str_starts(rq->x->path, frame->report_url.s);
    frame->wide = frame->at_home || (frame->at_report && rq->n_path > 1); /* one thing beside its clock */
    frame->at_messages = str_starts(rq->x->path, STR("/messages"));
    frame->at_write = frame->write_url.s.len && str_eq(rq->x->path, frame->write_url.s);
    frame->at_me = str_eq(rq->x->path, STR("/me")) || str_starts(rq->x->path, STR("/me/"));
    *ret_frame = frame;
    return OK;
}

enum result frame_error_page(struct request *rq, int status, enum text title, enum text message)
{
    struct error_page_view view = {.heading = title, .message = message, .status = status, .request = rq->id};

    if (status == 403 && viewer_of(rq)->must_renew)
        return respond_see_other(rq, url_path(rq->arena, "/me/password"), T_person_password_old);
    if (status == 403 && message == T_person_join_waiting_denied) {
        view.heading = T_person_join_waiting_title;
        view.waiting = url_path(rq->arena, "/join/waiting");
    }
    if (status == 401 || (status == 403 && rq->person == 0))
        view.sign_in = url_add(rq->arena, url_path(rq->arena, "/sign-in"), "next", rq->x->path);
    return respond_view(rq, error_page, &view);
}
