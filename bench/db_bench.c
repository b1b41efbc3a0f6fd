/* db_bench.c: what the database layer does by itself, on the engine of LILONG_TEST_ENGINE, in a folder of TMPDIR.
 *
 * db_bench [SECONDS]: durable one-row jobs with 64 waiting writers and with one; reads of one row and of 20 rows. One line each. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "support/test_db.h"

struct row {
    int64_t id, state, created_at;
    struct str title, body;
};
static const struct db_column row_columns[] = {
    {'i', offsetof(struct row, id)},    {'i', offsetof(struct row, state)}, {'i', offsetof(struct row, created_at)},
    {'t', offsetof(struct row, title)}, {'t', offsetof(struct row, body)},
};
#define COLUMNS "id, state, created_at, title, body"
enum { PUT, GET, LIST };
static const struct db_statement put_statement = {
    "put",
    "INSERT INTO entry (community, id, state, created_at, title, body) VALUES (?1, ?2, 1, ?3, ?4, ?5)",
    "INSERT INTO entry (community, id, state, created_at, title, body) VALUES ($1, $2, 1, $3, $4, $5)",
    "iiitt",
    NULL,
    5,
    0,
    0,
    true,
    "db_bench.c",
    1};
static const struct db_statement get_statement = {"get",
                                                  "SELECT " COLUMNS " FROM entry WHERE community = ?1 AND id = ?2",
                                                  "SELECT " COLUMNS " FROM entry WHERE community = $1 AND id = $2",
                                                  "ii",
                                                  row_columns,
                                                  2,
                                                  5,
                                                  sizeof(struct row),
                                                  false,
                                                  "db_bench.c",
                                                  2};
static const struct db_statement list_statement = {
    "list",
    "SELECT " COLUMNS " FROM entry WHERE community = ?1 AND id < ?2 ORDER BY id DESC LIMIT 20",
    "SELECT " COLUMNS " FROM entry WHERE community = $1 AND id < $2 ORDER BY id DESC LIMIT 20",
    "ii",
    row_columns,
    2,
    5,
    sizeof(struct row),
    false,
    "db_bench.c",
    3};
static const struct db_statement *const list[] = {&put_statement, &get_statement, &list_statement};
#define VERSION \
    "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL, sha TEXT NOT NULL);"
#define ENTRY                                                                                                                \
    "CREATE TABLE entry (community BIGINT NOT NULL, id BIGINT NOT NULL, state BIGINT NOT NULL, created_at BIGINT NOT NULL, " \
    "title TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (community, id))"
static const struct db_migration migrations[] = {
    {1, "0001_bench", VERSION ENTRY " WITHOUT ROWID;", VERSION ENTRY ";", "a", "b"}};
static const struct db_catalogue catalogue = {list, 3, migrations, 1};

enum { COMMUNITIES = 100, MOST = 256 };

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct load {
    struct database *database;
    atomic_int_fast64_t next, done, failed;
    atomic_bool stop;
    unsigned running;
    pthread_mutex_t lock;
    pthread_cond_t idle;
};
struct slot {
    struct load *load;
    struct db_job job;
};

static enum result put_run(struct db *db, void *arg)
{
    struct slot *s = arg;
    int64_t id = ++s->load->next;
    const union db_value v[] = {
        {.i = id % COMMUNITIES},
        {.i = id},
        {.i = id},
        {.s = STR("楼道灯坏了三天没有人修")},
        {.s = STR("三号楼二单元的楼道灯已经坏了三天，晚上老人上下楼很不安全，请居委会尽快联系物业来修。")}};

    return db_exec(db, PUT, v, NULL);
}

static void put_done(void *arg, enum result result)
{
    struct slot *s = arg;
    struct load *load = s->load;

    load->done++;
    if (result != OK)
        load->failed++;
    arena_reset(s->job.arena);
    if (!load->stop && db_write(load->database, &s->job) == OK)
        return;
    pthread_mutex_lock(&load->lock);
    if (--load->running == 0)
        pthread_cond_signal(&load->idle);
    pthread_mutex_unlock(&load->lock);
}

static void writes(struct test_db *t, unsigned waiting, double seconds, int64_t *next)
{
    struct load load = {.database = t->database, .next = *next, .running = waiting};
    struct slot slots[MOST];
    struct db_counters before, after;

    pthread_mutex_init(&load.lock, NULL);
    pthread_cond_init(&load.idle, NULL);
    database_counters(t->database, &before);
    double began = now_s();
    for (unsigned i = 0; i < waiting; i++) {
        slots[i] = (struct slot){&load,
                                 {.run = put_run, .done = put_done, .arg = &slots[i], .arena = arena_open(1 << 20)}};
        if (db_write(t->database, &slots[i].job) != OK)
            abort();
    }
    struct timespec pause = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&pause, NULL);
    load.stop = true;
    pthread_mutex_lock(&load.lock);
    while (load.running)
        pthread_cond_wait(&load.idle, &load.lock);
    pthread_mutex_unlock(&load.lock);
    double took = now_s() - began;
    database_counters(t->database, &after);
    int64_t jobs = after.jobs - before.jobs, commits = after.commits - before.commits;
    printf(
        "write, %3u waiting: %9.0f jobs/s  %6.3f commits/job  batch <= %lld  commit %5.0f us  %lld failed  log %lld pages\n",
        waiting, (double)jobs / took, (double)commits / (double)jobs, (long long)after.batch_max,
        (double)(after.commit_us_total - before.commit_us_total) / (double)commits, (long long)load.failed,
        (long long)after.wal_pages);
    for (unsigned i = 0; i < waiting; i++)
        arena_close(slots[i].job.arena);
    *next = load.next;
}

static void reads(struct test_db *t, bool many, double seconds, int64_t next)
{
    struct arena *a = arena_open(1 << 20);
    int64_t n = 0, found = 0;
    double began = now_s(), took;

    do {
        for (int i = 0; i < 100; i++, n++) {
            int64_t id = 1 + random() % next;
            const union db_value v[] = {{.i = id % COMMUNITIES}, {.i = id}};
            struct db *db;
            struct row row;
            struct db_rows rows;
            if (db_read_begin(t->database, a, &db) != OK)
                abort();
            if (many && db_many(db, LIST, v, &rows) == OK)
                found += (int64_t)rows.n;
            if (!many && db_one(db, GET, v, &row) == OK)
                found++;
            db_read_end(db);
            arena_reset(a);
        }
    } while ((took = now_s() - began) < seconds);
    printf("read, %s: %9.0f /s on one thread, %.1f rows each\n", many ? "20 rows" : "one row", (double)n / took,
           (double)found / (double)n);
    arena_close(a);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 2;
    struct test_db t;
    int64_t next = 0;

    setenv("TMPDIR", "/tmp", 0); /* a real disk: a sync costs what it costs */
    test_db_open_catalogue(&t, &catalogue);
    printf("engine %s in %s\n", test_db_postgres() ? "postgres" : "sqlite", t.place);
    writes(&t, 64, seconds, &next);
    writes(&t, 256, seconds, &next);
    writes(&t, 1, seconds, &next);
    reads(&t, false, seconds, next);
    reads(&t, true, seconds, next);
    test_db_close(&t);
    return 0;
}
