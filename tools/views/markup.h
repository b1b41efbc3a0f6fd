/* markup.h: where in the HTML are we? A tokenizer that follows the fixed text of a view. */
#ifndef LILONG_TOOLS_MARKUP_H
#define LILONG_TOOLS_MARKUP_H

#include "views.h"

enum { MARKUP_DEPTH = 64 };

enum markup_state {
    MARKUP_TEXT, MARKUP_TAG_NAME, MARKUP_TAG, MARKUP_ATTRIBUTE, MARKUP_AFTER_ATTRIBUTE, MARKUP_BEFORE_VALUE,
    MARKUP_VALUE, MARKUP_UNQUOTED, MARKUP_RCDATA, MARKUP_RAW, MARKUP_COMMENT, MARKUP_DECLARATION,
};

struct markup {
    enum markup_state state;
    char quote;
    bool closing;           /* in </name> */
    bool self_closed;       /* a '/' was the last thing in the tag */
    bool has_src;           /* <script src> */
    bool after_block;       /* white space here shows nowhere */
    bool after_space;
    bool value_begun;       /* something dynamic stands in the attribute's value */
    size_t pre;             /* depth in <pre>: white space counts */
    struct str element;     /* lower case; of the tag we are in, or of RCDATA and RAW */
    struct str attribute;   /* lower case */
    struct buf before;      /* the value so far */
    struct str open[MARKUP_DEPTH];
    size_t n_open;
};

/* Takes the fixed text s on, writing what the page shows (white space folded) to out. end: nothing comes after s.
 * Fails with file:line. */
void markup_text(struct tool *t, struct view *v, struct markup *m, struct str s, int line, bool end, struct buf *out);

/* Where a {{tag}} at this point would stand. */
struct spot markup_spot(const struct markup *m, struct arena *a);

/* After a {{field}}: it shows something, which is no block. */
void markup_dynamic(struct markup *m);

/* What differs between the ends of two branches, or NULL. */
const char *markup_differs(const struct markup *a, const struct markup *b);

#endif
