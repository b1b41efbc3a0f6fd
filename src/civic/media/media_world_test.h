/* media_world_test.h: a store and a worker in a folder of their own, and a photo, for the tests of this folder. Includes civic/media/image.h for the photo. */
#ifndef LILONG_MEDIA_WORLD_TEST_H
#define LILONG_MEDIA_WORLD_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "civic/media/image.h"
#include "civic/media/media.h"
#include "support/test_db.h"
#include "support/test_files.h"

static const int64_t here = 310113007011, there = 310113007012;

struct world {
    struct test_db t;
    char dir[64];
    struct media_store *store;
    struct media_workers *workers;
};

static inline int world_open(void **state, struct media_options options)
{
    struct world *w = calloc(1, sizeof(*w));

    test_db_open(&w->t);
    snprintf(w->dir, sizeof(w->dir), "/tmp/lilong-media-XXXXXX");
    *state = w;
    if (mkdtemp(w->dir) == NULL || media_store_open(w->dir, &w->store) != OK)
        return -1;
    return media_workers_open(&options, &w->workers) == OK ? 0 : -1;
}

static inline int world_close(void **state)
{
    struct world *w = *state;

    media_workers_close(w->workers);
    media_store_close(w->store);
    test_db_close(&w->t);
    int status = test_remove_tree(w->dir);
    free(w);
    return status;
}

/* A JPEG of one colour, 640 x 480. */
static inline struct str world_photo(struct arena *a, uint8_t grey)
{
    struct raster r = raster_new(a, 640, 480);
    struct str jpeg = STR_NONE;

    memset(r.rgb, grey, (size_t)640 * 480 * 3);
    assert_int_equal(jpeg_encode(a, &r, 90, &jpeg), IMAGE_OK);
    return jpeg;
}

#endif
