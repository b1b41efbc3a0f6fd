/* arena_test.c: what the arena promises. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/base/arena.h"
#include "engine/base/buf.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

static void take(struct arena *a, size_t n, size_t size)
{
    void *p = arena_alloc(a, n, size, 1);

    assert_non_null(p);
}

static void gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);

    for (size_t align = 1; align <= 256; align *= 2)
        for (size_t n = 0; n < 70; n++) {
            unsigned char *p = arena_alloc(a, n, 1, align);

            assert_int_equal((uintptr_t)p % align, 0);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xA5, n);
        }
    arena_reset(a);
    unsigned char *again = arena_alloc(a, 1000, 1, 1); /* memory that was written before the reset */
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(again[i], 0);
    arena_close(a);
    arena_close(NULL);
}

static void counts_up_to_the_ceiling(void **state)
{
    (void)state;
    struct arena *a = arena_open(100000);
    volatile int taken = 0;
    jmp_buf out;

    if (setjmp(out)) {
        taken = 1;
    } else {
        assert_null(arena_escape(a, &out));
        take(a, 99999, 1);
        assert_int_equal(arena_used(a), 99999);
        take(a, 1, 1);
        take(a, 1, 1);
        fail_msg("one byte past the ceiling was handed out");
    }
    assert_int_equal(taken, 1);
    assert_int_equal(arena_used(a), 100000);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_ptr_equal(arena_escape(a, NULL), &out);
    arena_close(a);
}

static void refuses(size_t n, size_t size)
{
    struct arena *a = arena_open(SIZE_MAX);
    jmp_buf out;

    if (!setjmp(out)) {
        arena_escape(a, &out);
        take(a, n, size);
        fail_msg("an overflow was handed out");
    }
    arena_close(a);
}

static void refuses_overflow(void **state)
{
    (void)state;
    volatile size_t two = 2;

    refuses(SIZE_MAX / 2 + 1, two);
    refuses(SIZE_MAX, SIZE_MAX);
    refuses(SIZE_MAX - two, 1); /* the product fits; with alignment and header it does not */
    refuses(SIZE_MAX / two, 1);
#if !defined(__SANITIZE_ADDRESS__)
    refuses(SIZE_MAX / two / two, 1); /* it could be an object, but there is not so much memory */
#endif
}

static int order[4], n_order;

static void note(void *arg)
{
    order[n_order++] = *(int *)arg;
}

static void cleans_up_newest_first(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);
    static int one = 1, two = 2, three = 3;

    n_order = 0;
    arena_on_reset(a, note, &one);
    arena_on_reset(a, note, &two);
    arena_reset(a);
    assert_int_equal(n_order, 2);
    assert_int_equal(order[0], 2);
    assert_int_equal(order[1], 1);
    arena_on_reset(a, note, &three);
    arena_close(a);
    assert_int_equal(n_order, 3);
    assert_int_equal(order[2], 3);
}

static void takes_objects_larger_than_a_block(void **state)
{
    (void)state;
    struct arena *a = arena_open(64 << 20);
    char *small = arena_alloc(a, 10, 1, 1);
    char *large = arena_alloc(a, 5 << 20, 1, 64);

    memset(small, 1, 10);
    memset(large, 2, 5 << 20);
    for (int i = 0; i < 10000; i++)
        memset(arena_alloc(a, 333, 1, 8), i, 333);
    assert_int_equal(small[9], 1);
    assert_int_equal(large[(5 << 20) - 1], 2);
    arena_close(a);
}

static void extends_only_the_newest(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 16);
    char *p = arena_alloc(a, 10, 1, 1);

    memset(p, 'x', 10);
    p = arena_extend(a, p, 10, 100);
    assert_non_null(p);
    assert_int_equal(p[9], 'x');
    memset(p + 10, 'y', 90); /* they are ours: the sanitizer looks on */
    assert_int_equal(arena_used(a), 100);
    assert_null(arena_extend(a, p, 100, 1 << 17));
    assert_null(arena_extend(a, p, 100, 99));
    take(a, 1, 1);
    assert_null(arena_extend(a, p, 100, 101));
    arena_close(a);
}

static void keeps_a_red_gap(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    struct arena *a = arena_open(1 << 20);

    for (size_t n = 1; n <= 40; n++) {
        char *p = arena_alloc(a, n, 1, 8);
        char *next = arena_alloc(a, 8, 1, 8);

        assert_null(__asan_region_is_poisoned(p, n));
        assert_true(__asan_address_is_poisoned(p + n));
        assert_true(__asan_address_is_poisoned(next + 8));
    }
    char *kept = arena_alloc(a, 100, 1, 8);
    kept = arena_extend(a, kept, 100, 150);
    assert_non_null(kept);
    assert_null(__asan_region_is_poisoned(kept, 150));
    assert_true(__asan_address_is_poisoned(kept + 150));
    arena_reset(a);
    assert_true(__asan_address_is_poisoned(kept));
    arena_close(a);
#else
    skip();
#endif
}

static void buffer_grows_to_its_maximum(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);
    struct buf b;
    jmp_buf out;
    volatile int taken = 0;

    buf_init(&b, a, 0, 1000);
    assert_int_equal(buf_str(&b).len, 0);
    for (int i = 0; i < 100; i++) {
        buf_put(&b, STR("abcdefgh"));
        if (i % 7 == 0)
            take(a, 3, 1); /* somebody else grows in between */
        buf_putc(&b, 'i');
    }
    buf_put(&b, STR_NONE);
    assert_int_equal(b.len, 900);
    for (int i = 0; i < 900; i++)
        assert_int_equal(b.ptr[i], "abcdefghi"[i % 9]);
    if (setjmp(out)) {
        taken = 1;
    } else {
        arena_escape(a, &out);
        buf_printf(&b, "%0100d", 7); /* exactly to the maximum */
        assert_int_equal(b.len, 1000);
        buf_putc(&b, '!');
        fail_msg("past the maximum");
    }
    assert_int_equal(taken, 1);
    arena_close(a);
}

static void buffer_prints(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);

    for (size_t room = 0; room < 80; room++) {
        struct buf b;

        buf_init(&b, a, room, 10000);
        buf_int(&b, INT64_MIN);
        buf_putc(&b, ' ');
        buf_int(&b, INT64_MAX);
        buf_putc(&b, ' ');
        buf_int(&b, 0);
        buf_printf(&b, " %s|%d", "x", -5);
        assert_true(str_eq(buf_str(&b), STR("-9223372036854775808 9223372036854775807 0 x|-5")));
    }
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_aligned_memory),
        cmocka_unit_test(counts_up_to_the_ceiling),
        cmocka_unit_test(refuses_overflow),
        cmocka_unit_test(cleans_up_newest_first),
        cmocka_unit_test(takes_objects_larger_than_a_block),
        cmocka_unit_test(extends_only_the_newest),
        cmocka_unit_test(keeps_a_red_gap),
        cmocka_unit_test(buffer_grows_to_its_maximum),
        cmocka_unit_test(buffer_prints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
