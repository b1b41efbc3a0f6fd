/* figures.c: the figures of branches and places, and which of them are not shown. Who is a member follows from a small number as it does from a name:
 * below PARTY_FEW nothing is said, nor what would give it away by subtraction, on this level or on another. */
#include "civic/party/figures.h"

#include "civic/party/room.h"
#include "civic/person/person.h"
#include "civic/place/place.h"

void party_withhold(const int64_t *members, size_t n, bool whole, bool *ret_withheld)
{
    int64_t sum = 0;
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        ret_withheld[i] = whole || members[i] < PARTY_FEW;
        if (ret_withheld[i]) {
            sum += members[i];
            count++;
        }
    }
    while (count > 0 && count < n && (count < 2 || sum < PARTY_FEW)) {
        size_t smallest = n;

        for (size_t i = 0; i < n; i++)
            if (!ret_withheld[i] && (smallest == n || members[i] < members[smallest]))
                smallest = i;
        ret_withheld[smallest] = true;
        sum += members[smallest];
        count++;
    }
}

static void add(struct party_figure *to, const struct party_figure *one)
{
    to->members += one->members;
    to->shown += one->shown;
    to->taken += one->taken;
    to->done += one->done;
    to->thanks += one->thanks;
    to->ratings += one->ratings;
    to->stars += one->stars;
}

/* The rows of both statements say the same. */
#define TAKE(row, of_, name_)                        \
    ((struct party_figure){.of = (of_),              \
                           .name = (name_),          \
                           .members = (row).members, \
                           .shown = (row).shown,     \
                           .taken = (row).taken,     \
                           .done = (row).done,       \
                           .thanks = (row).thanks,   \
                           .ratings = (row).ratings, \
                           .stars = (row).stars})

static void room_for(struct db *db, size_t n, struct party_figures *f)
{
    f->row = arena_array(db_arena(db), struct party_figure, n + 1);
    f->n = n;
}

static enum result below(struct db *db, int64_t place, int64_t size, struct party_figures *f)
{
    struct sql_party_below_rows rows;
    int64_t low, high;
    enum result r;

    place_range(place, &low, &high);
    r = sql_party_below(db, low, high, size, &rows);
    if (r != OK)
        return r;
    room_for(db, rows.n, f);
    for (size_t i = 0; i < rows.n; i++)
        f->row[i] = TAKE(rows.row[i], rows.row[i].place, STR_NONE);
    return OK;
}

static enum result branches(struct db *db, int64_t community, struct party_figures *f)
{
    struct sql_party_branches_rows rows;
    enum result r = sql_party_branches(db, community, &rows);

    if (r != OK)
        return r;
    room_for(db, rows.n, f);
    for (size_t i = 0; i < rows.n; i++)
        f->row[i] = TAKE(rows.row[i], rows.row[i].id, rows.row[i].name);
    return OK;
}

/* The rows of a level, with what of them is not shown. */
static enum result level(struct db *db, int64_t place, bool withheld, struct party_figures *f)
{
    static const int64_t sizes[] = {
        [PLACE_CITY] = INT64_C(1000000), [PLACE_DISTRICT] = 1000, [PLACE_STREET] = 1, [PLACE_COMMUNITY] = 0};
    enum place_level of = place_level_of(place);
    int64_t *members;
    bool *hide;
    enum result r = of == PLACE_COMMUNITY ? branches(db, place, f) : below(db, place, sizes[of], f);

    if (r != OK)
        return r;
    f->sum = (struct party_figure){.of = place};
    members = arena_array(db_arena(db), int64_t, f->n + 1);
    hide = arena_array(db_arena(db), bool, f->n + 1);
    for (size_t i = 0; i < f->n; i++) {
        members[i] = f->row[i].members;
        add(&f->sum, &f->row[i]);
    }
    f->sum.withheld = withheld || f->sum.members < PARTY_FEW;
    party_withhold(members, f->n, f->sum.withheld, hide);
    for (size_t i = 0; i < f->n; i++)
        f->row[i].withheld = hide[i];
    return OK;
}

enum result party_figures(struct db *db, int64_t place, struct party_figures *ret)
{
    int64_t chain[4];
    size_t n = place_chain(place, chain);
    bool withheld = false;
    enum result r = OK;

    /* From the city down: what is not shown there is not shown here either, else it followed from here. */
    for (size_t i = 0; r == OK && i < n; i++) {
        r = level(db, chain[i], withheld, ret);
        if (r != OK || i + 1 == n)
            break;
        withheld = true;
        for (size_t k = 0; k < ret->n; k++)
            if (ret->row[k].of == chain[i + 1])
                withheld = ret->row[k].withheld;
    }
    return r;
}

enum result party_recount(struct db *db, int64_t community, int64_t *ret_bad)
{
    struct sql_party_branch_real_rows rows;
    struct sql_party_badges_rows badges;
    enum result r = sql_party_branch_real(db, community, &rows);

    *ret_bad = 0;
    for (size_t i = 0; r == OK && i < rows.n && *ret_bad == 0; i++) {
        const struct sql_party_branch_real *b = &rows.row[i];

        if (b->members != b->real_members || b->shown != b->real_shown || b->taken != b->real_taken ||
            b->done != b->real_done || b->thanks != b->task_thanks + b->own_thanks ||
            b->ratings != b->task_ratings + b->own_ratings || b->stars != b->task_stars + b->own_stars)
            *ret_bad = b->id;
    }
    if (r != OK || *ret_bad)
        return r;
    r = sql_party_badges(db, community, &badges);
    for (size_t i = 0; r == OK && i < badges.n && *ret_bad == 0; i++) {
        const struct sql_party_badges *m = &badges.row[i];
        bool confirmed = str_eq(m->state, STR("confirmed"));
        struct str version;
        int64_t given_at;

        r = person_consent_standing(db, m->person, STR("party_badge"), &version, &given_at);
        if (m->party_member != confirmed || m->party_badge != m->shown || (m->shown && !confirmed) ||
            m->shown != (version.len > 0))
            *ret_bad = m->id;
    }
    return r;
}
