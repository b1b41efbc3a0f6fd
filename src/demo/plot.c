/* plot.c: turns the tables of stories into moments, counted back from now, so that deadlines look alive whenever the world is made. */
#include "demo/plot.h"

#include <stdlib.h>

/* ---- moments --------------------------------------------------------------------------------------------------------------- */

static int64_t clock_at(int32_t day, int hour, int minute)
{
    return day_start(day) + hour * TIME_HOUR + minute * TIME_MINUTE;
}

/* The n-th work day before the last one that has begun. */
static int32_t work_day_back(const struct calendar *c, int64_t now, int n)
{
    int32_t day = day_of(now);

    if (now < clock_at(day, 9, 0))
        day--;
    while (!calendar_is_workday(c, day))
        day--;
    for (; n > 0; n--)
        do
            day--;
        while (!calendar_is_workday(c, day));
    return day;
}

int64_t plot_when(const struct calendar *c, int64_t now, int when)
{
    if (when >= AGO(0))
        return now - (when - AGO(0)) * TIME_MINUTE;
    if (when >= WORK(0)) {
        int64_t t = now, left = (when - WORK(0)) * TIME_MINUTE;

        while (calendar_work_ms(c, t, now) < left)
            t -= TIME_MINUTE;
        return t;
    }
    return clock_at(work_day_back(c, now, when / 10000), when / 100 % 100, when % 100);
}

int64_t demo_beginning(int64_t now)
{
    return plot_when(calendar_now(), now, AT(26, 9, 0));
}

/* ---- the list ----------------------------------------------------------------------------------------------------------------- */

static struct plot_event *add(struct stage *s, struct plot *p, int64_t at, enum plot_kind kind, int story)
{
    static struct plot_event beyond; /* what would happen after now does not */

    if (at > s->o->now)
        return &beyond;
    if (p->n == p->room) {
        struct plot_event *more = arena_array(s->a, struct plot_event, p->room * 2);

        memcpy(more, p->event, p->n * sizeof(*more));
        p->event = more;
        p->room *= 2;
    }
    p->event[p->n] = (struct plot_event){.at = at, .order = (int)p->n, .kind = kind, .story = story};
    return &p->event[p->n++];
}

static int by_time(const void *a, const void *b)
{
    const struct plot_event *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->order - y->order;
}

/* ---- the told stories ----------------------------------------------------------------------------------------------------------- */

static void tell(struct stage *s, struct plot *p, int number)
{
    const struct demo_story *story = &demo_stories[number];
    const struct calendar *c = calendar_now();
    int64_t at = plot_when(c, s->o->now, story->when);

    add(s, p, at, PLOT_WRITE, number);
    for (const struct demo_step *step = story->step; step->act != DO_END; step++) {
        int64_t then = plot_when(c, s->o->now, step->when);

        at = then > at ? then : at + TIME_MINUTE; /* a night or a weekend may have pushed two moments together */
        add(s, p, at, PLOT_STEP, number)->step = *step;
    }
}

/* ---- the small ones --------------------------------------------------------------------------------------------------------------- */

struct teller {
    struct stage *s;
    struct plot *p;
    int number; /* of the story */
    int64_t at;
};

static void go(struct teller *t, struct demo_step step)
{
    add(t->s, t->p, t->at, PLOT_STEP, t->number)->step = step;
}

static void work_later(struct teller *t, int64_t minutes)
{
    t->at = calendar_add_work_ms(calendar_now(), t->at, minutes * TIME_MINUTE);
}

/* How many minutes of work the handling takes: `share` of its limit. */
static int64_t handling(const struct plot_limit *limit, double share)
{
    switch (limit->unit) {
    case LIMIT_CLOCK_HOUR:
    case LIMIT_WORK_HOUR: return (int64_t)(share * 60.0 * (double)limit->amount);
    default: return (int64_t)(share * 420.0 * (double)limit->amount);
    }
}

