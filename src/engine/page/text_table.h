/* text_table.h: what tools/views makes of i18n/, for text.c, and for moments (words.c) only. */
#ifndef LILONG_TEXT_TABLE_H
#define LILONG_TEXT_TABLE_H

#include "engine/base/str.h"
#include "engine/page/text.h"

struct text_row { struct str plain, safe; };

/* A text with arguments, cut up: words and arguments in turn; of a choice by number both forms stand behind it. */
enum text_piece_kind {
    TEXT_PIECE_WORDS,  /* stand as they are in HTML too */
    TEXT_PIECE_TEXT,   /* have something to escape there */
    TEXT_PIECE_ARG,
    TEXT_PIECE_CHOICE,
};

struct text_piece {
    const char *ptr;   /* the words, or the name of the argument with a NUL behind */
    uint16_t len;
    uint8_t kind;
    uint8_t one, many; /* of a choice: so many pieces behind it are for 1, and so many behind those for any other number */
};

extern const struct str text_key_table[TEXT_COUNT];                /* in byte order from 1 on */
extern const struct text_row text_table[LANG_COUNT][TEXT_COUNT];
extern const struct text_piece text_piece_table[];
extern const uint32_t text_piece_first[LANG_COUNT][TEXT_COUNT + 1]; /* up to that of the next text; a text without arguments has none */

/* The pieces of a text and where they end. */
static inline const struct text_piece *text_pieces(enum lang lang, enum text key, const struct text_piece **ret_end)
{
    const uint32_t *first = &text_piece_first[(unsigned)lang < LANG_COUNT ? lang : LANG_ZH_CN]
                                             [(unsigned)key < TEXT_COUNT ? key : T_none];

    *ret_end = &text_piece_table[first[1]];
    return &text_piece_table[first[0]];
}

#endif
