/* ids.h: the names of rows. 64-bit, ordered by time, made by us, so that the same row has the same name on
 * every server and no sequence is a meeting point. 42 bits of milliseconds since 2020-01-01 UTC, 8 of node, 13 of
 * sequence. In JSON and in addresses an id is a decimal string: JavaScript's numbers lose the last bits. */
#ifndef LILONG_BASE_IDS_H
#define LILONG_BASE_IDS_H

#include <stdint.h>

void id_set_node(unsigned node);    /* 0-255: the number of this process among those on one database */
int64_t id_new(void);               /* positive, unique in this process, rising; safe from any thread */
int64_t id_first(int64_t at);        /* no id made at that moment, UTC ms, or after it is less */
int64_t id_time(int64_t id);        /* when it was made, UTC ms */

#endif
