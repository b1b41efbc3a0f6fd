/* watch.h: finds watched words in a text, all of them in one pass (Aho and Corasick, 1975), however they were written: other width or case, traditional
 * characters, letters stretched ("goooood"), signs and blanks put in between. Pure: no database, no HTTP. */
#ifndef LILONG_CIVIC_MODERATION_WATCH_H
#define LILONG_CIVIC_MODERATION_WATCH_H

#include "engine/base/str.h"

/* What a hit does, the gentlest first. */
enum watch_action { WATCH_WARN, WATCH_MASK, WATCH_REVIEW, WATCH_BLOCK };

struct watch_word {
    int64_t place;              /* counts there and below */
    enum watch_action action;
    struct str word;
};
struct watch_hit {
    size_t from, to;            /* bytes of the text as it was given */
    enum watch_action action;
};
enum { WATCH_WORD_MAX = 40 };   /* characters of a word once folded */

struct watch;
/* Compiles the words; keeps nothing of them. A word without any letter or digit, or longer than WATCH_WORD_MAX, is left out. NULL: no memory. */
struct watch *watch_open(const struct watch_word *words, size_t n);
void watch_close(struct watch *w);
/* The hits of the words of these places, in the order of their ends; at most max. */
size_t watch_find(const struct watch *w, const int64_t *places, size_t n_places, struct str text, struct watch_hit *ret_hits, size_t max);
bool watch_takes(struct str word); /* whether watch_open() would take it */

/* The simplified character for a traditional one that is common in what is written here; others stay. */
int32_t watch_simplified(int32_t c);

#endif
