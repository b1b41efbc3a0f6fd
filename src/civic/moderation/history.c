/* history.c: every text that something ever had, and what was done with it, for who moderates its place. */
#include <stdlib.h>

#include "civic/frame/frame.h"
#include "civic/ledger/ledger.h"
#include "civic/moderation/difference.h"
#include "civic/moderation/moderation.sql.h"
#include "civic/moderation/views/text_history.html.h"
#include "civic/moderation/words.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

struct history_subject {
    struct subject_scope scope; /* first */
    const struct moderation_kind *kind;
    struct moderation_thing thing;
    struct sql_moderation_cases_of_rows cases;
    struct sql_moderation_measures_of_rows measures;
};

static bool moderates(struct request *rq, int64_t place)
{
    const struct subject_scope scope = {.place = place};

    return access_allowed(viewer_of(rq), CAP_MODERATE_QUEUE, place, &scope);
}

/* Of what neighbours read or could have read, and of what was flagged or held back: a draft is its writer's own, and what two write to each other
 * is theirs. */
static enum result load_history(struct request *rq)
{
    struct history_subject *s = arena_new(rq->arena, struct history_subject);
    struct str word = rq->path_word[0];
    int64_t id = rq->path_id[1];
    enum result r;

    *s = (struct history_subject){.scope = {.place = rq->path_id[0]}};
    rq->place = rq->path_id[0];
    rq->subject = s;
    if (!moderates(rq, rq->place))
        return OK; /* refused by the right, whether there is such a thing or not */
    s->kind = moderation_kind_of(word);
    if (!s->kind)
        return E_NOT_FOUND;
    r = s->kind->get(rq->db, rq->place, id, &s->thing);
    if (r == OK)
        r = sql_moderation_cases_of(rq->db, rq->place, word, id, &s->cases);
    if (r == OK)
        r = sql_moderation_measures_of(rq->db, rq->place, word, id, &s->measures);
    if (r != OK)
        return r;
    return s->thing.once || s->cases.n || s->measures.n ? OK : E_NOT_FOUND;
}

static const struct subject_kind history_subject = {"text", load_history};

struct url moderation_history_url(struct request *rq, int64_t community, const char *thing_kind, int64_t thing)
{
    if (!moderates(rq, community))
        return (struct url){STR_NONE};
    return url_path(rq->arena, "/p/%" PRId64 "/history/%s/%" PRId64, community, thing_kind, thing);
}

/* ---- what happened, from wherever it is known -------------------------------------------------------------------------- */

struct event {
    int64_t at, person;
    size_t order; /* of what happened in the same moment: higher is later */
    enum text what;
    struct str reason, place; /* '' for the place where it stands today */
    const struct moderation_text *now, *before;
};
struct events {
    struct event *v;
    size_t n;
};

static void add(struct events *e, struct event event)
{
    event.order = e->n;
    e->v[e->n++] = event;
}

static int newest_first(const void *a, const void *b)
{
    const struct event *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? 1 : -1;
    return x->order < y->order ? 1 : x->order > y->order ? -1 : 0;
}

/* A kind that keeps no versions has one text, that of its writing. */
static enum result texts_of(struct request *rq, const struct history_subject *s, struct moderation_text **ret,
                            size_t *ret_n)
{
    struct moderation_text *only;

    if (s->kind->texts)
        return s->kind->texts(rq->db, &s->thing, ret, ret_n);
    only = arena_new(rq->arena, struct moderation_text);
    *only = (struct moderation_text){.version = 1, .body = s->thing.body, .person = s->thing.author, .at = s->thing.at};
    *ret = only;
    *ret_n = s->thing.body.len ? 1 : 0;
    return OK;
}

static void add_texts(struct events *e, const struct moderation_text *texts, size_t n)
{
    for (size_t i = n; i-- > 0;)
        add(e, (struct event){.at = texts[i].at,
                              .person = texts[i].person,
                              .what = texts[i].version == 1 ? T_moderation_did_written : T_moderation_did_changed,
                              .now = &texts[i],
                              .before = i + 1 < n ? &texts[i + 1] : NULL});
}

static void add_decisions(struct events *e, const struct history_subject *s)
{
    for (size_t i = s->cases.n; i-- > 0;) {
        const struct sql_moderation_cases_of *c = &s->cases.row[i];

        if (c->held)
            add(e, (struct event){.at = c->opened_at, .what = T_moderation_did_held});
        if (str_eq(c->state, STR("fine")))
            add(e, (struct event){.at = c->decided_at, .person = c->decided_by, .what = T_moderation_did_fine});
    }
    for (size_t i = s->measures.n; i-- > 0;) {
        const struct sql_moderation_measures_of *m = &s->measures.row[i];

        add(e,
            (struct event){.at = m->at, .person = m->by_person, .what = T_moderation_did_hidden, .reason = m->reason});
        if (str_eq(m->state, STR("lifted")))
            add(e, (struct event){.at = m->answered_at,
                                  .person = m->answered_by,
                                  .what = T_moderation_did_shown,
                                  .reason = m->answer});
    }
}

