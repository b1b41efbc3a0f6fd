/* routes.c: the subject of an entry's routes, and the taps that every kind of boards has. */
#include "civic/entry/entry.h"

#include "civic/entry/entry.sql.h"
#include "civic/media/media_routes.h"
#include "civic/person/person.h"
#include "civic/place/place_subject.h"

/* ---- the subject ---------------------------------------------------------------------------------------------------------- */

static bool is_for_viewer(const struct viewer *viewer, const struct entry *entry)
{
    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].verified && entry_is_for(entry, viewer->residence[i].community))
            return true;
    for (size_t i = 0; i < viewer->n_posts; i++)
        if (place_contains(viewer->post[i].place, entry->community) || entry_is_for(entry, viewer->post[i].place))
            return true;
    return viewer->person && viewer->person == entry->author;
}

static enum result get_at(struct db *db, int64_t place, int64_t id, void *ret)
{
    return entry_get(db, place, id, ret);
}

enum result entry_load(struct request *rq, struct entry_subject *s)
{
    enum result r = board_load(rq, &s->of);

    if (r == OK)
        r = entry_get(rq->db, rq->path_id[0], rq->path_id[1], &s->entry);
    if (r == E_NOT_FOUND) /* it went along when its community merged or was divided; links to it are out in the world */
        r = place_lead_after(rq, get_at, &s->entry);
    if (r != OK)
        return r;
    if (s->entry.board != s->of.board.id)
        return E_NOT_FOUND;
    s->of.scope.author = s->entry.author;
    s->of.scope.hidden = s->entry.hidden;
    return OK;
}

bool entry_shows(struct request *rq, const struct entry_subject *s)
{
    const struct viewer *viewer = viewer_of(rq);

    /* On a board for residents, what is for some places below is not there for those who live elsewhere. */
    if (s->of.board.readers == READERS_RESIDENTS && s->entry.audience.len && !is_for_viewer(viewer, &s->entry))
        return false;
    return s->entry.listed || (viewer->person && viewer->person == s->entry.author) ||
           access_allowed(viewer, CAP_BOARD_RUN, rq->place, &s->of.scope);
}

/* What is not in the lists is there for who wrote it and for who runs the board; for the others it does not exist. */
static enum result load(struct request *rq)
{
    struct entry_subject *s = arena_new(rq->arena, struct entry_subject);
    enum result r = entry_load(rq, s);

    if (r == OK && !entry_shows(rq, s))
        r = E_NOT_FOUND;
    if (r == OK)
        rq->subject = s;
    return r;
}

const struct subject_kind entry_subject = {"entry", load};

struct entry_actor entry_actor_of(struct request *rq)
{
    const struct board_subject *of = rq->subject;
    const struct viewer *viewer = viewer_of(rq);
    struct entry_actor actor = {.person = viewer->person, .now = rq->now, .rq = rq};

    for (size_t i = 0; i < viewer->n_posts && !actor.runs; i++) {
        struct viewer one = {.person = viewer->person, .post = &viewer->post[i], .n_posts = 1};

        if (access_allowed(&one, CAP_BOARD_RUN, rq->place, &of->scope)) {
            actor.runs = true;
            actor.organisation = viewer->post[i].organisation;
            actor.from = viewer->post[i].organisation_name;
        }
    }
    for (size_t i = 0; i < viewer->n_residences && !actor.runs; i++)
        if (viewer->residence[i].verified && place_contains(rq->place, viewer->residence[i].community)) {
            actor.from = viewer->residence[i].building_name;
            actor.dwelling = viewer->residence[i].dwelling;
            break;
        }
    return actor;
}

struct url entry_url(struct arena *a, const struct board *board, int64_t place, int64_t id)
{
    return url_path(a, "/p/%" PRId64 "/" STR_FMT "/" STR_FMT "/%" PRId64, place, STR_ARG(board->kind),
                    STR_ARG(board->word), id);
}

/* ---- taps ------------------------------------------------------------------------------------------------------------------- */

enum { COMMENT_BODY, COMMENT_REPLY };
const struct param entry_comment_params[2] = {
    [COMMENT_BODY] =
        {.name = "body", .kind = PARAM_LINES, .required = true, .max = ENTRY_COMMENT_MAX, .doc = "The comment"},
    [COMMENT_REPLY] = {.name = "reply_to", .kind = PARAM_ID, .doc = "Another comment that it answers"},
};
const struct param entry_on_params[1] = {
    {.name = "on", .kind = PARAM_BOOL, .doc = "1 to do it, 0 to take it back"},
};
enum { HIDE_HIDE, HIDE_REASON, HIDE_COMMENT };
const struct param entry_hide_params[2] = {
    [HIDE_HIDE] = {.name = "hide",
                   .kind = PARAM_CHOICE,
                   .choices = "no,yes",
                   .required = true,
                   .doc = "Hide it, or show it again"},
    [HIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why; the author reads it"},
};
const struct param entry_comment_hide_params[3] = {
    [HIDE_HIDE] = {.name = "hide",
                   .kind = PARAM_CHOICE,
                   .choices = "no,yes",
                   .required = true,
                   .doc = "Hide it, or show it again"},
    [HIDE_REASON] = {.name = "reason", .kind = PARAM_TEXT, .max = 200, .doc = "Why; the author reads it"},
    [HIDE_COMMENT] = {.name = "comment", .kind = PARAM_ID, .required = true, .doc = "The comment"},
};
const struct param entry_seen_params[1] = {
    {.name = "entry", .kind = PARAM_ID, .required = true, .doc = "The newest that the viewer has seen"},
};

static struct url here(struct request *rq)
{
    return entry_url(rq->arena, board_of(rq), rq->place, entry_of(rq)->id);
}

enum result entry_post_comment(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    int64_t id;
    enum result r = entry_comment(rq->db, &actor, entry_of(rq), param_int(rq, COMMENT_REPLY),
                                  param_text(rq, COMMENT_BODY), &id);

    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_entry_closed);
    if (r == E_INVALID && rq->form.n_errors == 0)
        return request_invalid(rq, "body", T_entry_reply_gone);
    if (r != OK)
        return r;
    return respond_created(
        rq, url_below(rq->arena, here(rq), str_cstr(rq->arena, str_printf(rq->arena, "#comment-%" PRId64, id))), id,
        T_entry_commented);
}

