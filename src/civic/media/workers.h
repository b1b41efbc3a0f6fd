/* workers.h: the processes that open what people upload; inside this folder only. */
#ifndef LILONG_MEDIA_WORKERS_H
#define LILONG_MEDIA_WORKERS_H

#include "civic/media/image.h"
#include "civic/media/media.h"
#include "engine/base/worker.h"

struct media_workers {
    struct worker_pool *pool, *documents;
    struct image_limits limits;
    size_t bytes_max;
};

enum result document_pool_open(const struct media_options *options, struct worker_pool **ret_pool) MUST_USE;

#endif
