/* chain.h: how an event becomes bytes and a hash. Between the files of this folder only. */
#ifndef LILONG_CIVIC_LEDGER_CHAIN_H
#define LILONG_CIVIC_LEDGER_CHAIN_H

#include "civic/ledger/ledger.h"

#define CHAIN_HASH 32

/* The hash that the first row of a community follows. */
void chain_first(int64_t community, unsigned char hash[CHAIN_HASH]);
/* The hash of the event after `previous` (32 bytes; any other length counts as it is). */
void chain_next(struct str previous, const struct ledger_event *e, unsigned char hash[CHAIN_HASH]);

#endif
