/* settle.c: the neighbourhood before anything happens in it. */
#include <stdio.h>

#include "boards/report/rules.h"
#include "civic/person/account.h"
#include "civic/person/join.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "demo/stage.h"
#include "engine/base/csv.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

const int demo_not_on_roster[NOT_ON_ROSTER] = {55, 56, 57, 58, 59};

/* ---- who lives where --------------------------------------------------------------------------------------------------- */

static void cast_resident(struct stage *s, int i)
{
    struct demo_dweller *d = &s->resident[i];
    unsigned n = (unsigned)i;

    if (i < DEMO_NAMED) {
        const struct demo_resident *r = &demo_named[i];

        *d = (struct demo_dweller){.estate = r->estate,
                                   .house = r->building,
                                   .floor = r->floor,
                                   .room = r->room,
                                   .male = r->male,
                                   .party = r->party,
                                   .name = str_from_cstr(r->name)};
    } else {
        d->estate = i >= RESIDENTS_A + RESIDENTS_B ? 4 : i >= RESIDENTS_A ? 3 : i % 5 < 2 ? 0 : i % 5 < 4 ? 1 : 2;
        const struct demo_estate *e = &demo_estates[d->estate];

        d->house = 1 + i % e->buildings;
        d->floor = 1 + (i / e->buildings + i) % e->floors;
        d->room = 1 + (i / 3) % e->rooms;
        d->male = demo_spread(n * 3 + 5) < 0.48;
        d->party = demo_spread(n * 5 + 9) < 0.14;
        d->name = demo_name(s->a, n, d->male);
    }
    d->community = demo_estates[d->estate].community;
    d->born = day_of(s->o->now) - 365 * 24 - (int32_t)(demo_spread(n * 11 + 2) * 365 * 52);
}

/* ---- places ---------------------------------------------------------------------------------------------------------------- */

static enum result make_places(struct db *db, void *arg)
{
    struct stage *s = arg;
    struct arena *a = db_arena(db);
    enum result r = OK;

    for (int e = 0; r == OK && e < DEMO_ESTATES; e++) {
        const struct demo_estate *of = &demo_estates[e];
        struct estate estate = {
            .community = of->community, .name = str_from_cstr(of->name), .address = str_from_cstr(of->address)};

        r = estate_create(db, &estate, s->now, 0);
        s->estate[e] = estate.id;
        for (int b = 0; r == OK && b < of->buildings; b++) {
            struct building building = {.community = of->community,
                                        .estate = estate.id,
                                        .name = str_printf(a, "%d号楼", b + 1),
                                        .position = b + 1};

            r = building_create(db, &building);
            s->building[e][b] = building.id;
            for (int k = 0; r == OK && k < of->floors * of->rooms; k++) {
                int floor = k / of->rooms, room = k % of->rooms;
                struct dwelling dwelling = {
                    .community = of->community,
                    .estate = estate.id,
                    .building = building.id,
                    .room = str_printf(a, "%d%02d室", floor + 1, room + 1),
                    .exclusive_area = 38 + (int)(demo_spread((unsigned)(e * 1000 + b * 100 + k)) * 700) / 10.0};

                r = dwelling_create(db, &dwelling);
                s->dwelling[e][b][floor][room] = dwelling.id;
            }
        }
    }
    return r;
}

static enum result make_organisations(struct db *db, void *arg)
{
    struct stage *s = arg;
    enum result r = OK;

    s->org[ORG_CITY] = s->o->city_office;
    for (int i = ORG_NONE + 1; r == OK && i < DEMO_ORGS; i++) {
        const struct demo_organisation *of = &demo_organisations[i];
        struct organisation o = {.place = of->place,
                                 .kind = str_from_cstr(of->kind),
                                 .name = str_from_cstr(of->name),
                                 .phone = str_from_cstr(of->phone)};

        if (i == ORG_CITY)
            continue;
        r = organisation_create(db, &o, s->now, 0);
        s->org[i] = o.id;
        if (r == OK && of->serves)
            r = organisation_serve(db, o.id, of->serves, true);
    }
    return r;
}

static enum result make_staff(struct db *db, void *arg)
{
    struct stage *s = arg;
    int64_t post;
    enum result r = OK;

    for (int i = 0; r == OK && i < DEMO_STAFF; i++) {
        const struct demo_post *of = &demo_posts[i];
        struct person_new person = {.name = str_from_cstr(of->name),
                                    .login = str_from_cstr(of->login),
                                    .sex = of->male ? SEX_MALE : SEX_FEMALE,
                                    .mobile = demo_mobile(db_arena(db), 9000 + (unsigned)i)};

        r = person_create(db, s->o->services->keys, &person, s->now, &s->staff[i]);
        if (r == OK)
            r = post_give(db, s->staff[i], s->org[of->org], of->role, str_from_cstr(of->title), 0, s->now, &post);
    }
    for (size_t i = 0; r == OK && i < demo_templates_n; i++)
        r = sql_answer_template_put(db, DEMO_COMMUNITY, id_new(), str_from_cstr(demo_templates[i].name),
                                    str_from_cstr(demo_templates[i].body));
    return r;
}

/* ---- the rosters ------------------------------------------------------------------------------------------------------------- */

struct roster {
    struct stage *stage;
    int64_t community;
    int64_t wrong;
};

static bool on_roster(int resident)
{
    for (int i = 0; i < NOT_ON_ROSTER; i++)
        if (demo_not_on_roster[i] == resident)
            return false;
    return true;
}

