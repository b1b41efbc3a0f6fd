/* load.c: a load on a running Lilong, from one thread over connections that stay open.
 *
 *   load start PORT PATH -- COMMAND...       starts a server and waits until it answers PATH; prints its process id and the time that took
 *   load people PORT                    the people of the demo world who can be signed in as: id, role, name
 *   load get PORT PATH [OPTIONS]        asks for the same page again and again
 *   load report PORT PLACE [OPTIONS]    writes reports: each is a draft that is kept, then sent
 *
 * Options: -c CONNECTIONS (64), -t SECONDS (5), -r RATE (as fast as it goes), -a ROLE or person's id (signs in; "report" needs it), -p PID[,PID] (whose CPU
 * time is counted), -n COUNT (stops after so many), -j (asks for JSON).
 *
 * -x COMMAND runs `COMMAND on` when everybody is signed in, before the first request, and `COMMAND off` after the last answer: what counts is switched on by it.
 *
 * With -r the moments of the requests are fixed beforehand, and a request's time runs from its moment, not from when it could be sent: a server that
 * stops for a second is seen by all who came in that second.
 *
 * The result is one line: requests=… rate=… p50_us=… p99_us=… max_us=… failed=… bytes=… cpu_us=… (bytes: of one answer; cpu_us: of one request, all
 * processes of -p together). Exit status 1 when anything failed. */
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include "client.h"

enum { ROOM_OUT = 4096, CONNECTIONS_MAX = 1024, PIDS_MAX = 16, BOXES = 1 << 22, PATIENCE = 30 /* s */ };

enum mode { GET, REPORT };

struct connection {
    int fd;
    bool busy;
    int step;          /* REPORT: 0 keeps a draft, 1 sends it */
    double due;        /* when its next request should go, or went */
    double began;      /* REPORT: when the draft's request should have gone */
    char session[512]; /* header lines of who is signed in */
    char draft[256];   /* path of the draft */
    char out[ROOM_OUT];
    size_t out_len, out_at;
    char *in;
    size_t in_len;
};

struct load {
    enum mode mode;
    int port;
    const char *path, *role;
    bool json_wanted;
    int connections;
    double seconds, rate;
    int64_t count;
    const char *switch_command;
    long pid[PIDS_MAX];
    int pids;

    int epoll;
    struct connection *connection;
    uint32_t *box; /* how many took so many microseconds; the last box has all that took longer */
    int64_t asked, arrived, answered, failed, written, bytes;
    char complaint[256]; /* the first failure */
};

/* ---- who is signed in ------------------------------------------------------------------------------------------- */

/* The caller's: json_decref. */
static json_t *people_of(int fd, char *in)
{
    struct answer a;
    char request[] = "GET /demo HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n";

    if (!ask(fd, request, in, &a))
        die("no answer from /demo");
    json_t *j = json_of(&a, "/demo"), *people = json_object_get(j, "people");
    if (!json_array_size(people))
        die("/demo names nobody: is that a demo world?");
    json_incref(people);
    json_decref(j);
    return people;
}

