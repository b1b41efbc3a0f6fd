/* serve.c: lilong serve: the whole system, until SIGTERM. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

/* A socket that the service manager has opened for us (LISTEN_FDS), or -1. */
static int inherited_socket(void)
{
    const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
    int64_t value;

    if (!pid || !n || str_int64(str_from_cstr(pid), 1, INT32_MAX, &value) != OK || value != getpid())
        return -1;
    return str_int64(str_from_cstr(n), 1, 1, &value) == OK ? 3 : -1;
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

static enum exit_code listen_and_wait(struct invocation *v, struct app *app, const struct world *w,
                                      const sigset_t *signals)
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
    sigwait(signals, &sig);
    log_info("serve.stopping", LOG_INT("signal", sig));
    notify("STOPPING=1");
    /* Who asks twice does not want to wait. */
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
    app_drain(app);
    return EXIT_OK;
}

static enum exit_code serve_world(struct invocation *v, const struct world *w, const sigset_t *signals)
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
    enum exit_code code = listen_and_wait(v, app, w, signals);
    app_close(app);
    return code;
}

static enum exit_code run(struct invocation *v)
{
    struct world w;
    sigset_t signals;

    /* Before any thread is made: all of them inherit it, and only sigwait() sees these. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    umask(077);
    raise_descriptors();

    enum exit_code code = world_open(v, WORLD_MEDIA | WORLD_SMS | WORLD_MIGRATE, &w);
    if (code != EXIT_OK)
        return code;
    code = serve_world(v, &w, &signals);
    world_close(&w);
    log_info("serve.stopped", LOG_INT("code", code));
    return code;
}

const struct command command_serve = {
    .name = "serve",
    .summary = "Serves the data folder until it is told to stop.",
    .usage = "lilong serve --data DIR [--listen ADDRESS:PORT] [--database URL]",
    .details = "SIGTERM or SIGINT: takes no new connections, finishes what runs, and ends. A second one ends at once.\n"
               "Works with systemd: Type=notify, and socket activation with one socket.",
    .run = run,
};
