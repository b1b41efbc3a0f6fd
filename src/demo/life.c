/* life.c: lets everything of the plot happen at its moment, through the rules that hold for everybody, and rings the clocks in between. */
#include <stdio.h>

#include "boards/report/category.h"
#include "boards/report/rules.h"
#include "civic/daily/daily.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "civic/statistics/statistics_figures.h"
#include "demo/plot.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

enum { RING_EVERY_MINUTES = 10, STORIES_MAX = 128 };

struct told { /* what has become of a story so far */
    int64_t community, report;
};

struct life {
    struct stage *s;
    struct told told[STORIES_MAX];
    const struct plot_event *event;
};

static const int64_t communities[] = {DEMO_COMMUNITY, DEMO_SAME_STREET, DEMO_OTHER_STREET};
static const enum demo_org committees[] = {ORG_COMMITTEE, ORG_COMMITTEE_B, ORG_COMMITTEE_C};

/* ---- who acts --------------------------------------------------------------------------------------------------------------- */

static struct report_actor actor_of(const struct stage *s, int who)
{
    struct report_actor actor = {.now = s->now};

    if (who < STAFF(0)) {
        actor.person = s->resident[who].person;
        actor.who = WHO_AUTHOR | (s->resident[who].here ? WHO_RESIDENT : 0);
        return actor;
    }
    const struct demo_post *post = &demo_posts[who - STAFF(0)];

    actor.person = s->staff[who - STAFF(0)];
    actor.organisation = s->org[post->org];
    switch (post->role) {
    case ROLE_PARTY_SECRETARY:
    case ROLE_CADRE: actor.who = WHO_COMMITTEE; break;
    case ROLE_GRID_OPERATOR: actor.who = WHO_HANDLER | WHO_SUPERVISOR; break;
    default: actor.who = WHO_HANDLER; break;
    }
    return actor;
}

/* ---- pictures ------------------------------------------------------------------------------------------------------------------ */

static enum result attach(struct db *db, const struct stage *s, const struct told *told, const char *kind,
                          int64_t subject, enum media_stage stage, int64_t position, enum scene scene, int64_t author)
{
    struct media media = {.community = told->community,
                          .subject_kind = str_from_cstr(kind),
                          .subject = subject,
                          .stage = stage,
                          .position = position,
                          .author = author};

    return demo_attach_picture(db, s, scene, &media);
}

/* ---- a report is written ---------------------------------------------------------------------------------------------------------- */

static enum result write_report(struct db *db, struct life *life)
{
    struct stage *s = life->s;
    int number = life->event->story;
    bool small = number >= (int)demo_stories_n;
    const struct demo_story *story = small ? NULL : &demo_stories[number];
    const struct demo_small *line = small ? &demo_smalls[number - (int)demo_stories_n] : NULL;
    const struct demo_dweller *author = &s->resident[small ? line->author : story->author];
    struct report_actor actor = actor_of(s, small ? line->author : story->author);
    struct told *told = &life->told[number];
    int estate = small ? line->estate : story->estate, building = small ? line->building : story->building;
    enum scene scenes[3] = {SCENE_NONE, SCENE_NONE, SCENE_NONE};
    int64_t photos = 0;
    enum result r;

    for (int i = 0; i < 3; i++)
        scenes[i] = small ? (i == 0 ? line->before : SCENE_NONE) : story->before[i];
    while (photos < 3 && scenes[photos] != SCENE_NONE)
        photos++;
    told->community = communities[small ? line->place : story->place];
    struct report_draft draft = {
        .community = told->community,
        .dwelling = author->dwelling,
        .author_from = author->from,
        .title = str_from_cstr(small ? line->title : story->title),
        .body = str_from_cstr(small ? line->body : story->body),
        .category = str_from_cstr(small ? line->category : story->category),
        .spot = str_from_cstr(small ? line->spot : story->spot),
        .estate = s->estate[estate],
        .building = building ? s->building[estate][building - 1] : 0,
        .photos = photos,
        .committee = s->org[committees[small ? line->place : story->place]],
    };

    r = report_write(db, &actor, &draft, &told->report);
    for (int i = 0; r == OK && i < photos; i++)
        r = attach(db, s, told, "report", told->report, MEDIA_STAGE_BEFORE, i, scenes[i], actor.person);
    return r;
}

/* ---- what happens to it -------------------------------------------------------------------------------------------------------------- */

static enum result open_order(struct db *db, const struct told *told, int64_t organisation, int64_t *ret_order)
{
    struct sql_work_order_of_report_rows orders;
    enum result r = sql_work_order_of_report(db, told->community, told->report, &orders);

