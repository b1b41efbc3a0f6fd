/* worker.c: see worker.h. The upper half runs in the worker process, the lower half in the server. */
#include "engine/base/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/time.h"

enum { WORKER_FD = 3, WORKER_IDLE_MS = 60 * 1000, WORKER_MAGIC = 0x6c6c7731 };

struct call_message { /* with two descriptors: request and reply memory */
    uint32_t magic, head, body, room;
};
struct reply_message {
    uint32_t magic;
    int32_t code;
    uint32_t length, steps;
};

/* ---- in the worker process --------------------------------------------------------------------------- */

/* What the child tells. It may be lying: everything is checked before use. */
struct outcome {
    volatile uint32_t done, length, steps;
    volatile int32_t code;
};

static _Noreturn void child_run(const struct worker_kind *kind, const struct call_message *call, const int fd[2],
                                pid_t parent, struct outcome *outcome)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1);
    size_t size = (size_t)call->head + call->body;
    const char *in = size ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd[0], 0) : "";
    char *out = mmap(NULL, call->room, PROT_READ | PROT_WRITE, MAP_SHARED, fd[1], 0);
    if (in == MAP_FAILED || out == MAP_FAILED)
        _exit(1);
    close(fd[0]);
    close(fd[1]);
    close(WORKER_FD);
    unsigned steps = 0;
    if (sandbox_enter(&kind->sandbox, &steps) != OK)
        _exit(1);
    size_t length = 0;
    int code = kind->run((struct str){in, call->head}, (struct str){in + call->head, call->body}, out, call->room,
                         &length);
    outcome->code = code;
    outcome->length = (uint32_t)length;
    outcome->steps = steps;
    outcome->done = 1;
    _exit(0);
}

