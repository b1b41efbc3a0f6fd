/* demo.c: builds the demo world, and says who is who. */
#include "demo/demo.h"

#include "civic/person/person.sql.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "demo/stage.h"
#include "engine/base/time.h"

#define STAGE_MEMORY ((size_t)64 << 20)
#define SCRATCH_MEMORY ((size_t)256 << 20)

static enum result build(struct stage *s)
{
    static const struct {
        const char *what;
        enum result (*run)(struct stage *s);
    } steps[] = {
        {"Pictures", demo_pictures},
        {"Estates, people, rosters", demo_settle},
        {"Four weeks of life", demo_live},
    };
    enum result r = OK;

    for (size_t i = 0; r == OK && i < sizeof(steps) / sizeof(steps[0]); i++) {
        int64_t start = time_monotonic();

        if (s->o->progress) {
            fprintf(s->o->progress, "%-36s", steps[i].what);
            fflush(s->o->progress);
        }
        r = steps[i].run(s);
        if (s->o->progress)
            fprintf(s->o->progress, "%s (%lld ms)\n", r == OK ? "done" : result_name(r),
                    (long long)(time_monotonic() - start));
    }
    return r;
}

enum result demo_build(const struct demo_options *options, struct arena *a, int64_t *ret_skipped)
{
    struct stage *s = arena_new(a, struct stage);
    enum result r = E_BUSY;

    s->o = options;
    s->now = demo_beginning(options->now);
    s->a = arena_open(STAGE_MEMORY);
    s->scratch = arena_open(SCRATCH_MEMORY);
    if (s->a && s->scratch) {
        time_set(s->now);
        r = build(s);
        time_set(0);
    }
    if (r == OK)
        *ret_skipped = s->skipped;
    arena_close(s->scratch);
    arena_close(s->a);
    return r;
}

/* ---- who is who ------------------------------------------------------------------------------------------------------------ */

static const int shown_residents[] = {ZHOU, QIN, WU, WEI, 58, RESIDENTS_A, RESIDENTS_A + RESIDENTS_B};

enum result demo_who(struct db *db, struct demo_line *ret, size_t max, size_t *ret_n)
{
    struct arena *a = db_arena(db);
    size_t n = 0;

    for (int i = 0; i < DEMO_STAFF && n < max; i++) {
        struct sql_person_login_find row;
        enum result r = sql_person_login_find(db, str_from_cstr(demo_posts[i].login), &row);

        if (r == E_NOT_FOUND)
            continue;
        if (r != OK)
            return r;
        ret[n++] = (struct demo_line){str_from_cstr(demo_posts[i].name),
                                      demo_posts[i].org == ORG_CITY
                                          ? STR("上海市城市运行管理中心")
                                          : str_from_cstr(demo_organisations[demo_posts[i].org].name),
                                      str_from_cstr(demo_posts[i].title)};
    }
    for (size_t i = 0; i < sizeof(shown_residents) / sizeof(shown_residents[0]) && n < max; i++) {
        int k = shown_residents[i];
        bool named = k < DEMO_NAMED;

        if (!named)
            continue;
        ret[n++] = (struct demo_line){str_from_cstr(demo_named[k].name),
                                      str_printf(a, "%s %d号楼%d%02d室", demo_estates[demo_named[k].estate].name,
                                                 demo_named[k].building, demo_named[k].floor, demo_named[k].room),
                                      demo_named[k].party ? STR("居民，党员") : STR("居民")};
    }
    *ret_n = n;
    return OK;
}

enum result demo_code(struct db *db, struct str *ret_code)
{
    struct estates estates;
    enum result r = estate_list(db, DEMO_COMMUNITY, &estates);

    if (r == OK && estates.n == 0)
        r = E_NOT_FOUND;
    if (r == OK)
        *ret_code = estates.estate[0].qr_code;
    return r;
}