static void sign_in(struct connection *c, const char *person, char *in)
{
    struct answer a;
    char request[2048], body[128], cookie[300];

    snprintf(body, sizeof(body), "{\"person\":\"%s\"}", person);
    snprintf(
        request, sizeof(request),
        "POST /demo HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        strlen(body), body);
    if (!ask(c->fd, request, in, &a) || a.status / 100 > 3 || !header(&a, "Set-Cookie", cookie, sizeof(cookie)))
        die("cannot sign in as %s: status %d", person, a.status);
    cookie[strcspn(cookie, ";")] = 0;
    snprintf(request, sizeof(request),
             "GET /api/session HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nCookie: %s\r\n\r\n", cookie);
    if (!ask(c->fd, request, in, &a))
        die("no answer from /api/session");
    json_t *j = json_of(&a, "/api/session");
    snprintf(c->session, sizeof(c->session), "Cookie: %s\r\nX-CSRF-Token: %s\r\n", cookie, member(j, "csrf"));
    json_decref(j);
}

/* May this person write reports there? The form answers 200 to those who may. */
static bool may_write(struct connection *c, const char *place, char *in)
{
    struct answer a;
    char request[1024];

    snprintf(request, sizeof(request),
             "GET /p/%s/report/new HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n%s\r\n", place,
             c->session);
    return ask(c->fd, request, in, &a) && a.status == 200;
}

/* Every connection gets a session of its own, of all that fit in turn. All sign in over one: the others would wait for their turn, and the server closes those that
 * say nothing for long. */
static void sign_all_in(struct load *l)
{
    char *in = malloc(ROOM_IN);
    int fd = connect_to(l->port);
    json_t *people = people_of(fd, in);
    size_t n = json_array_size(people), next = 0;

    for (int i = 0; i < l->connections; i++) {
        struct connection *c = &l->connection[i];
        size_t tried = 0;
        c->fd = fd;
        for (bool found = false; !found; tried++) {
            const json_t *person = json_array_get(people, next++ % n);
            if (tried == n)
                die("nobody in the demo world is '%s' and may do that", l->role);
            if (strcmp(l->role, member(person, "role")) != 0 && strcmp(l->role, member(person, "id")) != 0)
                continue;
            sign_in(c, member(person, "id"), in);
            found = l->mode != REPORT || may_write(c, l->path, in);
        }
    }
    json_decref(people);
    close(fd);
    free(in);
}

/* ---- the requests ----------------------------------------------------------------------------------------------- */

static void compose(struct load *l, struct connection *c)
{
    const char *accept = l->json_wanted || l->mode == REPORT ? "application/json" : "text/html";
    char body[1024] = "";
    int n;

    if (l->mode == GET) {
        n = snprintf(c->out, ROOM_OUT, "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n%s\r\n", l->path, accept,
                     c->session);
    } else if (c->step == 0) {
        int64_t number = l->written++;
        snprintf(body, sizeof(body),
                 "{\"title\":\"楼道灯坏了，第%" PRId64
                 "次\",\"body\":\"二单元三楼的楼道灯已经坏了三天，晚上老人上下楼很不安全，请帮忙联系物业来修。\","
                 "\"spot\":\"%" PRId64 "号楼二单元\"}",
                 number, number % 30 + 1);
        n = snprintf(
            c->out, ROOM_OUT,
            "POST /p/%s/report/draft HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n%sIdempotency-Key: load-%d-%" PRId64
            "\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
            l->path, accept, c->session, (int)getpid(), l->asked, strlen(body), body);
    } else {
        n = snprintf(c->out, ROOM_OUT,
                     "POST %s/send HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\n%sIdempotency-Key: load-%d-%" PRId64
                     "\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
                     c->draft, accept, c->session, (int)getpid(), l->asked);
    }
    if (n < 0 || n >= ROOM_OUT)
        die("a request is too long");
    c->out_len = (size_t)n;
    c->out_at = c->in_len = 0;
    c->busy = true;
    l->asked++;
}

/* What could not be sent at once would be a surprise with requests of this size: then the kernel's buffer is full. */
static void send_now(struct load *l, struct connection *c)
{
    compose(l, c);
    while (c->out_at < c->out_len) {
        ssize_t n = send(c->fd, c->out + c->out_at, c->out_len - c->out_at, MSG_NOSIGNAL);
        if (n > 0)
            c->out_at += (size_t)n;
        else if (n < 0 && errno == EINTR)
            continue;
        else
            die("cannot send: %s", strerror(errno));
    }
}

static void note(struct load *l, double seconds)
{
    double us = seconds * 1e6;

    l->box[us < 0 ? 0 : us >= BOXES ? BOXES - 1 : (size_t)us]++;
    l->answered++;
}

static void fail(struct load *l, const struct answer *a)
{
    if (!l->failed++)
        snprintf(l->complaint, sizeof(l->complaint), "status %d: %.*s", a->status,
                 (int)(a->body_len < 200 ? a->body_len : 200), a->body);
}

/* The draft's path: the location without what follows its id. */
static bool take_draft(struct connection *c, const char *place, const struct answer *a)
{
    json_error_t e;
    json_t *j = json_loadb(a->body, a->body_len, 0, &e);
    const char *id = member(j, "id");
    bool good = *id != 0;

    if (good)
        snprintf(c->draft, sizeof(c->draft), "/p/%s/report/draft/%s", place, id);
    json_decref(j);
    return good;
}

static void answered(struct load *l, struct connection *c, const struct answer *a, double at)
{
    bool good = a->status == 200 || a->status == 201;

    c->busy = false;
    l->arrived++;
    l->bytes = (int64_t)(a->head_len + 2 + a->body_len);
    if (l->mode == GET) {
        if (good)
            note(l, at - c->due);
        else
            fail(l, a);
        return;
    }
    if (good && c->step == 0 && take_draft(c, l->path, a)) {
        c->step = 1;
        c->began = c->due;
        return;
    }
    if (good && c->step == 1)
        note(l, at - c->began);
    else
        fail(l, a);
    c->step = 0;
}

static void receive(struct load *l, struct connection *c)
{
    struct answer a;
    ssize_t n = recv(c->fd, c->in + c->in_len, ROOM_IN - c->in_len, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0)
        die("the server closed a connection after %" PRId64 " answers", l->answered);
    c->in_len += (size_t)n;
    if (parse(c->in, c->in_len, &a))
        answered(l, c, &a, now());
}

static void open_all(struct load *l)
{
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < l->connections; i++) {
        struct connection *c = &l->connection[i];
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        c->fd = connect_to(l->port);
        c->in = malloc(ROOM_IN);
        if (!c->in || epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) != 0)
            die("cannot open %d connections", l->connections);
    }
}

