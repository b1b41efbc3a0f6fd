/* store_test.c: what is put is there, once, whole, and goes only when it is old. */
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

#include "civic/media/store.h"
#include "engine/base/time.h"
#include "support/test_files.h"

struct world {
    char dir[64];
    struct arena *a;
    struct media_store *store;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    snprintf(w->dir, sizeof(w->dir), "/tmp/lilong-store-XXXXXX");
    if (mkdtemp(w->dir) == NULL)
        return -1;
    w->a = arena_open(64 << 20);
    enum result r = media_store_open(w->dir, &w->store);
    *state = w;
    return r == OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct world *w = *state;
    media_store_close(w->store);
    arena_close(w->a);
    int status = test_remove_tree(w->dir);
    free(w);
    return status;
}

static struct str path_of(struct world *w, struct str hash, const char *end)
{
    return str_printf(w->a, "%s/media/%.2s/" STR_FMT "%s", w->dir, hash.ptr, STR_ARG(hash), end);
}

static void age(struct world *w, struct str path, int64_t ms)
{
    int64_t then = time_now() - ms;
    struct timespec t[2] = {{then / 1000, 0}, {then / 1000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, str_cstr(w->a, path), t, 0), 0);
}

static void gives_back_what_was_put(void **state)
{
    struct world *w = *state;
    struct str hash, again, got;
    assert_int_equal(media_store_put(w->store, w->a, STR("full picture"), STR("thumb"), &hash), OK);
    assert_int_equal(hash.len, MEDIA_HASH_LEN);
    assert_int_equal(media_store_put(w->store, w->a, STR("full picture"), STR("thumb"), &again), OK);
    assert_true(str_eq(hash, again));
    assert_int_equal(media_store_get(w->store, w->a, hash, false, &got), OK);
    assert_true(str_eq(got, STR("full picture")));
    assert_int_equal(media_store_get(w->store, w->a, hash, true, &got), OK);
    assert_true(str_eq(got, STR("thumb")));
    struct stat st;
    assert_int_equal(stat(str_cstr(w->a, path_of(w, hash, ".jpg")), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(media_store_delete(w->store, hash), OK);
    assert_int_equal(media_store_delete(w->store, hash), E_NOT_FOUND);
    assert_int_equal(media_store_get(w->store, w->a, hash, false, &got), E_NOT_FOUND);
    assert_int_equal(media_store_get(w->store, w->a, hash, true, &got), E_NOT_FOUND);
}

static void a_name_is_a_hash_and_nothing_else(void **state)
{
    struct world *w = *state;
    static const struct str bad[] = {STR(""), STR("aa"),
                                     STR("../../../../../../../../../../../../../../../../../../etc/passwd123456"),
                                     STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct str got;
        assert_int_equal(media_store_get(w->store, w->a, bad[i], false, &got), E_NOT_FOUND);
        assert_int_equal(media_store_delete(w->store, bad[i]), E_NOT_FOUND);
    }
    struct media_store *none;
    assert_int_equal(media_store_open("/nonexistent", &none), E_NOT_FOUND);
}

static void a_damaged_file_is_put_anew(void **state)
{
    struct world *w = *state;
    struct str hash, got;
    assert_int_equal(media_store_put(w->store, w->a, STR("full picture"), STR("thumb"), &hash), OK);
    assert_int_equal(truncate(str_cstr(w->a, path_of(w, hash, ".jpg")), 3), 0);
    assert_int_equal(media_store_put(w->store, w->a, STR("full picture"), STR("thumb"), &hash), OK);
    assert_int_equal(media_store_get(w->store, w->a, hash, false, &got), OK);
    assert_true(str_eq(got, STR("full picture")));
}

struct wish {
    struct world *w;
    struct str hash;
    bool want, put_again;
    int asked;
};

static bool wanted(void *ctx, struct str hash)
{
    struct wish *wish = ctx;
    assert_true(str_eq(hash, wish->hash));
    wish->asked++;
    if (wish->put_again)
        assert_int_equal(media_store_put(wish->w->store, wish->w->a, STR("an old one"), STR("thumb"), &wish->hash), OK);
    return wish->want;
}

static int64_t sweep(struct world *w, struct wish *wish)
{
    int64_t deleted = 0, all = 0;
    for (int prefix = 0; prefix < 256; prefix++) {
        assert_int_equal(media_store_sweep(w->store, prefix, time_now() - TIME_DAY, wanted, wish, &deleted), OK);
        all += deleted;
    }
    return all;
}

static void only_what_is_old_and_unwanted_is_swept(void **state)
{
    struct world *w = *state;
    struct str hash, got;
    assert_int_equal(media_store_put(w->store, w->a, STR("an old one"), STR("thumb"), &hash), OK);
    struct str leftover = str_printf(w->a, "%s/media/%.2s/.new-1", w->dir, hash.ptr);
    assert_int_equal(close(open(str_cstr(w->a, leftover), O_CREAT | O_WRONLY, 0600)), 0);
    struct wish wish = {.w = w, .hash = hash};

    assert_int_equal(sweep(w, &wish), 0); /* young */
    assert_int_equal(wish.asked, 0);

    age(w, path_of(w, hash, ".jpg"), 2 * TIME_DAY);
    age(w, leftover, 2 * TIME_DAY);
    wish.want = true;
    assert_int_equal(sweep(w, &wish), 0);
    assert_int_equal(wish.asked, 1);
    assert_int_equal(access(str_cstr(w->a, leftover), F_OK), -1);

    wish.want = false; /* but it comes back between the question and the deletion */
    wish.put_again = true;
    assert_int_equal(sweep(w, &wish), 0);
    assert_int_equal(media_store_get(w->store, w->a, hash, true, &got), OK);

    wish.put_again = false;
    age(w, path_of(w, hash, ".jpg"), 2 * TIME_DAY);
    assert_int_equal(sweep(w, &wish), 1);
    assert_int_equal(access(str_cstr(w->a, path_of(w, hash, ".jpg")), F_OK), -1);
    assert_int_equal(access(str_cstr(w->a, path_of(w, hash, ".thumb.jpg")), F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gives_back_what_was_put, setup, teardown),
        cmocka_unit_test_setup_teardown(a_name_is_a_hash_and_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_put_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(only_what_is_old_and_unwanted_is_swept, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
