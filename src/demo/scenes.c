/* scenes.c: the pictures of the demo world, drawn with cairo. Each scene is a few flat shapes; before and after share their ground. */
#include "demo/scenes.h"

#include <cairo/cairo.h>
#include <math.h>

#include "engine/base/buf.h"

enum { WIDTH = 1080, HEIGHT = 810 };

/* ---- strokes ------------------------------------------------------------------------------------------------------- */

static void ink(cairo_t *c, unsigned rgb)
{
    cairo_set_source_rgb(c, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void box(cairo_t *c, unsigned rgb, double x, double y, double w, double h)
{
    ink(c, rgb);
    cairo_rectangle(c, x, y, w, h);
    cairo_fill(c);
}

static void rounded(cairo_t *c, unsigned rgb, double x, double y, double w, double h, double r)
{
    ink(c, rgb);
    cairo_new_sub_path(c);
    cairo_arc(c, x + w - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(c, x + w - r, y + h - r, r, 0, M_PI / 2);
    cairo_arc(c, x + r, y + h - r, r, M_PI / 2, M_PI);
    cairo_arc(c, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(c);
    cairo_fill(c);
}

static void oval(cairo_t *c, unsigned rgb, double x, double y, double rx, double ry)
{
    cairo_save(c);
    cairo_translate(c, x, y);
    cairo_scale(c, rx, ry);
    cairo_arc(c, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(c); /* the colour belongs to what is restored, the path does not */
    ink(c, rgb);
    cairo_fill(c);
}

static void line(cairo_t *c, unsigned rgb, double width, double x1, double y1, double x2, double y2)
{
    ink(c, rgb);
    cairo_set_line_width(c, width);
    cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(c, x1, y1);
    cairo_line_to(c, x2, y2);
    cairo_stroke(c);
}

static void quad(cairo_t *c, unsigned rgb, double x1, double y1, double x2, double y2, double x3, double y3, double x4,
                 double y4)
{
    ink(c, rgb);
    cairo_move_to(c, x1, y1);
    cairo_line_to(c, x2, y2);
    cairo_line_to(c, x3, y3);
    cairo_line_to(c, x4, y4);
    cairo_close_path(c);
    cairo_fill(c);
}

/* A spread that is the same every time. */
static double spread(unsigned n)
{
    unsigned x = n * 2654435761u;

    x ^= x >> 15;
    x *= 2246822519u;
    x ^= x >> 13;
    return (x % 10000) / 10000.0;
}

/* ---- things ----------------------------------------------------------------------------------------------------------- */

static void tree(cairo_t *c, double x, double y, double s, unsigned leaf)
{
    box(c, 0x7A5B43, x - 9 * s, y - 90 * s, 18 * s, 90 * s);
    oval(c, leaf, x, y - 150 * s, 70 * s, 76 * s);
    oval(c, leaf, x - 48 * s, y - 112 * s, 48 * s, 44 * s);
    oval(c, leaf, x + 48 * s, y - 112 * s, 48 * s, 44 * s);
    oval(c, leaf + 0x0C0E08, x - 18 * s, y - 168 * s, 34 * s, 30 * s);
}

static void house(cairo_t *c, double x, double y, double w, int floors, int windows, unsigned wall, unsigned glass)
{
    double h = floors * 66.0 + 26, gap = w / windows;

    box(c, wall, x, y - h, w, h);
    box(c, wall - 0x181818, x - 6, y - h - 12, w + 12, 14);
    for (int f = 0; f < floors; f++)
        for (int i = 0; i < windows; i++) {
            double wx = x + i * gap + gap * 0.22, wy = y - h + 20 + f * 66;

            box(c, 0xFFFFFF, wx - 4, wy - 4, gap * 0.56 + 8, 42);
            box(c, glass, wx, wy, gap * 0.56, 34);
            box(c, 0xFFFFFF, wx + gap * 0.28 - 2, wy, 4, 34);
        }
}

static void sky(cairo_t *c, unsigned air, unsigned ground, double horizon)
{
    box(c, air, 0, 0, WIDTH, horizon);
    box(c, ground, 0, horizon, WIDTH, HEIGHT - horizon);
}

static void cloud(cairo_t *c, double x, double y, double s)
{
    oval(c, 0xF7FAFB, x, y, 60 * s, 24 * s);
    oval(c, 0xF7FAFB, x - 34 * s, y + 8 * s, 44 * s, 18 * s);
    oval(c, 0xF7FAFB, x + 40 * s, y + 8 * s, 48 * s, 18 * s);
}

static void street(cairo_t *c)
{
    sky(c, 0xDCEBF2, 0xC9CCC6, 430);
    cloud(c, 220, 110, 1.1);
    cloud(c, 820, 80, 0.9);
    house(c, 60, 430, 300, 5, 4, 0xF0DFC8, 0x9DBFD0);
    house(c, 420, 430, 260, 6, 4, 0xE9CDB4, 0x93B5C7);
    house(c, 740, 430, 300, 5, 4, 0xF3E6D2, 0x9DBFD0);
    box(c, 0xA9C58F, 0, 410, WIDTH, 46);
    for (int i = 0; i < 9; i++)
        oval(c, 0x7FAE6B, 40 + i * 128, 414, 62, 26);
}

static void bench(cairo_t *c, double x, double y)
{
    rounded(c, 0xA8754A, x, y - 44, 150, 14, 5);
    rounded(c, 0xA8754A, x, y - 20, 150, 14, 5);
    box(c, 0x5E6460, x + 18, y - 8, 10, 30);
    box(c, 0x5E6460, x + 122, y - 8, 10, 30);
}

static void cabbage(cairo_t *c, double x, double y, double s)
{
    oval(c, 0x4E8F45, x, y, 30 * s, 17 * s);
    oval(c, 0x6BAF58, x - 9 * s, y - 7 * s, 19 * s, 14 * s);
    oval(c, 0x86C46C, x + 8 * s, y - 8 * s, 16 * s, 12 * s);
    oval(c, 0xB4DE94, x, y - 11 * s, 9 * s, 7 * s);
}

static void square(cairo_t *c, bool dug)
{
    street(c);
    quad(c, 0xD9D3C6, 0, 520, WIDTH, 470, WIDTH, HEIGHT, 0, HEIGHT);
    for (int i = 0; i < 7; i++)
        line(c, 0xC8C1B2, 3, -40 + i * 190, HEIGHT, 260 + i * 100, 490);
    quad(c, dug ? 0x8A6A4C : 0x9CC47E, 180, 740, 900, 690, 800, 530, 250, 560);
    tree(c, 120, 640, 1.25, 0x6FA35E);
    tree(c, 985, 600, 1.1, 0x7DAF69);
    if (dug) {
        for (int row = 0; row < 4; row++) {
            double y = 575 + row * 42, from = 265 - row * 20, to = 800 + row * 26;

            line(c, 0x6F5239, 13, from, y + 12, to, y - 6);
            for (double x = from + 20; x < to - 10; x += 66 + row * 4)
                cabbage(c, x, y - (x - from) * 0.03, 0.72 + row * 0.12);
        }
        for (int i = 0; i < 8; i++)
            line(c, 0xC9A66B, 6, 205 + i * 92, 738 - i * 6, 200 + i * 92, 676 - i * 6);
        line(c, 0xD9DCD6, 3, 203, 700, 850, 654);
        rounded(c, 0x3F7FB0, 850, 690, 62, 74, 10); /* a bucket */
        box(c, 0x35699A, 850, 690, 62, 14);
    } else {
        for (unsigned i = 0; i < 26; i++)
            oval(c, i % 3 ? 0xF2C14E : 0xE8867A, 290 + spread(i) * 500, 570 + spread(i + 90) * 130, 9, 8);
        bench(c, 330, 770);
        bench(c, 640, 752);
    }
}

static void garden_close(cairo_t *c)
{
    box(c, 0x97C07B, 0, 0, WIDTH, 210);
    for (int i = 0; i < 12; i++)
        oval(c, 0x7FAE6B, i * 100, 200, 70, 40);
    box(c, 0x8A6A4C, 0, 210, WIDTH, 600);
    for (int row = 0; row < 4; row++) {
        double y = 300 + row * 150;

        box(c, 0x76583D, 0, y + 26, WIDTH, 34);
        for (int i = 0; i < 8; i++)
            cabbage(c, 60 + i * 150 + (row % 2) * 60, y, 1.7 + row * 0.3);
    }
    for (int i = 0; i < 6; i++)
        line(c, 0xC9A66B, 12, 80 + i * 190, 250, 96 + i * 190, 90);
    line(c, 0xE6E8E2, 5, 60, 140, 1060, 150);
}

static void lift(cairo_t *c, bool stuck)
{
    box(c, 0xE9E6DF, 0, 0, WIDTH, 650);
    box(c, 0xBFB9AE, 0, 650, WIDTH, 160);
    for (int i = 0; i < 6; i++)
        line(c, 0xAFA99E, 3, i * 220 - 60, HEIGHT, i * 180 + 40, 650);
    box(c, 0x8E949A, 300, 110, 480, 540);
    box(c, 0x4B5157, 330, 140, 420, 510);
    if (stuck) {
        box(c, 0xF4EEDC, 450, 140, 180, 510);
        box(c, 0xDAD3BF, 450, 560, 180, 90);
        box(c, 0xB9C0C6, 330, 140, 150, 510);
        box(c, 0xB9C0C6, 610, 140, 140, 510);
        quad(c, 0xE3B23C, 500, 720, 580, 720, 570, 480, 510, 480); /* a warning board in front */
        oval(c, 0xB5361F, 540, 560, 26, 26);
        box(c, 0xFFFFFF, 524, 554, 32, 12);
        line(c, 0xC22F1B, 8, 320, 470, 760, 455);
    } else {
        box(c, 0xB9C0C6, 330, 140, 206, 510);
        box(c, 0xC4CBD0, 544, 140, 206, 510);
    }
    rounded(c, 0x30353A, 480, 50, 120, 46, 8);
    if (stuck)
        line(c, 0xFF6A55, 8, 515, 73, 565, 73);
    else
        quad(c, 0x6FE08A, 540, 58, 562, 86, 540, 78, 518, 86);
    rounded(c, 0x8E949A, 830, 360, 50, 110, 10);
    oval(c, stuck ? 0x6B7075 : 0x9BE3AF, 855, 392, 13, 13);
    oval(c, stuck ? 0x6B7075 : 0xF1F3F1, 855, 436, 13, 13);
    tree(c, 130, 720, 0.9, 0x6FA35E);
    rounded(c, 0xC77B58, 85, 700, 90, 80, 12);
}

static void carton(cairo_t *c, double x, double y, double w, double h)
{
    box(c, 0xC99A66, x, y, w, h);
    box(c, 0xB5864F, x, y, w, h * 0.16);
    box(c, 0xE3CFA4, x + w * 0.44, y, w * 0.12, h);
}

static void stairs(cairo_t *c, bool full)
{
    box(c, 0xEFEBE2, 0, 0, WIDTH, HEIGHT);
    box(c, 0xC6D8BF, 0, 420, WIDTH, 390);
    for (int i = 0; i < 9; i++) {
        box(c, i % 2 ? 0xA7A39A : 0xB4B0A7, 420 + i * 74, 700 - i * 66, WIDTH, 70);
        box(c, 0x938F86, 420 + i * 74, 700 - i * 66, WIDTH, 8);
    }
    box(c, 0x9D998F, 0, 766, WIDTH, 44);
    line(c, 0x6B4A33, 18, 440, 560, 1100, -30);
    for (int i = 0; i < 8; i++)
        line(c, 0x7C8488, 7, 470 + i * 84, 535 - i * 75, 470 + i * 84, 700 - i * 66);
    box(c, 0xBFD4DF, 90, 90, 190, 210);
    box(c, 0xFFFFFF, 178, 90, 12, 210);
    box(c, 0xFFFFFF, 90, 188, 190, 12);
    if (!full)
        return;
    carton(c, 40, 590, 190, 180);
    carton(c, 90, 450, 150, 142);
    carton(c, 230, 640, 170, 132);
    carton(c, 250, 540, 120, 102);
    carton(c, 430, 600, 110, 96);
    ink(c, 0x3A4650); /* an old bicycle */
    cairo_set_line_width(c, 10);
    cairo_arc(c, 470, 720, 58, 0, 2 * M_PI);
    cairo_stroke(c);
    cairo_arc(c, 640, 720, 58, 0, 2 * M_PI);
    cairo_stroke(c);
    line(c, 0xB5361F, 10, 470, 720, 530, 620);
    line(c, 0xB5361F, 10, 530, 620, 620, 625);
    line(c, 0xB5361F, 10, 620, 625, 640, 720);
    line(c, 0xB5361F, 10, 530, 620, 560, 720);
    line(c, 0x3A4650, 12, 600, 590, 640, 585);
}

static void lamp(cairo_t *c, bool lit)
{
    sky(c, lit ? 0x2C3E57 : 0x1B2636, lit ? 0x3D463F : 0x232A28, 560);
    for (unsigned i = 0; i < 40; i++)
        oval(c, 0xC9D3E0, spread(i) * WIDTH, spread(i + 50) * 300, 2, 2);
    house(c, 40, 560, 330, 6, 4, lit ? 0x5C6070 : 0x3A4152, lit ? 0xF3D58A : 0x4C566A);
    house(c, 700, 560, 330, 5, 4, lit ? 0x666A78 : 0x404758, lit ? 0xF3D58A : 0x4C566A);
    quad(c, lit ? 0x6B6F66 : 0x333A3A, 380, 560, 660, 560, 980, 810, 180, 810);
    if (lit) {
        cairo_pattern_t *glow = cairo_pattern_create_radial(530, 270, 20, 530, 330, 420);

        cairo_pattern_add_color_stop_rgba(glow, 0, 1, 0.9, 0.6, 0.75);
        cairo_pattern_add_color_stop_rgba(glow, 1, 1, 0.9, 0.6, 0);
        cairo_set_source(c, glow);
        cairo_paint(c);
        cairo_pattern_destroy(glow);
    }
    box(c, 0x222A2C, 522, 280, 16, 440);
    box(c, 0x222A2C, 500, 712, 60, 14);
    rounded(c, 0x222A2C, 480, 250, 100, 26, 10);
    oval(c, lit ? 0xFFF3C4 : 0x59616B, 530, 282, 42, 22);
}

static void bin(cairo_t *c, double x, unsigned rgb, bool full)
{
    if (full) {
        for (unsigned i = 0; i < 5; i++)
            oval(c, i % 2 ? 0x3B3F45 : 0x5A6069, x + 20 + i * 38, 418 - spread(i + (unsigned)x) * 34, 42, 40);
        cairo_save(c);
        cairo_translate(c, x, 400);
        cairo_rotate(c, -0.42);
        rounded(c, rgb - 0x101010, 0, -34, 208, 32, 10);
        cairo_restore(c);
    } else {
        rounded(c, rgb - 0x101010, x - 8, 394, 216, 34, 10);
    }
    quad(c, rgb, x, 424, x + 200, 424, x + 180, 690, x + 20, 690);
    box(c, rgb - 0x141414, x + 6, 424, 188, 16);
    oval(c, 0x2C3034, x + 40, 694, 20, 20);
    oval(c, 0x2C3034, x + 160, 694, 20, 20);
}

static void bins(cairo_t *c, bool full)
{
    sky(c, 0xE8E1D2, 0xB9BCB4, 600);
    for (int i = 0; i < 7; i++)
        line(c, 0xD8CFBC, 4, 0, 90 * i + 30, WIDTH, 90 * i + 30);
    box(c, 0x8C9A84, 40, 150, 1000, 30);
    bin(c, 110, 0x3D7FBF, full);
    bin(c, 340, 0x4C9A58, full);
    bin(c, 570, 0x6B4F3F, full);
    bin(c, 800, 0x5C6268, full);
    if (!full)
        return;
    for (unsigned i = 0; i < 11; i++)
        oval(c, i % 3 ? 0x3B3F45 : 0x6E747C, 80 + i * 92, 730 + spread(i) * 46, 48, 36);
    for (unsigned i = 0; i < 14; i++)
        quad(c, i % 2 ? 0xE2D5B8 : 0xD8E2E6, 60 + i * 74, 700 + spread(i) * 80, 90 + i * 74, 690 + spread(i) * 80,
             100 + i * 74, 716 + spread(i) * 80, 70 + i * 74, 724 + spread(i) * 80);
}

static void car(cairo_t *c, double x, double y, double s, unsigned rgb)
{
    quad(c, 0xA9C3D1, x + 70 * s, y - 70 * s, x + 110 * s, y - 128 * s, x + 250 * s, y - 128 * s, x + 300 * s,
         y - 70 * s);
    line(c, rgb, 12 * s, x + 178 * s, y - 124 * s, x + 178 * s, y - 72 * s);
    rounded(c, rgb, x, y - 78 * s, 370 * s, 62 * s, 22 * s);
    oval(c, 0x2C3034, x + 80 * s, y - 14 * s, 36 * s, 36 * s);
    oval(c, 0x2C3034, x + 290 * s, y - 14 * s, 36 * s, 36 * s);
    oval(c, 0xC9CED2, x + 80 * s, y - 14 * s, 15 * s, 15 * s);
    oval(c, 0xC9CED2, x + 290 * s, y - 14 * s, 15 * s, 15 * s);
    rounded(c, 0xFFF0B8, x + 340 * s, y - 66 * s, 26 * s, 16 * s, 6 * s);
}

static void lane(cairo_t *c, bool blocked)
{
    street(c);
    quad(c, 0x8F948F, 250, 456, 830, 456, 1080, 810, 0, 810);
    for (int i = 0; i < 5; i++) { /* the hatched lane that stays free for the fire brigade */
        double y = 490 + i * 66, left = 300 - i * 52, right = 780 + i * 52;

        line(c, 0xF0C93A, 9, left + 80, y + 40, right - 120, y);
        line(c, 0xF0C93A, 9, left + 240, y + 46, right - 20, y + 16);
    }
    line(c, 0xF0C93A, 10, 290, 470, 40, 800);
    line(c, 0xF0C93A, 10, 790, 470, 1040, 800);
    if (!blocked)
        return;
    car(c, 330, 560, 0.75, 0x4E7FA8);
    car(c, 190, 660, 1.0, 0xD7D9D6);
    car(c, 470, 770, 1.3, 0xB5493A);
}

static void road(cairo_t *c, bool wet)
{
    street(c);
    quad(c, 0xA6A89F, 0, 470, WIDTH, 456, WIDTH, 810, 0, 810);
    for (int i = 0; i < 6; i++)
        rounded(c, 0xE8E6DC, 40 + i * 190, 700, 100, 14, 6);
    tree(c, 950, 520, 0.9, 0x6FA35E);
    if (!wet)
        return;
    oval(c, 0x7F9DAC, 500, 630, 390, 104);
    oval(c, 0x93B3C2, 470, 620, 300, 72);
    oval(c, 0xB7D0DB, 400, 600, 130, 24);
    oval(c, 0x7F9DAC, 860, 740, 130, 34);
    rounded(c, 0x5A5F60, 640, 596, 110, 44, 12);
    for (int i = 0; i < 5; i++)
        line(c, 0x33383A, 6, 656 + i * 20, 604, 656 + i * 20, 632);
    oval(c, 0x6D5A3F, 600, 650, 26, 8);
    oval(c, 0xB7863B, 360, 660, 18, 7);
}

static void scooter(cairo_t *c, double x, double y, unsigned rgb, double lean)
{
    cairo_save(c);
    cairo_translate(c, x, y);
    cairo_rotate(c, lean);
    oval(c, 0x2C3034, 0, -34, 34, 34);
    oval(c, 0x2C3034, 170, -34, 34, 34);
    oval(c, 0xA5ABB0, 0, -34, 13, 13);
    oval(c, 0xA5ABB0, 170, -34, 13, 13);
    rounded(c, rgb, 30, -62, 120, 26, 10);
    rounded(c, rgb, -6, -104, 84, 50, 16);
    rounded(c, 0x33383A, -10, -122, 96, 24, 10);
    line(c, rgb, 16, 170, -40, 140, -140);
    line(c, 0x33383A, 10, 112, -150, 166, -140);
    cairo_restore(c);
}

static void scooters(cairo_t *c, bool tidy)
{
    street(c);
    quad(c, 0xBDBBB0, 0, 470, WIDTH, 460, WIDTH, 810, 0, 810);
    if (tidy)
        for (int i = 0; i < 6; i++)
            line(c, 0xFFFFFF, 6, 60 + i * 190, 600, 20 + i * 190, 780);
    for (unsigned i = 0; i < 5; i++) {
        static const unsigned colours[] = {0x3D7FBF, 0xC9483A, 0xF0B63A, 0x4C9A58, 0x7A6BB0};
        double off = tidy ? 0 : spread(i) - 0.5;

        scooter(c, 70 + i * 190 + off * 120, 750 + (tidy ? 0 : -off * 120), colours[i], tidy ? 0 : off * 0.7);
    }
    if (!tidy) {
        scooter(c, 300, 620, 0x35699A, 1.2);
        scooter(c, 640, 590, 0xC9483A, -0.25);
    }
}

static void wall(cairo_t *c, bool wire)
{
    box(c, 0xEAD7BF, 0, 0, WIDTH, HEIGHT);
    for (int i = 0; i < 12; i++)
        line(c, 0xDEC8AC, 3, 0, 30 + i * 64, WIDTH, 30 + i * 64);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            rounded(c, 0xFFFFFF, 90 + i * 330, 70 + k * 260, 230, 190, 8);
            box(c, 0x93B5C7, 104 + i * 330, 84 + k * 260, 96, 162);
            box(c, 0xA3C3D3, 210 + i * 330, 84 + k * 260, 96, 162);
        }
    box(c, 0xB9BCB4, 0, 700, WIDTH, 110);
    box(c, 0x7FAE6B, 0, 660, WIDTH, 50);
    scooter(c, 640, 780, 0x3D7FBF, 0);
    if (!wire)
        return;
    ink(c, 0xE0E2DE);
    cairo_set_line_width(c, 9);
    cairo_move_to(c, 540, 246);
    cairo_curve_to(c, 500, 420, 640, 480, 560, 600);
    cairo_curve_to(c, 540, 640, 600, 690, 700, 700);
    cairo_stroke(c);
    rounded(c, 0xF7F7F4, 690, 682, 110, 34, 8);
    for (int i = 0; i < 3; i++)
        oval(c, 0x33383A, 712 + i * 32, 699, 6, 6);
    quad(c, 0xF0C93A, 860, 560, 900, 560, 876, 610, 920, 604);
    quad(c, 0xF0C93A, 920, 600, 876, 612, 866, 676, 900, 612);
}

static void manhole(cairo_t *c, bool open)
{
    box(c, 0xA3A59C, 0, 0, WIDTH, HEIGHT);
    for (unsigned i = 0; i < 160; i++)
        oval(c, i % 2 ? 0x979990 : 0xAFB1A8, spread(i) * WIDTH, spread(i + 300) * HEIGHT, 7, 5);
    box(c, 0xD5D3C6, 0, 0, WIDTH, 120);
    line(c, 0xB5B3A6, 6, 0, 120, WIDTH, 120);
    oval(c, 0x6D716C, 540, 450, 300, 210);
    oval(c, open ? 0x1E2224 : 0x7F847D, 540, 446, 270, 184);
    if (open) {
        oval(c, 0x30363A, 540, 500, 220, 120);
        oval(c, 0x777C76, 840, 610, 210, 130);
        oval(c, 0x868B84, 836, 600, 190, 112);
        quad(c, 0xE06A3C, 200, 330, 260, 330, 300, 470, 160, 470);
        box(c, 0xFFFFFF, 184, 386, 92, 26);
        return;
    }
    for (int i = -3; i <= 3; i++)
        line(c, 0x6D716C, 10, 540 + i * 62, 446 - sqrt(1 - i * i / 14.0) * 150, 540 + i * 62,
             446 + sqrt(1 - i * i / 14.0) * 150);
}

static void slide(cairo_t *c, bool broken)
{
    street(c);
    quad(c, 0xE0B48A, 60, 560, 1020, 520, 1080, 810, 0, 810);
    box(c, 0x4C7FA8, 300, 330, 20, 400);
    box(c, 0x4C7FA8, 420, 330, 20, 400);
    for (int i = 0; i < 6; i++)
        box(c, 0x4C7FA8, 300, 400 + i * 56, 140, 12);
    rounded(c, 0xE2574C, 270, 296, 200, 44, 12);
    if (broken) {
        quad(c, 0xF0B63A, 440, 330, 510, 326, 640, 500, 580, 520);
        quad(c, 0xD89B22, 660, 560, 700, 540, 830, 720, 770, 740);
        line(c, 0x7A4A2B, 5, 580, 520, 610, 500);
        line(c, 0x7A4A2B, 5, 610, 500, 622, 516);
        line(c, 0xC22F1B, 8, 180, 640, 930, 620);
        line(c, 0xFFFFFF, 8, 260, 638, 330, 636);
        line(c, 0xFFFFFF, 8, 480, 632, 550, 630);
        line(c, 0xFFFFFF, 8, 700, 626, 770, 624);
    } else {
        quad(c, 0xF0B63A, 440, 330, 510, 326, 830, 720, 750, 744);
        quad(c, 0xD89B22, 440, 330, 452, 330, 766, 740, 750, 744);
    }
    tree(c, 930, 600, 1.1, 0x6FA35E);
}

static void gate(cairo_t *c, bool broken)
{
    box(c, 0xE5DCCB, 0, 0, WIDTH, HEIGHT);
    box(c, 0xB9BCB4, 0, 690, WIDTH, 120);
    box(c, 0x7C8488, 270, 90, 540, 610);
    box(c, broken ? 0x2F3A40 : 0x5D7380, 300, 120, 480, 580);
    if (broken) {
        quad(c, 0x6E8795, 300, 120, 480, 170, 480, 740, 300, 700);
        box(c, 0x6E8795, 560, 120, 220, 580);
        line(c, 0x2F3A40, 8, 460, 440, 460, 500);
    } else {
        box(c, 0x6E8795, 300, 120, 236, 580);
        box(c, 0x6E8795, 544, 120, 236, 580);
        line(c, 0xD8DEE0, 12, 510, 380, 510, 480);
        line(c, 0xD8DEE0, 12, 570, 380, 570, 480);
    }
    rounded(c, 0x33383A, 880, 330, 110, 200, 14);
    rounded(c, broken ? 0x565C60 : 0x8FD3F0, 898, 350, 74, 60, 6);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            oval(c, broken ? 0x565C60 : 0xDDE2E2, 912 + column * 24, 436 + row * 26, 8, 8);
    if (broken)
        for (int i = 0; i < 3; i++)
            line(c, i == 1 ? 0xC22F1B : 0xE3B23C, 5, 930 + i * 12, 530, 920 + i * 20, 600 + i * 16);
    tree(c, 120, 740, 1.1, 0x6FA35E);
}

static void ceiling(cairo_t *c, bool leak)
{
    box(c, 0xF3F0E8, 0, 0, WIDTH, HEIGHT);
    quad(c, 0xE4DFD3, 0, 0, WIDTH, 0, 860, 260, 220, 260);
    box(c, 0xECE8DD, 220, 260, 640, 400);
    quad(c, 0xC9B58F, 0, 810, WIDTH, 810, 860, 660, 220, 660);
    line(c, 0xD3CDBF, 4, 0, 0, 220, 260);
    line(c, 0xD3CDBF, 4, WIDTH, 0, 860, 260);
    box(c, 0xBFD4DF, 440, 330, 200, 190);
    box(c, 0xFFFFFF, 534, 330, 12, 190);
    oval(c, 0xFFF7DD, 540, 130, 70, 20);
    if (!leak)
        return;
    oval(c, 0xCDB88E, 330, 130, 150, 56);
    oval(c, 0xB79D6E, 310, 126, 96, 34);
    oval(c, 0x9A8056, 300, 124, 40, 14);
    for (int i = 0; i < 4; i++)
        oval(c, 0x7FA8BE, 290 + i * 28, 230 + i % 3 * 120, 8, 16);
    quad(c, 0x3F7FB0, 250, 650, 390, 650, 370, 760, 270, 760);
    oval(c, 0xA9C8D8, 320, 652, 70, 16);
    line(c, 0xB3A98F, 4, 240, 260, 300, 420);
    line(c, 0xB3A98F, 4, 300, 420, 280, 520);
}

static void path(cairo_t *c, bool leaves)
{
    street(c);
    quad(c, 0xA9C58F, 0, 470, WIDTH, 470, WIDTH, 810, 0, 810);
    quad(c, 0xD8D2C2, 430, 456, 640, 456, 900, 810, 180, 810);
    tree(c, 170, 640, 1.5, leaves ? 0xC9973C : 0x6FA35E);
    tree(c, 930, 660, 1.4, leaves ? 0xB9762F : 0x7DAF69);
    for (unsigned i = 0; leaves && i < 120; i++)
        oval(c,
             i % 3 == 0   ? 0xC9973C
             : i % 3 == 1 ? 0xB9762F
                          : 0xDDB65A,
             60 + spread(i) * 960, 520 + spread(i + 400) * 270, 14, 8);
}

/* Nobody's face: as on a pass, an officer in uniform, or a doctor in a white coat. */
static void portrait(cairo_t *c, bool officer)
{
    unsigned cloth = officer ? 0x8FB0CC : 0xFBFBF8, edge = officer ? 0x5F86A8 : 0xD5DCDD;
    unsigned skin = officer ? 0xE7BE98 : 0xF0CBA8, shade = officer ? 0xD5A67C : 0xDDB088, hair = 0x2B2522;

    box(c, officer ? 0xDCE6EC : 0xDDEAE2, 0, 0, WIDTH, HEIGHT);
    oval(c, officer ? 0xCBD9E2 : 0xCBDFD3, 540, 430, 360, 360);
    if (!officer) { /* to the shoulders */
        oval(c, hair, 540, 330, 168, 190);
        rounded(c, hair, 386, 330, 308, 230, 90);
    }
    rounded(c, cloth, 240, 580, 600, 400, 150);
    quad(c, shade, 476, 490, 604, 490, 622, 610, 458, 610);
    if (officer) {
        quad(c, 0xA9C5DB, 452, 572, 540, 640, 496, 700, 408, 600);
        quad(c, 0xA9C5DB, 628, 572, 540, 640, 584, 700, 672, 600);
        quad(c, 0x22304A, 520, 632, 560, 632, 574, 810, 506, 810);
        for (int side = -1; side <= 1; side += 2) {
            rounded(c, 0x22304A, 540 + side * 236 - 62, 596, 124, 34, 12);
            for (int i = -1; i <= 1; i++)
                oval(c, 0xD9DEE2, 540 + side * 236 + i * 30, 613, 7, 7);
        }
        rounded(c, 0xD9DEE2, 676, 690, 88, 20, 5);
        line(c, edge, 4, 656, 724, 786, 724);
    } else {
        quad(c, 0x7DB3A4, 470, 590, 610, 590, 566, 720, 514, 720);
        quad(c, edge, 452, 578, 478, 584, 540, 760, 500, 780);
        quad(c, edge, 628, 578, 602, 584, 540, 760, 580, 780);
        line(c, 0x4D5A5E, 9, 470, 600, 448, 740);
        line(c, 0x4D5A5E, 9, 610, 600, 632, 730);
        oval(c, 0x4D5A5E, 632, 742, 20, 20);
        oval(c, 0xC9D2D4, 632, 742, 11, 11);
    }
    oval(c, skin, 540, 380, 122, 152);
    oval(c, skin, 418, 392, 20, 34);
    oval(c, skin, 662, 392, 20, 34);
    for (int side = -1; side <= 1; side += 2) {
        oval(c, 0x2B2522, 540 + side * 48, 384, 10, 12);
        line(c, hair, 8, 540 + side * 28, 350, 540 + side * 68, 348);
    }
    line(c, shade, 7, 540, 396, 532, 432);
    line(c, shade, 7, 532, 432, 546, 436);
    line(c, 0xB5695A, 8, 508, 476, 540, 484);
    line(c, 0xB5695A, 8, 540, 484, 572, 476);
    if (!officer) {
        quad(c, hair, 424, 330, 540, 222, 656, 330, 540, 300);
        oval(c, hair, 540, 258, 110, 50);
        return;
    }
    rounded(c, hair, 416, 300, 24, 84, 10);
    rounded(c, hair, 640, 300, 24, 84, 10);
    quad(c, 0x1F2B42, 340, 208, 740, 208, 672, 318, 408, 318);
    oval(c, 0x26344F, 540, 206, 204, 66);
    quad(c, 0x11192B, 418, 300, 662, 300, 634, 340, 446, 340);
    oval(c, 0x11192B, 540, 330, 108, 26);
    line(c, 0xD9DEE2, 6, 416, 296, 664, 296);
    oval(c, 0xE3C15A, 540, 244, 24, 28);
    oval(c, 0xC22F1B, 540, 242, 12, 13);
}

/* ---- the table ------------------------------------------------------------------------------------------------------- */

static void garden_close_(cairo_t *c, bool before)
{
    (void)before;
    garden_close(c);
}

static const struct {
    void (*draw)(cairo_t *c, bool before);
    bool before;
} scenes[SCENE_COUNT] = {
    [SCENE_GARDEN] = {square, true},
    [SCENE_GARDEN_CLOSE] = {garden_close_, true},
    [SCENE_SQUARE] = {square, false},
    [SCENE_LIFT_STUCK] = {lift, true},
    [SCENE_LIFT] = {lift, false},
    [SCENE_STAIRS_BOXES] = {stairs, true},
    [SCENE_STAIRS] = {stairs, false},
    [SCENE_LAMP_OUT] = {lamp, false},
    [SCENE_LAMP] = {lamp, true},
    [SCENE_BINS_FULL] = {bins, true},
    [SCENE_BINS] = {bins, false},
    [SCENE_LANE_BLOCKED] = {lane, true},
    [SCENE_LANE] = {lane, false},
    [SCENE_PUDDLE] = {road, true},
    [SCENE_ROAD] = {road, false},
    [SCENE_SCOOTERS] = {scooters, false},
    [SCENE_SCOOTERS_TIDY] = {scooters, true},
    [SCENE_WIRE] = {wall, true},
    [SCENE_WALL] = {wall, false},
    [SCENE_MANHOLE] = {manhole, true},
    [SCENE_MANHOLE_SHUT] = {manhole, false},
    [SCENE_SLIDE_BROKEN] = {slide, true},
    [SCENE_SLIDE] = {slide, false},
    [SCENE_GATE_BROKEN] = {gate, true},
    [SCENE_GATE] = {gate, false},
    [SCENE_LEAK] = {ceiling, true},
    [SCENE_CEILING] = {ceiling, false},
    [SCENE_LEAVES] = {path, true},
    [SCENE_PATH] = {path, false},
    [SCENE_OFFICER] = {portrait, true},
    [SCENE_DOCTOR] = {portrait, false},
};

static cairo_status_t put(void *to, const unsigned char *bytes, unsigned n)
{
    buf_put(to, (struct str){(const char *)bytes, n});
    return CAIRO_STATUS_SUCCESS;
}

enum result scene_draw(struct arena *a, enum scene scene, struct str *ret_png)
{
    struct buf png;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *c = cairo_create(surface);
    cairo_status_t status;

    buf_init(&png, a, 1 << 18, 8 << 20);
    scenes[scene].draw(c, scenes[scene].before);
    status = cairo_status(c);
    cairo_destroy(c);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, put, &png);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return E_BUSY;
    *ret_png = buf_str(&png);
    return OK;
}
