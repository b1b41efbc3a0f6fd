/* words.h: for the room itself: spans in words, and what helpers are told. */
#ifndef LILONG_HOURS_WORDS_H
#define LILONG_HOURS_WORDS_H

#include "engine/app/app.h"

/* 2 小时 30 分钟; a counter-line has its sign in front. */
struct str hours_span(struct arena *a, enum lang lang, int64_t minutes);

/* `words` has {what}; bundled by the line that it is about. */
enum result hours_tell(struct db *db, int64_t community, int64_t person, enum text words, struct str what, int64_t line, int64_t now) MUST_USE;

#endif