    for (size_t i = 0; r == OK && i < orders.n; i++)
        if (orders.row[i].organisation == organisation &&
            (str_eq(orders.row[i].state, STR("handed")) || str_eq(orders.row[i].state, STR("accepted")))) {
            *ret_order = orders.row[i].id;
            return OK;
        }
    return r == OK ? E_NOT_FOUND : r;
}

/* Neighbours who join or put a thumb up: always the same ones for the same story, never two of one household. */
static enum result crowd(struct db *db, struct life *life, const struct told *told, bool join, int n)
{
    struct stage *s = life->s;
    int skip = life->event->story * 7 % RESIDENTS;
    enum result r = OK;

    for (int k = 0; r == OK && n > 0 && k < RESIDENTS; k++) {
        int i = (k * 11 + skip) % RESIDENTS;
        struct report_actor actor = actor_of(s, i);

        if (!s->resident[i].here || s->resident[i].community != told->community || i == QIN)
            continue;
        actor.now = s->now;
        r = join ? report_join(db, &actor, told->community, told->report, s->resident[i].dwelling)
                 : report_thumb(db, &actor, told->community, told->report, true);
        n--;
    }
    return r;
}

static enum result done(struct db *db, struct life *life, const struct told *told, const struct report_actor *actor,
                        int64_t order)
{
    const struct demo_step *step = &life->event->step;
    int64_t proof = 0, photos = 0;
    enum result r;

    while (photos < 2 && step->proof[photos] != SCENE_NONE)
        photos++;
    r = order_done(db, actor, told->community, order, str_from_cstr(step->text), photos, &proof);
    for (int i = 0; r == OK && i < photos; i++) {
        r = attach(db, life->s, told, "report_step", proof, MEDIA_STAGE_PROOF, i, step->proof[i], actor->person);
        if (r == OK)
            r = attach(db, life->s, told, "report", told->report, MEDIA_STAGE_AFTER, i, step->proof[i], actor->person);
    }
    return r;
}

static enum result hand(struct db *db, struct life *life, const struct told *told, const struct report_actor *actor)
{
    const struct demo_step *step = &life->event->step;
    struct report_hand_off h = {.n = 1, .text = str_from_cstr(step->text)};

    h.to[0].organisation = life->s->org[step->org];
    h.to[0].task = str_from_cstr(step->more);
    h.to[0].lead = step->n & 1;
    h.to[0].fast_track = step->n & 2;
    return report_hand_off(db, actor, told->community, told->report, &h);
}

static enum result redact(struct db *db, const struct report_actor *actor, const struct told *told, const char *body)
{
    struct sql_report_get report;
    enum result r = sql_report_get(db, told->community, told->report, &report);

    return r == OK
             ? report_redact(db, actor, told->community, told->report, report.title, str_from_cstr(body), report.spot)
             : r;
}

static enum result take_step(struct db *db, struct life *life)
{
    struct stage *s = life->s;
    const struct demo_step *step = &life->event->step;
    const struct told *told = &life->told[life->event->story];
    struct report_actor actor = actor_of(s, step->who);
    struct str words = str_from_cstr(step->text ? step->text : "");
    int64_t place = told->community, report = told->report, order = 0, ignored;
    enum result r = OK;

    if (report == 0)
        return E_NOT_FOUND;
    if (step->org != ORG_NONE && step->act != DO_HAND && step->act != DO_COMMENT && step->act != DO_CONFIRM)
        r = open_order(db, told, s->org[step->org], &order);
    if (r != OK)
        return r;
    switch (step->act) {
    case DO_END: return OK;
    case DO_ANSWER: return report_answer(db, &actor, place, report, words);
    case DO_HAND: return hand(db, life, told, &actor);
    case DO_ACCEPT: return order_accept(db, &actor, place, order);
    case DO_SEND_BACK: return order_send_back(db, &actor, place, order, words);
    case DO_ASK_MORE: {
        struct sql_work_order_get row;

        r = sql_work_order_get(db, place, order, &row);
        return r == OK ? order_ask_extension(db, &actor, place, order,
                                             calendar_add(calendar_now(), row.due_at, LIMIT_WORK_DAY, step->n), words)
                       : r;
    }
    case DO_GRANT:
    case DO_REFUSE: return order_decide_extension(db, &actor, place, order, step->act == DO_GRANT, words);
    case DO_DONE: return done(db, life, told, &actor, order);
    case DO_PRESS: return order_press(db, &actor, place, order, words);
    case DO_SOLVE:
    case DO_EXPLAIN: return report_solve(db, &actor, place, report, words, step->act == DO_EXPLAIN, &ignored);
    case DO_PASS:
    case DO_FAIL: return report_check(db, &actor, place, report, step->act == DO_PASS, words);
    case DO_CONFIRM: return report_confirm(db, &actor, place, report, step->n, words);
    case DO_REJECT: return report_reject(db, &actor, place, report, words);
    case DO_MERGE:
        return report_merge(db, &actor, place, report, life->told[demo_stories[life->event->story].into].report);
    case DO_VOID: return report_void(db, &actor, place, report, words);
    case DO_COMMENT: return report_comment(db, &actor, place, report, words, &ignored);
    case DO_JOIN: return report_join(db, &actor, place, report, s->resident[step->who].dwelling);
    case DO_FOLLOW: return report_follow(db, &actor, place, report, true);
    case DO_THUMBS:
    case DO_JOINS: return crowd(db, life, told, step->act == DO_JOINS, step->n);
    case DO_NOTE: return report_note(db, &actor, place, report, words);
    case DO_REDACT: return redact(db, &actor, told, step->more);
    case DO_HIDE: return report_hide(db, &actor, place, report, true, words);
    }
    return E_INVALID;
}