/* Waits for the child, at most the kind's time. */
static void child_wait(const struct worker_kind *kind, pid_t child, const sigset_t *chld, struct reply_message *reply)
{
    int64_t end = time_monotonic() + kind->timeout_ms;
    int status = 0;
    bool slow = false;
    while (waitpid(child, &status, WNOHANG) == 0) {
        int64_t left = end - time_monotonic();
        if (left <= 0) {
            slow = true;
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        struct timespec t = {left / 1000, (left % 1000) * 1000000};
        sigtimedwait(chld, NULL, &t);
    }
    if (slow || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
        reply->code = WORKER_TOO_SLOW;
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        reply->code = WORKER_CRASHED;
}

static struct reply_message serve_call(const struct worker_kind *kind, const struct call_message *call, const int fd[2],
                                       const sigset_t *chld, struct outcome *outcome)
{
    struct reply_message reply = {.magic = WORKER_MAGIC, .code = 0};
    *outcome = (struct outcome){0};
    pid_t parent = getpid(), child = fork();
    if (child == 0)
        child_run(kind, call, fd, parent, outcome);
    if (child < 0) {
        reply.code = WORKER_CRASHED;
        return reply;
    }
    child_wait(kind, child, chld, &reply);
    if (reply.code == 0) {
        uint32_t length = outcome->length;
        int32_t code = outcome->code;
        if (!outcome->done || code < 0 || length > call->room)
            reply.code = WORKER_CRASHED;
        else
            reply = (struct reply_message){WORKER_MAGIC, code, length, outcome->steps};
    }
    return reply;
}

/* One message with its two descriptors. 0 at the end of the conversation, -1 on an error. */
static ssize_t receive_call(struct call_message *call, int fd[2])
{
    union {
        char room[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {call, sizeof(*call)};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
    ssize_t n = recvmsg(WORKER_FD, &message, MSG_CMSG_CLOEXEC);
    if (n <= 0)
        return n;
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    if (n != sizeof(*call) || call->magic != WORKER_MAGIC || c == NULL || c->cmsg_type != SCM_RIGHTS ||
        c->cmsg_len != CMSG_LEN(2 * sizeof(int)))
        return -1;
    memcpy(fd, CMSG_DATA(c), 2 * sizeof(int));
    return n;
}

int worker_main(const struct worker_kind *const *kinds, size_t n, const char *name)
{
    const struct worker_kind *kind = NULL;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(kinds[i]->name, name) == 0)
            kind = kinds[i];
    }
    int type = 0;
    socklen_t type_size = sizeof(type);
    if (kind == NULL || getsockopt(WORKER_FD, SOL_SOCKET, SO_TYPE, &type, &type_size) != 0 || type != SOCK_SEQPACKET) {
        fprintf(stderr, "lilong: the worker command is for lilong itself\n");
        return 2;
    }
    struct outcome *outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (outcome == MAP_FAILED)
        return 1;
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigprocmask(SIG_BLOCK, &chld, NULL);
    for (;;) {
        struct pollfd wait = {WORKER_FD, POLLIN, 0};
        int ready = poll(&wait, 1, WORKER_IDLE_MS);
        if (ready < 0 && errno == EINTR)
            continue;
        struct call_message call;
        int fd[2];
        if (ready <= 0 || receive_call(&call, fd) <= 0)
            return 0;
        struct reply_message reply = serve_call(kind, &call, fd, &chld, outcome);
        close(fd[0]);
        close(fd[1]);
        if (send(WORKER_FD, &reply, sizeof(reply), MSG_NOSIGNAL) != sizeof(reply))
            return 0;
    }
}

/* ---- in the server --------------------------------------------------------------------------------------- */

struct worker {
    bool busy;
    pid_t pid; /* 0: not started */
    int fd;
};

struct worker_pool {
    const struct worker_kind *kind;
    char *program;
    pthread_mutex_t lock;
    pthread_cond_t freed;
    unsigned n, queue_max, waiting;
    bool told; /* which walls stand has been logged */
    struct worker worker[];
};

enum result worker_pool_open(const struct worker_kind *kind, unsigned workers, unsigned queue_max, const char *program,
                             struct worker_pool **ret_pool)
{
    struct worker_pool *pool = calloc(1, sizeof(*pool) + workers * sizeof(struct worker));
    if (pool == NULL)
        return E_BUSY;
    pool->kind = kind;
    pool->program = strdup(program ? program : "/proc/self/exe");
    if (pool->program == NULL) {
        free(pool);
        return E_BUSY;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->freed, NULL);
    pool->n = workers;
    pool->queue_max = queue_max;
    for (unsigned i = 0; i < workers; i++)
        pool->worker[i].fd = -1;
    *ret_pool = pool;
    return OK;
}

static void worker_stop(struct worker *w)
{
    if (w->fd >= 0)
        close(w->fd);
    if (w->pid > 0) {
        kill(w->pid, SIGKILL); /* its child goes with it */
        while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    w->fd = -1;
    w->pid = 0;
}

void worker_pool_close(struct worker_pool *pool)
{
    if (pool == NULL)
        return;
    for (unsigned i = 0; i < pool->n; i++)
        worker_stop(&pool->worker[i]);
    pthread_cond_destroy(&pool->freed);
    pthread_mutex_destroy(&pool->lock);
    free(pool->program);
    free(pool);
}

static enum result worker_start(const struct worker_pool *pool, struct worker *w)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return result_of_errno(errno);
    int why = 0, devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
    /* dup2 onto itself would keep close-on-exec: move away from the places that are about to be filled. */
    int theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10);
    if (devnull < 0 || theirs < 0)
        why = errno;
    close(pair[1]);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    char *argv[] = {(char *)"lilong", (char *)"worker", (char *)pool->kind->name, NULL};
    char *environment[] = {(char *)"LC_ALL=C.UTF-8", (char *)"HOME=/nonexistent", (char *)"PATH=/usr/bin:/bin", NULL};
    bool good = devnull >= 0 && theirs >= 0 && posix_spawn_file_actions_adddup2(&actions, devnull, 0) == 0 &&
                posix_spawn_file_actions_adddup2(&actions, devnull, 1) == 0 &&
                posix_spawn_file_actions_adddup2(&actions, theirs, WORKER_FD) == 0 &&
                posix_spawn_file_actions_addclosefrom_np(&actions, WORKER_FD + 1) == 0 &&
                posix_spawnattr_setsigmask(&attr, &none) == 0 && posix_spawnattr_setsigdefault(&attr, &all) == 0 &&
                posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
                (why = posix_spawn(&w->pid, pool->program, &actions, &attr, argv, environment)) == 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attr);
    if (devnull >= 0)
        close(devnull);
    if (theirs >= 0)
        close(theirs);
    if (!good) {
        close(pair[0]);
        w->pid = 0;
        return result_of_errno(why);
    }
    w->fd = pair[0];
    return OK;
}

static bool write_all(int fd, struct str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = (struct str){s.ptr + n, s.len - (size_t)n};
    }
    return true;
}

