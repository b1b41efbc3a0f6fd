/* pool.c: a few threads and a bounded queue, for work that must not stop reading: password hashes, pictures, exports. */
#include <stdlib.h>

#include "engine/app/internal.h"

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct task *first, **last;
    size_t waiting, max;
    bool closing;
    unsigned n_threads;
    pthread_t thread[];
};

static void *pool_run(void *arg)
{
    struct pool *p = arg;

    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->first && !p->closing)
            pthread_cond_wait(&p->wake, &p->lock);
        struct task *t = p->first;
        if (!t)
            break;
        p->first = t->next;
        if (!p->first)
            p->last = &p->first;
        p->waiting--;
        pthread_mutex_unlock(&p->lock);
        t->run(t->arg); /* the task's memory may be gone when this returns */
        pthread_mutex_lock(&p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

enum result pool_open(unsigned threads, size_t queue_max, struct pool **ret_pool)
{
    struct pool *p = calloc(1, sizeof(*p) + threads * sizeof(pthread_t));

    if (!p)
        return E_BUSY;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->wake, NULL);
    p->last = &p->first;
    p->max = queue_max;
    for (; p->n_threads < threads; p->n_threads++)
        if (pthread_create(&p->thread[p->n_threads], NULL, pool_run, p) != 0) {
            pool_close(p);
            return E_BUSY;
        }
    *ret_pool = p;
    return OK;
}

bool pool_put(struct pool *p, struct task *task)
{
    bool taken = false;

    pthread_mutex_lock(&p->lock);
    if ((!p->max || p->waiting < p->max) && !p->closing) {
        task->next = NULL;
        *p->last = task;
        p->last = &task->next;
        p->waiting++;
        taken = true;
        pthread_cond_signal(&p->wake);
    }
    pthread_mutex_unlock(&p->lock);
    return taken;
}

size_t pool_waiting(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->waiting;
    pthread_mutex_unlock(&p->lock);
    return n;
}

void pool_close(struct pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->wake);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n_threads; i++)
        pthread_join(p->thread[i], NULL);
    pthread_cond_destroy(&p->wake);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
