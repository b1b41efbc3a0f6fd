/* calendar.h: iCalendar (RFC 5545), written for calendars of phones. Pure. */
#ifndef LILONG_BOARDS_ACTIVITY_CALENDAR_H
#define LILONG_BOARDS_ACTIVITY_CALENDAR_H

#include "engine/base/arena.h"
#include "engine/base/str.h"

struct calendar_event {
    int64_t community, entry;           /* its UID, which stays */
    int64_t sequence;                   /* 3.8.7.4: rises with time, place and state */
    int64_t starts_at, ends_at, changed_at;
    struct str title, body, spot, url;
    bool cancelled;
    bool tentative;                     /* waits for a place */
};
/* A calendar with these events, in the arena. name: of the calendar, for a feed; '' for one event. */
struct str calendar_write(struct arena *a, struct str name, const struct calendar_event *event, size_t n);

#endif