/* Memory that the other side cannot grow, shrink or (for the request) change under our hands. */
static int request_memory(struct str head, struct str body)
{
    int fd = memfd_create("lilong-request", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && write_all(fd, head) && write_all(fd, body) &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int reply_memory(size_t room)
{
    int fd = memfd_create("lilong-reply", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && ftruncate(fd, (off_t)room) == 0 &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool send_call(int to, const struct call_message *call, int in, int out)
{
    union {
        char room[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control = {{0}};
    struct call_message copy = *call;
    struct iovec part = {&copy, sizeof(copy)};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(c), (int[2]){in, out}, 2 * sizeof(int));
    return sendmsg(to, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(copy);
}

/* false: the worker is gone or silent. *ret_slow tells which. */
static bool receive_reply(int from, int64_t end, struct reply_message *reply, bool *ret_slow)
{
    *ret_slow = false;
    for (;;) {
        int64_t left = end - time_monotonic();
        struct pollfd wait = {from, POLLIN, 0};
        int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            *ret_slow = ready == 0;
            return false;
        }
        ssize_t n = recv(from, reply, sizeof(*reply), 0);
        if (n < 0 && errno == EINTR)
            continue;
        return n == sizeof(*reply) && reply->magic == WORKER_MAGIC;
    }
}

static struct worker *worker_borrow(struct worker_pool *pool)
{
    struct worker *found = NULL;
    pthread_mutex_lock(&pool->lock);
    for (bool waited = false; found == NULL; waited = true) {
        for (unsigned i = 0; i < pool->n && found == NULL; i++) {
            if (!pool->worker[i].busy)
                found = &pool->worker[i];
        }
        if (found != NULL)
            break;
        if (!waited && pool->waiting >= pool->queue_max)
            break;
        pool->waiting++;
        pthread_cond_wait(&pool->freed, &pool->lock);
        pool->waiting--;
    }
    if (found)
        found->busy = true;
    pthread_mutex_unlock(&pool->lock);
    return found;
}

static void worker_give_back(struct worker_pool *pool, struct worker *w)
{
    pthread_mutex_lock(&pool->lock);
    w->busy = false;
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&pool->lock);
}

static void tell_walls(struct worker_pool *pool, unsigned steps)
{
    pthread_mutex_lock(&pool->lock);
    bool told = pool->told;
    pool->told = true;
    pthread_mutex_unlock(&pool->lock);
    if (!told)
        log_info("worker.sandbox", LOG_CSTR("kind", pool->kind->name),
                 LOG_INT("seccomp", (steps & SANDBOX_SECCOMP) != 0),
                 LOG_INT("landlock", (steps & SANDBOX_LANDLOCK) != 0));
}

static enum result call_worker(struct worker_pool *pool, struct worker *w, const struct call_message *call, int in,
                               int out, struct reply_message *reply)
{
    /* A worker that has ended in its quiet minute, or was killed, is started again; once. */
    for (int tries = 0; tries < 2; tries++) {
        bool fresh = w->pid == 0;
        enum result started = fresh ? worker_start(pool, w) : OK;
        if (started != OK)
            return started;
        bool slow = false;
        int64_t end = time_monotonic() + pool->kind->timeout_ms + 2000;
        if (send_call(w->fd, call, in, out) && receive_reply(w->fd, end, reply, &slow))
            return OK;
        worker_stop(w);
        if (slow) {
            *reply = (struct reply_message){WORKER_MAGIC, WORKER_TOO_SLOW, 0, 0};
            return OK;
        }
        if (fresh)
            break;
    }
    return E_IO;
}

enum result worker_call(struct worker_pool *pool, struct str head, struct str body, struct arena *a, int *ret_code,
                        struct str *ret_reply)
{
    struct call_message call = {WORKER_MAGIC, (uint32_t)head.len, (uint32_t)body.len, (uint32_t)pool->kind->reply_max};
    if (head.len > 1024 * 1024 || body.len > 256u * 1024 * 1024)
        return E_TOO_LARGE;
    struct worker *w = worker_borrow(pool);
    if (w == NULL)
        return E_BUSY;
    int in = request_memory(head, body), out = in >= 0 ? reply_memory(pool->kind->reply_max) : -1;
    struct reply_message reply = {0};
    enum result r = in >= 0 && out >= 0 ? call_worker(pool, w, &call, in, out, &reply) : result_of_errno(errno);
    worker_give_back(pool, w);
    struct str copy = STR_NONE;
    if (r == OK && reply.code >= 0 && reply.length > pool->kind->reply_max)
        reply = (struct reply_message){WORKER_MAGIC, WORKER_CRASHED, 0, 0};
    if (in >= 0)
        close(in);
    if (r == OK && reply.code >= 0 && reply.length > 0) {
        const char *from = mmap(NULL, reply.length, PROT_READ, MAP_SHARED, out, 0);
        if (from == MAP_FAILED) {
            r = result_of_errno(errno);
        } else {
            char *to = malloc(reply.length);
            if (to)
                memcpy(to, from, reply.length);
            munmap((void *)from, reply.length);
            copy = (struct str){to, reply.length};
            if (to == NULL)
                r = E_BUSY;
        }
    }
    if (out >= 0)
        close(out);
    if (r != OK)
        return r;
    if (reply.code >= 0)
        tell_walls(pool, reply.steps);
    if (copy.len) {
        /* Into the arena only now: it may jump away, and nothing must be left open behind. */
        arena_on_reset(a, free, (void *)copy.ptr);
    }
    *ret_code = reply.code;
    *ret_reply = copy;
    return OK;
}
