/* words.h: a deadline as people say it. The exact moment belongs into the title beside it. */
#ifndef LILONG_CIVIC_CALENDAR_WORDS_H
#define LILONG_CIVIC_CALENDAR_WORDS_H

#include "civic/calendar/calendar.h"
#include "engine/page/page.h"

/* 「今天 17:00 前」「明天 12:00 前」「还剩 2 个工作日」「已超时 3 小时」 */
struct str calendar_deadline_words(struct arena *a, enum lang lang, const struct calendar *c, int64_t now, int64_t due,
                                   enum limit_unit unit);
/* 「2 个工作小时」「3 个工作日」「7 天」: a limit in general. */
struct str calendar_limit_words(struct arena *a, enum lang lang, enum limit_unit unit, int64_t amount);
/* 「25 分钟」「3 小时」「2 天」: a span that has passed, in ms. */
struct str calendar_span_words(struct arena *a, enum lang lang, int64_t ms);

#endif
