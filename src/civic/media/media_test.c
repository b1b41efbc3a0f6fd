/* media_test.c: from an upload through worker, store and table, and back. This program is its own worker. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "civic/media/image.h"
#include "civic/media/media.h"
#include "civic/media/media_world_test.h"
#include "engine/base/ids.h"
#include "engine/base/time.h"

static int setup(void **state)
{
    return world_open(state, (struct media_options){.workers = 1, .bytes_max = 1000000, .pixels_max = 1000000});
}

static void refuses_with_a_reason(void **state)
{
    struct world *w = *state;
    struct arena *a = w->t.arena;
    struct str jpeg = world_photo(a, 80);
    static const struct {
        struct str bytes;
        enum media_refusal refusal;
    } cases[] = {
        {{"", 0}, MEDIA_EMPTY},
        {{"hello", 5}, MEDIA_UNKNOWN},
        {{"\0\0\0\x18"
          "ftypheic\0\0\0\0",
          16},
         MEDIA_HEIC},
        {{"GIF89a\1\0\1\0", 10}, MEDIA_FORMAT},
    };
    struct media_picture picture;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(media_process(w->workers, cases[i].bytes, a, &picture), E_INVALID);
        assert_int_equal(picture.refusal, cases[i].refusal);
    }
    assert_int_equal(media_process(w->workers, str_sub(jpeg, 0, jpeg.len / 2), a, &picture), E_INVALID);
    assert_int_equal(picture.refusal, MEDIA_BROKEN);
    char *large = arena_array(a, char, 1000001);
    assert_int_equal(media_process(w->workers, (struct str){large, 1000001}, a, &picture), E_TOO_LARGE);
    assert_int_equal(picture.refusal, MEDIA_BYTES);
    struct raster many = raster_new(a, 1001, 1000);
    struct str wide = STR_NONE;
    assert_int_equal(jpeg_encode(a, &many, 90, &wide), IMAGE_OK);
    assert_int_equal(media_process(w->workers, wide, a, &picture), E_INVALID);
    assert_int_equal(picture.refusal, MEDIA_PIXELS);
    assert_int_equal(media_process(w->workers, jpeg, a, &picture), OK);
    assert_int_equal(picture.width, 640);
}

struct attach {
    struct world *w;
    struct media media;
};

static enum result attach(struct db *db, void *arg)
{
    struct attach *x = arg;
    return media_attach(db, &x->media);
}

static struct media put(struct world *w, int64_t community, int64_t subject, enum media_stage stage, int64_t position,
                        uint8_t grey)
{
    struct media_picture picture;
    struct str hash;
    assert_int_equal(media_process(w->workers, world_photo(w->t.arena, grey), w->t.arena, &picture), OK);
    assert_int_equal(media_store_put(w->store, w->t.arena, picture.full, picture.thumb, &hash), OK);
    struct attach x = {w,
                       {.community = community,
                        .subject_kind = STR("report"),
                        .subject = subject,
                        .stage = stage,
                        .position = position,
                        .hash = hash,
                        .width = picture.width,
                        .height = picture.height,
                        .bytes = (int64_t)picture.full.len,
                        .author = 7,
                        .created_at = time_now()}};
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, attach, &x), OK);
    return x.media;
}

static enum result hide_first(struct db *db, void *arg)
{
    const struct media *m = arg;
    return media_set_hidden(db, m->community, m->id, true);
}

static enum result hide_elsewhere(struct db *db, void *arg)
{
    const struct media *m = arg;
    return media_set_hidden(db, there, m->id, true);
}

static enum result remove_one(struct db *db, void *arg)
{
    const struct media *m = arg;
    return media_remove(db, m->community, m->id);
}

static void lists_what_was_attached(void **state)
{
    struct world *w = *state;
    struct media proof = put(w, here, 100, MEDIA_STAGE_PROOF, 0, 10);
    struct media second = put(w, here, 100, MEDIA_STAGE_BEFORE, 1, 20);
    struct media first = put(w, here, 100, MEDIA_STAGE_BEFORE, 0, 30);
    struct media other = put(w, here, 101, MEDIA_STAGE_AFTER, 0, 30);
    put(w, there, 100, MEDIA_STAGE_BEFORE, 0, 30);
    assert_true(str_eq(first.hash, other.hash)); /* one file */

    struct db *db;
    struct media_list list;
    struct media one;
    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(media_of_subject(db, here, STR("report"), 100, &list), OK);
    assert_int_equal(list.n, 3);
    assert_int_equal(list.media[0].id, first.id);
    assert_int_equal(list.media[1].id, second.id);
    assert_int_equal(list.media[2].id, proof.id);
    assert_int_equal(media_get(db, here, proof.id, &one), OK);
    assert_int_equal(one.stage, MEDIA_STAGE_PROOF);
    assert_int_equal(one.width, 640);
    assert_int_equal(one.author, 7);
    assert_false(one.hidden);
    assert_int_equal(media_get(db, there, proof.id, &one), E_NOT_FOUND);
    db_read_end(db);

    assert_int_equal(db_write_wait(w->t.database, w->t.arena, hide_elsewhere, &first), E_NOT_FOUND);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, hide_first, &first), OK);
    const int64_t subjects[] = {100, 101, 102};
    struct media_covers covers;
    assert_int_equal(db_read_begin(w->t.database, w->t.arena, &db), OK);
    assert_int_equal(media_covers(db, here, STR("report"), subjects, 3, &covers), OK);
    assert_int_equal(covers.n, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(covers.cover[i].id, covers.cover[i].subject == 100 ? second.id : other.id);
    assert_int_equal(media_get(db, here, first.id, &one), OK);
    assert_true(one.hidden);
    db_read_end(db);
}

