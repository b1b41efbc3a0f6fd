/* official.h: between the files of this folder only. */
#ifndef LILONG_CIVIC_CALENDAR_OFFICIAL_H
#define LILONG_CIVIC_CALENDAR_OFFICIAL_H

#include "civic/calendar/calendar.h"

/* The i-th embedded year; returns how many there are. */
size_t calendar_embedded(size_t i, int *ret_year, struct str *ret_csv);

/* The calendar in force as a copy on the heap, to be changed and published; NULL when memory is out. */
struct calendar *calendar_copy(void);
void calendar_publish(const struct calendar *c);

#endif
