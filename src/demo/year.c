/* year.c: see year.h. First every community with its offices and people, one transaction each; then all that happens, in the order of time, some hundred steps a transaction.
 * How far it has come is written in the same transactions, so an interrupted run goes on where it stood. */
#include "demo/year_private.h"

#include <stdlib.h>

#include "boards/bulletin/rules.h"
#include "civic/ledger/ledger.h"
#include "civic/place/place.h"
#include "civic/statistics/statistics.h"
#include "demo/cast.h"
#include "demo/year.sql.h"
#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/base/time.h"

#define DISTRICT INT64_C(310113000000)
#define STORY INT64_C(310113007011)

enum { DAYS = 304, STEPS_MAX = 8000, STEPS_HOURS = 4 }; /* of one transaction */

const struct year_scale year_scales[] = {
    {"tiny", 3, 90, 120, 12, 3, 60, 12, 40, 10, 31, 24, 9, 9, 24, 9},
    {"small", 40, 8000, 10000, 1000, 32, 1500, 25, 3700, 38, 1200, 2700, 500, 1100, 4500, 650},
    {"baoshan", 567, 280000, 360000, 38000, 439, 31000, 40, 130000, 38, 25000, 60000, 11000, 24000, 100000, 14000},
    {.name = NULL},
};

const struct year_scale *year_scale_named(const char *name)
{
    for (const struct year_scale *s = year_scales; s->name; s++)
        if (strcmp(s->name, name) == 0)
            return s;
    return NULL;
}

int64_t year_beginning(int64_t now)
{
    return day_start(day_of(now) - DAYS) + 9 * TIME_HOUR;
}

double year_spread(const struct year *y, unsigned a, unsigned b)
{
    return demo_spread(a * 2654435761u + b * 40503u + y->o->seed * 97u);
}

static void show(const struct year *y, const char *what)
{
    int share = y->total ? (int)(y->done * 40 / y->total) : 40;

    if (y->o->progress)
        fprintf(y->o->progress, "\r%-10s [%.*s%*s] %3d %%  ", what, share, "########################################",
                40 - share, "", y->total ? (int)(y->done * 100 / y->total) : 100);
    if (y->o->progress)
        fflush(y->o->progress);
}

enum result year_advance(struct db *db, const struct year *y, int64_t done)
{
    return sql_year_advance(db, y->mark, done);
}

/* ---- what there is, read back --------------------------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b)
{
    int64_t x = ((const struct home *)a)->code, z = ((const struct home *)b)->code;

    return x < z ? -1 : x > z;
}

/* The communities of the scale: the first ones of the district, and the story's. */
static enum result choose_homes(struct db *db, struct year *y)
{
    const struct year_scale *scale = y->o->scale;
    struct places streets, communities;
    enum result r = place_children(db, DISTRICT, false, &streets);
    int n = 0;

    y->home = arena_array(y->a, struct home, (size_t)scale->communities);
    y->home[n++].code = STORY;
    for (size_t s = 0; r == OK && s < streets.n; s++) {
        r = place_children(db, streets.place[s].code, false, &communities);
        for (size_t i = 0; r == OK && i < communities.n && n < scale->communities; i++)
            if (communities.place[i].code != STORY)
                y->home[n++].code = communities.place[i].code;
    }
    if (r != OK)
        return r;
    y->homes = n;
    qsort(y->home, (size_t)n, sizeof(*y->home), by_code);
    for (int i = 0; i < n; i++) {
        struct home *h = &y->home[i];
        int64_t street = place_parent(h->code);

        h->households = scale->households / n + (i < scale->households % n);
        h->people = scale->people / n + (i < scale->people % n) + (h->code == STORY ? 9 : 0);
        if (y->streets == 0 || y->street[y->streets - 1].code != street) {
            if (y->streets == STREETS_MAX)
                return E_TOO_LARGE;
            y->street[y->streets++].code = street;
        }
        h->street = y->streets - 1;
    }
    return OK;
}

static enum result read_home(struct db *db, struct year *y, struct home *h)
{
    struct sql_year_residents_rows rows;
    struct organisation office;
    enum result r = year_office(db, h->code, "residents_committee", &h->committee, h->cadre, CADRES);

    if (r == OK)
        r = year_office(db, h->code, "property_company", &h->property, &h->manager, 1);
    if (r == OK)
        r = year_office(db, h->code, "community_police", &h->police, &h->constable, 1);
    if (r == OK)
        r = organisation_get(db, h->committee, &office);
    if (r == OK)
        r = sql_year_residents(db, h->code, &rows);
    if (r != OK)
        return r;
    h->office = str_dup(y->a, office.name);
    h->n = (int)rows.n;
    h->dweller = arena_array(y->a, struct dweller, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        h->dweller[i] = (struct dweller){rows.row[i].person, rows.row[i].dwelling, rows.row[i].estate,
                                         rows.row[i].building, (int)rows.row[i].house};
    return OK;
}

static enum result read_guide(struct year *y)
{
    struct sql_year_guides_rows rows;
    struct db *db;
    enum result r = db_read_begin(y->o->database, y->scratch, &db);

