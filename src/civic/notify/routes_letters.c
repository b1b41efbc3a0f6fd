/* routes_letters.c: /desk/letters: what could not be delivered, to be sent again or dropped; and the jobs that send. */
#include "civic/notify/room.h"

#include "civic/access/access.h"
#include "civic/frame/frame.h"
#include "civic/notify/views/desk_letters.html.h"
#include "civic/outbox/outbox_sms.h"
#include "civic/person/person.h"
#include "civic/place/place_words.h"
#include "civic/service/service.h"
#include "engine/base/config.h"
#include "engine/base/time.h"

enum { PAGE = 30, LIST_BEFORE = 0, DO_LETTER = 0, DO_WHAT };

static enum result load_here(struct request *rq)
{
    struct subject_scope *scope = arena_new(rq->arena, struct subject_scope);
    const struct viewer_post *post = desk_post(rq);

    scope->place = post ? post->place : 0;
    rq->subject = scope;
    rq->place = scope->place;
    return OK;
}
static const struct subject_kind here = {"desk", load_here};

static const struct param list_params[] = {
    {.name = "before", .kind = PARAM_ID, .doc = "Paging: letters older than this id"},
};

static enum text kind_of(struct str kind)
{
    if (str_eq(kind, STR("sms")))
        return T_notify_letters_code;
    if (str_eq(kind, STR("sms_notice")))
        return T_notify_way_sms;
    return str_eq(kind, STR("wechat")) ? T_notify_way_wechat : T_notify_letters_other;
}

/* What a letter died of, in words; {why} is what was told: a number, or a sentence of a library. */
static struct str reason_of(struct request *rq, struct str reason)
{
    static const struct {
        const char *word;
        enum text text;
    } known[] = {
        {"expired", T_notify_letters_why_expired},       {"sealed", T_notify_letters_why_sealed},
        {"no_message", T_notify_letters_why_no_message}, {"unreachable", T_notify_letters_why_unreachable},
        {"gateway", T_notify_letters_why_gateway},       {"busy", T_notify_letters_why_busy},
        {"no_token", T_notify_letters_why_no_token},     {"platform", T_notify_letters_why_platform},
        {"no_answer", T_notify_letters_why_no_answer},
    };
    struct str why = reason, word;

    str_cut(&why, ' ', &word);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (str_eq(word, str_from_cstr(known[i].word)))
            return text_format(rq->arena, rq->lang, known[i].text, TEXT_STR("why", why));
    return text_format(rq->arena, rq->lang, T_notify_letters_why_other, TEXT_STR("why", reason));
}

static enum result list(struct request *rq)
{
    struct desk_letters_view view = {0};
    struct desk_letters_rows *row = arena_array(rq->arena, struct desk_letters_rows, PAGE);
    struct outbox_figures figures;
    struct outbox_dead_list dead;
    int64_t before = param_given(rq, LIST_BEFORE) ? param_int(rq, LIST_BEFORE) : 0;
    enum result r = outbox_dead(rq->db, before, PAGE + 1, &dead);

    if (r == OK)
        r = outbox_figures(rq->db, &figures);
    if (r != OK)
        return r;
    view.waiting = figures.waiting;
    view.oldest = figures.oldest_at;
    for (size_t i = 0; i < dead.n && i < PAGE; i++)
        row[i] = (struct desk_letters_rows){dead.letter[i].id, kind_of(dead.letter[i].kind),
                                            reason_of(rq, dead.letter[i].reason), dead.letter[i].tries,
                                            dead.letter[i].created_at};
    view.rows.v = row;
    view.rows.n = dead.n > PAGE ? PAGE : dead.n;
    if (dead.n > PAGE)
        view.older = url_path(rq->arena, "/desk/letters?before=%" PRId64, row[PAGE - 1].id);
    return respond_view(rq, desk_letters, &view);
}

static const struct param do_params[] = {
    [DO_LETTER] = {.name = "letter", .kind = PARAM_ID, .required = true, .doc = "The dead letter"},
    [DO_WHAT] = {.name = "do", .kind = PARAM_CHOICE, .required = true, .choices = "retry,forget"},
};

static enum result act(struct request *rq)
{
    bool forget = param_int(rq, DO_WHAT) != 0;
    int64_t id = param_int(rq, DO_LETTER);
    enum result r = forget ? outbox_forget(rq->db, id) : outbox_retry(rq->db, id, rq->now);

    if (r == E_NOT_FOUND) /* somebody else was quicker, or it has been delivered */
        return request_refuse(rq, E_CONFLICT, T_notify_letters_gone);
    return r == OK ? respond_see_other(rq, url_path(rq->arena, "/desk/letters"),
                                       forget ? T_notify_letters_forgotten : T_notify_letters_again)
                   : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/desk/letters", "letters.list", .handle = list, .subject = &here, .need = CAP_ADMINISTER,
     .params = list_params, .n_params = 1, .flags = ROUTE_PERSONAL, .view = &desk_letters_info,
     .doc = "What could not be delivered"},
    {HTTP_POST, "/desk/letters", "letters.act", .handle = act, .subject = &here, .need = CAP_ADMINISTER,
     .params = do_params, .n_params = 2, .flags = ROUTE_WRITE, .again = list,
     .doc = "Sends a letter again, or drops it"},
};

/* ---- the desk's line ------------------------------------------------------------------------------------------- */

static enum result count(struct request *rq, const struct viewer_post *post, int64_t *ret_waiting, int64_t *ret_late)
{
    struct outbox_figures figures = {0};
    enum result r = outbox_figures(rq->db, &figures);

    (void)post;
    *ret_waiting = figures.dead;
    *ret_late = 0;
    return r;
}

static const struct desk_item items[] = {
    {T_notify_letters_title, T_place_desk_group, "/desk/letters", CAP_ADMINISTER, count},
};
const struct desk_table letters_desk = {items, 1};

/* ---- scheduled work ---------------------------------------------------------------------------------------------- */

static enum result send_due(struct app *app, struct arena *a)
{
    const struct services *s = app_services(app);
    struct notify_round round = {.left = true};
    enum result r = OK;

    while (s && r == OK && round.left)
        r = notify_send(app_database(app), s, a, app_config(app)->listen.public_url, time_now(), &round);
    return r;
}

static enum result nobody(struct db *db, void *ctx, const struct outbox_letter *letter, int64_t now)
{
    (void)ctx;
    return notify_unreachable(db, sms_person(letter), STR("sms"), now);
}

static enum result deliver_sms(struct app *app, struct arena *a)
{
    const struct services *s = app_services(app);
    struct outbox_round round = {.taken = OUTBOX_BATCH};
    struct outbox_kind kind;
    enum result r = OK;

    if (s == NULL || s->sms == NULL || !sms_works(s->sms))
        return OK;
    kind = *sms_notice_kind(s->sms);
    kind.nobody = nobody;
    while (r == OK && round.taken == OUTBOX_BATCH)
        r = outbox_deliver(app_database(app), s->keys, &kind, a, time_now(), &round);
    return r;
}

static const struct job_kind jobs[] = {
    {"notify.send", 5 * TIME_SECOND, send_due},
    {"notify.sms", 5 * TIME_SECOND, deliver_sms},
};

const struct module letters_module = {.name = "letters",
                                      .routes = routes,
                                      .n_routes = sizeof(routes) / sizeof(routes[0]),
                                      .jobs = jobs,
                                      .n_jobs = sizeof(jobs) / sizeof(jobs[0])};
