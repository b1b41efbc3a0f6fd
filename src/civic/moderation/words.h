/* words.h: what the files of this folder share. Nobody else includes it. */
#ifndef LILONG_CIVIC_MODERATION_WORDS_H
#define LILONG_CIVIC_MODERATION_WORDS_H

#include "civic/moderation/moderation.h"
#include "civic/moderation/watch.h"

enum watch_action watch_action_of(struct str word);     /* review for a word that nobody knows */
const char *watch_action_word(enum watch_action action);

/* Every process makes its automaton anew; the ledger has how many words it were, not which. */
enum result watch_words_changed(struct db *db, int64_t place, int64_t person, int64_t organisation, const char *verb,
                                int64_t n, int64_t now) MUST_USE;

#endif
