/* ids_test.c: ids are unique and rise, from many threads and whatever the clock does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pthread.h>

#include "engine/base/ids.h"
#include "engine/base/time.h"

enum { THREADS = 4, EACH = 20000 };

static void *make(void *arg)
{
    int64_t *ids = arg;

    for (int i = 0; i < EACH; i++)
        ids[i] = id_new();
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void unique_across_threads(void **state)
{
    (void)state;
    static int64_t ids[THREADS * EACH];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make, ids + i * EACH), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        for (int j = 1; j < EACH; j++)
            assert_true(ids[i * EACH + j] > ids[i * EACH + j - 1]);
    qsort(ids, THREADS * EACH, sizeof(ids[0]), by_value);
    assert_true(ids[0] > 0);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_true(ids[i] > ids[i - 1]);
}

static void rise_when_the_clock_steps_back(void **state)
{
    (void)state;
    int64_t t = time_at(2090, 1, 1, 12, 0), before;

    time_set(t);
    before = id_new();
    assert_int_equal(id_time(before), t);
    for (int i = 0; i < 8191; i++)
        assert_true(id_new() > before);
    assert_int_equal(id_time(id_new()), t + 1); /* a full millisecond flows into the next */
    before = id_new();
    time_set(t - TIME_DAY);
    assert_true(id_new() > before);
    time_set(0);
}

static void carry_the_node(void **state)
{
    (void)state;
    id_set_node(255);
    int64_t one = id_new();
    id_set_node(0);
    int64_t two = id_new();

    assert_int_equal(one >> 13 & 255, 255);
    assert_int_equal(two >> 13 & 255, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unique_across_threads),
        cmocka_unit_test(carry_the_node),
        cmocka_unit_test(rise_when_the_clock_steps_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
