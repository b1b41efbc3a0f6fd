/* text_table.h: what tools/views makes of i18n/, for text.c only. */
#ifndef LILONG_TEXT_TABLE_H
#define LILONG_TEXT_TABLE_H

#include "engine/base/str.h"
#include "engine/page/text.h"

struct text_row { struct str plain, safe; };

extern const struct str text_key_table[TEXT_COUNT];                /* in byte order from 1 on */
extern const struct text_row text_table[LANG_COUNT][TEXT_COUNT];

#endif