/* One round: sends what is due, takes what has come. Returns whether anything is on its way. */
static bool turn(struct load *l, double until, double *next)
{
    struct epoll_event event[256];
    double t = now(), wait = 0.05;
    bool busy = false;

    for (int i = 0; i < l->connections; i++) {
        struct connection *c = &l->connection[i];
        bool follows = c->step == 1; /* the second half of a report that is begun comes at once */
        if (!c->busy && follows) {
            c->due = t;
            send_now(l, c);
        } else if (!c->busy && t < until && (!l->count || l->written < l->count || l->mode == GET)) {
            if (l->rate > 0 && *next > t) {
                wait = *next - t < wait ? *next - t : wait;
                continue;
            }
            c->due = l->rate > 0 ? *next : t;
            *next += l->rate > 0 ? 1 / l->rate : 0;
            send_now(l, c);
        }
        busy |= c->busy;
    }
    struct timespec span = {0, (long)(wait * 1e9)};
    int n = epoll_pwait2(l->epoll, event, 256, &span, NULL);
    for (int i = 0; i < n; i++)
        receive(l, event[i].data.ptr);
    return busy;
}

static int64_t part(const struct load *l, double share)
{
    int64_t seen = 0, want = (int64_t)((double)l->answered * share);

    for (int64_t i = 0; i < BOXES; i++)
        if ((seen += l->box[i]) > want)
            return i;
    return BOXES;
}

static void switch_to(const struct load *l, const char *what)
{
    char command[1024];

    if (!l->switch_command)
        return;
    snprintf(command, sizeof(command), "%s %s", l->switch_command, what);
    if (system(command) != 0) /* NOLINT(cert-env33-c): the caller's own command, on their own machine */
        die("'%s' fails", command);
}

/* What is on its way is waited for, but not counted in the rate. A slow server is given its time: only when nothing at all comes for a while something is lost. */
static void wait_for_the_rest(struct load *l, double *next)
{
    int64_t before = -1;
    double moved = now();

    while (turn(l, 0, next)) {
        double oldest = now();
        int waiting = 0;
        if (l->arrived != before) {
            before = l->arrived;
            moved = now();
        }
        if (now() < moved + PATIENCE)
            continue;
        for (int i = 0; i < l->connections; i++)
            if (l->connection[i].busy) {
                waiting++;
                oldest = l->connection[i].due < oldest ? l->connection[i].due : oldest;
            }
        die("%d of %d answers do not come; the oldest is waited for since %.1f s, the last other one came %.1f s ago",
            waiting, l->connections, now() - oldest, now() - moved);
    }
}

