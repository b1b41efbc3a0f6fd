/* place_words.h: kinds of places and organisations as text of the catalogue. */
#ifndef LILONG_CIVIC_PLACE_WORDS_H
#define LILONG_CIVIC_PLACE_WORDS_H

#include "civic/place/place.h"
#include "engine/page/page.h"

enum text place_kind_text(enum place_kind kind);
enum text place_level_text(enum place_level level);
enum text organisation_kind_text(struct str kind); /* an unknown kind is "other" */

/* The i-th kind, for choices in a form; NULL after the last. */
const char *organisation_kind_word(size_t i);

#endif
