/* raster.c: making a picture smaller, and turning it upright. */
#include <math.h>

#include "civic/media/image.h"

struct raster raster_new(struct arena *a, uint32_t width, uint32_t height)
{
    return (struct raster){width, height, arena_array(a, uint8_t, (size_t)width * height * 3)};
}

/* ---- Lanczos ------------------------------------------------------------------------------------------ */

enum { WEIGHT_BITS = 14, LOBES = 3 };

/* For each pixel of the result: which pixels of the source count, and how much (sum: 1 << WEIGHT_BITS). */
struct taps {
    uint32_t first, n;
    const int16_t *weight;
};

static double lanczos(double x)
{
    if (fabs(x) < 1e-9)
        return 1.0;
    if (fabs(x) >= LOBES)
        return 0.0;
    double p = M_PI * x;
    return LOBES * sin(p) * sin(p / LOBES) / (p * p);
}

static const struct taps *taps_for(struct arena *a, uint32_t from, uint32_t to)
{
    double scale = (double)from / to;
    uint32_t room = (uint32_t)ceil(2 * LOBES * scale) + 2;
    struct taps *taps = arena_array(a, struct taps, to);
    int16_t *weights = arena_array(a, int16_t, (size_t)to * room);
    double *exact = arena_array(a, double, room);
    for (uint32_t i = 0; i < to; i++) {
        double centre = (i + 0.5) * scale - 0.5;
        int64_t first = (int64_t)ceil(centre - LOBES * scale), last = (int64_t)floor(centre + LOBES * scale);
        first = first < 0 ? 0 : first;
        last = last > (int64_t)from - 1 ? (int64_t)from - 1 : last;
        uint32_t n = (uint32_t)(last - first + 1);
        double sum = 0;
        for (uint32_t k = 0; k < n; k++)
            sum += exact[k] = lanczos(((double)first + k - centre) / scale);
        int16_t *weight = weights + (size_t)i * room;
        int total = 0;
        for (uint32_t k = 0; k < n; k++)
            total += weight[k] = (int16_t)lround(exact[k] / sum * (1 << WEIGHT_BITS));
        /* What rounding left over goes to the heaviest, so that white stays white. */
        uint32_t heaviest = 0;
        for (uint32_t k = 1; k < n; k++)
            heaviest = weight[k] > weight[heaviest] ? k : heaviest;
        weight[heaviest] = (int16_t)(weight[heaviest] + (1 << WEIGHT_BITS) - total);
        taps[i] = (struct taps){(uint32_t)first, n, weight};
    }
    return taps;
}

static uint8_t clamp(int32_t v)
{
    v = (v + (1 << (WEIGHT_BITS - 1))) >> WEIGHT_BITS;
    return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v;
}

static struct raster shrink_across(struct arena *a, struct raster in, uint32_t width)
{
    struct raster out = raster_new(a, width, in.height);
    const struct taps *taps = taps_for(a, in.width, width);
    for (uint32_t y = 0; y < in.height; y++) {
        const uint8_t *row = in.rgb + (size_t)y * in.width * 3;
        uint8_t *to = out.rgb + (size_t)y * width * 3;
        for (uint32_t x = 0; x < width; x++, to += 3) {
            const uint8_t *from = row + (size_t)taps[x].first * 3;
            int32_t r = 0, g = 0, b = 0;
            for (uint32_t k = 0; k < taps[x].n; k++, from += 3) {
                int32_t w = taps[x].weight[k];
                r += w * from[0];
                g += w * from[1];
                b += w * from[2];
            }
            to[0] = clamp(r);
            to[1] = clamp(g);
            to[2] = clamp(b);
        }
    }
    return out;
}

static struct raster shrink_down(struct arena *a, struct raster in, uint32_t height)
{
    struct raster out = raster_new(a, in.width, height);
    const struct taps *taps = taps_for(a, in.height, height);
    size_t stride = (size_t)in.width * 3;
    int32_t *sum = arena_array(a, int32_t, stride);
    for (uint32_t y = 0; y < height; y++) {
        memset(sum, 0, stride * sizeof(*sum));
        for (uint32_t k = 0; k < taps[y].n; k++) {
            const uint8_t *from = in.rgb + (taps[y].first + k) * stride;
            int32_t w = taps[y].weight[k];
            for (size_t i = 0; i < stride; i++)
                sum[i] += w * from[i];
        }
        uint8_t *to = out.rgb + y * stride;
        for (size_t i = 0; i < stride; i++)
            to[i] = clamp(sum[i]);
    }
    return out;
}

struct raster raster_shrink(struct arena *a, struct raster in, uint32_t side)
{
    uint32_t longest = in.width > in.height ? in.width : in.height;
    if (longest <= side)
        return in;
    uint32_t width = (uint32_t)(((uint64_t)in.width * side + longest / 2) / longest);
    uint32_t height = (uint32_t)(((uint64_t)in.height * side + longest / 2) / longest);
    width = width ? width : 1;
    height = height ? height : 1;
    if (width < in.width)
        in = shrink_across(a, in, width);
    if (height < in.height)
        in = shrink_down(a, in, height);
    return in;
}

/* ---- upright ---------------------------------------------------------------------------------------------- */

struct raster raster_upright(struct arena *a, struct raster in, int orientation)
{
    if (orientation < 2 || orientation > 8)
        return in;
    bool swap = orientation >= 5;
    struct raster out = raster_new(a, swap ? in.height : in.width, swap ? in.width : in.height);
    uint32_t w = in.width - 1, h = in.height - 1;
    uint8_t *to = out.rgb;
    for (uint32_t y = 0; y < out.height; y++) {
        for (uint32_t x = 0; x < out.width; x++, to += 3) {
            uint32_t ix = x, iy = y;
            switch (orientation) {
            case 2: ix = w - x; break;
            case 3:
                ix = w - x;
                iy = h - y;
                break;
            case 4: iy = h - y; break;
            case 5:
                ix = y;
                iy = x;
                break;
            case 6:
                ix = y;
                iy = h - x;
                break;
            case 7:
                ix = w - y;
                iy = h - x;
                break;
            case 8:
                ix = w - y;
                iy = x;
                break;
            }
            memcpy(to, in.rgb + ((size_t)iy * in.width + ix) * 3, 3);
        }
    }
    return out;
}
