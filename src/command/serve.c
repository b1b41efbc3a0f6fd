/* serve.c: lilong serve: the whole system, until SIGTERM. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "command/init.h"
#include "command/world.h"
#include "modules.h"

/* ---- the service manager ---------------------------------------------------------------------------------- */

/* sd_notify(3) without libsystemd: a datagram to the socket that the variable names; '@' stands for an abstract one. */
static void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;

    if (len == 0 || len >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
        return;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@')
        to.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
               (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) < 0)
        log_warn("serve.notify", LOG_INT("errno", errno));
    close(fd);
}

static void notify_reloading(void)
{
    struct timespec t;
    char state[64];

    clock_gettime(CLOCK_MONOTONIC, &t);
    snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
             (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000);
    notify(state);
}

/* A socket that the service manager has opened for us (LISTEN_FDS), or -1. */
static int inherited_socket(void)
{
    const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
    int64_t value;

    if (!pid || !n || str_int64(str_from_cstr(pid), 1, INT32_MAX, &value) != OK || value != getpid())
        return -1;
    return str_int64(str_from_cstr(n), 1, 1, &value) == OK ? 3 : -1;
}

/* The arguments that this process was started with; the last one is NULL. */
static char **own_arguments(struct arena *a)
{
    enum { ROOM = 64 * 1024, MOST = 256 };
    char *text = arena_array(a, char, ROOM), **list = arena_array(a, char *, MOST + 1);
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, ROOM - 1) : -1;
    size_t count = 0;

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return NULL;
    text[n] = '\0';
    for (char *at = text; at < text + n && count < MOST; at += strlen(at) + 1)
        list[count++] = at;
    list[count] = NULL;
    return list;
}

/* SIGUSR2: the program that lies at our path now takes over, in this very process. It gets the listening socket, so that clients wait in its
 * queue meanwhile and none is refused. By now the database is closed: two never write at once. */
static enum exit_code hand_over(const struct invocation *v, const char *program, int socket)
{
    char pid[24];

    char **arguments = own_arguments(v->arena);
    snprintf(pid, sizeof(pid), "%ld", (long)getpid());
    if (!arguments || (socket != 3 && dup2(socket, 3) != 3) || fcntl(3, F_SETFD, 0) != 0 ||
        setenv("LISTEN_PID", pid, 1) != 0 || setenv("LISTEN_FDS", "1", 1) != 0)
        return EXIT_INTERNAL;
    execv(program, arguments);
    invocation_complain(v, "%s cannot be started: %s", program, strerror(errno));
    return EXIT_INTERNAL;
}

/* Every connection is a descriptor: take as many as we may have. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* ---- serving ----------------------------------------------------------------------------------------------- */

/* *ret_socket: the listening socket, kept open, when the program is to be started anew; else -1. */
static enum exit_code listen_and_wait(struct invocation *v, struct app *app, const struct world *w,
                                      const sigset_t *signals, const char *program, int *ret_socket)
{
    const char *address = str_cstr(v->arena, v->config.listen.address);
    uint16_t port = 0;
    int sig = 0;

    enum result r = app_listen(app, address, (uint16_t)v->config.listen.port, inherited_socket(), &port);
    if (r != OK) {
        invocation_complain(v, "cannot listen on %s port %d: %s", address, (int)v->config.listen.port,
                            errno ? strerror(errno) : result_name(r));
        return EXIT_UNAVAILABLE;
    }
    app_start_jobs(app);
    log_info("serve.ready", LOG_CSTR("address", address), LOG_INT("port", port), LOG_CSTR("version", LILONG_VERSION));
    struct str base = str_printf(v->arena, strchr(address, ':') ? "http://[%s]:%u" : "http://%s:%u", address, port);
    printf(STR_FMT "\n", STR_ARG(base));
    fflush(stdout);
    if (w->demo) {
        if (v->config.listen.public_url.len) /* what a phone reaches */
            base = v->config.listen.public_url;
        if (demo_print_welcome(v, w, base) != EXIT_OK)
            log_warn("serve.welcome", LOG_CSTR("text", "the people of the demo world cannot be shown"));
        printf("\nServing " STR_FMT " until Ctrl-C.\n", STR_ARG(base)); /* again: the first line has scrolled away */
        fflush(stdout);
    }
    notify("READY=1");
    for (;;) {
        sigwait(signals, &sig);
        if (sig != SIGUSR2)
            break;
        if (access(program, X_OK) == 0 && (*ret_socket = fcntl(app_listen_fd(app), F_DUPFD_CLOEXEC, 3)) >= 0)
            break;
        log_error("serve.hand_over", LOG_CSTR("program", program), LOG_INT("errno", errno));
    }
    log_info("serve.stopping", LOG_INT("signal", sig));
    if (sig != SIGUSR2)
        notify("STOPPING=1");
    else
        notify_reloading();
    /* Who asks twice does not want to wait. */
    sigset_t ends = *signals;
    sigdelset(&ends, SIGUSR2);
    pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
    app_drain(app);
    return EXIT_OK;
}

static enum exit_code serve_world(struct invocation *v, const struct world *w, const sigset_t *signals,
                                  const char *program, int *ret_socket)
{
    struct app *app;
    struct str why = STR_NONE;
    struct app_options o = {.config = &v->config,
                            .database = w->database,
                            .modules = modules,
                            .n_modules = modules_n,
                            .policy = &policy,
                            .services = &w->services,
                            .data_dir = w->data_dir,
                            .demo = w->demo};

    if (app_open(&o, v->arena, &app, &why) != OK) {
        invocation_complain(v, STR_FMT, STR_ARG(why));
        return EXIT_INTERNAL;
    }
    enum exit_code code = listen_and_wait(v, app, w, signals, program, ret_socket);
    app_close(app);
    return code;
}

static enum exit_code run(struct invocation *v)
{
    struct world w;
    sigset_t signals;
    char program[PATH_MAX] = "";
    int socket = -1;

    /* Now: once another file lies there, the link says that ours is deleted. */
    if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
        program[0] = '\0';
    /* Before any thread is made: all of them inherit it, and only sigwait() sees these. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    raise_descriptors();

    enum exit_code code = world_open(v, WORLD_MEDIA | WORLD_SMS | WORLD_MIGRATE, &w);
    if (code != EXIT_OK)
        return code;
    code = serve_world(v, &w, &signals, program, &socket);
    world_close(&w);
    log_info("serve.stopped", LOG_INT("code", code));
    return socket < 0 ? code : hand_over(v, program, socket);
}

const struct command command_serve = {
    .name = "serve",
    .summary = "Serves the data folder until it is told to stop.",
    .usage = "lilong serve --data DIR [--listen ADDRESS:PORT] [--database URL]",
    .details =
        "SIGTERM or SIGINT: takes no new connections, finishes what runs, and ends. A second one ends at once.\n"
        "SIGUSR2: the same, but then the program that lies at its path now goes on in its place, with its socket: no client is refused.\n"
        "Works with systemd: Type=notify, and socket activation with one socket.",
    .run = run,
};
