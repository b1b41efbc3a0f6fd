/* demo.c: builds the demo world, and says who is who. */
#include "demo/demo.h"

#include "civic/person/join.h"
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
        {"Neighbours talk", demo_talk},
        {"Services nearby", demo_services},
        {"How to get things done", demo_matters},
        {"Questions to the police", demo_inquiries},
        {"Members of the Party", demo_party},
        {"Help, gifts, wishes", demo_swaps},
        {"Notices", demo_notices},
        {"Messages", demo_letters},
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

static const int shown_residents[] = {ZHOU, QIN, WU, WEI, YE, SHI};

static enum result staff_line(struct db *db, int i, struct demo_line *ret)
{
    const struct demo_post *post = &demo_posts[i];
    struct sql_person_login_find row;
    enum result r = sql_person_login_find(db, str_from_cstr(post->login), &row);

    if (r != OK)
        return r;
    *ret = (struct demo_line){
        .person = row.person,
        .name = str_from_cstr(post->name),
        .role = str_from_cstr(role_word(post->role)),
        .title = str_from_cstr(post->title),
        .place = post->org == ORG_CITY ? STR("上海市城市运行管理中心")
                                       : str_from_cstr(demo_organisations[post->org].name),
    };
    return OK;
}

static enum result resident_line(struct db *db, const struct crypto_keys *keys, int i, struct demo_line *ret)
{
    const struct demo_resident *who = &demo_named[i];
    struct arena *a = db_arena(db);
    int64_t person;
    enum result r = person_of_phone(db, keys, demo_mobile(a, (unsigned)i), &person);

    if (r != OK)
        return r;
    *ret = (struct demo_line){
        .person = person,
        .name = str_from_cstr(who->name),
        .role = who->party ? STR("party_member") : STR("resident"),
        .title = who->party ? STR("居民，党员") : STR("居民"),
        .place = str_printf(a, "%s %d号楼%d%02d室", demo_estates[who->estate].name, who->building, who->floor,
                            who->room),
    };
    return OK;
}

enum result demo_who(struct db *db, const struct crypto_keys *keys, struct demo_line *ret, size_t max, size_t *ret_n)
{
    const size_t n_residents = sizeof(shown_residents) / sizeof(shown_residents[0]);
    size_t n = 0;

    for (size_t i = 0; i < n_residents + DEMO_STAFF && n < max; i++) {
        enum result r = i < n_residents ? resident_line(db, keys, shown_residents[i], &ret[n])
                                        : staff_line(db, (int)(i - n_residents), &ret[n]);

        if (r == OK)
            n++;
        else if (r != E_NOT_FOUND)
            return r;
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