static void refuses_rows_that_make_no_sense(void **state)
{
    struct world *w = *state;
    struct media good = put(w, here, 5, MEDIA_STAGE_BEFORE, 0, 30);
    struct attach x[] = {{w, good}, {w, good}, {w, good}, {w, good}};
    x[0].media.stage = MEDIA_STAGE_NONE;
    x[1].media.hash = STR("abc");
    x[2].media.subject = 0;
    x[3].media.community = 0;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(db_write_wait(w->t.database, w->t.arena, attach, &x[i]), E_INVALID);
    assert_int_equal(media_stage_from_word(STR("after")), MEDIA_STAGE_AFTER);
    assert_int_equal(media_stage_from_word(STR("")), MEDIA_STAGE_NONE);
    assert_string_equal(media_stage_word(MEDIA_STAGE_REFERENCE), "reference");
}

static void age(struct world *w, struct str hash)
{
    struct timespec t[2] = {{time_now() / 1000 - 2 * 86400, 0}, {time_now() / 1000 - 2 * 86400, 0}};
    char *path = str_cstr(w->t.arena,
                          str_printf(w->t.arena, "%s/media/%.2s/" STR_FMT ".jpg", w->dir, hash.ptr, STR_ARG(hash)));
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void sweeps_files_without_a_row(void **state)
{
    struct world *w = *state;
    struct arena *own = arena_open(16 << 20);
    struct media kept = put(w, here, 1, MEDIA_STAGE_BEFORE, 0, 40), gone = put(w, here, 2, MEDIA_STAGE_BEFORE, 0, 50);
    struct media_picture picture;
    struct str orphan, got;
    int64_t deleted = -1;
    assert_int_equal(media_process(w->workers, world_photo(w->t.arena, 60), w->t.arena, &picture), OK);
    assert_int_equal(media_store_put(w->store, w->t.arena, picture.full, picture.thumb, &orphan), OK);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, remove_one, &gone), OK);
    assert_int_equal(db_write_wait(w->t.database, w->t.arena, remove_one, &gone), E_NOT_FOUND);

    assert_int_equal(media_sweep(w->t.database, w->store, own, time_now(), &deleted), OK);
    assert_int_equal(deleted, 0); /* all are young */
    age(w, kept.hash);
    age(w, gone.hash);
    age(w, orphan);
    assert_int_equal(media_sweep(w->t.database, w->store, own, time_now(), &deleted), OK);
    assert_int_equal(deleted, 2);
    assert_int_equal(media_store_get(w->store, w->t.arena, kept.hash, false, &got), OK);
    assert_int_equal(media_store_get(w->store, w->t.arena, gone.hash, false, &got), E_NOT_FOUND);
    arena_close(own);
}

int main(int argc, char **argv)
{
    static const struct worker_kind *const kinds[] = {&media_worker_kind};
    if (argc == 3 && strcmp(argv[1], "worker") == 0)
        return worker_main(kinds, 1, argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refuses_with_a_reason, setup, world_close),
        cmocka_unit_test_setup_teardown(lists_what_was_attached, setup, world_close),
        cmocka_unit_test_setup_teardown(refuses_rows_that_make_no_sense, setup, world_close),
        cmocka_unit_test_setup_teardown(sweeps_files_without_a_row, setup, world_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
