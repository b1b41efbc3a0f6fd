/* party.c: members of the Party: branches, who has said so, who shows it and who does not, what they promise, what they take up. */
#include "civic/party/party.h"

#include "boards/report/report.sql.h"
#include "demo/stage.h"
#include "engine/base/time.h"

enum { COMMITMENTS = 4, GOES = 7 /* the member who asks for another branch */ };
static const char *const commitments[COMMITMENTS] = {
    "每周六上午在活动室教老人用手机",
    "楼道里的堆物，月底前带头清掉自己那一份",
    "独居的邻居有急事，电话随时打给我",
    "台风天前帮一楼的几家检查窗户",
};

struct ward {
    int64_t place, branch[2];
    size_t n;
    int64_t secretary, office;
};

static struct party_actor office(const struct stage *s, const struct ward *w)
{
    return (struct party_actor){.person = w->secretary, .organisation = w->office, .now = s->now, .quiet = true};
}

static enum result found(struct db *db, const struct stage *s, struct ward *w, const char *const *names)
{
    const struct party_actor actor = office(s, w);
    enum result r = OK;

    for (w->n = 0; r == OK && w->n < 2 && names[w->n]; w->n++)
        r = party_branch_add(db, &actor, w->place, str_from_cstr(names[w->n]), &w->branch[w->n]);
    return r;
}

/* Most show it; every fifth one does not, and counts all the same. */
static enum result join(struct db *db, const struct stage *s, const struct ward *w, int64_t person, int n, int64_t *ret)
{
    const struct party_actor self = {.person = person, .now = s->now, .quiet = true}, by = office(s, w);
    int64_t branch = w->branch[(size_t)n % w->n];
    enum result r = party_ask(db, &self, w->place, branch, ret);

    if (r == OK)
        r = party_decide(db, &by, w->place, *ret, true, branch, STR_NONE);
    return r == OK && n % 5 != 4 ? party_show(db, &self, true, LANG_ZH_CN) : r;
}

static enum result promise(struct db *db, const struct stage *s, int64_t place, int64_t person, int n)
{
    const struct party_actor self = {.person = person, .now = s->now, .quiet = true};
    const int thankful[] = {WU, XU, CHEN, TANG};
    int64_t id;
    bool held;
    enum result r = party_commit(db, &self, str_from_cstr(commitments[n]), day_of(s->now) + 20 + n * 10, &id, &held);

    for (int k = 0; r == OK && k <= n; k++) {
        const struct party_actor neighbour = {.person = s->resident[thankful[k]].person, .now = s->now};

        if (neighbour.person != person && s->resident[thankful[k]].here)
            r = party_commitment_thank(db, &neighbour, place, id, 5 - k % 2);
    }
    return r == OK && n == 1 ? party_commitment_end(db, &self, id, true) : r;
}

/* A report that is being handled: a neighbour lends a hand; of another one the reporter has thanked already. */
static enum result lend(struct db *db, const struct stage *s, int64_t place, int64_t person, int n)
{
    const struct party_actor self = {.person = person, .now = s->now};
    struct sql_report_recent_open_rows rows;
    enum result r = sql_report_recent_open(db, place, person, 4, &rows);

    if (r != OK || rows.n <= (size_t)n)
        return r;
    r = party_take(db, &self, place, "report", rows.row[n].id);
    if (r == OK && n == 1) {
        int64_t task;

        r = party_task_now(db, place, "report", rows.row[n].id, person, &task);
        if (r == OK)
            r = party_task_end(db, &self, task, true);
        if (r == OK) {
            const struct party_actor asker = {.person = rows.row[n].author, .now = s->now};

            r = party_task_thank(db, &asker, place, task, 5);
        }
    }
    return r;
}

static enum result gather(struct db *db, void *arg)
{
    static const char *const names[][3] = {
        {"海江路第一党支部", "海江路第二党支部", NULL}, {"三营房党支部", NULL}, {"宝钢五村党支部", NULL}};
    struct stage *s = arg;
    struct ward wards[] = {
        {.place = DEMO_COMMUNITY, .secretary = s->staff[STAFF_SECRETARY], .office = s->org[ORG_COMMITTEE]},
        {.place = DEMO_SAME_STREET, .secretary = s->staff[STAFF_SECRETARY_B], .office = s->org[ORG_COMMITTEE_B]},
        {.place = DEMO_OTHER_STREET, .secretary = s->staff[STAFF_SECRETARY_C], .office = s->org[ORG_COMMITTEE_C]},
    };
    enum result r = OK;

    for (size_t w = 0; r == OK && w < sizeof(wards) / sizeof(wards[0]); w++) {
        int n = 0, promised = 0;
        bool asked = false;

        r = found(db, s, &wards[w], names[w]);
        for (int i = 0; r == OK && i < DEMO_STAFF; i++)
            if (demo_posts[i].party && s->org[demo_posts[i].org] == wards[w].office) {
                int64_t member;

                r = join(db, s, &wards[w], s->staff[i], n++, &member);
            }
        for (int i = 0; r == OK && i < RESIDENTS; i++) {
            const struct demo_dweller *d = &s->resident[i];
            int64_t member;

            if (!d->here || d->community != wards[w].place)
                continue;
            if (!d->party && !asked && w == 0 && i > DEMO_NAMED) { /* somebody waits to be confirmed */
                const struct party_actor self = {.person = d->person, .now = s->now, .quiet = true};

                asked = true;
                r = party_ask(db, &self, wards[w].place, wards[w].branch[0], &member);
                continue;
            }
            if (!d->party && (w == 0 || n >= PARTY_FEW + 1)) /* the small places have as many as figures may say */
                continue;
            r = join(db, s, &wards[w], d->person, n, &member);
            if (r == OK && n % 5 != 4 && w == 0 && promised < COMMITMENTS) {
                r = promise(db, s, wards[w].place, d->person, promised);
                if (r == OK)
                    r = lend(db, s, wards[w].place, d->person, promised++);
            }
            if (r == OK && w == 0 && n == GOES) { /* and somebody to be taken in by the other branch */
                const struct party_actor self = {.person = d->person, .now = s->now, .quiet = true};
                int64_t id;

                r = party_transfer_ask(db, &self, wards[w].place, wards[w].branch[(n + 1) % 2], &id);
            }
            n++;
        }
    }
    return r;
}

enum result demo_party(struct stage *s)
{
    return db_write_wait(s->o->database, s->scratch, gather, s);
}
