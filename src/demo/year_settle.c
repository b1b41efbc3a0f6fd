/* year_settle.c: the offices, houses and people of the communities of a year. */
#include "demo/year_private.h"

#include "boards/guide/guide.h"
#include "boards/inquiry/rules.h"
#include "civic/party/party.h"
#include "civic/person/account.h"
#include "civic/person/join.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "demo/cast.h"

enum { PER_HOUSE = 24, PER_ESTATE = 240 };

static enum result add_office(struct db *db, int64_t place, const char *kind, struct str name, int64_t now,
                              int64_t *ret)
{
    struct organisation o = {.place = place, .kind = str_from_cstr(kind), .name = name, .phone = STR("021-5600 0000")};
    enum result r = organisation_create(db, &o, now, 0);

    *ret = o.id;
    return r;
}

static enum result add_staff(struct db *db, const struct year *y, unsigned n, int64_t office, enum role role,
                             const char *title, int64_t now, int64_t *ret)
{
    struct arena *a = db_arena(db);
    bool male = year_spread(y, n, 91) < 0.5;
    struct person_new p = {.name = demo_name(a, n * 31 + 7, male),
                           .login = str_printf(a, "y%06u", n),
                           .sex = male ? SEX_MALE : SEX_FEMALE,
                           .mobile = str_printf(a, "1980%07u", n)};
    int64_t post;
    enum result r = person_create(db, y->o->services->keys, &p, now, ret);

    return r == OK ? post_give(db, *ret, office, role, str_from_cstr(title), 0, now, &post) : r;
}

static enum result settle_street(struct db *db, const struct year *y, const struct home *h, int64_t now)
{
    int64_t street = y->street[h->street].code, office, squad, grid, ignored;
    unsigned n = 500000 + (unsigned)h->street * 8;
    struct place place;
    enum result r = place_get(db, street, &place);

    if (r == OK)
        r = add_office(db, street, "subdistrict_office",
                       str_printf(db_arena(db), STR_FMT "办事处", STR_ARG(place.name)), now, &office);
    if (r == OK)
        r = add_office(db, street, "urban_management", STR("城管中队"), now, &squad);
    if (r == OK)
        r = add_office(db, street, "grid_centre", STR("网格化中心"), now, &grid);
    if (r == OK)
        r = add_staff(db, y, n, office, ROLE_STREET_OFFICER, "自治办科员", now, &ignored);
    if (r == OK)
        r = add_staff(db, y, n + 1, squad, ROLE_HANDLER, "城管队员", now, &ignored);
    return r == OK ? add_staff(db, y, n + 2, grid, ROLE_GRID_OPERATOR, "网格员", now, &ignored) : r;
}

/* Residents see who is responsible for them. */
static enum result show_officer(struct db *db, const struct year *y, int64_t community, int64_t office, int64_t officer,
                                unsigned n, int64_t now)
{
    const struct inquiry_actor by = {.person = officer, .organisation = office, .now = now};
    const struct officer_set set = {
        .organisation = office,
        .person = officer,
        .name = demo_name(db_arena(db), (n + CADRES + 1) * 31 + 7, year_spread(y, n + CADRES + 1, 91) < 0.5),
        .badge = str_printf(db_arena(db), "%06u", 31000 + n / 8),
        .communities = &community,
        .n = 1,
    };
    const char *field;

    return officer_set(db, &by, &set, &field);
}

static enum result settle_offices(struct db *db, const struct year *y, int i, int64_t now)
{
    const struct home *h = &y->home[i];
    struct arena *a = db_arena(db);
    struct place place;
    int64_t committee, property, police, officer, ignored;
    unsigned n = (unsigned)i * 8;
    enum result r = place_get(db, h->code, &place);

    if (r != OK)
        return r;
    struct str name = place_short_name(place.name);
    r = add_office(db, h->code, "residents_committee", str_printf(a, STR_FMT "居委会", STR_ARG(name)), now, &committee);
    if (r == OK)
        r = add_office(db, h->code, "property_company", str_printf(a, STR_FMT "物业服务中心", STR_ARG(name)), now,
                       &property);
    for (unsigned k = 0; r == OK && k < CADRES; k++)
        r = add_staff(db, y, n + k, committee, k ? ROLE_CADRE : ROLE_PARTY_SECRETARY, k ? "社区工作者" : "居民区书记",
                      now, &ignored);
    if (r == OK)
        r = add_staff(db, y, n + CADRES, property, ROLE_HANDLER, "物业经理", now, &ignored);
    if (r == OK && i < y->o->scale->officers) {
        r = add_office(db, h->code, "community_police", str_printf(a, STR_FMT "社区警务室", STR_ARG(name)), now,
                       &police);
        if (r == OK)
            r = add_staff(db, y, n + CADRES + 1, police, ROLE_COMMUNITY_POLICE, "社区民警", now, &officer);
        if (r == OK)
            r = show_officer(db, y, h->code, police, officer, n, now);
    }
    return r;
}

struct room {
    int64_t estate, building, dwelling;
};

static enum result settle_rooms(struct db *db, const struct home *h, int64_t now, struct room *ret)
{
    struct arena *a = db_arena(db);
    struct estate estate = {0};
    struct building building = {0};
    enum result r = OK;

