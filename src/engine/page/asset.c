/* asset.c: the embedded files. tools/assets makes the table. */
#include "engine/page/asset_table.h"

const struct asset *asset_find(struct str path)
{
    size_t low = 0, high = asset_table_n;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = str_cmp(asset_table[middle].path, path);
        if (c == 0)
            return &asset_table[middle];
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct asset *asset_named(struct str name)
{
    for (size_t i = 0; i < asset_table_n; i++)
        if (str_eq(asset_table[i].name, name))
            return &asset_table[i];
    return NULL;
}