static int run_load(struct load *l)
{
    double next, began, took, cpu;

    l->connection = calloc((size_t)l->connections, sizeof(*l->connection));
    l->box = calloc(BOXES, sizeof(*l->box));
    if (l->role)
        sign_all_in(l);
    else if (l->mode == REPORT)
        die("say with -a who writes");
    open_all(l);
    switch_to(l, "on");
    cpu = cpu_of(l->pid, l->pids);
    next = began = now();
    do
        (void)turn(l, began + l->seconds, &next);
    while (now() < began + l->seconds && (!l->count || l->answered + l->failed < l->count));
    took = now() - began;
    cpu = cpu_of(l->pid, l->pids) - cpu;
    int64_t in_time = l->answered;
    wait_for_the_rest(l, &next);
    switch_to(l, "off");
    printf("requests=%" PRId64 " rate=%.0f p50_us=%" PRId64 " p99_us=%" PRId64 " max_us=%" PRId64 " failed=%" PRId64
           " bytes=%" PRId64 " cpu_us=%.1f\n",
           l->answered, (double)in_time / took, part(l, 0.5), part(l, 0.99), part(l, 1 - 1e-9), l->failed, l->bytes,
           in_time ? cpu * 1e6 / (double)in_time : 0.0);
    if (l->failed)
        fprintf(stderr, "load: %" PRId64 " failed, the first with %s\n", l->failed, l->complaint);
    return l->failed || !l->answered;
}

/* ---- a server's first answer ------------------------------------------------------------------------------------ */

static int run_start(int port, const char *path, char **command)
{
    static char in[ROOM_IN];
    char request[1024];
    struct answer a = {0};
    double began = now();
    struct timespec pause = {0, 500000};
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(null, 1);
        execvp(command[0], command);
        die("cannot run %s", command[0]);
    }
    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n", path);
    while (now() < began + 30) {
        int fd = try_connect(port);
        if (fd >= 0) {
            bool good = ask(fd, request, in, &a);
            close(fd);
            if (good && a.status == 200) {
                printf("pid=%d ms=%.1f\n", (int)pid, (now() - began) * 1e3);
                return 0;
            }
        }
        if (waitpid(pid, NULL, WNOHANG) == pid)
            die("%s ended", command[0]);
        nanosleep(&pause, NULL);
    }
    kill(pid, SIGTERM);
    die("no answer in 30 seconds; the last status was %d", a.status);
}

static int run_people(int port)
{
    char *in = malloc(ROOM_IN);
    json_t *people = people_of(connect_to(port), in);

    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *p = json_array_get(people, i);
        printf("%s %s %s\n", member(p, "id"), member(p, "role"), member(p, "name"));
    }
    json_decref(people);
    free(in);
    return 0;
}

int main(int argc, char **argv)
{
    static struct load l = {.connections = 64, .seconds = 5}; /* static: what it holds until the end is no leak */
    const char *what = argc > 1 ? argv[1] : "";
    int o;

    if (strcmp(what, "people") == 0 && argc == 3)
        return run_people((int)strtol(argv[2], NULL, 10));
    if (strcmp(what, "start") == 0 && argc > 5 && strcmp(argv[4], "--") == 0)
        return run_start((int)strtol(argv[2], NULL, 10), argv[3], argv + 5);
    if ((strcmp(what, "get") != 0 && strcmp(what, "report") != 0) || argc < 4)
        die("start PORT PATH -- COMMAND…, people PORT, get PORT PATH [OPTIONS] or report PORT PLACE [OPTIONS]");
    l.mode = strcmp(what, "report") == 0 ? REPORT : GET;
    l.port = (int)strtol(argv[2], NULL, 10);
    l.path = argv[3];
    optind = 4;
    while ((o = getopt(argc, argv, "c:t:r:a:p:n:x:j")) != -1)
        switch (o) {
        case 'c': l.connections = (int)strtol(optarg, NULL, 10); break;
        case 't': l.seconds = strtod(optarg, NULL); break;
        case 'r': l.rate = strtod(optarg, NULL); break;
        case 'a': l.role = optarg; break;
        case 'n': l.count = strtoll(optarg, NULL, 10); break;
        case 'x': l.switch_command = optarg; break;
        case 'j': l.json_wanted = true; break;
        case 'p': l.pids = pids_of(optarg, l.pid, PIDS_MAX); break;
        default: return 64;
        }
    if (l.connections < 1 || l.connections > CONNECTIONS_MAX)
        die("1 to %d connections", CONNECTIONS_MAX);
    return run_load(&l);
}