static enum result happen(struct db *db, void *arg)
{
    struct life *life = arg;
    const struct plot_event *e = life->event;

    switch (e->kind) {
    case PLOT_JOIN: return demo_move_in(db, life->s, e->story);
    case PLOT_DECIDE: return demo_decide(db, life->s, e->story, e->step.n != 0, e->step.text);
    case PLOT_WRITE: return write_report(db, life);
    case PLOT_STEP: return take_step(db, life);
    }
    return E_INVALID;
}

/* ---- time goes by ---------------------------------------------------------------------------------------------------------------------- */

/* Figures of the morning: of yesterday, and of a week before to compare them with. */
static bool has_figures(const struct stage *s)
{
    int32_t ago = day_of(s->o->now) - day_of(s->now);

    return ago == 0 || ago == 7;
}

static enum result pass_time(struct stage *s, int64_t to)
{
    enum result r = OK;

    while (r == OK && s->now < to) {
        int64_t next = s->now + RING_EVERY_MINUTES * TIME_MINUTE, rung;
        int32_t day = day_of(s->now);

        s->now = next < to ? next : to;
        time_set(s->now);
        r = clock_ring(s->o->database, s->scratch, &report_bell, s->now, &rung);
        if (r == OK)
            r = clock_ring(s->o->database, s->scratch, &order_bell, s->now, &rung);
        if (r == OK)
            r = demo_days_pass(s);
        if (r == OK && day_of(s->now) != day) {
            r = ledger_close_day(s->o->database, s->scratch, day);
            if (r == OK)
                r = statistics_close_days(s->o->database, s->scratch, s->now, 40, &rung);
            if (r == OK && has_figures(s))
                r = coverage_count(s->o->database, s->scratch, s->now);
            if (r == OK && has_figures(s))
                r = daily_count(s->o->database, s->scratch, s->now, &rung);
        }
    }
    return r;
}

struct limits {
    struct plot_limit row[64];
    size_t n;
};

static enum result read_limits(struct db *db, struct limits *ret)
{
    enum result r = OK;

    ret->n = 0;
    for (size_t i = 0; r == OK && i < demo_smalls_n && ret->n < 64; i++) {
        const struct category *category;

        r = category_get(db, str_from_cstr(demo_smalls[i].category), &category);
        if (r == OK)
            ret->row[ret->n++] = (struct plot_limit){
                demo_smalls[i].category, limit_unit_from_word(category->limit_unit), category->limit_amount};
    }
    return r;
}

enum result demo_live(struct stage *s)
{
    struct life life = {.s = s};
    struct limits limits;
    struct plot plot;
    struct db *db;
    enum result r = demo_stories_n + demo_smalls_n <= STORIES_MAX ? db_read_begin(s->o->database, s->scratch, &db)
                                                                  : E_TOO_LARGE;

    if (r != OK)
        return r;
    r = read_limits(db, &limits);
    db_read_end(db);
    arena_reset(s->scratch);
    if (r != OK)
        return r;
    plot_make(s, limits.row, limits.n, &plot);
    for (size_t i = 0; r == OK && i < plot.n; i++) {
        const struct plot_event *e = &plot.event[i];

        life.event = e;
        r = pass_time(s, e->at);
        if (r != OK)
            break;
        r = db_write_wait(s->o->database, s->scratch, happen, &life);
        arena_reset(s->scratch);
        if (r == E_CONFLICT || r == E_DENIED || r == E_INVALID || r == E_NOT_FOUND) {
            if (!e->may_fail) {
                s->skipped++;
                log_warn("demo.skipped", LOG_INT("kind", e->kind), LOG_INT("story", e->story),
                         LOG_INT("act", e->step.act), LOG_INT("who", e->step.who), LOG_CSTR("result", result_name(r)));
            }
            r = OK;
        }
    }
    return r == OK ? pass_time(s, s->o->now) : r;
}