static enum demo_staff staff_of(enum demo_org org)
{
    for (int i = 0; i < DEMO_STAFF; i++)
        if (demo_posts[i].org == org)
            return (enum demo_staff)i;
    return STAFF_SECRETARY;
}

static void tell_small(struct stage *s, struct plot *p, int i, const struct plot_limit *limit)
{
    static const enum demo_staff cadres[] = {STAFF_CADRE_1, STAFF_CADRE_2, STAFF_CADRE_3, STAFF_CADRE_4,
                                             STAFF_DIRECTOR};
    const struct demo_small *small = &demo_smalls[i];
    struct teller t = {s, p, (int)demo_stories_n + i, plot_when(calendar_now(), s->o->now, small->when)};
    unsigned seed = (unsigned)i * 31 + 7;
    int cadre = STAFF(small->place == 2   ? STAFF_CADRE_C
                      : small->place == 1 ? STAFF_CADRE_B
                                          : cadres[i % (int)(sizeof(cadres) / sizeof(cadres[0]))]);
    int handler = STAFF(staff_of(small->org)), author = small->author;
    int64_t start = t.at;
    bool late = small->pattern == BY_HANDLER_LATE, handed = small->org != ORG_NONE;

    add(s, p, t.at, PLOT_WRITE, t.number);
    work_later(&t, late ? 150 : 12 + (int64_t)(demo_spread(seed) * 70));
    if (handed) {
        go(&t, (struct demo_step){.act = DO_HAND,
                                  .who = cadre,
                                  .text = small->answer,
                                  .org = small->org,
                                  .n = 1,
                                  .more = "请到现场处理，做完拍照。"});
        work_later(&t, 10 + (int64_t)(demo_spread(seed + 1) * 40));
        go(&t, (struct demo_step){.act = DO_ACCEPT, .who = handler, .org = small->org});
        work_later(&t, handling(limit, late ? 1.5 : 0.35 + demo_spread(seed + 2) * 0.3));
        go(&t, (struct demo_step){
                   .act = DO_DONE, .who = handler, .text = small->done, .org = small->org, .proof = {small->after}});
        work_later(&t, 20 + (int64_t)(demo_spread(seed + 3) * 60));
        if (small->pattern == CHECK_FAILED) {
            go(&t, (struct demo_step){.act = DO_FAIL, .who = cadre, .text = "现场看过，还有一半没做好，请补做。"});
            work_later(&t, handling(limit, 0.5));
            go(&t,
               (struct demo_step){
                   .act = DO_DONE, .who = handler, .text = small->done, .org = small->org, .proof = {small->after}});
            work_later(&t, 40);
        }
        go(&t, (struct demo_step){.act = DO_PASS, .who = cadre, .text = ""});
    } else {
        go(&t, (struct demo_step){.act = DO_ANSWER, .who = cadre, .text = small->answer});
        work_later(&t, 60 + (int64_t)(demo_spread(seed + 2) * 600));
        go(&t, (struct demo_step){
                   .act = small->pattern == EXPLAINED ? DO_EXPLAIN : DO_SOLVE, .who = cadre, .text = small->done});
    }
    if (small->pattern == REOPENED) {
        t.at += 3 * TIME_HOUR;
        go(&t, (struct demo_step){.act = DO_REJECT, .who = author, .text = "回来一看又有了，没有彻底解决。"});
        work_later(&t, 200);
        go(&t, (struct demo_step){
                   .act = DO_DONE, .who = handler, .text = small->done, .org = small->org, .proof = {small->after}});
        work_later(&t, 60);
        go(&t, (struct demo_step){.act = DO_PASS, .who = cadre, .text = ""});
    }
    if (small->stars) {
        t.at += 2 * TIME_HOUR + (int64_t)(demo_spread(seed + 4) * 20.0 * 60) * TIME_MINUTE;
        go(&t, (struct demo_step){.act = DO_CONFIRM, .who = author, .text = small->thanks, .n = small->stars});
    }

    /* What neighbours add while it lasts: on its first evening. */
    t.at = start + 25 * TIME_MINUTE;
    for (int k = (int)(demo_spread(seed + 5) * 3.4); k > 0; k--) {
        t.at += 20 * TIME_MINUTE + (int64_t)(demo_spread(seed + 6 + (unsigned)k) * 150) * TIME_MINUTE;
        struct plot_event *e = add(s, p, t.at, PLOT_STEP, t.number);

        e->may_fail = true;
        e->step = (struct demo_step){
            .act = DO_COMMENT,
            .who = small->place == 0 ? (int)(demo_spread(seed + 20 + (unsigned)k) * 54)
                                     : (small->place == 1 ? RESIDENTS_A : RESIDENTS_A + RESIDENTS_B) + (i + k * 3) % 10,
            .text = demo_remarks[(size_t)(demo_spread(seed + 40 + (unsigned)k) * (double)demo_remarks_n)]};
    }
    t.at = start + 55 * TIME_MINUTE;
    struct plot_event *e = add(s, p, t.at, PLOT_STEP, t.number);
    e->may_fail = true;
    e->step = (struct demo_step){.act = DO_JOINS, .n = (int)(demo_spread(seed + 8) * 5)};
    e = add(s, p, t.at + 70 * TIME_MINUTE, PLOT_STEP, t.number);
    e->may_fail = true;
    e->step = (struct demo_step){.act = DO_THUMBS, .n = (int)(demo_spread(seed + 9) * 15)};
}

