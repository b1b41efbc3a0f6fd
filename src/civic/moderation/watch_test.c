/* watch_test.c: what is found however it was written, what is not, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "civic/moderation/watch.h"

enum { HERE = 4, STREET = 3, THERE = 5, MAX = 16 };
static const int64_t places[] = {1, 2, STREET, HERE};

static const struct watch_word words[] = {
    {HERE, WATCH_BLOCK, {"骗子", 6}},  {HERE, WATCH_MASK, {"good", 4}},    {STREET, WATCH_REVIEW, {"廣場舞", 9}},
    {THERE, WATCH_BLOCK, {"别处", 6}}, {HERE, WATCH_WARN, {"ass", 3}},     {HERE, WATCH_WARN, {"妈妈的", 9}},
    {HERE, WATCH_WARN, {"子弟", 6}},   {HERE, WATCH_BLOCK, {"加微信", 9}}, {HERE, WATCH_BLOCK, {"微信", 6}},
};

static size_t find(const char *text, struct watch_hit *hit)
{
    struct watch *w = watch_open(words, sizeof(words) / sizeof(words[0]));
    size_t n;

    assert_non_null(w);
    n = watch_find(w, places, 4, str_from_cstr(text), hit, MAX);
    watch_close(w);
    return n;
}

static void however_it_is_written(void **state)
{
    static const struct {
        const char *text;
        size_t n;
        const char *first; /* the bytes of the first hit */
    } cases[] = {
        {"他是骗子！", 1, "骗子"},
        {"他是騙子", 1, "騙子"},
        {"骗 - 子", 1, "骗 - 子"},
        {"骗*･*子", 1, "骗*･*子"},
        {"骗了他的儿子", 0, ""},
        {"骗。。。。。。。子", 0, ""}, /* too far apart: two words */
        {"very GoOOood!", 1, "GoOOood"},
        {"ｇｏｏｄ", 1, "ｇｏｏｄ"},
        {"god", 0, ""}, /* fewer letters than the word has */
        {"goods", 0, ""},
        {"a s s", 1, "a s s"},
        {"class assist", 0, ""}, /* not out of the middle of a word */
        {"广场舞", 1, "广场舞"},
        {"别处", 0, ""}, /* another place watches for it */
        {"妈的", 0, ""}, /* 妈妈 is not 妈 */
        {"妈妈的", 1, "妈妈的"},
        {"骗子弟", 2, "骗子"},   /* words that overlap */
        {"加微信", 2, "加微信"}, /* a word in another */
        {"", 0, ""},
        {"🙂骗🙂子🙂", 1, "骗🙂子"},
    };
    struct watch_hit hit[MAX];
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t n = find(cases[i].text, hit);

        if (n != cases[i].n)
            print_error("%s: %zu hits\n", cases[i].text, n);
        assert_int_equal(n, cases[i].n);
        if (n)
            assert_true(str_eq(str_sub(str_from_cstr(cases[i].text), hit[0].from, hit[0].to - hit[0].from),
                               str_from_cstr(cases[i].first)));
    }
}

static void what_is_no_word(void **state)
{
    char many[200];
    (void)state;

    memset(many, 'x', sizeof(many));
    for (size_t i = 0; i < sizeof(many); i += 2)
        many[i] = 'y';
    assert_false(watch_takes(STR("")));
    assert_false(watch_takes(STR("！？ ")));
    assert_false(watch_takes((struct str){many, sizeof(many)}));
    assert_true(watch_takes(STR("词")));
    watch_close(watch_open(NULL, 0));
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 10,000 words over a megabyte of what people write: as many found as were put in. LILONG_MEASURE prints the speed. */
static void ten_thousand_words(void **state)
{
    enum { WORDS = 10000, BYTES = 1 << 20, EVERY = 4096 };
    struct watch_word *word = calloc(WORDS, sizeof(*word));
    char *name = calloc(WORDS, 16), *text = malloc(BYTES + 64);
    struct watch_hit *hit = calloc(1024, sizeof(*hit));
    static const char plain[] = "今天下午三点居委会在活动室开会，请各位邻居带好小板凳，we meet at 3 pm。";
    size_t len = 0, put = 0, found;
    struct watch *w;
    double at;
    (void)state;

    for (int i = 0; i < WORDS; i++) { /* four characters out of a hundred each: none of them in the plain text */
        int32_t c[3] = {0x7000 + i / 100, 0x7100 + i % 100, 0x7200 + i % 7};
        char *to = name + (size_t)i * 16;

        for (int k = 0; k < 3; k++) {
            *to++ = (char)(0xe0 | c[k] >> 12);
            *to++ = (char)(0x80 | (c[k] >> 6 & 0x3f));
            *to++ = (char)(0x80 | (c[k] & 0x3f));
        }
        word[i] = (struct watch_word){HERE, WATCH_BLOCK, str_from_cstr(name + (size_t)i * 16)};
    }
    while (len + sizeof(plain) + 16 < BYTES) {
        memcpy(text + len, plain, sizeof(plain) - 1);
        len += sizeof(plain) - 1;
        if (len / EVERY > put) {
            memcpy(text + len, word[put * 37 % WORDS].word.ptr, 9);
            len += 9;
            put++;
        }
    }
    w = watch_open(word, WORDS);
    assert_non_null(w);
    at = seconds();
    found = watch_find(w, places, 4, (struct str){text, len}, hit, 1024);
    at = seconds() - at;
    if (getenv("LILONG_MEASURE"))
        print_message("%.1f MB/s with %d words\n", (double)len / at / 1e6, WORDS);
    assert_int_equal(found, put);
    watch_close(w);
    free(word);
    free(name);
    free(text);
    free(hit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_it_is_written),
        cmocka_unit_test(what_is_no_word),
        cmocka_unit_test(ten_thousand_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