    for (int k = 0; r == OK && k < h->households; k++) {
        int house = k / PER_HOUSE, room = k % PER_HOUSE;

        if (k % PER_ESTATE == 0) {
            estate = (struct estate){.community = h->code,
                                     .name = str_printf(a, "%d号小区", k / PER_ESTATE + 1),
                                     .address = STR("宝山路 1 弄")};
            r = estate_create(db, &estate, now, 0);
        }
        if (r == OK && room == 0) {
            building = (struct building){.community = h->code,
                                         .estate = estate.id,
                                         .name = str_printf(a, "%d号楼", house + 1),
                                         .position = house + 1};
            r = building_create(db, &building);
        }
        struct dwelling dwelling = {.community = h->code,
                                    .estate = estate.id,
                                    .building = building.id,
                                    .room = str_printf(a, "%d%02d室", room / 4 + 1, room % 4 + 1),
                                    .exclusive_area = 40 + k % 60};
        if (r == OK)
            r = dwelling_create(db, &dwelling);
        ret[k] = (struct room){estate.id, building.id, dwelling.id};
    }
    return r;
}

/* A member of the Party who shows it. */
static enum result settle_member(struct db *db, int64_t community, int64_t person, int64_t branch, int64_t cadre,
                                 int64_t committee, int64_t now)
{
    const struct party_actor self = {.person = person, .now = now, .quiet = true},
                             by = {.person = cadre, .organisation = committee, .now = now, .quiet = true};
    int64_t member;
    enum result r = party_ask(db, &self, community, branch, &member);

    if (r == OK)
        r = party_decide(db, &by, community, member, true, branch, STR_NONE);
    return r == OK ? party_show(db, &self, true, LANG_ZH_CN) : r;
}

static enum result settle_person(struct db *db, const struct year *y, int i, int k, const struct room *room,
                                 int64_t branch, int64_t cadre, int64_t committee, int64_t now)
{
    const struct year_scale *scale = y->o->scale;
    struct arena *a = db_arena(db);
    unsigned n = (unsigned)i * (unsigned)(scale->people / scale->communities + 16) + (unsigned)k;
    bool male = year_spread(y, n, 1) < 0.48;
    struct person_new person = {.mobile = str_printf(a, "1990%07u", n), .sex = male ? SEX_MALE : SEX_FEMALE};
    bool member = year_spread(y, n, 2) * scale->people < scale->party_members;
    struct join_request join = {.name = demo_name(a, n, male),
                                .community = y->home[i].code,
                                .estate = room->estate,
                                .building = room->building,
                                .dwelling = room->dwelling,
                                .relation = k < y->home[i].households ? STR("owner") : STR("family"),
                                .consent_version = STR("2026-11"),
                                .mobile = person.mobile};
    enum join_fault fault;
    int64_t residence;
    bool verified;
    /* Born between 1944 and 2004, so that a day and a running number are nobody else's. */
    struct str number = demo_document(a, -9400 + (int32_t)(n % 21900), n / 21900, male);
    enum result r;

    if (document_parse(DOCUMENT_RESIDENT_ID, number, day_of(now), &join.document) != IDENTITY_FINE)
        return E_INVALID;
    r = person_create(db, y->o->services->keys, &person, now, &join.person);
    if (r == OK)
        r = join_ask(db, y->o->services->keys, &join, now, &verified, &residence, &fault);
    if (r == OK && fault != JOIN_FINE)
        r = E_INVALID;
    if (r == OK && !verified)
        r = join_decide(db, join.community, residence, true, STR_NONE, cadre, committee, now);
    return r == OK && member ? settle_member(db, join.community, join.person, branch, cadre, committee, now) : r;
}

enum result year_office(struct db *db, int64_t place, const char *kind, int64_t *ret_office, int64_t *ret_staff,
                        size_t most)
{
    struct organisations there;
    struct person_ids people = {0};
    enum result r = organisation_list(db, place, &there);

    *ret_office = 0;
    for (size_t i = 0; r == OK && i < there.n && !*ret_office; i++)
        if (str_eq(there.organisation[i].kind, str_from_cstr(kind)))
            *ret_office = there.organisation[i].id;
    if (r == OK && *ret_office)
        r = person_of_organisation(db, *ret_office, &people);
    for (size_t i = 0; r == OK && i < most && people.n; i++)
        ret_staff[i] = people.id[i % people.n];
    return r;
}

enum result year_settle(struct db *db, void *arg)
{
    struct year *y = arg;
    const int i = y->at_home;
    const struct home *h = &y->home[i];
    int64_t now = time_now(), office, cadre, committee, branch = 0;
    struct room *room = arena_array(db_arena(db), struct room, (size_t)h->households);
    struct import_report report;
    enum result r = i ? OK : guide_import(db, YEAR_CITY, guide_embedded(), now, &report);

    if (r == OK)
        r = year_office(db, y->street[h->street].code, "grid_centre", &office, &cadre, 1);

    if (r == OK && office == 0)
        r = settle_street(db, y, h, now);
    if (r == OK)
        r = settle_offices(db, y, i, now);
    if (r == OK)
        r = settle_rooms(db, h, now, room);
    if (r == OK)
        r = year_office(db, h->code, "residents_committee", &committee, &cadre, 1);
    if (r == OK) {
        const struct party_actor by = {.person = cadre, .organisation = committee, .now = now, .quiet = true};

        r = party_branch_add(db, &by, h->code, STR("第一党支部"), &branch);
    }
    for (int k = 0; r == OK && k < h->people; k++)
        r = settle_person(db, y, i, k, &room[k % h->households], branch, cadre, committee, now);
    return r == OK ? year_advance(db, y, y->done + 1) : r;
}
