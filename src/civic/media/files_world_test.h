/* files_world_test.h: files behind the pages of the lane: a store and a worker, pictures and documents to send, and a look at who may fetch them. A test includes
 * civic/home/lane_test.h before, opens its world between files_open() and files_ready(), and begins its main() with FILES_WORKER. */
#ifndef LILONG_MEDIA_FILES_WORLD_TEST_H
#define LILONG_MEDIA_FILES_WORLD_TEST_H

#include "civic/home/lane_test.h"
#include "civic/media/image.h"
#include "civic/media/media_document.h"
#include "civic/media/media_routes.h"
#include "civic/media/pdf_world_test.h"
#include "civic/service/service.h"

static struct services files_services;

static inline void files_open(void)
{
    files_services = (struct services){.keys = crypto_keys_for_test()};
    lane_services = &files_services;
}

/* After the world is there: its folder is the store's. */
static inline int files_ready(const struct media_guards *const *guards, size_t n)
{
    media_use_guards(guards, n);
    if (media_store_open(t->data_dir, &files_services.store) != OK)
        return -1;
    return media_workers_open(&(struct media_options){.workers = 1}, &files_services.workers) == OK ? 0 : -1;
}

/* Before the world is closed. */
static inline void files_close(void)
{
    media_use_guards(NULL, 0);
    media_workers_close(files_services.workers);
    media_store_close(files_services.store);
    crypto_keys_close(files_services.keys);
    lane_services = NULL;
}

#define FILES_WORKER(argc, argv)                                                       \
    do {                                                                               \
        static const struct worker_kind *const worker_kinds[] = {&media_worker_kind};  \
        if ((argc) == 3 && strcmp((argv)[1], "worker") == 0)                           \
            return worker_main(worker_kinds, 1, (argv)[2]);                            \
    } while (0)

static inline struct test_file pdf(const char *name, struct str bytes)
{
    return (struct test_file){"documents", name, "application/pdf", bytes};
}

static inline struct test_file photo(uint8_t grey)
{
    struct raster r = raster_new(t->arena, 640, 480);
    struct str jpeg = STR_NONE;

    memset(r.rgb, grey, (size_t)640 * 480 * 3);
    assert_int_equal(jpeg_encode(t->arena, &r, 90, &jpeg), IMAGE_OK);
    return (struct test_file){"photos", "a.jpg", "image/jpeg", jpeg};
}

/* A member of a page's JSON, "files.documents.0.url". */
static inline const char *member(struct reply r, const char *name)
{
    return str_cstr(t->arena, reply_json(t, r, name));
}

/* The picture and the document at these addresses, and all that is drawn from them: whether the person (0: a guest) gets every one, or none. A mix fails. */
static inline bool files_fetched(int64_t person, const char *picture, const char *document)
{
    static const char *const of_picture[] = {"", "/thumb", "/photo"}, *const of_document[] = {"", "/first", "/thumb"};
    size_t got = 0, asked = 0;

    for (size_t i = 0; i < 3; i++) {
        if (picture) {
            asked++;
            got += test_get(lane_browser(person), str_cstr(t->arena, str_printf(t->arena, "%s%s", picture, of_picture[i]))).status == 200;
        }
        if (document) {
            asked++;
            got += test_get(lane_browser(person), str_cstr(t->arena, str_printf(t->arena, "%s%s", document, of_document[i]))).status == 200;
        }
    }
    assert_true(got == 0 || got == asked);
    return got > 0;
}

#endif
