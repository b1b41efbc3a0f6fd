/* year_reports.c: the reports of a year (身边事): what is planned for each, and how its steps are taken. */
#include "demo/year_private.h"

#include "boards/report/rules.h"
#include "civic/calendar/calendar.h"
#include "demo/stories.h"
#include "demo/year.sql.h"

static int64_t work_later(const struct year *y, int64_t at, unsigned r, unsigned k, int from, int to)
{
    return calendar_add_work_ms(calendar_now(), at, (from + (int)(year_spread(y, r, k) * (to - from))) * TIME_MINUTE);
}

void year_plan_report(struct year *y, int r)
{
    struct matter *m = &y->matter[r];
    unsigned u = (unsigned)r + 1;
    double way = year_spread(y, u, 10), end = year_spread(y, u, 11);
    int64_t at, span = y->o->now - y->begin - SETTLING_DAYS * TIME_DAY;
    const struct home *h;
    int taps;

    m->home = r % y->homes;
    h = &y->home[m->home];
    m->author = (int)(year_spread(y, u, 12) * h->n);
    m->small = (uint8_t)(year_spread(y, u, 13) * (double)demo_smalls_n);
    m->squad = year_spread(y, u, 14) < 0.4;
    at = y->begin + SETTLING_DAYS * TIME_DAY + (int64_t)(year_spread(y, u, 15) * (double)span);
    at = day_start(day_of(at)) + 7 * TIME_HOUR + (int64_t)(year_spread(y, u, 16) * 15.0 * (double)TIME_HOUR);
    m->at = at;
    year_plan(y, at, r, WRITE, 0, m->author);
    taps = (int)(year_spread(y, u, 17) * 2 * y->o->scale->taps);
    for (int k = 0; k < taps; k++) {
        unsigned s = 100 + (unsigned)k * 4;
        double kind = year_spread(y, u, s);

        year_plan(y, at + (int64_t)(year_spread(y, u, s + 1) * year_spread(y, u, s + 2) * 2.0 * (double)TIME_DAY), r,
                  kind < 0.58   ? THUMB
                  : kind < 0.82 ? COMMENT
                  : kind < 0.93 ? FOLLOW
                                : JOIN,
                  k % 14, (int)(year_spread(y, u, s + 3) * h->n));
    }
    at = work_later(y, at, u, 20, 8, 140);
    if (way < 0.02) {
        year_plan(y, at, r, VOID, 0, 0);
        return;
    }
    if (way < 0.55) {
        year_plan(y, at, r, ANSWER, 0, 0);
        at = work_later(y, at, u, 21, 60, 900);
        year_plan(y, at, r, way < 0.08 ? EXPLAIN : SOLVE, 0, 0);
    } else {
        year_plan(y, at, r, HAND, 0, 0);
        at = work_later(y, at, u, 22, 10, 200);
        year_plan(y, at, r, ACCEPT, 0, 0);
        at = work_later(y, at, u, 23, 120, 1500);
        year_plan(y, at, r, DONE, 0, 0);
        at = work_later(y, at, u, 24, 20, 200);
        if (end < 0.05) {
            year_plan(y, at, r, FAIL, 0, 0);
            at = work_later(y, at, u, 25, 120, 600);
            year_plan(y, at, r, DONE, 0, 0);
            at = work_later(y, at, u, 26, 20, 200);
        }
        year_plan(y, at, r, CHECK, 0, 0);
        if (end > 0.96) {
            at += 3 * TIME_HOUR;
            year_plan(y, at, r, REJECT, 0, m->author);
            at = work_later(y, at, u, 27, 120, 600);
            year_plan(y, at, r, DONE, 0, 0);
            at = work_later(y, at, u, 28, 20, 200);
            year_plan(y, at, r, CHECK, 0, 0);
        }
    }
    if (year_spread(y, u, 29) < 0.62) /* the others are closed by the clock after a week */
        year_plan(y, at + TIME_HOUR + (int64_t)(year_spread(y, u, 30) * 3.0 * (double)TIME_DAY), r, CONFIRM,
                  3 + (int)(year_spread(y, u, 31) * 2.99), m->author);
}

static enum result open_order(struct db *db, int64_t place, int64_t report, int64_t *ret)
{
    struct sql_work_order_of_report_rows orders;
    enum result r = sql_work_order_of_report(db, place, report, &orders);

