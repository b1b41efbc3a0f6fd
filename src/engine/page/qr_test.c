/* qr_test.c: the three drawings show the same modules, quiet zone included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <png.h>

#include "engine/page/qr.h"

static const struct str address = STR("https://lilong.example.cn/q/K7M4PXQ2");

static bool is_dark(const struct qr *qr, int x, int y)
{
    x -= QR_QUIET;
    y -= QR_QUIET;
    return x >= 0 && y >= 0 && x < qr->side && y < qr->side && qr->module[y * qr->side + x];
}

static void has_finders_and_the_right_size(void **state)
{
    (void)state;
    struct arena *a = arena_open(1 << 20);
    struct qr qr;
    assert_int_equal(qr_make(a, address, &qr), OK);
    assert_int_equal(qr.side, 29); /* version 3-M: 42 bytes */
    for (int i = 0; i < 7; i++) {
        assert_int_equal(qr.module[i], 1);
        assert_int_equal(qr.module[qr.side - 1 - i], 1);
        assert_int_equal(qr.module[(qr.side - 1) * qr.side + i], 1);
    }
    assert_int_equal(qr_make(a, STR_NONE, &qr), E_INVALID);
    char *large = arena_array(a, char, 2332);
    memset(large, 'x', 2332);
    assert_int_equal(qr_make(a, (struct str){large, 2332}, &qr), E_TOO_LARGE);
    assert_int_equal(qr_make(a, (struct str){large, 2331}, &qr), OK);
    arena_close(a);
}

static void png_shows_the_modules(void **state)
{
    (void)state;
    struct arena *a = arena_open(4 << 20);
    struct qr qr;
    struct str bytes;
    enum { SCALE = 3 };
    assert_int_equal(qr_make(a, address, &qr), OK);
    assert_int_equal(qr_png(a, address, SCALE, &bytes), OK);
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, bytes.ptr, bytes.len));
    image.format = PNG_FORMAT_GRAY;
    uint32_t side = ((uint32_t)qr.side + 2 * QR_QUIET) * SCALE;
    assert_int_equal(image.width, side);
    assert_int_equal(image.height, side);
    uint8_t *grey = arena_array(a, uint8_t, (size_t)side * side);
    assert_true(png_image_finish_read(&image, NULL, grey, 0, NULL));
    for (uint32_t y = 0; y < side; y++) {
        for (uint32_t x = 0; x < side; x++)
            assert_int_equal(grey[y * side + x], is_dark(&qr, (int)x / SCALE, (int)y / SCALE) ? 0 : 255);
    }
    assert_int_equal(qr_png(a, address, 0, &bytes), E_INVALID);
    assert_int_equal(qr_png(a, address, 65, &bytes), E_INVALID);
    arena_close(a);
}

static void svg_shows_the_modules(void **state)
{
    (void)state;
    struct arena *a = arena_open(4 << 20);
    struct qr qr;
    struct str svg;
    assert_int_equal(qr_make(a, address, &qr), OK);
    assert_int_equal(qr_svg(a, address, &svg), OK);
    assert_true(str_find(svg, STR("viewBox=\"0 0 37 37\"")) != SIZE_MAX);
    assert_int_equal(str_find(svg, STR("style=")), SIZE_MAX); /* the policy for content forbids it */
    uint8_t *drawn = arena_array(a, uint8_t, 37 * 37);
    size_t at = str_find(svg, STR("<path d=\""));
    assert_true(at != SIZE_MAX);
    const char *p = str_cstr(a, str_sub(svg, at + 9, SIZE_MAX));
    int x, y, n, back, used;
    while (sscanf(p, "M%d %dh%dv1h-%dz%n", &x, &y, &n, &back, &used) == 4) {
        assert_int_equal(n, back);
        memset(drawn + y * 37 + x, 1, (size_t)n);
        p += used;
    }
    for (int i = 0; i < 37 * 37; i++)
        assert_int_equal(drawn[i], is_dark(&qr, i % 37, i / 37));
    arena_close(a);
}

static void terminal_shows_the_modules(void **state)
{
    (void)state;
    struct arena *a = arena_open(4 << 20);
    struct qr qr;
    struct str lines, line;
    assert_int_equal(qr_make(a, address, &qr), OK);
    assert_int_equal(qr_terminal(a, address, &lines), OK);
    int y = 0;
    while (str_cut(&lines, '\n', &line)) {
        assert_true(str_starts(line, STR("\033[97;40m")) && str_ends(line, STR("\033[0m")));
        line = str_sub(line, 8, line.len - 12);
        for (int x = 0; x < 37; x++) {
            uint32_t c = str_utf8_next(&line);
            bool upper = c == ' ' || c == 0x2584, lower = c == ' ' || c == 0x2580;
            assert_int_equal(upper, is_dark(&qr, x, y));
            assert_int_equal(lower, is_dark(&qr, x, y + 1));
        }
        assert_int_equal(line.len, 0);
        y += 2;
    }
    assert_int_equal(y, 38);
    arena_close(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_finders_and_the_right_size),
        cmocka_unit_test(png_shows_the_modules),
        cmocka_unit_test(svg_shows_the_modules),
        cmocka_unit_test(terminal_shows_the_modules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
