/* viewer.c: the person who asks, loaded once for each request, and what others see of a person. */
#include "civic/person/person.h"

#include "civic/access/access.h"
#include "civic/person/account.h"
#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "engine/base/time.h"

static const struct viewer guest;

const struct viewer *viewer_of(const struct request *rq)
{
    return rq->viewer ? rq->viewer : &guest;
}

static enum result load_posts(struct request *rq, struct viewer *viewer)
{
    struct sql_person_viewer_posts_rows rows;
    struct viewer_post *post;
    enum result r = sql_person_viewer_posts(rq->db, viewer->person, rq->now, &rows);

    if (r != OK || rows.n == 0)
        return r;
    post = arena_array(rq->arena, struct viewer_post, rows.n);
    for (size_t i = 0; r == OK && i < rows.n; i++) {
        post[i] = (struct viewer_post){
            .id = rows.row[i].id,
            .organisation = rows.row[i].organisation,
            .place = rows.row[i].place,
            .role = role_from_word(rows.row[i].role),
            .organisation_name = rows.row[i].name,
            .organisation_kind = rows.row[i].kind,
            .title = rows.row[i].title,
        };
        if (rows.row[i].predecessors)
            r = place_stands_for(rq->db, post[i].place, &post[i].stands_for, &post[i].n_stands_for);
    }
    viewer->post = post;
    viewer->n_posts = rows.n;
    return r;
}

static enum result load_residences(struct request *rq, struct viewer *viewer)
{
    struct sql_person_viewer_residences_rows rows;
    struct viewer_residence *home;
    enum result r = sql_person_viewer_residences(rq->db, viewer->person, &rows);

    if (r != OK || rows.n == 0)
        return r;
    home = arena_array(rq->arena, struct viewer_residence, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        home[i] = (struct viewer_residence){
            .community = rows.row[i].community,
            .id = rows.row[i].id,
            .estate = rows.row[i].estate,
            .building = rows.row[i].building,
            .dwelling = rows.row[i].dwelling,
            .verified = str_eq(rows.row[i].state, STR("verified")),
            .building_name = rows.row[i].building_name,
        };
    viewer->residence = home;
    viewer->n_residences = rows.n;
    return OK;
}

enum result person_load_viewer(struct request *rq)
{
    struct sql_person_viewer row;
    struct viewer *viewer = arena_new(rq->arena, struct viewer);
    enum result r;

    if (session_is_staff(rq))
        sql_person_viewer_posts_ahead(rq->db, rq->person, rq->now);
    sql_person_viewer_residences_ahead(rq->db, rq->person);
    r = sql_person_viewer(rq->db, rq->person, &row);

    if (r != OK)
        return r;
    if (!str_eq(row.state, STR("active")))
        return E_NOT_FOUND;
    viewer->person = rq->person;
    viewer->shown_name = row.shown_name;
    viewer->language = row.language;
    viewer->mode = row.mode;
    viewer->theme = row.theme;
    viewer->party_badge = row.party_badge;
    r = session_is_staff(rq) ? load_posts(rq, viewer) : OK;
    if (r == OK)
        r = load_residences(rq, viewer);
    if (r != OK)
        return r;
    viewer->must_renew = viewer->n_posts && row.has_password && !app_is_demo(rq->app) &&
                         password_old(row.password_at, rq->now, app_config(rq->app)->security.profile);
    if (str_eq(viewer->language, STR("en")))
        rq->lang = LANG_EN;
    else if (str_eq(viewer->language, STR("zh-CN")))
        rq->lang = LANG_ZH_CN;
    rq->viewer = viewer;
    return OK;
}

const struct viewer_residence *viewer_residence_in(const struct viewer *viewer, int64_t community)
{
    const struct viewer_residence *found = NULL;

    for (size_t i = 0; i < viewer->n_residences; i++)
        if (viewer->residence[i].community == community && (found == NULL || viewer->residence[i].verified))
            found = &viewer->residence[i];
    return found;
}

bool viewer_post_stands_for(const struct viewer_post *post, int64_t place)
{
    for (size_t i = 0; i < post->n_stands_for; i++)
        if (post->stands_for[i] == place)
            return true;
    return false;
}

const struct viewer_post *viewer_post_over(const struct viewer *viewer, int64_t place)
{
    const struct viewer_post *nearest = NULL;
    int64_t from, to;

    for (size_t i = 0; i < viewer->n_posts; i++) {
        const struct viewer_post *post = &viewer->post[i];

        place_range(post->place, &from, &to);
        if (((place >= from && place <= to) || viewer_post_stands_for(post, place)) &&
            (nearest == NULL || post->place > nearest->place))
            nearest = post;
    }
    return nearest;
}

const struct viewer_post *viewer_post_in(const struct viewer *viewer, int64_t organisation)
{
    for (size_t i = 0; i < viewer->n_posts; i++)
        if (viewer->post[i].organisation == organisation)
            return &viewer->post[i];
    return NULL;
}

/* Who does not live here, but has a post whose place has this community in it, or is its heir, is somebody of that body: the nearest one. */
static enum result label_of_post(struct db *db, int64_t person, int64_t community, struct person_label *label)
{
    struct sql_person_viewer_posts_rows posts;
    int64_t nearest = 0, heir = 0, from, to;
    enum result r = sql_person_viewer_posts(db, person, time_now(), &posts);

