/* asset_table.h: what tools/assets makes of assets/, for asset.c only. */
#ifndef LILONG_ASSET_TABLE_H
#define LILONG_ASSET_TABLE_H

#include "engine/page/page.h"

extern const struct asset asset_table[];  /* in byte order of path */
extern const size_t asset_table_n;
extern const struct str asset_icon_table[]; /* names of the sprite's icons, in byte order */
extern const size_t asset_icon_table_n;
extern const struct str asset_icon_path;  /* of the sprite; empty: there is none */

#endif