static void roster_row(struct buf *csv, const struct demo_dweller *d, unsigned n, const char *relation)
{
    struct arena *a = csv->arena;

    csv_put(csv, str_from_cstr(demo_estates[d->estate].name), true);
    csv_put(csv, str_printf(a, "%d号楼", d->house), false);
    csv_put(csv, str_printf(a, "%d%02d", d->floor, d->room), false);
    csv_put(csv, d->name, false);
    csv_put(csv, demo_document(a, d->born, n, d->male), false);
    csv_put(csv, demo_mobile(a, n), false);
    csv_put(csv, str_from_cstr(relation), false);
    csv_end_row(csv);
}

/* What the committee has written down over the years, as the file that it would import: who has an account, and many who have none. */
static enum result make_roster(struct db *db, void *arg)
{
    struct roster *job = arg;
    struct stage *s = job->stage;
    struct roster_result result;
    struct buf csv;
    unsigned n = 1000;
    enum result r;

    buf_init(&csv, db_arena(db), 1 << 16, 1 << 22);
    buf_put(&csv, STR("小区,楼栋,室号,姓名,身份证号,手机号,与房屋关系\r\n"));
    for (int i = 0; i < RESIDENTS; i++)
        if (s->resident[i].community == job->community && on_roster(i))
            roster_row(&csv, &s->resident[i], (unsigned)i, i == QIN ? "家庭成员" : "业主");
    for (int e = 0; e < DEMO_ESTATES; e++)
        for (int k = 0; demo_estates[e].community == job->community &&
                        k < demo_estates[e].buildings * demo_estates[e].floors * demo_estates[e].rooms;
             k++, n++) {
            int per_house = demo_estates[e].floors * demo_estates[e].rooms;
            struct demo_dweller d = {.estate = e,
                                     .house = 1 + k / per_house,
                                     .floor = 1 + k % per_house / demo_estates[e].rooms,
                                     .room = 1 + k % demo_estates[e].rooms,
                                     .male = demo_spread(n) < 0.5,
                                     .born = 1000 + (int32_t)(demo_spread(n * 3) * 9000)};

            if (demo_spread(n * 7 + 1) > 0.55)
                continue;
            d.name = demo_name(csv.arena, n, d.male);
            roster_row(&csv, &d, n, demo_spread(n * 9) < 0.8 ? "业主" : "租户");
        }
    r = roster_import(db, s->o->services->keys, job->community, buf_str(&csv), s->staff[STAFF_CADRE_1],
                      s->org[ORG_COMMITTEE], s->now, &result);
    if (r == OK)
        job->wrong = (int64_t)result.n_faults;
    return r;
}

enum result demo_settle(struct stage *s)
{
    static enum result (*const steps[])(struct db * db, void *arg) = {make_places, make_organisations, make_staff};
    static const int64_t communities[] = {DEMO_COMMUNITY, DEMO_SAME_STREET, DEMO_OTHER_STREET};
    enum result r = OK;

    for (int i = 0; i < RESIDENTS; i++)
        cast_resident(s, i);
    for (size_t i = 0; r == OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
        s->now += 20 * TIME_MINUTE;
        time_set(s->now);
        r = db_write_wait(s->o->database, s->scratch, steps[i], s);
        arena_reset(s->scratch);
    }
    for (size_t i = 0; r == OK && i < sizeof(communities) / sizeof(communities[0]); i++) {
        struct roster job = {s, communities[i], 0};

        s->now += 10 * TIME_MINUTE;
        time_set(s->now);
        r = db_write_wait(s->o->database, s->scratch, make_roster, &job);
        s->skipped += job.wrong;
        arena_reset(s->scratch);
    }
    return r;
}

/* ---- moving in ------------------------------------------------------------------------------------------------------------------ */

enum result demo_move_in(struct db *db, struct stage *s, int i)
{
    struct arena *a = db_arena(db);
    struct demo_dweller *d = &s->resident[i];
    struct person_new person = {.mobile = demo_mobile(a, (unsigned)i), .sex = d->male ? SEX_MALE : SEX_FEMALE};
    struct join_request join = {.name = d->name,
                                .community = d->community,
                                .estate = s->estate[d->estate],
                                .building = s->building[d->estate][d->house - 1],
                                .dwelling = s->dwelling[d->estate][d->house - 1][d->floor - 1][d->room - 1],
                                .relation = i == QIN ? STR("family") : STR("owner"),
                                .consent_version = STR("2026-11"),
                                .mobile = person.mobile};
    enum join_fault fault;
    int64_t residence;
    bool verified;
    enum result r;

    if (document_parse(DOCUMENT_RESIDENT_ID, demo_document(a, d->born, (unsigned)i, d->male), day_of(s->now),
                       &join.document) != IDENTITY_FINE)
        return E_INVALID;
    r = person_create(db, s->o->services->keys, &person, s->now, &join.person);
    if (r == OK)
        r = join_ask(db, s->o->services->keys, &join, s->now, &verified, &residence, &fault);
    if (r == OK && fault != JOIN_FINE)
        r = E_INVALID;
    if (r != OK)
        return r;
    d->person = join.person;
    d->dwelling = join.dwelling;
    d->from = str_printf(s->a, "%d号楼", d->house);
    d->here = verified;
    return OK;
}

enum result demo_decide(struct db *db, struct stage *s, int i, bool verified, const char *reason)
{
    struct demo_dweller *d = &s->resident[i];
    struct sql_residence_of_person_rows homes;
    enum result r = sql_residence_of_person(db, d->person, &homes);

    if (r == OK && homes.n == 0)
        r = E_NOT_FOUND;
    if (r == OK)
        r = join_decide(db, d->community, homes.row[0].id, verified, str_from_cstr(reason), s->staff[STAFF_CADRE_2],
                        s->org[ORG_COMMITTEE], s->now);
    if (r == OK)
        d->here = verified;
    return r;
}
