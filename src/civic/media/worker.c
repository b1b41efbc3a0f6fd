/* worker.c: pictures through the sandboxed worker. The conversion itself is in image.c. */
#include "civic/media/media.h"

#include <setjmp.h>
#include <stdlib.h>

#include "civic/media/image.h"
#include "civic/media/workers.h"

enum { FULL_SIDE = 1600, THUMB_SIDE = 320, REPLY_MAX = 6 * 1024 * 1024, BYTES_MAX = 12 * 1024 * 1024 };
#define MEMORY_MAX ((size_t)768 * 1024 * 1024)

static const struct image_limits usual_limits = {
    .pixels_max = 40 * 1000 * 1000,
    .side_max = 20000,
    .side = FULL_SIDE,
    .thumb_side = THUMB_SIDE,
    .thumb_bytes = 15 * 1024,
    .quality = 82,
};

/* In front of the two files in the reply. */
struct reply_head {
    uint32_t width, height, full, thumb;
};

static int convert(struct str head, struct str body, char *out, size_t room, size_t *ret_len)
{
    struct image_limits limits;
    if (head.len != sizeof(limits)) /* the server is the same binary */
        return IMAGE_MEMORY;
    memcpy(&limits, head.ptr, sizeof(limits));
    /* Below the limit of the address space, which the decoders share. */
    struct arena *a = arena_open(MEMORY_MAX / 2);
    jmp_buf full;
    if (a == NULL)
        return IMAGE_MEMORY;
    if (setjmp(full) != 0)
        return IMAGE_MEMORY;
    arena_escape(a, &full);
    struct image image;
    enum image_code code = image_convert(a, body, &limits, &image);
    if (code != IMAGE_OK)
        return code;
    struct reply_head reply = {image.width, image.height, (uint32_t)image.full.len, (uint32_t)image.thumb.len};
    if (image.full.len > room || image.thumb.len > room || sizeof(reply) + image.full.len + image.thumb.len > room)
        return IMAGE_MEMORY;
    memcpy(out, &reply, sizeof(reply));
    memcpy(out + sizeof(reply), image.full.ptr, image.full.len);
    memcpy(out + sizeof(reply) + image.full.len, image.thumb.ptr, image.thumb.len);
    *ret_len = sizeof(reply) + image.full.len + image.thumb.len;
    return IMAGE_OK;
}

const struct worker_kind media_worker_kind = {
    .name = "image",
    .sandbox = {.memory = MEMORY_MAX, .cpu_seconds = 10},
    .reply_max = REPLY_MAX,
    .timeout_ms = 10 * 1000,
    .run = convert,
};

/* ---- in the server ------------------------------------------------------------------------------------------ */

enum result media_workers_open(const struct media_options *options, struct media_workers **ret)
{
    struct media_workers *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return E_BUSY;
    w->limits = usual_limits;
    if (options->pixels_max > 0)
        w->limits.pixels_max = options->pixels_max < UINT32_MAX ? (uint32_t)options->pixels_max : UINT32_MAX;
    w->bytes_max = options->bytes_max > 0 ? (size_t)options->bytes_max : BYTES_MAX;
    enum result r = worker_pool_open(&media_worker_kind, options->workers ? options->workers : 2,
                                     options->queue_max ? options->queue_max : 32, options->program, &w->pool);
    if (r == OK && (r = document_pool_open(options, &w->documents)) != OK)
        worker_pool_close(w->pool);
    if (r != OK) {
        free(w);
        return r;
    }
    *ret = w;
    return OK;
}

void media_workers_close(struct media_workers *workers)
{
    if (workers == NULL)
        return;
    worker_pool_close(workers->pool);
    worker_pool_close(workers->documents);
    free(workers);
}

static enum media_refusal refusal_of(int code)
{
    switch (code) {
    case IMAGE_OK: return MEDIA_FINE;
    case IMAGE_UNKNOWN: return MEDIA_UNKNOWN;
    case IMAGE_HEIC: return MEDIA_HEIC;
    case IMAGE_FORMAT: return MEDIA_FORMAT;
    case IMAGE_ANIMATED: return MEDIA_ANIMATED;
    case IMAGE_PIXELS: return MEDIA_PIXELS;
    default: /* broken, out of its memory, crashed, too slow */ return MEDIA_BROKEN;
    }
}

/* A decoder may have been taken over by the very picture: only two plain JPEGs of sane size are believed. */
static bool take_reply(struct str reply, struct media_picture *picture)
{
    struct reply_head head;
    if (reply.len < sizeof(head))
        return false;
    memcpy(&head, reply.ptr, sizeof(head));
    if ((uint64_t)sizeof(head) + head.full + head.thumb != reply.len || head.width > FULL_SIDE ||
        head.height > FULL_SIDE)
        return false;
    picture->width = head.width;
    picture->height = head.height;
    picture->full = str_sub(reply, sizeof(head), head.full);
    picture->thumb = str_sub(reply, sizeof(head) + head.full, head.thumb);
    return image_is_plain_jpeg(picture->full, head.width, head.height) &&
           image_is_plain_jpeg_within(picture->thumb, THUMB_SIDE);
}

enum result media_process(struct media_workers *workers, struct str upload, struct arena *a,
                          struct media_picture *ret_picture)
{
    *ret_picture = (struct media_picture){0};
    if (upload.len == 0 || upload.len > workers->bytes_max) {
        ret_picture->refusal = upload.len ? MEDIA_BYTES : MEDIA_EMPTY;
        return upload.len ? E_TOO_LARGE : E_INVALID;
    }
    int code = 0;
    struct str reply = STR_NONE, limits = {(const char *)&workers->limits, sizeof(workers->limits)};
    enum result r = worker_call(workers->pool, limits, upload, a, &code, &reply);
    if (r != OK)
        return r;
    struct media_picture picture = {.refusal = refusal_of(code)};
    if (picture.refusal == MEDIA_FINE && !take_reply(reply, &picture))
        picture.refusal = MEDIA_BROKEN;
    if (picture.refusal != MEDIA_FINE) {
        ret_picture->refusal = picture.refusal;
        return E_INVALID;
    }
    *ret_picture = picture;
    return OK;
}