    for (size_t i = 0; r == OK && i < orders.n; i++)
        if (str_eq(orders.row[i].state, STR("handed")) || str_eq(orders.row[i].state, STR("accepted"))) {
            *ret = orders.row[i].id;
            return OK;
        }
    return r == OK ? E_NOT_FOUND : r;
}

static enum result write_report(struct db *db, struct matter *m, const struct home *h, const struct report_actor *actor)
{
    const struct demo_small *like = &demo_smalls[m->small];
    const struct dweller *author = &h->dweller[m->author];
    const struct report_draft draft = {.community = h->code,
                                       .dwelling = author->dwelling,
                                       .author_from = str_printf(db_arena(db), "%d号楼", author->house),
                                       .title = str_from_cstr(like->title),
                                       .body = str_from_cstr(like->body),
                                       .category = str_from_cstr(like->category),
                                       .spot = str_from_cstr(like->spot),
                                       .estate = author->estate,
                                       .building = author->building,
                                       .committee = h->committee};

    return report_write(db, actor, &draft, &m->id);
}

enum result year_take_report(struct db *db, struct year *y, const struct step *s)
{
    struct matter *m = &y->matter[s->matter];
    const struct home *h = &y->home[m->home];
    const struct street *street = &y->street[h->street];
    const struct demo_small *like = &demo_smalls[m->small];
    struct report_actor who = {.person = h->dweller[s->who].person, .who = WHO_RESIDENT | WHO_AUTHOR, .now = s->at};
    const struct report_actor committee = {h->cadre[s->matter % CADRES], h->committee, WHO_COMMITTEE, s->at};
    const struct report_actor handler = {m->squad ? street->captain : h->manager,
                                         m->squad ? street->squad : h->property, WHO_HANDLER, s->at};
    struct str answer = str_from_cstr(like->answer), done = str_from_cstr(like->done);
    int64_t order = 0, ignored;
    enum result r = OK;

    if (s->deed == WRITE)
        return write_report(db, m, h, &who);
    if (m->id == 0) { /* written by an earlier run */
        struct sql_year_report row;

        if ((r = sql_year_report(db, h->code, h->dweller[m->author].person, m->at, &row)) != OK)
            return r;
        m->id = row.id;
    }
    if (s->deed == ACCEPT || s->deed == DONE)
        r = open_order(db, h->code, m->id, &order);
    if (r != OK)
        return r;
    switch ((enum deed)s->deed) {
    case WRITE: break;
    case ANSWER: return report_answer(db, &committee, h->code, m->id, answer);
    case HAND: {
        struct report_hand_off hand = {.n = 1, .text = answer};

        hand.to[0].organisation = handler.organisation;
        hand.to[0].task = STR("请到现场处理，做完说一声。");
        hand.to[0].lead = true;
        return report_hand_off(db, &committee, h->code, m->id, &hand);
    }
    case ACCEPT: return order_accept(db, &handler, h->code, order);
    case DONE: return order_done(db, &handler, h->code, order, done, 0, &ignored);
    case CHECK: return report_check(db, &committee, h->code, m->id, true, STR_NONE);
    case FAIL: return report_check(db, &committee, h->code, m->id, false, STR("现场看过，还有一半没做好，请补做。"));
    case SOLVE:
    case EXPLAIN: return report_solve(db, &committee, h->code, m->id, done, s->deed == EXPLAIN, &ignored);
    case VOID: return report_void(db, &committee, h->code, m->id, STR("与另一件重复。"));
    case REJECT: return report_reject(db, &who, h->code, m->id, STR("回来一看又有了，没有彻底解决。"));
    case CONFIRM: return report_confirm(db, &who, h->code, m->id, s->n, STR("谢谢，处理得很好。"));
    case COMMENT:
        return report_comment(db, &who, h->code, m->id, str_from_cstr(demo_remarks[s->n % demo_remarks_n]), &ignored);
    case THUMB: return report_thumb(db, &who, h->code, m->id, true);
    case FOLLOW: return report_follow(db, &who, h->code, m->id, true);
    case JOIN: return report_join(db, &who, h->code, m->id, h->dweller[s->who].dwelling);
    default: return E_INVALID;
    }
    return E_INVALID;
}

enum result year_ring_reports(struct year *y, int64_t now)
{
    int64_t rung;
    enum result r = clock_ring(y->o->database, y->scratch, &report_bell, now, &rung);

    return r == OK ? clock_ring(y->o->database, y->scratch, &order_bell, now, &rung) : r;
}