/* ---- moving in ------------------------------------------------------------------------------------------------------------------------ */

static void tell_moves(struct stage *s, struct plot *p)
{
    const struct calendar *c = calendar_now();
    int64_t begin = plot_when(c, s->o->now, AT(26, 18, 0));
    /* By the order of demo_not_on_roster: verified by a cadre, twice; refused; still waiting, twice. */
    static const int asked[NOT_ON_ROSTER] = {AT(12, 20, 10), AT(9, 12, 30), AT(7, 21, 5), AT(1, 20, 40), AGO(200)};
    static const int decided[NOT_ON_ROSTER] = {AT(11, 9, 30), AT(8, 10, 15), AT(6, 9, 20), 0, 0};

    for (int i = 0; i < RESIDENTS; i++) {
        int stranger = -1;

        for (int k = 0; k < NOT_ON_ROSTER; k++)
            if (demo_not_on_roster[k] == i)
                stranger = k;
        if (stranger < 0) {
            add(s, p, begin + (i / 16) * TIME_DAY + (i % 16) * 11 * TIME_MINUTE, PLOT_JOIN, i);
            continue;
        }
        add(s, p, plot_when(c, s->o->now, asked[stranger]), PLOT_JOIN, i);
        if (decided[stranger]) {
            bool refused = stranger == 2;

            add(s, p, plot_when(c, s->o->now, decided[stranger]), PLOT_DECIDE, i)->step = (struct demo_step){
                .n = !refused, .text = refused ? "房产证上的室号与您填的不一致，请带证件到居委会核对。" : ""};
        }
    }
}

void plot_make(struct stage *s, const struct plot_limit *limits, size_t n_limits, struct plot *p)
{
    *p = (struct plot){arena_array(s->a, struct plot_event, 1024), 0, 1024};
    tell_moves(s, p);
    for (int i = 0; i < (int)demo_stories_n; i++)
        tell(s, p, i);
    for (int i = 0; i < (int)demo_smalls_n; i++)
        for (size_t k = 0; k < n_limits; k++)
            if (strcmp(limits[k].category, demo_smalls[i].category) == 0) {
                tell_small(s, p, i, &limits[k]);
                break;
            }
    qsort(p->event, p->n, sizeof(*p->event), by_time);
}