    if (r != OK)
        return r;
    r = sql_year_guides(db, YEAR_CITY, &rows);
    db_read_end(db);
    if (r == OK) {
        y->guide = arena_array(y->a, int64_t, rows.n + 1);
        for (size_t i = 0; i < rows.n; i++)
            y->guide[y->guides++] = rows.row[i].id;
    }
    arena_reset(y->scratch);
    return r;
}

static enum result read_back(struct year *y)
{
    enum result r = OK;

    for (int i = 0; r == OK && i < y->homes; i++) {
        struct db *db;

        if ((r = db_read_begin(y->o->database, y->scratch, &db)) != OK)
            return r;
        r = read_home(db, y, &y->home[i]);
        db_read_end(db);
        arena_reset(y->scratch);
        if (r == OK && y->home[i].n == 0)
            r = E_NOT_FOUND;
    }
    for (int i = 0; r == OK && i < y->streets; i++) {
        struct street *s = &y->street[i];
        struct db *db;

        if ((r = db_read_begin(y->o->database, y->scratch, &db)) != OK)
            return r;
        r = year_office(db, s->code, "urban_management", &s->squad, &s->captain, 1);
        db_read_end(db);
        arena_reset(y->scratch);
    }
    return r == OK ? read_guide(y) : r;
}

/* ---- the plan ------------------------------------------------------------------------------------------------------------------------ */

void year_plan(struct year *y, int64_t at, int matter, enum deed deed, int n, int who)
{
    if (at > y->o->now)
        return;
    if (y->n == y->room) {
        size_t room = y->room ? y->room * 2 : 4096;
        struct step *more = realloc(y->step, room * sizeof(*more));

        if (!more) {
            y->full = true;
            return;
        }
        y->step = more;
        y->room = room;
    }
    y->step[y->n] = (struct step){at, matter, (int32_t)y->n, (uint8_t)deed, (uint8_t)n, who};
    y->n++;
}

static int by_time(const void *a, const void *b)
{
    const struct step *x = a, *z = b;

    return x->at != z->at ? (x->at < z->at ? -1 : 1) : x->order - z->order;
}

static void plan_all(struct year *y)
{
    static const struct {
        void (*plan)(struct year *y, int matter);
    } how[YEAR_KINDS] = {
        [OF_REPORT] = {year_plan_report}, [OF_TALK] = {year_plan_talk}, [OF_NOTICE] = {year_plan_notice},
        [OF_SWAP] = {year_plan_swap},     [OF_DAY] = {year_plan_day},   [OF_OFFER] = {year_plan_offer},
        [OF_SLOT] = {year_plan_slot},     [OF_VOTE] = {year_plan_vote}, [OF_QUESTION] = {year_plan_question},
    };
    const struct year_scale *s = y->o->scale;
    const int n[YEAR_KINDS] = {
        [OF_REPORT] = s->reports, [OF_TALK] = s->entries, [OF_NOTICE] = s->notices,
        [OF_SWAP] = s->swaps,     [OF_DAY] = s->days,     [OF_OFFER] = y->homes,
        [OF_SLOT] = s->slots,     [OF_VOTE] = s->votes,   [OF_QUESTION] = s->questions,
    };

    for (int k = 0; k < YEAR_KINDS; k++)
        y->first[k + 1] = y->first[k] + n[k];
    y->matter = arena_array(y->a, struct matter, (size_t)y->first[YEAR_KINDS]);
    for (int k = 0; k < YEAR_KINDS; k++)
        for (int i = y->first[k]; i < y->first[k + 1]; i++) {
            y->matter[i].kind = (uint8_t)k;
            how[k].plan(y, i);
        }
}

/* ---- what the files share ----------------------------------------------------------------------------------------------------------------- */

int64_t year_moment(const struct year *y, unsigned u, int from_hour, int hours)
{
    int64_t span = y->o->now - y->begin - SETTLING_DAYS * TIME_DAY;
    int64_t at = y->begin + SETTLING_DAYS * TIME_DAY + (int64_t)(year_spread(y, u, 15) * (double)span);

    return day_start(day_of(at)) + from_hour * TIME_HOUR +
           (int64_t)(year_spread(y, u, 16) * (double)hours * (double)TIME_HOUR);
}

struct matter *year_begin_matter(struct year *y, int matter, unsigned u, int from_hour, int hours)
{
    struct matter *m = &y->matter[matter];

