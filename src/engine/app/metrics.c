/* metrics.c: counters for Prometheus, text format 0.0.4. Labels are names of routes, never paths or people. */
#include <inttypes.h>
#include <unistd.h>

#include "engine/app/internal.h"

static const int64_t limit_us[METRIC_BUCKETS] = {500,   1000,   2500,   5000,   10000,   25000,
                                                 50000, 100000, 250000, 500000, 1000000, 5000000};
static const char *const limit_text[METRIC_BUCKETS] = {"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025",
                                                       "0.05",   "0.1",   "0.25",   "0.5",   "1",    "5"};

void metrics_count(struct route_stats *s, int status, int64_t us)
{
    size_t class = status >= 100 && status < 600 ? (size_t)status / 100 : 0, i = 0;

    while (i < METRIC_BUCKETS && us > limit_us[i])
        i++;
    atomic_fetch_add_explicit(&s->answers[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->us_total, us, memory_order_relaxed);
}

static const char *route_label(const struct app *app, size_t i)
{
    return i < app->n_routes ? app->route[i]->name : i == app->n_routes ? "unknown" : "assets";
}

static const char *method_label(const struct app *app, size_t i)
{
    return i < app->n_routes ? method_name(app->route[i]->method) : "any";
}

static int64_t get(_Atomic int64_t *n)
{
    return atomic_load_explicit(n, memory_order_relaxed);
}

static void put_requests(struct buf *b, struct app *app)
{
    buf_put(b, STR("# HELP lilong_requests_total Answers by route, method and class of status.\n"
                   "# TYPE lilong_requests_total counter\n"));
    for (size_t i = 0; i < app->n_routes + 2; i++)
        for (int class = 1; class <= 5; class ++) {
            int64_t n = get(&app->stats[i].answers[class]);
            if (n)
                buf_printf(b, "lilong_requests_total{route=\"%s\",method=\"%s\",status=\"%dxx\"} %" PRId64 "\n",
                           route_label(app, i), method_label(app, i), class, n);
        }
    buf_put(b, STR("# HELP lilong_request_duration_seconds From the first byte read to the answer sent.\n"
                   "# TYPE lilong_request_duration_seconds histogram\n"));
    for (size_t i = 0; i < app->n_routes + 2; i++) {
        int64_t sum = 0;
        struct route_stats *s = &app->stats[i];
        for (size_t k = 0; k <= METRIC_BUCKETS; k++)
            sum += get(&s->bucket[k]);
        if (!sum)
            continue;
        int64_t below = 0;
        for (size_t k = 0; k <= METRIC_BUCKETS; k++) {
            below += get(&s->bucket[k]);
            buf_printf(b, "lilong_request_duration_seconds_bucket{route=\"%s\",le=\"%s\"} %" PRId64 "\n",
                       route_label(app, i), k < METRIC_BUCKETS ? limit_text[k] : "+Inf", below);
        }
        buf_printf(b, "lilong_request_duration_seconds_sum{route=\"%s\"} %.6f\n", route_label(app, i),
                   (double)get(&s->us_total) / 1e6);
        buf_printf(b, "lilong_request_duration_seconds_count{route=\"%s\"} %" PRId64 "\n", route_label(app, i), below);
    }
}

static void put_one(struct buf *b, const char *name, const char *type, const char *help, int64_t value)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", name, help, name, type, name, value);
}

static int64_t resident_bytes(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    long size = 0, resident = 0;

    if (!f)
        return 0;
    if (fscanf(f, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident * sysconf(_SC_PAGESIZE);
}

static void put_jobs(struct buf *b, struct app *app)
{
    buf_put(
        b,
        STR("# HELP lilong_job_runs_total Scheduled work run by this process.\n# TYPE lilong_job_runs_total counter\n"));
    for (size_t i = 0; i < app->n_jobs; i++)
        buf_printf(b, "lilong_job_runs_total{job=\"%s\"} %" PRId64 "\n", app->jobs[i].kind->name,
                   get(&app->jobs[i].runs));
    buf_put(
        b,
        STR("# HELP lilong_job_failures_total Scheduled work that failed.\n# TYPE lilong_job_failures_total counter\n"));
    for (size_t i = 0; i < app->n_jobs; i++)
        buf_printf(b, "lilong_job_failures_total{job=\"%s\"} %" PRId64 "\n", app->jobs[i].kind->name,
                   get(&app->jobs[i].failures));
}

struct str metrics_text(struct app *app, struct arena *a)
{
    struct db_counters db = {0};
    struct buf b;

    buf_init(&b, a, 16 * 1024, 4 << 20);
    put_requests(&b, app);
    database_counters(app_database(app), &db);
    put_one(&b, "lilong_requests_in_flight", "gauge", "Requests that are being worked on.", get(&app->in_flight));
    put_one(&b, "lilong_requests_limited_total", "counter", "Requests refused with 429.", get(&app->limited));
    put_one(&b, "lilong_requests_forged_total", "counter", "Requests refused because they did not come from our pages.",
            get(&app->csrf_refused));
    put_one(&b, "lilong_requests_replayed_total", "counter", "Repeated submits that got the answer of the first.",
            get(&app->replayed));
    put_one(&b, "lilong_requests_out_of_memory_total", "counter", "Requests that ran past their memory.",
            get(&app->out_of_memory));
    put_one(&b, "lilong_slow_queue", "gauge", "Slow work that waits.", (int64_t)pool_waiting(app->slow));
    put_one(&b, "lilong_slow_refused_total", "counter", "Slow work refused because the queue was full.",
            get(&app->slow_refused));
    put_one(&b, "lilong_writer_queue", "gauge", "Writes that wait.", db.queue_now);
    put_one(&b, "lilong_writer_refused_total", "counter", "Writes refused because the queue was full.",
            get(&app->writer_refused));
    put_one(&b, "lilong_writer_commits_total", "counter", "Commits on stable storage.", db.commits);
    put_one(&b, "lilong_writer_jobs_total", "counter", "Writes in those commits.", db.jobs);
    put_one(&b, "lilong_writer_jobs_failed_total", "counter", "Writes that were undone.", db.jobs_failed);
    put_one(&b, "lilong_writer_batch_max", "gauge", "The most writes in one commit.", db.batch_max);
    put_one(&b, "lilong_writer_wal_pages", "gauge", "Pages in the write-ahead log.", db.wal_pages);
    put_one(&b, "lilong_writer_checkpoints_total", "counter", "Checkpoints.", db.checkpoints);
    put_one(&b, "lilong_replica_reads_total", "counter", "Reads that a replica answered.", db.replica_reads);
    put_one(&b, "lilong_writer_commit_microseconds_total", "counter", "Time spent in commits.", db.commit_us_total);
    put_one(&b, "process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
    put_one(&b, "lilong_start_time_seconds", "gauge", "When the process began to serve.", app->started / 1000);
    put_jobs(&b, app);
    buf_printf(
        &b,
        "# HELP lilong_build_info The binary.\n# TYPE lilong_build_info gauge\nlilong_build_info{version=\"%s\"} 1\n",
        app_version());
    return buf_str(&b);
}
