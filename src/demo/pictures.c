/* pictures.c: draws every scene and sends it the way that a resident's photo goes. */
#include <pthread.h>
#include <stdatomic.h>

#include "demo/stage.h"

enum { DRAWERS = 2 };

struct drawer {
    struct stage *stage;
    atomic_int *next;
    enum result result;
};

static enum result draw_one(struct stage *s, struct arena *a, enum scene scene)
{
    struct demo_picture *to = &s->picture[scene];
    struct media_picture picture;
    struct str png, hash;
    enum result r = scene_draw(a, scene, &png);

    if (r == OK)
        r = media_process(s->o->services->workers, png, a, &picture);
    if (r == OK)
        r = media_store_put(s->o->services->store, a, picture.full, picture.thumb, &hash);
    if (r != OK)
        return r;
    memcpy(to->hash, hash.ptr, MEDIA_HASH_LEN);
    to->width = picture.width;
    to->height = picture.height;
    to->bytes = (int64_t)picture.full.len;
    return OK;
}

static void *draw(void *arg)
{
    struct drawer *d = arg;
    struct arena *a = arena_open((size_t)256 << 20);
    int scene;

    d->result = a ? OK : E_BUSY;
    while (d->result == OK && (scene = atomic_fetch_add(d->next, 1)) < SCENE_COUNT) {
        d->result = draw_one(d->stage, a, (enum scene)scene);
        arena_reset(a);
    }
    arena_close(a);
    return NULL;
}

enum result demo_pictures(struct stage *s)
{
    atomic_int next = SCENE_NONE + 1;
    struct drawer drawers[DRAWERS];
    pthread_t threads[DRAWERS];
    int running = 0;
    enum result r = OK;

    for (int i = 0; i < DRAWERS; i++) {
        drawers[i] = (struct drawer){s, &next, OK};
        if (pthread_create(&threads[i], NULL, draw, &drawers[i]) != 0)
            break;
        running++;
    }
    if (running == 0)
        return E_BUSY;
    for (int i = 0; i < running; i++) {
        pthread_join(threads[i], NULL);
        if (drawers[i].result != OK)
            r = drawers[i].result;
    }
    return r;
}

enum result demo_attach_picture(struct db *db, const struct stage *s, enum scene scene, struct media *media)
{
    const struct demo_picture *picture = &s->picture[scene];

    media->hash = str_from_cstr(picture->hash);
    media->width = picture->width;
    media->height = picture->height;
    media->bytes = picture->bytes;
    media->created_at = s->now;
    return media_attach(db, media);
}
