/* assets.h: files for the browser become part of the binary. assets/assets.txt lists them. */
#ifndef LILONG_TOOLS_ASSETS_H
#define LILONG_TOOLS_ASSETS_H

#include <stdio.h>

#include "engine/base/buf.h"

enum { ASSETS_MAX = 512 };
#define ASSETS_BUF_MAX ((size_t)1 << 28)

struct item {
    struct str name;       /* "style.css" */
    struct str type;       /* media type */
    struct str bytes;      /* ready: joined, made smaller, addresses replaced */
    struct str gzip, brotli;
    struct str path;       /* "/assets/style.1a2b3c4d.css" */
    struct str etag;       /* with its quotes */
    bool text;             /* compresses */
    int line;
};

struct assets {
    struct arena *arena;
    FILE *err;
    struct item item[ASSETS_MAX];
    size_t n;
    struct str *icon;      /* names in the sprite icons.svg */
    size_t n_icons;
    size_t errors;
};

/* assets.c: reads `list` (assets/assets.txt), writes OUT/assets.c, assets.bin and assets.list. 0, or 1 after errors. */
int assets_pack(const char *out, const char *list, FILE *err);

/* css.c. `path_of` gives the hashed address of an asset, or an empty string. */
struct str css_minify(struct arena *a, struct str css);
struct str css_addresses(struct arena *a, struct str css, struct str (*path_of)(void *ctx, struct str name), void *ctx,
                         struct str *ret_unknown);

/* sprite.c: <svg viewBox="V">inner</svg> -> <symbol id="name" viewBox="V">inner</symbol>. Empty when it is no such file. */
struct str sprite_symbol(struct arena *a, struct str name, struct str svg);

/* pack.c */
struct str pack_gzip(struct arena *a, struct str bytes);   /* level 9, no time stamp: the same bytes each time */
struct str pack_brotli(struct arena *a, struct str bytes); /* level 11 */
struct str pack_sha256(struct arena *a, struct str bytes); /* hex */

#endif