static void add_turns(struct events *e, const struct ledger_events *turns, struct str place)
{
    static const struct {
        const char *verb;
        enum text what;
    } told[] = {
        {"published", T_moderation_did_published}, {"withdrawn", T_moderation_did_withdrawn},
        {"recalled", T_moderation_did_recalled},   {"expired", T_moderation_did_expired},
        {"ended", T_moderation_did_ended},         {"merged", T_moderation_did_merged},
        {"voided", T_moderation_did_voided},       {"erased", T_moderation_did_erased},
        {"moved", T_moderation_did_moved},
    };

    for (size_t i = turns->n; i-- > 0;) {
        const struct ledger_event *turn = &turns->event[i];
        bool moved = str_eq(turn->verb, STR("moved"));

        for (size_t k = 0; (turn->before.len || moved) && k < sizeof(told) / sizeof(told[0]);
             k++) /* from nothing: its writing */
            if (str_eq(turn->verb, str_from_cstr(told[k].verb)))
                add(e, (struct event){.at = turn->at, .person = turn->actor, .what = told[k].what, .place = place});
    }
}

enum { TURNS = 50 };
struct chain { /* what a community's ledger knows of it */
    struct ledger_events turns;
    struct str place;
};

/* The ledger stays where things happened: of what came from a community that has ended, or that it left, the turns before lie in that one's. */
static enum result chains_of(struct request *rq, const struct moderation_thing *thing, struct chain **ret,
                             size_t *ret_n)
{
    const int64_t *before;
    struct chain *chain;
    struct place place;
    size_t n;
    enum result r = place_before(rq->db, rq->place, &before, &n);

    if (r != OK)
        return r;
    chain = arena_array(rq->arena, struct chain, n + 1);
    r = ledger_turns_of(rq->db, rq->place, thing->kind, thing->id, TURNS, &chain[0].turns);
    for (size_t i = 0; r == OK && i < n; i++) {
        r = ledger_turns_of(rq->db, before[i], thing->kind, thing->id, TURNS, &chain[i + 1].turns);
        if (r == OK && chain[i + 1].turns.n) {
            r = place_get(rq->db, before[i], &place);
            chain[i + 1].place = place_short_name(place.name);
        }
    }
    *ret = chain;
    *ret_n = n + 1;
    return r;
}

/* ---- the page ----------------------------------------------------------------------------------------------------------------- */

/* NULL: there is nothing, and was nothing. */
static const struct text_difference_view *changed(struct request *rq, const struct moderation_text *before,
                                                  struct str was, struct str is)
{
    struct text_difference_view *view = arena_new(rq->arena, struct text_difference_view);
    struct text_parts parts;
    struct text_difference_parts *p;

    text_difference(rq->arena, before ? was : is, is, &parts);
    if (parts.n == 0)
        return NULL;
    p = arena_array(rq->arena, struct text_difference_parts, parts.n);
    for (size_t i = 0; i < parts.n; i++)
        p[i] = (struct text_difference_parts){parts.part[i].kind == PART_ADDED, parts.part[i].kind == PART_REMOVED,
                                              parts.part[i].text};
    view->parts.v = p;
    view->parts.n = parts.n;
    return view;
}

static enum result fill_step(struct request *rq, const struct event *event, struct text_history_steps *to)
{
    static const struct moderation_text nothing;
    const struct moderation_text *was = event->before ? event->before : &nothing;
    struct person_label label = {0};
    enum result r = event->person ? person_label(rq->db, event->person, rq->place, &label) : OK;

    if (r != OK && r != E_NOT_FOUND)
        return r;
    *to = (struct text_history_steps){.what = event->what,
                                      .by = label.name,
                                      .from = label.from,
                                      .at = event->at,
                                      .place = event->place,
                                      .reason = event->reason};
    if (event->now) {
        to->version = event->now->version;
        to->has_version = true;
        to->title = changed(rq, event->before, was->title, event->now->title);
        to->body = changed(rq, event->before, was->body, event->now->body);
        to->more = changed(rq, event->before, was->more, event->now->more);
    }
    return OK;
}

static enum result history(struct request *rq)
{
    const struct history_subject *s = rq->subject;
    struct text_history_view view = {.thing = s->kind->name, .heading = s->thing.title, .back = s->thing.url};
    struct text_history_steps *to;
    struct chain *chain;
    struct moderation_text *texts;
    struct events e = {0};
    size_t n, n_chains, turns = 0;
    enum result r = texts_of(rq, s, &texts, &n);

    if (r == OK)
        r = chains_of(rq, &s->thing, &chain, &n_chains);
    if (r != OK)
        return r;
    for (size_t i = 0; i < n_chains; i++)
        turns += chain[i].turns.n;
    e.v = arena_array(rq->arena, struct event, n + 2 * (s->cases.n + s->measures.n) + turns + 1);
    add_texts(&e, texts, n);
    for (size_t i = n_chains; i-- > 0;)
        add_turns(&e, &chain[i].turns, chain[i].place);
    add_decisions(&e, s);
    if (e.n)
        qsort(e.v, e.n, sizeof(*e.v), newest_first);
    to = arena_array(rq->arena, struct text_history_steps, e.n + 1);
    for (size_t i = 0; r == OK && i < e.n; i++)
        r = fill_step(rq, &e.v[i], &to[i]);
    view.steps.v = to;
    view.steps.n = e.n;
    view.erased = n == 0;
    return r == OK ? respond_view(rq, text_history, &view) : r;
}

static const struct route routes[] = {
    {HTTP_GET, "/p/{place}/history/{kind:word}/{thing}", "moderation.history", .handle = history,
     .subject = &history_subject, .need = CAP_MODERATE_QUEUE, .flags = ROUTE_PERSONAL, .view = &text_history_info,
     .doc = "Every text that something ever had, with what was changed, for who moderates its place"},
};
const struct module moderation_history_module = {
    .name = "moderation.history", .routes = routes, .n_routes = sizeof(routes) / sizeof(routes[0])};