    for (size_t i = 0; r == OK && i < posts.n; i++) {
        if (posts.row[i].predecessors && heir == 0 && (r = place_heir(db, community, &heir)) != OK)
            return r;
        place_range(posts.row[i].place, &from, &to);
        if ((community < from || community > to) && posts.row[i].place != heir)
            continue;
        if (posts.row[i].place <= nearest)
            continue;
        nearest = posts.row[i].place;
        label->from = posts.row[i].name;
        label->staff = true;
        label->party_badge = false; /* the office speaks */
    }
    return r;
}

enum result person_label(struct db *db, int64_t person, int64_t community, struct person_label *ret_label)
{
    struct sql_person_label_resident row;
    enum result r = sql_person_label_resident(db, person, community, &row);

    if (r != OK)
        return r;
    *ret_label = (struct person_label){
        .name = row.shown_name,
        .from = row.building_name,
        .party_badge = row.party_badge,
    };
    return row.building_name.len ? OK : label_of_post(db, person, community, ret_label);
}

struct str person_shown_name(struct arena *a, struct str real_name, enum sex sex, enum lang lang)
{
    static const char *const titles[] = {[SEX_UNKNOWN] = "邻居", [SEX_MALE] = "先生", [SEX_FEMALE] = "女士"};
    static const char *const before[] = {[SEX_UNKNOWN] = "", [SEX_MALE] = "Mr ", [SEX_FEMALE] = "Ms "};
    struct str rest = real_name;
    uint32_t first = str_utf8_next(&rest);
    size_t length = str_utf8_count(real_name);
    struct str surname;

    if (first < 0x2E80) { /* not a Han name: the last word of it, as in "Ms Zhang", is the family's */
        struct str word = real_name, next;
        struct str all = real_name;

        while (str_cut(&all, ' ', &next))
            if (next.len)
                word = next;
        return lang == LANG_EN ? str_printf(a, "%s" STR_FMT, before[sex], STR_ARG(word))
                               : str_printf(a, STR_FMT "%s", STR_ARG(word), titles[sex]);
    }
    if (str_find(real_name, STR("·")) != SIZE_MAX) { /* minorities: the part before the dot is the given name */
        struct str given = {real_name.ptr, str_find(real_name, STR("·"))};
        return str_printf(a, STR_FMT "%s", STR_ARG(given), titles[sex]);
    }
    /* Double surnames are rare and known; four characters are the sign of one. */
    surname = str_utf8_cut(real_name, length >= 4 ? 2 : 1);
    return str_printf(a, STR_FMT "%s", STR_ARG(surname), titles[sex]);
}

enum result person_of_organisation(struct db *db, int64_t organisation, struct person_ids *ret)
{
    struct sql_post_people_rows rows;
    enum result r = sql_post_people(db, organisation, time_now(), &rows);

    if (r != OK)
        return r;
    *ret = (struct person_ids){arena_array(db_arena(db), int64_t, rows.n ? rows.n : 1), 0};
    for (size_t i = 0; i < rows.n; i++) {
        bool there = false; /* somebody with two posts in it is one person */

        for (size_t k = 0; k < ret->n; k++)
            there |= ret->id[k] == rows.row[i].person;
        if (!there)
            ret->id[ret->n++] = rows.row[i].person;
    }
    return OK;
}

enum result person_posts_at(struct db *db, int64_t place, int64_t now, struct person_posts *ret)
{
    struct sql_person_posts_at_rows rows;
    enum result r = sql_person_posts_at(db, place, now, &rows);

    if (r != OK)
        return r;
    ret->post = arena_array(db_arena(db), struct person_post, rows.n + 1);
    ret->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        ret->post[i] = (struct person_post){rows.row[i].person, role_from_word(rows.row[i].role)};
    return OK;
}