enum result entry_post_thumb(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    enum result r = entry_thumb(rq->db, &actor, entry_of(rq), param_int(rq, 0));

    return r == OK ? respond_see_other(rq, here(rq), T_none) : r;
}

enum result entry_post_follow(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool on = param_int(rq, 0);
    enum result r = entry_follow(rq->db, &actor, entry_of(rq), on);

    return r == OK ? respond_see_other(rq, here(rq), on ? T_entry_followed : T_entry_unfollowed) : r;
}

enum result entry_post_hide(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    const struct entry *entry = entry_of(rq);
    bool hide = param_int(rq, HIDE_HIDE) == 1;
    enum result r;

    if (hide && param_text(rq, HIDE_REASON).len == 0)
        return request_invalid(rq, "reason", T_entry_hide_why);
    r = entry_hide(rq->db, &actor, board_of(rq), entry, hide, param_text(rq, HIDE_REASON));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_entry_hidden_already);
    return r == OK ? respond_see_other(rq, here(rq), hide ? T_entry_hidden : T_entry_shown) : r;
}

enum result entry_post_comment_hide(struct request *rq)
{
    struct entry_actor actor = entry_actor_of(rq);
    bool hide = param_int(rq, HIDE_HIDE) == 1;
    enum result r;

    if (hide && param_text(rq, HIDE_REASON).len == 0)
        return request_invalid(rq, "reason", T_entry_hide_why);
    r = entry_comment_hide(rq->db, &actor, entry_of(rq), param_int(rq, HIDE_COMMENT), hide,
                           param_text(rq, HIDE_REASON));
    if (r == E_CONFLICT)
        return request_refuse(rq, r, T_entry_hidden_already);
    return r == OK ? respond_see_other(rq, here(rq), hide ? T_entry_hidden : T_entry_shown) : r;
}

enum result entry_post_seen(struct request *rq)
{
    int64_t chain[4], id = param_int(rq, 0), rank = id;
    size_t n = place_chain(rq->place, chain);
    struct entry entry;
    enum result r = E_NOT_FOUND;

    for (size_t i = n; r == E_NOT_FOUND && i > 0; i--)
        r = entry_get(rq->db, chain[i - 1], id, &entry);
    if (r == OK)
        rank = entry_rank(id, entry.published_at);
    if ((r == OK || r == E_NOT_FOUND) && rq->person)
        r = sql_board_seen_put(rq->db, rq->person, board_of(rq)->id, rank);
    if (r == E_NOT_FOUND)
        r = OK;
    return r == OK ? respond_see_other(rq, board_url(rq->arena, board_of(rq), rq->place), T_none) : r;
}

/* ---- pictures -------------------------------------------------------------------------------------------------------------------- */

/* Who may read the board and the entry. */
static bool may_see(struct request *rq, const struct media *media)
{
    const struct viewer *viewer = viewer_of(rq);
    struct board board;
    struct entry entry;
    struct subject_scope scope;

    if (entry_get(rq->db, rq->place, media->subject, &entry) != OK || board_get(rq->db, entry.board, &board) != OK)
        return false;
    if (board_scope(rq, &board, rq->place, &scope) != OK)
        return false;
    if (access_allowed(viewer, CAP_BOARD_RUN, rq->place, &scope))
        return true;
    if (media->hidden)
        return false;
    if (viewer->person && viewer->person == entry.author)
        return true;
    if (board.readers == READERS_RESIDENTS && entry.audience.len && !is_for_viewer(viewer, &entry))
        return false;
    return entry.listed && board.state == BOARD_OPEN && access_allowed(viewer, CAP_BOARD_READ, rq->place, &scope);
}

static enum result page_of(struct request *rq, const struct media *media, struct url *ret_page)
{
    struct board board;
    struct entry entry;
    enum result r = entry_get(rq->db, rq->place, media->subject, &entry);

    if (r == OK)
        r = board_get(rq->db, entry.board, &board);
    if (r == OK)
        *ret_page = entry_url(rq->arena, &board, rq->place, entry.id);
    return r;
}

static const struct media_guard guards[] = {{"entry", may_see, page_of}};
const struct media_guards entry_guards = {guards, 1};