    m->home = (matter - y->first[m->kind]) % y->homes;
    m->author = (int)(year_spread(y, u, 12) * y->home[m->home].n);
    m->at = year_moment(y, u, from_hour, hours);
    return m;
}

struct entry_actor year_dweller(struct db *db, const struct home *h, int who, int64_t now)
{
    const struct dweller *d = &h->dweller[who];

    return (struct entry_actor){
        .person = d->person, .from = str_printf(db_arena(db), "%d号楼", d->house), .dwelling = d->dwelling, .now = now};
}

struct entry_actor year_cadre(const struct home *h, int matter, int64_t now)
{
    return (struct entry_actor){
        .person = h->cadre[matter % CADRES], .organisation = h->committee, .from = h->office, .runs = true, .now = now};
}

enum result year_entry(struct db *db, struct year *y, struct matter *m, struct entry *ret)
{
    const struct home *h = &y->home[m->home];
    struct sql_year_entry row;
    enum result r = OK;

    if (m->id == 0) { /* written by an earlier run, or not at all */
        r = sql_year_entry(db, h->code, m->author < 0 ? h->cadre[-1 - m->author] : h->dweller[m->author].person, m->at,
                           &row);
        if (r == OK)
            m->id = row.id;
    }
    return r == OK ? entry_get(db, h->code, m->id, ret) : r;
}

/* ---- what happens ----------------------------------------------------------------------------------------------------------------------- */

static enum result happen(struct db *db, void *arg)
{
    struct year *y = arg;

    for (size_t i = y->from; i < y->to; i++) {
        const struct step *s = &y->step[i];
        enum result r;

        time_set(s->at);
        switch (y->matter[s->matter].kind) {
        case OF_REPORT: r = year_take_report(db, y, s); break;
        case OF_SWAP: r = year_take_swap(db, y, s); break;
        case OF_TALK:
        case OF_VOTE:
        case OF_QUESTION: r = year_take_neighbours(db, y, s); break;
        default: r = year_take_office(db, y, s);
        }
        if (r == E_CONFLICT || r == E_DENIED || r == E_INVALID || r == E_NOT_FOUND) {
            y->skipped++;
            log_debug("year.skipped", LOG_INT("deed", s->deed), LOG_CSTR("result", result_name(r)));
        } else if (r != OK) {
            return r;
        }
    }
    return year_advance(db, y, y->homes + (int64_t)y->to);
}

/* The clocks are looked at once an hour, or as often as a transaction ends where one has several hours of steps. */
static enum result ring(struct year *y, int64_t now)
{
    enum result r = year_ring_reports(y, now);

    if (r == OK)
        r = year_ring_swaps(y, now);
    if (r == OK)
        r = year_ring_questions(y, now);
    return r == OK ? year_ring_offices(y, now) : r;
}

/* What the night and the clocks do. */
static enum result pass_time(struct year *y, int64_t from, int64_t to)
{
    int64_t rung;
    enum result r = OK;

    time_set(to);
    if (from / TIME_HOUR != to / TIME_HOUR)
        r = ring(y, to);
    for (int32_t day = day_of(from); r == OK && day < day_of(to); day++) {
        r = ledger_close_day(y->o->database, y->scratch, day);
        if (r == OK)
            r = statistics_close_days(y->o->database, y->scratch, to, 40, &rung);
    }
    return r;
}

/* What is left for the jobs of a server that begins with this year: days to add up, people to tell of a notice. */
static enum result catch_up(struct year *y)
{
    struct sql_year_to_tell left = {1};
    int64_t closed = 1;
    enum result r = OK;

    while (r == OK && closed) {
        r = statistics_close_days(y->o->database, y->scratch, y->o->now, 40, &closed);
        arena_reset(y->scratch);
    }
    while (r == OK && left.n) {
        struct db *db;

        r = bulletin_tell(y->o->database, y->scratch, y->o->now);
        arena_reset(y->scratch);
        if (r == OK && (r = db_read_begin(y->o->database, y->scratch, &db)) == OK) {
            r = sql_year_to_tell(db, &left);
            db_read_end(db);
        }
        arena_reset(y->scratch);
    }
    return r;
}

static enum result live(struct year *y)
{
    int64_t passed =
        y->begin; /* until when the clocks have been looked at; after a break, before its last transaction */
    enum result r = OK;

    y->from = (size_t)(y->done - y->homes);
    if (y->from && y->step)
        passed = y->step[y->from - 1].at - STEPS_HOURS * TIME_HOUR;
    while (r == OK && y->step && y->from < y->n) {
        int64_t begins = y->step[y->from].at;

        y->to = y->from;
        while (y->to < y->n && y->to - y->from < STEPS_MAX && y->step[y->to].at < begins + STEPS_HOURS * TIME_HOUR)
            y->to++;
        r = pass_time(y, passed, begins);
        if (r == OK)
            r = db_write_wait(y->o->database, y->scratch, happen, y);
        arena_reset(y->scratch);
        passed = begins;
        y->done = y->homes + (int64_t)y->to;
        y->from = y->to;
        show(y, "the year");
    }
    if (r == OK)
        r = pass_time(y, passed, y->o->now);
    return r == OK ? catch_up(y) : r;
}

static struct str whole_name(const struct year *y)
{
    return str_printf(y->scratch, STR_FMT ".whole", STR_ARG(y->mark));
}

static enum result say_whole(struct db *db, void *arg)
{
    const struct year *y = arg;
    enum result r = sql_year_messages_sent(db, y->o->now + TIME_DAY);

    return r == OK ? sql_year_advance(db, whole_name(y), (int64_t)y->n) : r;
}

/* Of an interrupted run, what the clocks did in the night is kept though what came after it is not: at the same moment this run would name its rows alike.
 * So each run names its rows as another node does. */
static enum result count_runs(struct db *db, void *arg)
{
    struct year *y = arg;
    struct str name = str_printf(y->scratch, STR_FMT ".begun", STR_ARG(y->mark));
    struct sql_year_done before = {0}, whole;
    enum result r = sql_year_done(db, whole_name(y), &whole);

    if (r == OK) {
        y->whole = true;
        y->done = whole.runs;
        return OK;
    }
    r = sql_year_done(db, name, &before);
    if (r != OK && r != E_NOT_FOUND)
        return r;
    id_set_node((unsigned)before.runs);
    return sql_year_advance(db, name, before.runs + 1);
}

static enum result read_boards(struct db *db, struct year *y)
{
    static const char *const word[YEAR_BOARDS] = {"neighbour_talk", "announcement",      "idle_item",  "mutual_help",
                                                  "activity",       "community_service", "police_line"};
    enum result r = OK;

    for (int i = 0; r == OK && i < YEAR_BOARDS; i++) {
        struct board *b = &y->board[i];

        r = board_by_word(db, str_from_cstr(word[i]), b);
        if (r == OK) {
            b->word = str_dup(y->a, b->word);
            b->kind = str_dup(y->a, b->kind);
            b->owner_kind = str_dup(y->a, b->owner_kind);
            b->name = b->name_en = b->lead = b->lead_en = b->icon = STR_NONE;
        }
    }
    return r;
}

static enum result begin(struct year *y)
{
    struct sql_year_done done;
    struct db *db;
    enum result r = db_read_begin(y->o->database, y->scratch, &db);

    if (r != OK)
        return r;
    r = choose_homes(db, y);
    if (r == OK)
        r = read_boards(db, y);
    if (r == OK) {
        r = sql_year_done(db, y->mark, &done);
        y->done = r == OK ? done.runs : 0;
        r = r == E_NOT_FOUND ? OK : r;
    }
    db_read_end(db);
    arena_reset(y->scratch);
    return r;
}

enum result year_build(const struct year_options *o, struct arena *a, int64_t *ret_steps, int64_t *ret_skipped)
{
    struct year *y = arena_new(a, struct year);
    enum result r;

    *y = (struct year){.o = o, .a = a, .scratch = arena_open((size_t)1 << 30), .begin = year_beginning(o->now)};
    if (!y->scratch)
        return E_BUSY;
    y->mark = str_printf(a, "year.%s.%u.%lld", o->scale->name, o->seed, (long long)o->now);
    r = db_write_wait(o->database, y->scratch, count_runs, y);
    if (r == OK && y->whole) { /* there is nothing left to do */
        *ret_steps = y->done;
        *ret_skipped = 0;
        arena_close(y->scratch);
        return OK;
    }
    if (r == OK)
        r = begin(y);
    y->total = y->homes + (int64_t)o->scale->reports * (o->scale->taps + 6) +
               (int64_t)o->scale->entries * (o->scale->talk_taps + 1);
    for (; r == OK && y->done < y->homes; y->done++) {
        y->at_home = (int)y->done;
        time_set(y->begin + y->done * (SETTLING_DAYS * TIME_DAY / (y->homes + 1)));
        r = db_write_wait(o->database, y->scratch, year_settle, y);
        arena_reset(y->scratch);
        show(y, "people");
    }
    if (r == OK)
        r = read_back(y);
    if (r == OK) {
        plan_all(y);
        r = y->full ? E_BUSY : OK;
    }
    if (r == OK) {
        if (y->n)
            qsort(y->step, y->n, sizeof(*y->step), by_time);
        y->total = y->homes + (int64_t)y->n;
        r = live(y);
    }
    if (r == OK)
        r = db_write_wait(o->database, y->scratch, say_whole, y);
    if (o->progress)
        fputc('\n', o->progress);
    time_set(0);
    free(y->step);
    arena_close(y->scratch);
    *ret_steps = (int64_t)y->n;
    *ret_skipped = y->skipped;
    return r;
}
